import type { LabEnd, LabFinding, LabTestReport } from '../../shared/domain/labs/connectivity/lab-test-report';
import { formatTable } from './print';

/** Who reaches whom as a table, then a line for each thing to know. */
export function formatLabTest({ lab, outcome, findings, removedLeftovers, durationMs }: LabTestReport): string {
  const of = (verdict: LabFinding['verdict']): LabFinding[] => findings.filter((finding) => finding.verdict === verdict);
  const lines = (verdict: LabFinding['verdict'], mark: string): string[] => of(verdict).flatMap(({ sentence, hint }) => [`${mark} ${sentence}`, ...hint === null ? [] : [`    ${hint}`]]);
  const ends = [...new Map(findings.flatMap(({ from, to }) => [from, to]).map((end) => [keyOf(end), end])).values()];
  const cells = new Map(findings.map((finding) => [`${keyOf(finding.from)}>${keyOf(finding.to)}`, cellOf(finding)]));
  const rows = ends.filter(({ kind }) => kind === 'network' || kind === 'host').map((from) => [from.id, ...ends.map((to) => cells.get(`${keyOf(from)}>${keyOf(to)}`) ?? '')]);
  const words = { 'as-promised': 'as promised', differs: 'not as promised', incomplete: 'not wholly tried' }[outcome];
  return [
    formatTable([['from \\ to', ...ends.map(({ id }) => id)], ...rows]),
    '● reaches · ○ does not · in brackets: the lab promises neither · ✕ not as promised · ? could not be tried · – out of a test\'s reach', '',
    ...lines('differs', '✕'), ...lines('failed', '?'), ...lines('seen', 'i'),
    ...removedLeftovers > 0 ? ['i What an earlier test that was killed had left on the host was removed.'] : [],
    `${lab}: ${words} (${of('as-promised').length} as promised, ${of('differs').length} not, ${of('failed').length} could not be tried), ${(durationMs / 1000).toFixed(1)} s`,
  ].join('\n');
}

const keyOf = ({ kind, id }: LabEnd): string => `${kind} ${id}`;

function cellOf({ verdict, reached }: LabFinding): string {
  if (verdict === 'differs') return '✕';
  if (verdict === 'failed') return '?';
  if (verdict === 'out-of-reach') return '–';
  const mark = reached ? '●' : '○';
  return verdict === 'seen' ? `(${mark})` : mark;
}
