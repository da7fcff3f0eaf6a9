/** A misfortune to rehearse. It strikes the next command whose text matches, once, or `times` times. */
export interface Fault {
  /** Against the command as a person would type it, `virsh …` for those of the persistent virsh, `gather NAME` for sections. */
  match: RegExp;
  what:
    /** The command is not run, and ends like this. */
    | { kind: 'fail'; exitCode: number; stderr: string }
    /** It never answers: only a timeout or a cancelled signal ends it. It is not run. */
    | { kind: 'hang' }
    /** The connection breaks, before the host got the command or after it ran. */
    | { kind: 'cut'; when: 'before' | 'after' };
  times?: number;
}

/** The misfortunes that wait. */
export class Faults {
  private waiting: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.waiting.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.waiting = [];
  }

  /** The one that strikes this command; it is used up by that. */
  take(commandText: string): Fault['what'] | null {
    const found = this.waiting.find(({ fault }) => fault.match.test(commandText));
    if (!found) return null;
    found.left -= 1;
    if (found.left <= 0) this.waiting = this.waiting.filter((other) => other !== found);
    return found.fault.what;
  }
}
