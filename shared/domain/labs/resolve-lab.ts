import type { AddressedSpec } from '../addressed-spec';
import { plainOptions } from '../addressed-spec';
import type { Network } from '../network';
import { familyOfKind } from '../network-families';
import type { NetworkSpec } from '../network-spec';
import { freeSwitch } from '../propose-attached';
import { proposeSubnet } from '../propose-subnet';
import { addressAt, proposeDhcpRange } from '../subnet';
import { freeBridge, takenInterfaceNames } from '../taken-names';
import { knowsFeature } from '../network-features';
import { clearedOf, withNetwork, withSwitch } from './host-as-if';
import type { HostAsIf } from './host-as-if';
import { isAddressedLabNetwork, libvirtNameOf } from './lab-file';
import type { AddressedLabNetwork, LabFile, LabNetwork } from './lab-file';
import type { ResolvedMachine, ResolvedNetwork } from './lab-intent';
import { labError } from './lab-problem';
import type { LabIssue, LabPath } from './lab-problem';
import { subnetOf } from './lab-rules';
import { networksOfLab } from './labs-on-host';
import { resolveMachines } from './resolve-lab-machines';
import { roleNicPlaces } from './role-macs';
import { withRoleReservations } from './role-reservations';

export interface ResolveContext extends HostAsIf {
  /** A UUID for each network that the host has not yet. */
  newUuid: () => string;
}

export interface ResolvedLab {
  networks: ResolvedNetwork[];
  machines: ResolvedMachine[];
  /** What stands in the way on this host, at its place in the file. */
  issues: LabIssue[];
}

/**
 * A lab file as this host would have it: what the file leaves open (`auto` subnets, bridges) is what the lab has on the host already,
 * else what is free there and on every host that `used` knows. Pure: the same input gives the same output but for the UUIDs.
 */
export function resolveLab(file: LabFile, { newUuid, ...context }: ResolveContext): ResolvedLab {
  if (!knowsFeature('metadata', context.snapshot.system.libvirtVersion)) {
    return { networks: [], machines: [], issues: [labError(['name'], `libvirt ${context.snapshot.system.libvirtVersion} on this host keeps no metadata of networks, by which a lab's networks are known; libvirt 2.1 does.`)] };
  }
  const owned = networksOfLab(file.name, context.snapshot);
  const keptOf = (key: string, network: LabNetwork): Network | null => owned.find((item) => isSame(item, file.name, key, network)) ?? null;
  const entries = inOrder(Object.entries(file.networks));
  const kept = entries.flatMap(([key, network]) => keptOf(key, network) ?? []);
  let host = clearedOf(file.name, kept.map(({ uuid }) => uuid), context);
  const issues: LabIssue[] = [];
  const nics = roleNicPlaces(file, context.snapshot);
  const networks = entries.map(([key, network]): ResolvedNetwork => {
    const existing = keptOf(key, network);
    const uuid = existing?.uuid ?? newUuid();
    const { spec: said, issue } = specOf(libvirtNameOf(file.name, key, network), network, existing, reserved(host, file, key));
    const { spec, pathOf } = withRoleReservations(said, key, nics, existing);
    if (issue) issues.push(labError(['networks', key, ...issue.path], issue.message));
    const found = familyOfKind(spec.kind).validate(spec, { ...host, uuid: existing ? uuid : null });
    issues.push(...found.map(({ path, message, severity }): LabIssue => ({ path: roleOf(path, pathOf) ?? ['networks', key, ...placeInFile(path, network)], message, severity })));
    const fit = familyOfKind(spec.kind).fit(spec, host.snapshot);
    if (fit.kind === 'ovs' && fit.createBridge) host = withSwitch(host, fit.bridge);
    host = withNetwork(host, familyOfKind(fit.kind).build(uuid, fit), fit.autostart);
    return { key, uuid, spec: fit };
  });
  const roles = resolveMachines(file, nics, host.snapshot);
  return { networks, machines: roles.machines, issues: [...issues, ...roles.issues] };
}

/** The same network as far as libvirt is concerned, which changes neither name nor kind of one. */
function isSame(existing: Network, lab: string, key: string, wanted: LabNetwork): boolean {
  return existing.persistent && existing.lab?.key === key && existing.kind === wanted.kind && existing.name === libvirtNameOf(lab, key, wanted);
}

