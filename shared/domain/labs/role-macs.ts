import type { Machine, MachineNic } from '../machine';
import { macsOn } from '../validate-nic-spec';
import type { HostSnapshot } from '../snapshot';
import { isAddressedLabNetwork, libvirtNameOf } from './lab-file';
import type { LabFile } from './lab-file';
import type { LabNic } from './lab-machine';
import { roleIn } from './role-in';
import type { RoleNic } from './role-mark';
import { templateMac } from './templates/lab-template';

/** A NIC of a role, as known before anything is planned. */
export interface RoleNicPlace {
  role: string;
  /** Its position in the role. */
  at: number;
  nic: LabNic;
  mac: string;
  /** As libvirt calls it. */
  network: string;
  /** Null: the role is open, or there is no such machine. */
  machine: Machine | null;
}

/** The host without the NICs that a lab plugged in: their MACs and places are the lab's to give anew. */
export function withoutLabNics(lab: string, snapshot: HostSnapshot): HostSnapshot {
  return { ...snapshot, machines: snapshot.machines.map((machine) => ({ ...machine, nics: machine.nics.filter((nic) => !pluggedMacs(lab, machine).includes(nic.mac)) })) };
}

export function pluggedMacs(lab: string, machine: Machine): string[] {
  return (roleIn(lab, machine)?.nics ?? []).filter(({ plugged }) => plugged).map(({ mac }) => mac);
}

/**
 * The MAC of every NIC of a lab's roles: what the file says, by itself or by a reservation; else what the machine has there already, from
 * this lab or by somebody's hand; else one made of the lab's and the role's name, which nobody uses. So it stays from plan to plan.
 */
export function roleNicPlaces(file: LabFile, snapshot: HostSnapshot): RoleNicPlace[] {
  const others = withoutLabNics(file.name, snapshot);
  const said = Object.values(file.machines).flatMap(({ nics }) => nics.flatMap((nic) => saidMac(file, nic) ?? []));
  const names = new Set(Object.values(file.machines).map(({ machine }) => machine));
  const players = snapshot.machines.filter(({ name }) => names.has(name));
  const marked = players.flatMap((machine) => (roleIn(file.name, machine)?.nics ?? []).map(({ mac }) => mac));
  const taken = new Set([...macsOn(others).keys(), ...reservedMacs(file), ...said, ...marked]);
  const given = new Set(said);
  return Object.entries(file.machines).flatMap(([role, { machine: name, nics }]) => {
    const machine = snapshot.machines.find((item) => item.name === name) ?? null;
    const known = machine ? knownNics(file.name, machine) : [];
    const left = (): KnownNic[] => known.filter(({ mac }) => !given.has(mac));
    return nics.map((nic, at): RoleNicPlace => {
      const network = libvirtNameOf(file.name, nic.network, file.networks[nic.network] ?? {});
      const place = { key: nic.network, network, portgroup: nic.portgroup ?? null };
      const mac = saidMac(file, nic) ?? takeMarked(left(), place) ?? takePlugged(left(), place) ?? freeMac(`${file.name} ${role}`, at + 1, taken);
      taken.add(mac);
      given.add(mac);
      return { role, at, nic, mac, network, machine };
    });
  });
}

function saidMac(file: LabFile, { mac, address, network: key }: LabNic): string | null {
  if (mac !== undefined) return mac.toLowerCase();
  const network = file.networks[key];
  const dhcp = network && isAddressedLabNetwork(network) && typeof network.ipv4 === 'object' ? network.ipv4.dhcp : null;
  const reserved = typeof dhcp === 'object' ? dhcp?.hosts.find((host) => host.ip === address) : undefined;
  return reserved?.mac.toLowerCase() ?? null;
}

function reservedMacs(file: LabFile): string[] {
  return Object.values(file.networks).flatMap((network) => (isAddressedLabNetwork(network) && typeof network.ipv4 === 'object' && typeof network.ipv4.dhcp === 'object'
    ? network.ipv4.dhcp.hosts.map((host) => host.mac.toLowerCase()) : []));
}

/** A NIC that the machine has, or had by its mark. */
interface KnownNic { mac: string; nic: MachineNic | null; mark: RoleNic | null }

interface Place { key: string; network: string; portgroup: string | null }

function knownNics(lab: string, machine: Machine): KnownNic[] {
  const marks = roleIn(lab, machine)?.nics ?? [];
  const macs = [...new Set([...marks.map(({ mac }) => mac), ...machine.nics.map(({ mac }) => mac)])];
  return macs.map((mac) => ({ mac, nic: machine.nics.find((nic) => nic.mac === mac) ?? null, mark: marks.find((mark) => mark.mac === mac) ?? null }));
}

/** The one that this lab had there; one that the machine brought along and somebody has moved since is not the lab's to move. */
function takeMarked(known: readonly KnownNic[], place: Place): string | null {
  return known.find(({ nic, mark }) => mark?.network === place.key && (mark.plugged || nic === null || isAt(nic, place)))?.mac ?? null;
}

function takePlugged(known: readonly KnownNic[], place: Place): string | null {
  return known.find(({ nic, mark }) => mark === null && nic !== null && isAt(nic, place))?.mac ?? null;
}

export function isAt(nic: Pick<MachineNic, 'network' | 'portgroup'>, { network, portgroup }: Pick<Place, 'network' | 'portgroup'>): boolean {
  return nic.network === network && nic.portgroup === portgroup;
}

function freeMac(seed: string, n: number, taken: ReadonlySet<string>): string {
  for (let last = n; last <= 0xff; last += 1) if (!taken.has(templateMac(seed, last))) return templateMac(seed, last);
  return freeMac(`${seed}+`, n, taken);
}
