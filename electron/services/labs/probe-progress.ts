import type { LabTestProgress } from '../../../shared/domain/labs/connectivity/lab-test-run';
import type { ProbePlan } from '../../../shared/domain/labs/connectivity/probe-plan';

/** How far a test is, by what its script has said so far. Each line is about one probe, wait or try. */
export class ProbeProgress {
  private rest = '';
  private readonly seen = { probe: 0, waited: 0, tried: 0 };

  constructor(private readonly plan: Pick<ProbePlan, 'probes' | 'waits' | 'tries'>, private readonly tell: (progress: LabTestProgress) => void) {
    tell(this.now());
  }

  /** Output as it comes, cut anywhere. */
  take(text: string): void {
    const lines = `${this.rest}${text}`.split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const [word = ''] = line.split(' ');
      if (word === 'probe' || word === 'waited' || word === 'tried') this.seen[word] += 1;
    }
    this.tell(this.now());
  }

  private now(): LabTestProgress {
    const { probes, waits, tries } = this.plan;
    const { probe, waited, tried } = this.seen;
    if (probe < probes.length) return { step: 'plugging', done: probe, total: probes.length };
    if (waited < waits.length && tried === 0) return { step: 'waiting', done: waited, total: waits.length };
    return { step: 'trying', done: Math.min(tried, tries.length), total: tries.length };
  }
}
