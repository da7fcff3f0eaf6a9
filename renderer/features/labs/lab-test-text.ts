import type { LabFinding, LabTestReport } from '../../../shared/domain/labs/connectivity/lab-test-report';
import type { LabTestRun } from '../../../shared/domain/labs/connectivity/lab-test-run';
import type { MarkShape, StateText } from '../../ui/state-marks';

/** A test of a lab in words. */
export interface TestHeadline { tone: 'working' | 'good' | 'warning' | 'bad' | 'quiet'; title: string; detail: string }

const of = (report: LabTestReport, verdict: LabFinding['verdict']): number => report.findings.filter((finding) => finding.verdict === verdict).length;
const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

export function headlineOf(run: LabTestRun, hostName: string): TestHeadline {
  if (run.step !== 'ended') return run.cancelled ? { tone: 'working', title: 'Stopping…', detail: `What the test made on ${hostName} is being taken away.` } : { tone: 'working', ...progressOf(run, hostName) };
  if (run.cancelled) return { tone: 'quiet', title: 'Cancelled', detail: `What the test had made on ${hostName} was taken away. Nothing was found out.` };
  const { report } = run;
  if (!report) return { tone: 'bad', title: 'Not tested', detail: run.error?.detail ?? '' };
  const [kept, failed, differs] = [of(report, 'as-promised'), of(report, 'failed'), of(report, 'differs')];
  const seconds = `${Math.max(1, Math.round(report.durationMs / 1000))} s`;
  const asPromised = `${kept} of ${kept + differs + failed} as promised`;
  switch (report.outcome) {
    case 'as-promised': return { tone: 'good', title: 'Everybody reaches whom they should, and nobody else', detail: `${count(kept, 'promise', 'promises')} tried by packets, both ways, in ${seconds}.` };
    case 'differs': return { tone: 'bad', title: `${count(differs, 'thing is', 'things are')} not as this lab promises`, detail: `${asPromised}${failed > 0 ? `; ${failed} could not be tried` : ''}. Tried by packets in ${seconds}.` };
    case 'incomplete': return { tone: 'warning', title: `${count(failed, 'promise', 'promises')} could not be tried`, detail: `${asPromised}, and nothing is otherwise, as far as could be tried. It took ${seconds}.` };
  }
}

function progressOf({ step, done, total }: LabTestRun, hostName: string): Pick<TestHeadline, 'title' | 'detail'> {
  switch (step) {
    case 'plugging': return { title: 'Plugging in', detail: `A stand-in for a machine in each network, ${done} of ${total}. No machine of yours is touched.` };
    case 'waiting': return { title: 'Waiting for routers', detail: `${total - done} of ${total} ${total === 1 ? 'has' : 'have'} not come up yet. One that was just made takes some seconds, without KVM a minute.` };
    case 'trying': return { title: 'Trying who reaches whom', detail: `${done} of ${total} ways tried.` };
    default: return { title: 'Reading the lab', detail: `${hostName} is read anew first.` };
  }
}

/** How far it is, from 0 to 1; null: nobody knows. */
export const shareOf = ({ step, done, total }: LabTestRun): number | null => (total === 0 || step === 'ended' ? null : ({ plugging: 0, waiting: 0.4, trying: 0.5 }[step as string] ?? 0) + (done / total) * ({ plugging: 0.4, waiting: 0.1, trying: 0.5 }[step as string] ?? 0));

const words: Record<LabFinding['verdict'], { shape: MarkShape; word: string }> = {
  'as-promised': { shape: 'on', word: 'as promised' }, differs: { shape: 'bad', word: 'not as promised' }, seen: { shape: 'off', word: 'left open' },
  failed: { shape: 'warn', word: 'not tried' }, 'out-of-reach': { shape: 'off', word: 'can’t be tried' },
};

export interface FindingRow { id: string; from: string; to: string; promised: string; seen: string; state: StateText; verdict: LabFinding['verdict']; sentence: string; hint: string | null }

const order: readonly LabFinding['verdict'][] = ['differs', 'failed', 'as-promised', 'seen', 'out-of-reach'];

/** What a test found, what there is to do about first. */
export function rowsOf({ findings }: LabTestReport): FindingRow[] {
  const isWithin = ({ from, to }: LabFinding): boolean => from.kind === to.kind && from.id === to.id;
  return findings.map((finding): FindingRow => ({
    id: `${finding.from.kind} ${finding.from.id}>${finding.to.kind} ${finding.to.id}`, from: nameOf(finding.from), to: isWithin(finding) ? 'another one there' : nameOf(finding.to),
    promised: { yes: 'reaches', no: 'does not', partly: 'neither' }[finding.promised], seen: finding.reached === null ? '–' : finding.reached ? 'reaches' : 'does not',
    state: words[finding.verdict], verdict: finding.verdict, sentence: finding.sentence, hint: finding.hint,
  })).sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

const nameOf = ({ kind, id, label }: LabFinding['from']): string => (kind === 'router' ? `router ${id}` : kind === 'host' ? 'the host' : label);
