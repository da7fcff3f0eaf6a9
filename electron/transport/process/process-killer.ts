import { ChannelRefused } from '../carrier';
import { buildKillScript } from './kill-script';
import type { Elevation } from './launch-script';
import type { LeftoverProcess } from './leftover-processes';
import type { ProcessSpawner } from './process-spawner';
import type { RemoteProcess } from './remote-process';

/** How long a kill may take before we stop waiting for it. */
const patienceMs = 5000;

/** A second connection to the same host, made when the first has no channel left to kill with. */
export type OpenRescue = () => Promise<{ spawner: ProcessSpawner; close: () => void } | null>;

/** Ends processes on the host for good. */
export class ProcessKiller {
  readonly #spawner: ProcessSpawner;
  readonly #elevation: () => Elevation;
  readonly #openRescue: OpenRescue;

  constructor(spawner: ProcessSpawner, elevation: () => Elevation, openRescue: OpenRescue) {
    this.#spawner = spawner;
    this.#elevation = elevation;
    this.#openRescue = openRescue;
  }

  /** Resolves when the process is gone, or when everything was tried for `patienceMs`. Never rejects. */
  async kill(process: RemoteProcess): Promise<void> {
    if (process.isOver) return;
    if (process.pid === null) {
      // Not begun yet: the shell still starts, or sudo still asks. Given up now, it might begin all the same and stay.
      process.end();
      await within(patienceMs, process.started);
    }
    if (process.pid === null) {
      process.abandon();
      return;
    }
    await within(patienceMs, this.#killByPid(process.pid, process));
    await within(patienceMs, process.ended);
    if (!process.isOver) process.abandon();
  }

  /** The same for a process that was just asked to end: it gets `graceMs` to do so itself. */
  async killUnlessEnded(process: RemoteProcess, graceMs: number): Promise<void> {
    await within(graceMs, process.ended);
    await this.kill(process);
  }

  /** Ends what an earlier connection left behind, if the pids still belong to it. Never rejects. */
  async reap(leftovers: readonly LeftoverProcess[]): Promise<void> {
    for (const { pid, mark, elevated } of leftovers) {
      const elevation: Elevation = elevated ? this.#elevation() : { kind: 'none' };
      await this.#spawner.spawn({ script: buildKillScript(pid, mark) }, elevation)
        .then((killer) => killer.ended, () => undefined /* the connection is gone again: the next one has other things to reap */);
    }
  }

  async #killByPid(pid: number, process: RemoteProcess): Promise<void> {
    const program = { script: buildKillScript(pid, null) };
    const elevation: Elevation = process.elevated ? this.#elevation() : { kind: 'none' };
    try {
      const killer = await this.#spawner.spawnBesideBudget(program, elevation);
      await killer.ended;
    } catch (error) {
      if (!(error instanceof ChannelRefused)) return;
      // No second channel (MaxSessions 1). sshd passes signals on to processes of ordinary users only.
      process.signal('TERM');
      const rescue = await this.#openRescue();
      if (!rescue) return;
      try {
        const killer = await rescue.spawner.spawn(program, elevation);
        await killer.ended;
      } finally {
        rescue.close();
      }
    }
  }
}

async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  try {
    // A failing kill and a late one are the same to the caller: the process may still run, and it says so.
    await Promise.race([work.catch(() => undefined), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
