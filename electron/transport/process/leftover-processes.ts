/** A process on a host that outlived its connection. `mark` stands in its environment, so that its pid can be trusted. */
export interface LeftoverProcess {
  pid: number;
  mark: string;
  elevated: boolean;
}

/**
 * What lost connections left running on hosts, by `user@address:port`. An idle virsh learns nothing of dropped packets
 * and would stay for hours: the next connection to the same host ends it.
 */
export class LeftoverProcesses {
  readonly #byTarget = new Map<string, LeftoverProcess[]>();

  add(target: string, process: LeftoverProcess): void {
    const list = this.#byTarget.get(target);
    if (list) list.push(process);
    else this.#byTarget.set(target, [process]);
  }

  /** All of this target, which are then forgotten here. */
  take(target: string): LeftoverProcess[] {
    const list = this.#byTarget.get(target) ?? [];
    this.#byTarget.delete(target);
    return list;
  }
}

/** The registry of runners that were given none. */
export const sharedLeftovers = new LeftoverProcesses();
