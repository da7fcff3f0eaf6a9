import { AppError } from '../../../shared/errors/app-error';
import type { CommandResult, RunOptions } from '../command-runner';
import type { LeftoverProcesses } from './leftover-processes';
import type { ElevationSource } from './elevation';
import type { ProcessKiller } from './process-killer';
import type { ProcessSpawner } from './process-spawner';
import { NotStarted } from './remote-process';
import { explainNotStarted, runCommand, type RunParts } from './run-command';
import { virshLine } from './virsh-frames';
import { explainNoConnection, libvirtMissing, VirshShell, virshArgv } from './virsh-shell';

export interface VirshAccessParts {
  spawner: ProcessSpawner;
  killer: ProcessKiller;
  hostLabel: string;
  lost: () => AppError | null;
  /** How a virsh that outlives the connection is found again. */
  leftovers: LeftoverProcesses;
  target: string;
}

/**
 * libvirt reads of one host: through one persistent virsh, which is started when it is needed and again when it died;
 * through single processes where the server has no channel to spare for it.
 */
export class VirshAccess {
  readonly #parts: VirshAccessParts;
  readonly #elevation: ElevationSource;
  readonly #readOnly: boolean;
  #shell: Promise<VirshShell | null> | null = null;

  constructor(parts: VirshAccessParts, elevation: ElevationSource, readOnly: boolean) {
    this.#parts = parts;
    this.#elevation = elevation;
    this.#readOnly = readOnly;
  }

  async run(argvs: readonly (readonly string[])[], options: RunOptions = {}): Promise<CommandResult[]> {
    // Refused before anything is started.
    for (const argv of argvs) virshLine(argv);
    if (argvs.length === 0) return [];
    const shell = await this.#usableShell();
    // It may have had to make room as soon as it was there.
    return shell?.usable ? shell.run(argvs, options) : this.#runSingly(argvs, options);
  }

  async close(): Promise<void> {
    const shell = await this.#shell?.catch(() => null);
    if (!shell) return;
    const closing = shell.close();
    await this.#parts.killer.killUnlessEnded(shell.process, 3000);
    await closing;
  }

  async #usableShell(): Promise<VirshShell | null> {
    const current = await this.#shell;
    if (current?.usable) return current;
    if (this.#shell === null || current !== null) this.#shell = this.#start();
    const started = await this.#shell;
    // Asked again next time: a channel may be free by then.
    if (started === null) this.#shell = null;
    return started;
  }

  async #start(): Promise<VirshShell | null> {
    const { spawner, killer, lost, leftovers, target } = this.#parts;
    if (!spawner.budget.canHold) return null;
    try {
      const elevation = await this.#elevation.obtain();
      const process = await spawner.spawn({ argv: virshArgv(this.#readOnly) }, elevation, { optional: true });
      let shell: VirshShell | null = null;
      const release = spawner.budget.hold(() => void shell?.close());
      shell = new VirshShell(process, {
        onGone: () => {
          this.#shell = null;
        },
        kill: (dying) => killer.kill(dying),
        explainNotStarted: (error) => (error instanceof NotStarted
          ? explainNotStarted(error, { elevation, hostLabel: this.#parts.hostLabel }, 'virsh')
          : new AppError('virsh.gone', 'virsh could not be started', String(error))),
        lost,
      });
      void process.ended.then((end) => {
        release();
        if (end.exitCode === null && end.signal === null && process.pid !== null) {
          leftovers.add(target, { pid: process.pid, mark: process.mark, elevated: process.elevated });
        }
      });
      return shell;
    } catch (error) {
      this.#shell = null;
      if (error instanceof AppError && error.code === 'ssh.channel-refused') return null;
      throw error;
    }
  }

  async #runSingly(argvs: readonly (readonly string[])[], options: RunOptions): Promise<CommandResult[]> {
    const parts: RunParts = { ...this.#parts, elevation: await this.#elevation.obtain() };
    const results: CommandResult[] = [];
    for (const argv of argvs) {
      const result = await runCommand(parts, { argv: [...virshArgv(this.#readOnly), ...argv] }, options);
      if (result.exitCode === 127) throw libvirtMissing();
      if (/^error: failed to connect to the hypervisor/m.test(result.stderr)) throw explainNoConnection(result.stderr);
      results.push({ ...result, exitCode: result.exitCode === 0 ? 0 : 1 });
    }
    return results;
  }
}
