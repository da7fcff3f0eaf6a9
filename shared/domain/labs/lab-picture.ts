import type { VlanSpec } from '../attached-spec';
import { isAddressed } from '../network-kinds';
import type { Machine } from '../machine';
import type { Network, NetworkKind, Vlan } from '../network';
import type { NetworkSpec } from '../network-spec';
import { isAddressedLabNetwork } from './lab-file';
import type { AddressedLabNetwork, LabFile, LabNetwork } from './lab-file';
import type { ResolvedNetwork } from './lab-intent';

/**
 * What a picture of a lab shows, wherever the lab is: in a file that is being written, or on a host. Where things stand in it is not
 * said here. Machines, roles and routers are boxes with a plug for each network they are on.
 */
export interface LabPicture {
  networks: PictureNetwork[];
  boxes: PictureBox[];
}

export interface PictureNetwork {
  /** What the lab calls it. */
  key: string;
  kind: NetworkKind;
  /** The host's address with prefix; null: it has none, or none is known yet. */
  address: string | null;
  /** Where machines are plugged in when it is not a bridge of libvirt's own; null: it is. */
  place: string | null;
  /** Packets get out of it: under the host's address, unchanged, or not at all. */
  way: 'translated' | 'plain' | 'none';
  active: boolean;
}

export interface PictureBox {
  id: string;
  name: string;
  note: string;
  /** Keys of the networks it is plugged into, in the order of its NICs. */
  plugs: string[];
  /** `open`: a role that nobody plays, or room for machines that are not there yet. */
  kind: 'machine' | 'router' | 'open';
  running: boolean;
}

/** Of a lab file. `resolved`: what the host would make of what the file leaves open; empty while nobody knows. */
export function pictureOfFile(file: LabFile, resolved: readonly ResolvedNetwork[]): LabPicture {
  const boxes = [...routerBoxes(file), ...roleBoxes(file)];
  const entries = Object.entries(file.networks).map(([key, network]) => ({ key, network, spec: resolved.find((item) => item.key === key && item.spec.kind === network.kind)?.spec ?? null }));
  return {
    networks: entries.map(({ key, network, spec }) => ({
      key, kind: network.kind, address: addressOf(network, spec), place: placeOf(network, spec), active: true,
      way: wayOf(network.kind, network.kind === 'ovs' && network.createBridge !== null),
    })),
    boxes: [
      ...boxes,
      ...entries.filter(({ key }) => !boxes.some(({ kind, plugs }) => kind !== 'router' && plugs.includes(key))).flatMap(({ key, network, spec }) =>
        openBoxes(key, portgroupsOf(network).map(({ name, vlan }) => ({ name, note: noteOfVlan(vlan) })), addressesOf(network, spec), entries.length <= 2)),
    ],
  };
}

function routerBoxes({ routers }: LabFile): PictureBox[] {
  return Object.entries(routers).map(([key, { interfaces, ssh }]) => ({ id: `router/${key}`, name: key, note: ssh ? 'jump box' : 'router', plugs: unique(interfaces.map(({ network }) => network)), kind: 'router', running: true }));
}

/** A role that is played has its machine's name, and its own below. */
function roleBoxes({ machines }: LabFile): PictureBox[] {
  return Object.entries(machines).map(([role, { machine, nics }]) => {
    const [first] = nics;
    const place = nics.length > 1 ? `${nics.length} NICs` : first?.portgroup ?? (first?.address === undefined ? '' : lastPart(first.address));
    return { id: `role/${role}`, name: machine ?? role, note: machine === undefined ? place : role, plugs: unique(nics.map(({ network }) => network)), kind: machine === undefined ? 'open' : 'machine', running: machine !== undefined };
  });
}

const unique = (keys: readonly string[]): string[] => [...new Set(keys)];

/** Of a lab as a host has it: its networks, and the routers and machines that are plugged into them. */
export function pictureOfLab(networks: readonly Network[], machines: readonly Machine[]): LabPicture {
  const named = networks.map((network) => ({ key: network.lab?.key ?? network.name, network }));
  const boxes = machines.flatMap((machine): PictureBox[] => {
    const plugs = machine.nics.flatMap((nic) => named.filter(({ network }) => network.name === nic.network).map(({ key }) => ({ key, note: nic.addresses[0] ? lastPart(nic.addresses[0].address) : nic.portgroup ?? '' })));
    return plugs.length === 0 ? [] : [{ id: machine.uuid, name: machine.name, note: noteOfMachine(machine, plugs.map(({ note }) => note)), plugs: unique(plugs.map(({ key }) => key)), kind: machine.labRouter ? 'router' : 'machine', running: machine.state === 'running' }];
  }).sort((a, b) => Number(b.kind === 'router') - Number(a.kind === 'router'));
  const free = named.filter(({ key }) => !boxes.some((box) => box.kind === 'machine' && box.plugs.includes(key)));
  return {
    networks: named.map(({ key, network }) => ({
      key, kind: network.kind, active: network.active, way: wayOf(network.kind, network.lab?.madeSwitch ?? false),
      address: network.ips[0] ? `${network.ips[0].address}/${network.ips[0].prefix}` : null,
      place: hasOwnBridge(network.kind) ? null : network.bridge?.name ?? network.forward.interfaces[0] ?? null,
    })),
    boxes: [
      ...boxes,
      ...free.flatMap(({ key, network }) => openBoxes(key, network.portgroups.map((group) => ({ name: group.name, note: noteOfTags(group.vlan) })), { range: network.ips[0]?.dhcp?.ranges[0] ?? null, reserved: [], byHost: false }, false)),
    ],
  };
}

