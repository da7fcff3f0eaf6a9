import type { HostProfile } from '../../../shared/domain/host';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import type { TerminalSize, TerminalTarget } from '../../../shared/domain/terminal';
import { AppError } from '../../../shared/errors/app-error';
import { buildMachineConsole, explainConsoleEnd } from '../../commands/virsh/console';
import type { CommandRunner } from '../../transport/command-runner';
import type { TerminalChannel } from '../../transport/terminal-channel';
import type { ProcessOpener } from './live-terminal';

export interface LocalShell {
  name: string;
  path: string;
}

export interface TargetSources {
  hosts: { get(id: string): HostProfile };
  inventory: { runner(hostId: string): CommandRunner; get(hostId: string): { snapshot: HostSnapshot } | null };
  local: {
    listShells(): Promise<LocalShell[]>;
    /** `shell`: a path, or null for the user's own. */
    open(shell: string | null, size: TerminalSize): Promise<TerminalChannel>;
  };
}

export interface ResolvedTarget {
  title: string;
  opener: ProcessOpener;
  /** What is noted in the host's activity; null for this computer's own shells. */
  activity: { hostId: string; text: string } | null;
}

/**
 * How a target is opened, looked up anew each time: a host may have another connection by then, a machine another state.
 * @throws AppError `host.not-connected`, `libvirt.not-found`, `libvirt.not-active`, `libvirt.denied`, `not-found`
 */
export async function resolveTarget(sources: TargetSources, target: TerminalTarget): Promise<ResolvedTarget> {
  switch (target.kind) {
    case 'host': return hostShell(sources, target.hostId);
    case 'console': return machineConsole(sources, target.hostId, target.machineUuid);
    case 'local': return localShell(sources, target.shell);
  }
}

function hostShell({ hosts, inventory }: TargetSources, hostId: string): ResolvedTarget {
  const { name } = hosts.get(hostId);
  const runner = inventory.runner(hostId);
  return {
    title: name,
    opener: { open: (size) => runner.openTerminal({ command: null, size }), greeting: null, explainEnd: null },
    activity: { hostId, text: 'Terminal opened' },
  };
}

function machineConsole({ hosts, inventory }: TargetSources, hostId: string, machineUuid: string): ResolvedTarget {
  const { name: hostName } = hosts.get(hostId);
  const runner = inventory.runner(hostId);
  const machine = inventory.get(hostId)?.snapshot.machines.find(({ uuid }) => uuid === machineUuid);
  if (!machine) throw new AppError('libvirt.not-found', 'No such machine', `${hostName} has no machine ${machineUuid} any more.`);
  const { name, uuid } = machine;
  if (machine.state === 'shut-off' || machine.state === 'crashed') {
    throw new AppError('libvirt.not-active', `${name} is not running`, 'Only a running machine has a console.', { hint: 'Start the machine, then open its console.' });
  }
  if (runner.privilege === 'read-only') {
    throw new AppError('libvirt.denied', 'This user may only look', `libvirt does not let this user open the console of ${name}.`, {
      hint: 'Add the user to group “libvirt” on the host and log in again, or use sudo.',
    });
  }
  const { argv } = buildMachineConsole(uuid, runner.privilege);
  return {
    title: `${name} console`,
    opener: {
      open: (size) => runner.openTerminal({ command: argv, size, elevate: true }),
      greeting: `Serial console of ${name}. Ctrl+] leaves it; press Enter if nothing shows.`,
      explainEnd: (lastWords) => explainConsoleEnd(lastWords, name, uuid),
    },
    activity: { hostId, text: `Console of ${name} opened` },
  };
}

async function localShell({ local }: TargetSources, shell: string | null): Promise<ResolvedTarget> {
  const shells = await local.listShells();
  const chosen = shell === null ? shells[0] : shells.find(({ path }) => path === shell);
  // Only what this computer offers as a shell: the window must not name any program it likes.
  if (shell !== null && !chosen) throw new AppError('not-found', 'No such shell', `${shell} is not a shell of this computer.`);
  return {
    title: chosen?.name ?? 'shell',
    opener: { open: (size) => local.open(shell, size), greeting: null, explainEnd: null },
    activity: null,
  };
}
