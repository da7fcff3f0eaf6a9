import type { HostProfile, SshProfile } from '../../../shared/domain/host';
import { jumpBox } from '../../../shared/domain/jump-box';
import type { JumpBox } from '../../../shared/domain/jump-box';
import { formatJumpHosts } from '../../../shared/domain/jump-hosts';
import type { Machine, MachineNic } from '../../../shared/domain/machine';
import type { Network } from '../../../shared/domain/network';
import { jumpUser } from '../../../shared/domain/router/jump-user';
import { quoteArgv } from '../../../shared/domain/shell-quote';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { orderAddresses } from './machine-rows';

/** How the jump box itself is reached. */
export interface WayIn {
  nic: MachineNic;
  address: string;
  /** Its network, bridge or device. */
  place: string;
  /** Only the host reaches it; else whoever is on the LAN. */
  onlyByHost: boolean;
  /** False for macvtap: host and guest can't talk. */
  fromHost: boolean;
}

export interface JumpTarget { machine: Machine; address: string }

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
  return { nic, address, place, onlyByHost: !isOnLan, fromHost: !isMacvtap };
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
    return address === undefined ? [] : [{ machine, address }];
  });
}

/** Networks worth a jump box, those that nothing reaches first. */
export function networksBehind(snapshot: Pick<HostSnapshot, 'networks'>): Network[] {
  const rank = (network: Network): number => (network.kind === 'isolated' ? (network.ips.length === 0 ? 0 : 1) : network.kind === 'bridged' || network.kind === 'macvtap' ? 3 : 2);
  return [...snapshot.networks].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en', { numeric: true }));
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** The way for once, typed in a shell of the host. */
export function jumpCommand(way: WayIn, target: JumpTarget, user: string, targetUser: string): string {
  const at = (name: string, address: string): string => (name.trim() ? `${name.trim()}@${address}` : address);
  return quoteArgv(['ssh', '-J', at(user, bracketed(way.address)), at(targetUser, target.address)]);
}

/** The same from this computer, whose keys a jump box that a lab made knows: by the host, where only that reaches it. */
export function jumpCommandFromHere({ connection }: HostProfile, way: WayIn, target: JumpTarget, targetUser: string): string {
  const box = formatJumpHosts([{ user: jumpUser, host: way.address, port: null }]);
  const login = targetUser.trim() ? `${targetUser.trim()}@${target.address}` : target.address;
  return quoteArgv(['ssh', '-J', [...way.onlyByHost && connection.kind === 'ssh' ? hopsTo(connection) : [], box].join(','), login]);
}

function hopsTo({ sshConfigAlias, address, port, user, proxyJump }: SshProfile): string[] {
  if (sshConfigAlias !== null) return [sshConfigAlias];
  return [...proxyJump === null || proxyJump === '' ? [] : [proxyJump], formatJumpHosts([{ user, host: address, port: port === 22 ? null : port }])];
}

/**
 * The entry for `~/.ssh/config`: into the jump box by the way chosen, on to the target by the network behind. A NIC that is only
 * about to be plugged in counts.
 */
export function jumpEntry(host: HostProfile, machine: Machine, behind: string, way: WayIn, target: JumpTarget | null, user: string, targetUser: string, hostKey: string | null = null): JumpBox {
  const login = (name: string): string | null => name.trim() || null;
  const there = machine.nics.filter((nic) => nic !== way.nic);
  return jumpBox({
    host, user: login(user), throughHost: way.onlyByHost, hostKey,
    machine: { ...machine, nics: [way.nic, ...there.some((nic) => nic.network === behind) ? there : [...there, { ...way.nic, network: behind, addresses: [] }]] },
    targets: target ? [{ machine: { ...target.machine, nics: target.machine.nics.filter((nic) => nic.network === behind) }, user: login(targetUser) }] : [],
  });
}