function noteOfMachine({ labRouter }: Machine, notes: readonly string[]): string {
  if (labRouter) return labRouter.keys ? 'jump box' : 'router';
  return notes.length === 1 ? notes[0] ?? '' : `${notes.length} NICs`;
}

/** What machines get: from a range, or each its own. `byHost`: the host hands them out, in a range that isn't known yet. */
interface Addresses { range: { start: string; end: string } | null; reserved: readonly { ip: string; name: string | null }[]; byHost: boolean }

/** Named boxes beyond this many would tell nothing more. */
const mostReserved = 4;

/** Room for machines: a box for each portgroup or reservation, else some, as many as are easily taken in. */
function openBoxes(key: string, groups: readonly { name: string; note: string }[], { range, reserved, byHost }: Addresses, isSmall: boolean): PictureBox[] {
  const open = ({ name, note }: { name: string; note: string }, at: number): PictureBox => ({ id: `${key}/${at}`, name, note, plugs: [key], kind: 'open', running: false });
  if (groups.length > 0) return groups.map(open);
  const named = reserved.slice(0, mostReserved).map(({ ip, name }) => ({ name: name ?? 'VM', note: lastPart(ip) }));
  if (named.length > 0) return named.map(open);
  const isKnown = range !== null && !range.start.includes(':');
  const unknown = byHost ? 'by DHCP' : '';
  if (!isSmall) return [open({ name: 'VMs', note: isKnown ? `${lastPart(range.start)}–${lastPart(range.end)}` : unknown }, 0)];
  const first = isKnown ? Number(range.start.split('.').at(-1)) : null;
  return [0, 1].map((at) => open({ name: 'VM', note: first === null ? unknown : `.${first + at}` }, at));
}

const lastPart = (address: string): string => (address.includes(':') ? address : `.${address.split('.').at(-1) ?? ''}`);

const hasOwnBridge = (kind: NetworkKind): boolean => ['nat', 'routed', 'open', 'isolated'].includes(kind);

/** A switch that the lab makes has no port to anywhere. */
function wayOf(kind: NetworkKind, isOwnSwitch: boolean): PictureNetwork['way'] {
  if (kind === 'nat') return 'translated';
  return kind === 'isolated' || isOwnSwitch ? 'none' : 'plain';
}

function addressOf(network: LabNetwork, spec: NetworkSpec | null): string | null {
  if (spec && isAddressed(spec)) {
    const ip = spec.ipv4 ?? spec.ipv6;
    return ip ? `${ip.address}/${ip.prefix}` : null;
  }
  if (!isAddressedLabNetwork(network)) return null;
  if (typeof network.ipv4 === 'object' && network.ipv4.address !== 'auto') return network.ipv4.address;
  if (network.ipv4 !== 'none') return 'a free /24';
  return network.ipv6 === 'none' ? null : network.ipv6.address;
}

function placeOf(network: LabNetwork, spec: NetworkSpec | null): string | null {
  switch (network.kind) {
    case 'bridged': return network.bridge;
    case 'macvtap': return network.devices[0] ?? null;
    case 'sriov': return network.device;
    case 'ovs': return network.bridge ?? (spec?.kind === 'ovs' ? spec.bridge : null);
    default: return null;
  }
}

function addressesOf(network: LabNetwork, spec: NetworkSpec | null): Addresses {
  const said = isAddressedLabNetwork(network) && typeof network.ipv4 === 'object' && typeof network.ipv4.dhcp === 'object' ? network.ipv4.dhcp : null;
  const dhcp = spec && isAddressed(spec) ? spec.ipv4?.dhcp ?? null : said;
  return { range: dhcp?.ranges[0] ?? null, reserved: dhcp?.hosts ?? [], byHost: !spec && isAddressedLabNetwork(network) && leavesDhcpToHost(network.ipv4) };
}

function leavesDhcpToHost(ipv4: AddressedLabNetwork['ipv4']): boolean {
  return ipv4 === 'auto' || (ipv4 !== 'none' && ipv4.dhcp === 'auto');
}

function portgroupsOf(network: LabNetwork): readonly { name: string; vlan: VlanSpec | null }[] {
  return isAddressedLabNetwork(network) ? [] : network.portgroups;
}

function noteOfVlan(vlan: VlanSpec | null): string {
  if (vlan === null) return 'untagged';
  return vlan.mode === 'access' ? `VLAN ${vlan.tag}` : 'trunk';
}

function noteOfTags(vlan: Vlan | null): string {
  if (!vlan || vlan.tags.length === 0) return 'untagged';
  return vlan.trunk || vlan.tags.length > 1 ? 'trunk' : `VLAN ${vlan.tags[0]?.id ?? ''}`;
}
