import type { Machine } from './machine';
import type { NicSpec } from './machine-intent';
import type { HostSnapshot } from './snapshot';

/** A MAC of another known host. */
export interface KnownMac { mac: string; machine: string; host: string }

export interface NicIssue {
  severity: 'error' | 'warning';
  /** Into the spec: `mac`, `model`, `source.network`, `source.portgroup`, `source.bridge`, `source.device`, `bandwidth.inbound.peakKBps`. */
  path: string;
  message: string;
}

export interface NicContext {
  snapshot: HostSnapshot;
  /** Machines on other hosts. */
  elsewhere: readonly KnownMac[];
  machine: Machine;
  /** The NIC as it is now; null: it is new. */
  mac: string | null;
  /** Whether it is to work at once, or from the machine's next boot on. */
  now: boolean;
}

/** Models that QEMU has somewhere; another may be right all the same. */
const knownModels = new Set([
  'virtio', 'virtio-transitional', 'virtio-non-transitional', 'e1000', 'e1000e', 'igb', 'rtl8139', 'vmxnet3', 'pcnet', 'ne2k_pci', 'ne2k_isa', 'tulip',
  'i82551', 'i82557b', 'i82559er', 'usb-net', 'lan9118', 'smc91c111', 'spapr-vlan', 'virtio-net-pci',
]);

/** What stands against a NIC like this on this host; errors first. */
export function validateNicSpec(spec: NicSpec, context: NicContext): NicIssue[] {
  const issues = [...macIssues(spec.mac, context), ...sourceIssues(spec.source, context), ...modelIssues(spec), ...limitIssues(spec, context)];
  return [...issues.filter(({ severity }) => severity === 'error'), ...issues.filter(({ severity }) => severity === 'warning')];
}

/** By snapshot, which never changes: a lab's plan asks for hundreds of NICs. */
const ownersBySnapshot = new WeakMap<HostSnapshot, Map<string, string>>();

/** Every MAC on this host, in lower case, with the words for whose it is. */
export function macsOn(snapshot: HostSnapshot): ReadonlyMap<string, string> {
  const known = ownersBySnapshot.get(snapshot);
  if (known) return known;
  const owners = new Map<string, string>();
  const add = (mac: string | null, owner: string): void => {
    if (mac !== null && !owners.has(mac.toLowerCase())) owners.set(mac.toLowerCase(), owner);
  };
  for (const { nics, name } of snapshot.machines) {
    for (const nic of nics) {
      add(nic.mac, name);
      if (nic.next) add(nic.next.mac, name);
    }
  }
  for (const { mac, name } of snapshot.networks) add(mac, `the bridge of ${name}`);
  // A tap's is derived from the guest's, a macvtap's is the guest's.
  for (const { mac, name, kind } of snapshot.interfaces) if (!['tap', 'macvtap', 'loopback'].includes(kind)) add(mac, `the host’s ${name}`);
  ownersBySnapshot.set(snapshot, owners);
  return owners;
}

function macIssues(typed: string, { snapshot, elsewhere, machine, mac: current }: NicContext): NicIssue[] {
  const mac = typed.toLowerCase();
  const issue = (severity: NicIssue['severity'], message: string): NicIssue => ({ severity, path: 'mac', message });
  if (mac === '00:00:00:00:00:00') return [issue('error', 'A MAC of zeros is no address.')];
  if (Number.parseInt(mac.slice(0, 2), 16) % 2 === 1) return [issue('error', `${mac} is for groups (its first byte is odd); a NIC needs a single one’s address.`)];
  if (mac === current?.toLowerCase()) return [];
  // A NIC whose change waits for the next boot shows twice, and is itself both times.
  const own = machine.nics.find((nic) => nic.mac === current?.toLowerCase());
  if (own?.next?.mac === mac) return [];
  const owner = macsOn(snapshot).get(mac);
  if (owner !== undefined) return [issue('error', `${owner === machine.name ? 'This machine' : owner} has this MAC already; two of the same on one host get in each other’s way.`)];
  const there = elsewhere.find((known) => known.mac.toLowerCase() === mac);
  return there ? [issue('warning', `${there.machine} on ${there.host} has this MAC, too. That does no harm while they are not on one LAN.`)] : [];
}

function sourceIssues(source: NicSpec['source'], { snapshot, now }: NicContext): NicIssue[] {
  const issue = (severity: NicIssue['severity'], path: string, message: string): NicIssue => ({ severity, path: `source.${path}`, message });
  if (source.kind === 'network') {
    const network = snapshot.networks.find((candidate) => candidate.name === source.network);
    if (!network) return [issue('error', 'network', `There is no network “${source.network}” on this host.`)];
    // libvirt takes any name, and silently gives such a NIC no portgroup: on a switch it would be in all VLANs.
    if (source.portgroup !== null && !network.portgroups.some(({ name }) => name === source.portgroup)) {
      return [issue('error', 'portgroup', `${network.name} has no portgroup “${source.portgroup}”.`)];
    }
    if (network.active) return [];
    return [now ? issue('error', 'network', `${network.name} is not active; start it first.`) : issue('warning', 'network', `${network.name} is not active: the machine won’t start until it is.`)];
  }
  const name = source.kind === 'bridge' ? source.bridge : source.device;
  const path = source.kind === 'bridge' ? 'bridge' : 'device';
  const isSwitch = snapshot.ovsBridges.some((bridge) => bridge.name === name);
  const device = snapshot.interfaces.find((candidate) => candidate.name === name);
  if (source.kind === 'direct') return device ? [] : [issue('error', path, `The host has no interface “${name}”.`)];
  if (source.isOvs) return isSwitch ? [] : [issue('error', path, `There is no Open vSwitch bridge “${name}” on this host.`)];
  if (isSwitch) return [issue('error', path, `“${name}” is an Open vSwitch bridge, and has to be used as one.`)];
  return device?.kind === 'bridge' ? [] : [issue('error', path, `There is no bridge “${name}” on this host.`)];
}

/** libvirt gives the average to Open vSwitch as what a port gets at least (min-rate), and only the peak as what it gets at most (max-rate). */
function limitIssues({ source, bandwidth }: NicSpec, { snapshot }: NicContext): NicIssue[] {
  const isOvs = source.kind === 'bridge' ? source.isOvs : source.kind === 'network' && snapshot.networks.some(({ name, kind }) => name === source.network && kind === 'ovs');
  return isOvs && bandwidth.inbound?.peakKBps === null
    ? [{ severity: 'warning', path: 'bandwidth.inbound.peakKBps', message: 'Open vSwitch holds a machine to the peak alone of what it receives: without one it receives what comes.' }] : [];
}

function modelIssues({ model }: NicSpec): NicIssue[] {
  return model === null || knownModels.has(model) ? []
    : [{ severity: 'warning', path: 'model', message: `“${model}” is no model that is known here; where QEMU has none of that name, the machine won’t start.` }];
}