/** Whoever makes a switch comes before those who use it. */
function inOrder(entries: [string, LabNetwork][]): [string, LabNetwork][] {
  const makes = ([, network]: [string, LabNetwork]): boolean => network.kind === 'ovs' && network.createBridge !== null;
  return [...entries.filter(makes), ...entries.filter((entry) => !makes(entry))];
}

/** Subnets that the file names for its other networks are no longer free for those that say `auto`. */
function reserved(host: HostAsIf, file: LabFile, key: string): HostAsIf {
  const named = Object.entries(file.networks).flatMap(([other, network]) => (other !== key && isAddressedLabNetwork(network) && typeof network.ipv4 === 'object' && network.ipv4.address !== 'auto'
    ? [{ cidr: subnetOf(network.ipv4.address), owner: other, hostId: host.snapshot.hostId, kind: 'reserved' as const, networkUuid: null }] : []));
  return { ...host, used: [...host.used, ...named] };
}

interface Draft { spec: NetworkSpec; issue?: { path: string[]; message: string } }

function specOf(name: string, network: LabNetwork, existing: Network | null, host: HostAsIf): Draft {
  if (isAddressedLabNetwork(network)) return addressedOf(name, network, existing, host);
  if (network.kind !== 'ovs') return { spec: { ...network, name } };
  return { spec: { ...network, name, bridge: network.bridge ?? existing?.bridge?.name ?? freeSwitch(host.snapshot) } };
}

function addressedOf(name: string, network: AddressedLabNetwork, existing: Network | null, host: HostAsIf): Draft {
  const { ipv4: wanted4, ipv6: wanted6, bridge, kind, autostart, name: _name, ...said } = network;
  const options = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  const ipv4 = ipv4Of(wanted4, existing, host);
  const [address6 = '', prefix6 = ''] = wanted6 === 'none' ? [] : wanted6.address.split('/');
  const spec: AddressedSpec = {
    ...plainOptions, ...options, kind, name, autostart,
    bridge: bridge ?? existing?.bridge?.name ?? freeBridge(takenInterfaceNames(host.snapshot)),
    ipv4: ipv4 === 'no-room' ? null : ipv4,
    ipv6: wanted6 === 'none' ? null : { address: address6, prefix: Number(prefix6), dhcp: wanted6.dhcp === 'none' ? null : wanted6.dhcp },
  };
  return ipv4 === 'no-room' ? { spec, issue: { path: ['ipv4'], message: 'There is no free subnet left, on this host and the others that are known.' } } : { spec };
}

function ipv4Of(wanted: AddressedLabNetwork['ipv4'], existing: Network | null, { used }: HostAsIf): AddressedSpec['ipv4'] | 'no-room' {
  if (wanted === 'none') return null;
  const { address: said, dhcp, tftpRoot } = wanted === 'auto' ? { address: 'auto', dhcp: 'auto' as const, tftpRoot: null } : wanted;
  const hostAddress = said === 'auto' ? autoAddress(existing, used) : said;
  if (hostAddress === null) return 'no-room';
  const [address = '', length = ''] = hostAddress.split('/');
  const prefix = Number(length);
  if (dhcp !== 'auto') return { address, prefix, dhcp: dhcp === 'none' ? null : dhcp, tftpRoot };
  const range = proposeDhcpRange(address, prefix);
  return { address, prefix, dhcp: { ranges: range ? [range] : [], hosts: [], bootp: null }, tftpRoot };
}

/** What it has, once it has one: a plan that is applied leaves nothing to do. */
function autoAddress(existing: Network | null, used: HostAsIf['used']): string | null {
  const has = existing?.ips.find((ip) => ip.family === 'ipv4');
  if (has) return `${has.address}/${has.prefix}`;
  const subnet = proposeSubnet(used);
  return subnet === null ? null : `${addressAt(subnet, 1n)}/24`;
}

/** A reservation that is a role's is said there. */
function roleOf(path: string, pathOf: (at: number) => LabPath | null): LabPath | null {
  const at = /^ipv4\.dhcp\.hosts\.(\d+)\./.exec(path)?.[1];
  return at === undefined ? null : pathOf(Number(at));
}

/** `ipv4.prefix` of a spec is a part of `address` here; what the file does not say is to blame where it would stand. */
function placeInFile(path: string, network: LabNetwork): (string | number)[] {
  const parts = path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return isAddressedLabNetwork(network) && parts[1] === 'prefix' ? [parts[0] ?? '', 'address'] : parts;
}
