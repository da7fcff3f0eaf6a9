import type { NetworkDefinition } from './network-xml/parse-network';
import type { Network } from './network';
import type { ReachRow } from './reach';
import type { PeerRows } from './reach-rows';
import type { HostSnapshot } from './snapshot';

/** The active networks of a host besides one, by how they treat packets that come from elsewhere. */
interface Neighbours {
  /** Routed and open ones: they take new connections in. */
  forwarding: Network[];
  /** Those whose machines sit on something of the host's, usually the LAN. */
  attached: Network[];
  /** Those of them that share this one's bridge or NIC. */
  onSameWire: Network[];
}

const attachedKinds: readonly string[] = ['bridged', 'macvtap', 'ovs', 'sriov'];

function neighboursOf(subject: NetworkDefinition, snapshot: HostSnapshot): Neighbours {
  const others = snapshot.networks.filter((network) => network.active && network.name !== subject.name);
  const attached = others.filter((network) => attachedKinds.includes(network.kind));
  return {
    forwarding: others.filter((network) => network.kind === 'routed' || network.kind === 'open'),
    attached,
    onSameWire: attached.filter((network) => wireOf(network) !== null && wireOf(network) === wireOf(subject)),
  };
}

/** What machines of an attached network hang on: a bridge or a NIC; null of the other kinds. */
function wireOf(network: NetworkDefinition): string | null {
  if (!attachedKinds.includes(network.kind)) return null;
  return network.bridge?.name ?? network.forward.interfaces[0] ?? network.forward.dev;
}

/**
 * libvirt's rules for NAT accept whatever goes out (by `dev` only, where one is named) and reject what comes in; so do those of
 * the NAT or isolated network at the other end.
 */
export function elsewhereOfNat(rows: PeerRows, network: NetworkDefinition, uplink: string | null, snapshot: HostSnapshot): ReachRow {
  const { forwarding, attached } = neighboursOf(network, snapshot);
  const { dev } = network.forward;
  const reached = [
    ...forwarding.length > 0 && dev === null ? ['Routed networks of this host can be reached'] : [],
    ...attached.length > 0 && (dev === null || dev === uplink) ? ['machines of this host that are on the LAN themselves are reached there'] : [],
  ];
  return reached.length > 0 ? rows.otherNetworks('partly', 'no', `${sentence(reached)} NAT and isolated ones reject new connections.`)
    : rows.otherNetworks('no', 'no', 'libvirt\'s firewall rejects new connections between NAT and isolated networks.');
}

/** Without `dev`, libvirt accepts both ways, and what is at the other end decides. */
export function elsewhereOfRouted(rows: PeerRows, network: NetworkDefinition, uplink: string | null, rules: string | null, snapshot: HostSnapshot): ReachRow {
  const { dev } = network.forward;
  if (dev === null) return rows.otherNetworks('partly', 'partly', rules ?? 'NAT and isolated networks take no new connections from here; routed ones do.');
  return dev === uplink && neighboursOf(network, snapshot).attached.length > 0
    ? rows.otherNetworks('partly', 'partly', `Traffic may pass by ${dev} only: machines of this host that are on the LAN themselves are reached there, once its router has the route.`)
    : rows.otherNetworks('no', 'no', `Traffic may pass by ${dev} only, and no other network of this host is there.`);
}

/**
 * Machines on a bridge, switch or NIC of the host.
 * @param leads where packets find a way to from here: to the host's own routing (it has an address here, or is on the network
 * outside), to the network outside alone, or nowhere
 */
export function elsewhereOfAttached(rows: PeerRows, network: NetworkDefinition, leads: 'host' | 'outside' | 'nowhere', snapshot: HostSnapshot): ReachRow {
  const { forwarding, attached, onSameWire } = neighboursOf(network, snapshot);
  // Mode “private” keeps its machines apart from all others of the NIC.
  const sharing = onSameWire.filter((other) => network.forward.mode !== 'private' && other.forward.mode !== 'private').map((other) => other.name);
  const wire = sharing.length === 0 ? [] : [`also on ${wireOf(network) ?? 'it'}${network.kind === 'ovs' ? ', reached within one VLAN' : ''}: ${sharing.join(', ')}`];
  const outside = attached.length > onSameWire.length && leads !== 'nowhere' ? ['machines of this host that are on the LAN by another way are reached there'] : [];
  const beside = [...outside, ...wire];
  if (leads !== 'host') return beside.length > 0 ? rows.otherNetworks('partly', 'partly', sentence(beside)) : rows.otherNetworks('no', 'no');
  const host = 'NAT and routed networks of this host can start connections to machines here, isolated ones can\'t';
  const back = forwarding.length > 0 ? 'of these, routed ones are reached where the router, or the machine, knows the way' : 'none of these takes new connections from here';
  return rows.otherNetworks(forwarding.length > 0 || beside.length > 0 ? 'partly' : 'no', 'partly', sentence([host, back, ...beside]));
}

/** One sentence of several. */
function sentence(parts: readonly string[]): string {
  const text = parts.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
