import type { Network, Vlan } from '../../network';
import type { NetworkDefinition } from '../../network-xml/parse-network';
import type { LabEnd } from './lab-test-report';

/** A network of a lab: as its definition promises it, and as it runs. */
export interface LabTestNetwork {
  key: string;
  /** The definition that stays; of a transient network the running one. */
  promised: NetworkDefinition;
  running: Network;
}

/** Where a machine of a lab can be: on a network, or in one VLAN of a portgroup. Who is at one place has the same neighbours. */
export interface LabPlace {
  end: LabEnd;
  network: LabTestNetwork;
  /** Null: NICs that name none. */
  portgroup: string | null;
  /** By the definition; 0: frames without a tag. */
  vlan: number;
  /** The machine tags its frames itself. */
  tagged: boolean;
  /** As `wireOf` has it. */
  wire: string;
}

/** All places of a lab, in the order of its networks and their portgroups. */
export function placesOf(networks: readonly LabTestNetwork[]): LabPlace[] {
  return networks.flatMap((network) => {
    const single = [{ portgroup: null, vlan: 0, tagged: false }];
    const places = network.promised.kind === 'ovs' ? placesOnSwitch(network, networks) : single;
    return places.map((place) => ({ ...place, network, end: endOf(network.key, place), wire: wireOf(network, place.vlan) }));
  });
}

type Place = Pick<LabPlace, 'portgroup' | 'vlan' | 'tagged'>;

function endOf(key: string, { portgroup, vlan, tagged }: Place): LabEnd {
  const name = portgroup === null ? key : `${key}/${portgroup}`;
  const id = tagged ? `${name} VLAN ${vlan}` : name;
  return { kind: 'network', id, label: id };
}

function placesOnSwitch({ promised }: LabTestNetwork, all: readonly LabTestNetwork[]): Place[] {
  const onSwitch = all.filter((other) => other.promised.kind === 'ovs' && other.promised.bridge?.name === promised.bridge?.name);
  const accessed = new Set(onSwitch.flatMap((other) => groupsOf(other.promised)).flatMap(({ vlan }) => (vlan && !vlan.trunk ? vlan.tags.map(({ id }) => id) : [])));
  return groupsOf(promised).flatMap(({ portgroup, vlan }) => {
    if (!vlan || vlan.tags.length === 0) return [{ portgroup, vlan: 0, tagged: false }];
    if (!vlan.trunk) return [{ portgroup, vlan: vlan.tags[0]?.id ?? 0, tagged: false }];
    return placesOfTrunk(portgroup, vlan, accessed);
  });
}

/** Of a trunk, the VLANs in which somebody else may be; were there none, one stands for all. */
function placesOfTrunk(portgroup: string | null, { tags }: Vlan, accessed: ReadonlySet<number>): Place[] {
  const untagged = tags.filter(({ nativeMode }) => nativeMode === 'untagged').map(({ id }) => ({ portgroup, vlan: id, tagged: false }));
  const tagged = tags.filter(({ nativeMode }) => nativeMode !== 'untagged').map(({ id }) => ({ portgroup, vlan: id, tagged: true }));
  const shared = tagged.filter(({ vlan }) => accessed.has(vlan));
  return [...untagged, ...shared.length > 0 ? shared : tagged.slice(0, 1)];
}

/** The portgroups, and what NICs get that name none unless one is for those. A portgroup without VLAN has the network's. */
function groupsOf(network: NetworkDefinition): { portgroup: string | null; vlan: Vlan | null }[] {
  const groups = network.portgroups.map(({ name, vlan }) => ({ portgroup: name, vlan: vlan ?? network.vlan }));
  return network.portgroups.some(({ isDefault }) => isDefault) ? groups : [{ portgroup: null, vlan: network.vlan }, ...groups];
}

/** The VLAN in which a NIC's untagged frames are, by the network's definition; 0: in none. */
export function vlanOfNic(network: NetworkDefinition, portgroup: string | null): number {
  const named = portgroup ?? network.portgroups.find(({ isDefault }) => isDefault)?.name ?? null;
  const vlan = groupsOf(network).find((group) => group.portgroup === named)?.vlan;
  const own = vlan?.trunk ? vlan.tags.find(({ nativeMode }) => nativeMode === 'untagged') : vlan?.tags[0];
  return own?.id ?? 0;
}

/** The same for all who hear each other's frames: a network with a bridge of its own, or a VLAN of the bridge that several share. */
export function wireOf({ key, promised }: LabTestNetwork, vlan: number): string {
  const bridge = promised.bridge?.name ?? '';
  if (promised.kind === 'ovs') return `switch ${bridge} VLAN ${vlan}`;
  return promised.kind === 'bridged' ? `bridge ${bridge}` : `network ${key}`;
}

/** What a NIC of this place gets in the network that runs; undefined: no such portgroup. */
export function runningVlanOf({ network, portgroup }: Pick<LabPlace, 'network' | 'portgroup'>): Vlan | null | undefined {
  return groupsOf(network.running).find((group) => group.portgroup === portgroup)?.vlan;
}
