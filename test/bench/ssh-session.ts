import path from 'node:path';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import type { CommandRunner, EventLine } from '../../electron/transport/command-runner';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { SshRunnerOptions } from '../../electron/transport/ssh/ssh-runner-options';
import { labKeyPath } from '../lab/lab';
import { benchHostId } from './window-environment';

export interface Endpoint {
  address: string;
  port: number;
}

/** How to log in to a lab host: its key is taken as it comes, and kept in a file of the run's own folder. */
export function loginOptions(target: Endpoint, folder: string, onStep?: SshRunnerOptions['onStep']): SshRunnerOptions {
  return {
    ...target, user: 'root', auth: [{ kind: 'key', path: labKeyPath }], useSudo: false, onStep,
    hostKey: { confirmUnknown: async () => true, userFile: path.join(folder, 'known_hosts'), systemFiles: [] },
    askSecret: async () => { throw new Error('The lab host asks for a secret.'); },
  };
}

export interface InventorySession {
  inventory: InventoryService;
  runner: CommandRunner;
  /** From the TCP connection to the end of the login. */
  handshakeMs: number;
  /** From the end of the login to the published snapshot. */
  inventoryMs: number;
}

/** Connects and reads a whole host, as the app does. `onLine` sees every line of its event streams, before the app does. */
export async function openInventory(target: Endpoint, folder: string, onLine?: (line: EventLine) => void): Promise<InventorySession> {
  const marks = new Map<string, number>();
  const runner = await openSshRunner(loginOptions(target, folder, (step) => { if (!marks.has(step)) marks.set(step, performance.now()); }));
  const inventory = new InventoryService();
  try {
    await inventory.attach(benchHostId, onLine ? watched(runner, onLine) : runner);
  } catch (error) {
    await runner.close();
    throw error;
  }
  const loggedIn = marks.get('reading')!;
  const snapshot = inventory.get(benchHostId)?.snapshot;
  if (snapshot?.problems.length !== 0) throw new Error(`The host could not be read in full: ${JSON.stringify(snapshot?.problems)}`);
  return { inventory, runner, handshakeMs: loggedIn - marks.get('reaching')!, inventoryMs: performance.now() - loggedIn };
}

export async function closeInventory({ inventory, runner }: InventorySession): Promise<void> {
  inventory.detach(benchHostId);
  await runner.close();
}

function watched(runner: CommandRunner, onLine: (line: EventLine) => void): CommandRunner {
  return {
    privilege: runner.privilege,
    run: (command, options) => runner.run(command, options),
    gather: (sections, options) => runner.gather(sections, options),
    virsh: (argvs, options) => runner.virsh(argvs, options),
    follow: (sources, listener) => runner.follow(sources, (line) => { onLine(line); listener(line); }),
    connectTcp: (address, port, options) => runner.connectTcp(address, port, options),
    openTerminal: (request) => runner.openTerminal(request),
    ping: (timeoutMs) => runner.ping(timeoutMs),
    onClose: (listener) => runner.onClose(listener),
    close: () => runner.close(),
  };
}
