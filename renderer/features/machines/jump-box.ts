import type { HostProfile } from '../../../shared/domain/host';
import { formatJumpHosts } from '../../../shared/domain/jump-hosts';
import type { Machine, MachineNic } from '../../../shared/domain/machine';
import type { Network } from '../../../shared/domain/network';
import { quoteArgv } from '../../../shared/domain/shell-quote';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { orderAddresses } from './machine-rows';
import { subnetsOf } from './nic-places';

/** How the jump box itself is reached. */
export interface WayIn {
  address: string;
  /** Its network, bridge or device. */
  place: string;
  /** Only the host reaches it; else whoever is on the LAN. */
  onlyByHost: boolean;
  /** False for macvtap: host and guest can't talk. */
  fromHost: boolean;
}

export interface JumpTarget { name: string; address: string }

const isLinkLocal = (address: string): boolean => address.toLowerCase().startsWith('fe80');
const usable = (nic: MachineNic): string | null => orderAddresses(nic.addresses).find((entry) => !isLinkLocal(entry.address))?.address ?? null;

function wayBy(nic: MachineNic, networks: readonly Network[]): WayIn | null {
  const address = usable(nic);
  if (address === null) return null;
  const network = networks.find((candidate) => candidate.name === nic.network);
  const place = nic.network ?? nic.bridge ?? nic.hostDevice ?? nic.type;
  const isMacvtap = nic.type === 'direct' || network?.kind === 'macvtap' || network?.kind === 'sriov';
  const isOnLan = isMacvtap || network === undefined || network.kind === 'bridged' || network.kind === 'ovs';
  if (!isOnLan && network.ips.length === 0) return null;
  return { address, place, onlyByHost: !isOnLan, fromHost: !isMacvtap };
}

/** The NIC to reach a jump box by: not the one on the network behind it; one on the LAN before one that only the host reaches. */
export function wayInOf(machine: Pick<Machine, 'nics'>, behind: string, networks: readonly Network[]): WayIn | null {
  const ways = machine.nics.flatMap((nic) => (nic.network === behind ? [] : wayBy(nic, networks) ?? []));
  return ways.find((way) => !way.onlyByHost) ?? ways[0] ?? null;
}

/** Machines on the network behind it, as far as their addresses are known. */
export function targetsOn(snapshot: Pick<HostSnapshot, 'machines'>, behind: string, jumpBox: string): JumpTarget[] {
  return snapshot.machines.filter((machine) => machine.uuid !== jumpBox).flatMap((machine) => {
    const address = machine.nics.flatMap((nic) => (nic.network === behind ? usable(nic) ?? [] : []))[0];
    return address === undefined ? [] : [{ name: machine.name, address }];
  });
}

/** Networks worth a jump box, those that nothing reaches first. */
export function networksBehind(snapshot: Pick<HostSnapshot, 'networks'>): Network[] {
  const rank = (network: Network): number => (network.kind === 'isolated' ? (network.ips.length === 0 ? 0 : 1) : network.kind === 'bridged' || network.kind === 'macvtap' ? 3 : 2);
  return [...snapshot.networks].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** A name for `Host`, which takes neither blanks nor patterns (ssh_config(5)). */
const alias = (machine: string, host: string): string => `${machine}.${host}`.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+/, '');

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** What comes before the jump box on the way from this computer, as ProxyJump takes it; null: nothing. */
function hostAsJump({ connection }: HostProfile): string | null {
  if (connection.kind !== 'ssh') return null;
  if (connection.sshConfigAlias !== null) return connection.sshConfigAlias;
  const own = formatJumpHosts([{ user: connection.user, host: connection.address, port: connection.port === 22 ? null : connection.port }]);
  // A percent sign begins a token there (ssh_config(5), TOKENS).
  return [connection.proxyJump, own].filter(Boolean).join(',').replaceAll('%', '%%');
}

/** IPv4 subnets that end on a whole byte, as a `Host` pattern: `10.66.0.0/24` is `10.66.0.*`. */
function patternOf(cidr: string): string[] {
  const [address = '', prefix = ''] = cidr.split('/');
  const bytes = Number(prefix) / 8;
  return address.includes(':') || ![1, 2, 3].includes(bytes) ? [] : [`${address.split('.').slice(0, bytes).join('.')}.*`];
}

export interface JumpPlan {
  host: HostProfile;
  machine: Pick<Machine, 'name'>;
  behind: Network;
  way: WayIn;
  targets: readonly JumpTarget[];
  /** Login names in the guests; empty: whatever ssh takes by itself. */
  user: string;
  targetUser: string;
}

/** More entries than this are no help: the pattern of the subnet reaches them all. */
const mostEntries = 12;

/** What goes into `~/.ssh/config` so that `ssh TARGET` goes through the jump box. Source: ssh_config(5), ProxyJump. */
export function sshConfigEntry({ host, machine, behind, way, targets, user, targetUser }: JumpPlan): string {
  const box = alias(machine.name, host.name);
  const before = way.onlyByHost ? hostAsJump(host) : null;
  const block = (names: string, lines: (string | null)[]): string => [`Host ${names}`, ...lines.filter((line) => line !== null).map((line) => `    ${line}`)].join('\n');
  const login = (name: string): string | null => (name.trim() ? `User ${name.trim()}` : null);
  const patterns = subnetsOf(behind).flatMap(patternOf);
  return [
    `# ${alias(behind.name, host.name)}, by way of ${box}\n${block(box, [`HostName ${way.address}`, login(user), before && `ProxyJump ${before}`])}`,
    ...targets.slice(0, mostEntries).map((target) => block(alias(target.name, host.name), [`HostName ${target.address}`, login(targetUser), `ProxyJump ${box}`])),
    ...patterns.length > 0 ? [block(patterns.join(' '), [login(targetUser), `ProxyJump ${box}`])] : [],
  ].join('\n\n')
    .concat('\n');
}

/** The same for once, typed in a shell of the host. */
export function jumpCommand(way: WayIn, target: JumpTarget, user: string, targetUser: string): string {
  const at = (name: string, address: string): string => (name.trim() ? `${name.trim()}@${address}` : address);
  return quoteArgv(['ssh', '-J', at(user, bracketed(way.address)), at(targetUser, target.address)]);
}
