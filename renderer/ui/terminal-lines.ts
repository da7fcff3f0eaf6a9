import type { HostInterface, OvsBridge, Route } from '../../shared/domain/host-network';
import type { Machine } from '../../shared/domain/machine';
import type { Network } from '../../shared/domain/network';
import { quoteArgv } from '../../shared/domain/shell-quote';
import type { Privilege } from '../../shared/domain/snapshot';

/** A command that is typed into a terminal for the user to look at, change and run. */
export interface TerminalLine {
  /** What it is for, as in "Its definition". */
  label: string;
  typed: string;
}

/** The session's rights; null while they are not known. A terminal is the user's own login shell, without them. */
type Rights = Privilege | null;

/** What an ordinary user puts before a command to run it as root, the way the session does. */
function elevation(rights: Rights): string[] {
  switch (rights) {
    case null:
    case 'root': return [];
    case 'doas': return ['doas'];
    case 'pkexec': return ['pkexec'];
    case 'sudo':
    case 'sudo-without-password':
    case 'libvirt-group':
    case 'read-only': return ['sudo'];
  }
}

/**
 * A command line, with every name quoted for sh. Null when a name holds control characters: they would act on the
 * terminal, not stand on its command line.
 */
function line(label: string, argv: readonly string[]): TerminalLine | null {
  const typed = quoteArgv(argv);
  return /\p{Cc}/u.test(typed) ? null : { label, typed };
}

const present = (lines: readonly (TerminalLine | null | false)[]): TerminalLine[] => lines.filter((entry): entry is TerminalLine => entry !== null && entry !== false);

/** virsh(1) of an ordinary user speaks to that user's own daemon unless it is told to speak to the system's. */
function virsh(rights: Rights, ...words: string[]): string[] {
  if (rights === 'libvirt-group') return ['virsh', '-c', 'qemu:///system', ...words];
  if (rights === 'read-only') return ['virsh', '-r', '-c', 'qemu:///system', ...words];
  return [...elevation(rights), 'virsh', ...words];
}

/** The sockets of Open vSwitch are root's. */
const asRoot = (rights: Rights, ...words: string[]): string[] => [...elevation(rights), ...words];

export function networkLines(network: Pick<Network, 'name' | 'ips'>, rights: Rights): TerminalLine[] {
  return present([
    line('Its definition', virsh(rights, 'net-dumpxml', network.name)),
    network.ips.some((ip) => ip.dhcp !== null) && line('Its leases', virsh(rights, 'net-dhcp-leases', network.name)),
    line('Its state', virsh(rights, 'net-info', network.name)),
  ]);
}

export function machineLines(machine: Pick<Machine, 'name'>, rights: Rights): TerminalLine[] {
  return present([
    line('Its NICs', virsh(rights, 'domiflist', machine.name)),
    line('Its addresses', virsh(rights, 'domifaddr', machine.name)),
    line('Its definition', virsh(rights, 'dumpxml', machine.name)),
  ]);
}

export function interfaceLines(device: Pick<HostInterface, 'name' | 'kind' | 'controller'>, isBridgePort: boolean): TerminalLine[] {
  const { name } = device;
  return present([
    line('Its link', ['ip', '-d', 'link', 'show', 'dev', name]),
    line('Its counters', ['ip', '-s', 'link', 'show', 'dev', name]),
    line('Its addresses', ['ip', 'addr', 'show', 'dev', name]),
    device.kind === 'bridge' && line('Its ports', ['ip', 'link', 'show', 'master', name]),
    device.kind === 'bridge' && line('What it has learnt', ['bridge', 'fdb', 'show', 'br', name]),
    isBridgePort && line('It as a port', ['bridge', '-d', 'link', 'show', 'dev', name]),
  ]);
}

export function ovsBridgeLines(bridge: Pick<OvsBridge, 'name'>, rights: Rights): TerminalLine[] {
  return present([
    line('All switches', asRoot(rights, 'ovs-vsctl', 'show')),
    line('Its ports', asRoot(rights, 'ovs-vsctl', 'list-ports', bridge.name)),
    line('What it has learnt', asRoot(rights, 'ovs-appctl', 'fdb/show', bridge.name)),
    line('Its flows', asRoot(rights, 'ovs-ofctl', 'dump-flows', bridge.name)),
  ]);
}

export function routeLine(route: Pick<Route, 'destination' | 'family' | 'table'>): TerminalLine | null {
  return line('This route', [
    'ip', ...route.family === 'ipv6' ? ['-6'] : [], 'route', 'show', ...route.table === 'main' ? [] : ['table', route.table], route.destination,
  ]);
}
