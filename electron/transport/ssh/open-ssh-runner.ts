import { AppError } from '../../../shared/errors/app-error';
import type { CommandRunner } from '../command-runner';
import { connectClient } from './connect-client';
import { cancelled, hostLabel as labelOf } from './connection-errors';
import { detectRights, type Rights } from './detect-privilege';
import { sharedLeftovers } from './leftover-processes';
import type { Elevation } from './launch-script';
import { Link } from './link';
import { ProcessKiller, type OpenRescue } from './process-killer';
import { ProcessSpawner } from './process-spawner';
import { RememberedAnswers } from './remembered-answers';
import { SshCommandRunner } from './ssh-command-runner';
import type { SshRunnerOptions } from './ssh-runner-options';

/** What a first look at a host wants at once: its gather script, its virsh, its event streams. */
const warmShells = 3;

/**
 * Connects to a host, logs in, and finds out what the user may do there.
 * @throws AppError `ssh.*`, `hostkey.*`, `auth.*`, `cancelled`
 */
export async function openSshRunner(options: SshRunnerOptions): Promise<CommandRunner> {
  const hostLabel = labelOf(options.address, options.port);
  const answers = new RememberedAnswers(options);
  const { client, password } = await connectClient({ ...options, askSecret: answers.ask });
  const link = new Link(client, hostLabel);
  const spawner = new ProcessSpawner(client, hostLabel);
  let elevation: Elevation = { kind: 'none' };
  const openRescue: OpenRescue = async () => {
    try {
      const second = await connectClient({ ...options, ...answers.silent, onStep: undefined, signal: undefined });
      // The rescue's own failures reach whoever waits for its processes.
      second.client.on('error', () => undefined);
      return { spawner: new ProcessSpawner(second.client, hostLabel), close: () => second.client.end() };
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  };
  const killer = new ProcessKiller(spawner, () => elevation, openRescue);
  const parts = { spawner, killer, hostLabel, lost: () => link.error };
  const onAbort = (): void => {
    client.destroy();
  };
  options.signal?.addEventListener('abort', onAbort);
  try {
    options.onStep?.('reading');
    const detecting = detectRights(parts, { ...options, askSecret: answers.ask }, password);
    spawner.warmUp(warmShells);
    const rights: Rights = await detecting;
    if (options.signal?.aborted) throw cancelled(`Connecting to ${hostLabel} was cancelled.`);
    elevation = rights.elevation;
    const target = `${options.user}@${options.address}:${options.port}`;
    const leftovers = options.leftovers ?? sharedLeftovers;
    void killer.reap(leftovers.take(target));
    return new SshCommandRunner({ client, link, spawner, killer, rights, hostLabel, target, leftovers });
  } catch (error) {
    client.end();
    if (options.signal?.aborted) throw cancelled(`Connecting to ${hostLabel} was cancelled.`);
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}
