import type { PlanClock } from './plan-clock';

const pauseMs = 250;

/** The last whole line of a command's output, told some times a second at most; without what draws on terminals. */
export class ProgressLine {
  private rest = '';
  private toldAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly tell: (line: string) => void, private readonly clock: Pick<PlanClock, 'now'>) {}

  /** Output as it comes, cut anywhere. */
  take(text: string): void {
    const lines = `${this.rest}${text}`.split(/[\r\n]+/);
    this.rest = (lines.pop() ?? '').slice(-1000);
    const last = lines.map(plain).filter((line) => line !== '').at(-1);
    const now = this.clock.now().getTime();
    if (last === undefined || now - this.toldAt < pauseMs) return;
    this.toldAt = now;
    this.tell(last);
  }
}

// eslint-disable-next-line no-control-regex -- control sequences (ECMA-48) are what is taken out
const plain = (line: string): string => line.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/\p{Cc}/gu, '').trim().slice(0, 200);
