import { networkOf, rangesOverlap } from '../subnet';
import { isAddressedLabNetwork, libvirtNameOf } from './lab-file';
import type { LabFile, LabNetwork } from './lab-file';
import { labError } from './lab-problem';
import type { LabIssue } from './lab-problem';

/** Rules between the networks of a lab, whatever the host; `resolveLab` knows those with the host. */
export function checkLab(file: LabFile): LabIssue[] {
  const networks = Object.entries(file.networks);
  return [...checkNames(file.name, networks), ...checkBridges(networks), ...checkSubnets(networks), ...networks.flatMap(([key, network]) => checkAuto(key, network))];
}

type Networks = readonly (readonly [string, LabNetwork])[];

function checkNames(lab: string, networks: Networks): LabIssue[] {
  return repeated(networks, (key, network) => libvirtNameOf(lab, key, network), ([key, network], [other], name) =>
    labError(network.name === undefined ? ['networks', key] : ['networks', key, 'name'], `“${other}” is called “${name}” already.`));
}

/** One that libvirt or this lab makes is one network's alone; machines of several can meet on one that is there. */
function checkBridges(networks: Networks): LabIssue[] {
  const made = networks.filter(([, network]) => isAddressedLabNetwork(network) || (network.kind === 'ovs' && network.createBridge !== null));
  return [
    ...repeated(made, (_, network) => ('bridge' in network ? network.bridge ?? null : null), ([key], [other], bridge) => labError(['networks', key, 'bridge'], `“${bridge}” is the bridge of “${other}”, which makes it.`)),
    ...networks.flatMap(([key, network]) => (network.kind === 'ovs' && network.bridge === undefined && network.createBridge === null
      ? [labError(['networks', key], 'An Open vSwitch network needs a “bridge” that is there, or “createBridge: {}” for one of its own.')] : [])),
  ];
}

function checkSubnets(networks: Networks): LabIssue[] {
  const subnets = networks.flatMap(([key, network]) => (isAddressedLabNetwork(network) ? [['ipv4', network.ipv4] as const, ['ipv6', network.ipv6] as const] : []).flatMap(([family, wanted]) =>
    (typeof wanted === 'object' && wanted.address !== 'auto' ? [{ key, path: ['networks', key, family, 'address'], cidr: subnetOf(wanted.address) }] : [])));
  return subnets.flatMap(({ key, path, cidr }, at) => {
    const other = subnets.slice(0, at).find((earlier) => rangesOverlap(earlier.cidr, cidr));
    return other ? [labError(path, `${cidr} overlaps with ${other.cidr} of “${other.key === key ? 'the same network' : other.key}”.`)] : [];
  });
}

/** Addresses in a subnet that nobody knows yet. */
function checkAuto(key: string, network: LabNetwork): LabIssue[] {
  if (!isAddressedLabNetwork(network)) return [];
  const { ipv4 } = network;
  if (ipv4 === 'none' && network.kind !== 'isolated' && network.ipv6 === 'none') {
    return [labError(['networks', key, 'ipv4'], `A network of the kind ${network.kind} needs an address of the host, IPv4 or IPv6; one without is “isolated”.`)];
  }
  if (typeof ipv4 !== 'object' || ipv4.address !== 'auto' || typeof ipv4.dhcp !== 'object') return [];
  return ipv4.dhcp.ranges.length + ipv4.dhcp.hosts.length > 0
    ? [labError(['networks', key, 'ipv4', 'dhcp'], 'Ranges and reservations need a subnet that is known: say “address”, too.')] : [];
}

export function subnetOf(hostAddress: string): string {
  const [address = '', prefix = ''] = hostAddress.split('/');
  return networkOf(address, Number(prefix));
}

function repeated(
  networks: Networks, valueOf: (key: string, network: LabNetwork) => string | null,
  issue: (repeat: Networks[number], first: Networks[number], value: string) => LabIssue,
): LabIssue[] {
  return networks.flatMap((entry, at) => {
    const value = valueOf(...entry);
    const first = value === null ? undefined : networks.slice(0, at).find((earlier) => valueOf(...earlier) === value);
    return first && value !== null ? [issue(entry, first, value)] : [];
  });
}
