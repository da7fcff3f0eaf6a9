import { AppError } from '../../../shared/errors/app-error';
import type { Carrier } from '../carrier';
import type { CommandRunner } from '../command-runner';
import { cancelled } from '../ssh/connection-errors';
import { CarrierCommandRunner } from './carrier-command-runner';
import { detectRights, type Rights, type RightsOptions } from './detect-privilege';
import type { LeftoverProcesses } from './leftover-processes';
import { Link } from './link';
import { ProcessKiller } from './process-killer';
import { ProcessSpawner } from './process-spawner';
import { TerminalOpener } from './terminal-opener';

export interface CarrierRunnerOptions extends RightsOptions {
  hostLabel: string;
  /** A name for what is reached, by which leftover processes are found again: `user@address:port`. */
  target: string;
  leftovers: LeftoverProcesses;
  /** The password of the login, if one was used: nearly always sudo's too. */
  loginPassword: string | null;
  /** Rights that are known from elsewhere; default: they are found out. */
  rights?: Rights;
  /** Shells opened ahead of need: each saves the trips of opening a channel. 0 where starting a process costs none. */
  warmShells: number;
  /** A second connection that asks nobody, for killing when the first has no channel left; null where there is none. @throws AppError */
  openSilently: (() => Promise<Carrier>) | null;
  /** A further connection for terminals; may ask the user. @throws AppError */
  openAnother: () => Promise<Carrier>;
  /** Gives up; has no meaning once the runner is open. */
  signal?: AbortSignal;
}

/**
 * A runner over a carrier that stands: finds out what the user may do. The carrier is ended when that fails.
 * @throws AppError `ssh.*`, `auth.*`, `cancelled`
 */
export async function openCarrierRunner(carrier: Carrier, options: CarrierRunnerOptions): Promise<CommandRunner> {
  const { hostLabel, target, leftovers, signal, openSilently } = options;
  const link = new Link(carrier);
  const spawner = new ProcessSpawner(carrier, hostLabel);
  let rights: Rights | null = options.rights ?? null;
  const killer = new ProcessKiller(spawner, () => rights?.elevation.current() ?? { kind: 'none' }, async () => {
    try {
      const second = await openSilently?.();
      return second ? { spawner: new ProcessSpawner(second, hostLabel), close: () => second.end() } : null;
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  });
  const onAbort = (): void => carrier.destroy();
  signal?.addEventListener('abort', onAbort);
  try {
    const detecting = rights ? Promise.resolve(rights) : detectRights({ spawner, killer, hostLabel, lost: () => link.error }, options, options.loginPassword);
    spawner.warmUp(options.warmShells);
    rights = await detecting;
    if (signal?.aborted) throw cancelled(`Connecting to ${hostLabel} was cancelled.`);
    void killer.reap(leftovers.take(target));
    const terminals = new TerminalOpener({ carrier, spawner, elevation: rights.elevation, hostLabel, openAnother: options.openAnother });
    return new CarrierCommandRunner({ carrier, link, spawner, killer, terminals, rights, hostLabel, target, leftovers });
  } catch (error) {
    carrier.end();
    if (signal?.aborted) throw cancelled(`Connecting to ${hostLabel} was cancelled.`);
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
