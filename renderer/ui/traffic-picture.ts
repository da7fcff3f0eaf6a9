import type { NetworkKind } from '../../shared/domain/network';

/** What the picture of a kind shows. */
export interface Traffic {
  /** To the LAN: under the host's address, unchanged, or not at all. */
  out: 'translated' | 'plain' | 'none';
  /** From the LAN: never, where something outside lets it (`condition`), always, or nothing to say. */
  back: 'closed' | 'by-route' | 'open' | 'none';
  /** What the way back depends on, in a word or two. */
  condition: string;
  /** On the plate, where the host has no address. */
  noAddress: string;
  /** Below the picture. */
  caption(facts: { uplink: { name: string; address: string | null } | null; hostName: string; address: string }): string;
  /** What it shows, for those who can't see it. */
  story: string;
}

const through = (uplink: { name: string } | null): string => (uplink ? ` through ${uplink.name}` : '');

const pictures: Record<NetworkKind, Traffic> = {
  nat: {
    out: 'translated', back: 'closed', condition: '', noAddress: 'IPv6 only', story: 'What they send out leaves with the host’s own address. Nothing outside can start a connection to them.',
    caption: ({ uplink, hostName }) => (uplink?.address ? `leaves${through(uplink)} with ${hostName}’s address ${uplink.address}` : `leaves${through(uplink)} with ${hostName}’s own address`),
  },
  routed: {
    out: 'plain', back: 'by-route', condition: 'by route', noAddress: 'IPv6 only', story: 'What they send out leaves with their own addresses. The way back is open where the LAN’s router has a route.',
    caption: ({ uplink }) => `leaves${through(uplink)} with the machines’ own addresses; back by the router’s route`,
  },
  open: {
    out: 'plain', back: 'by-route', condition: 'by rules', noAddress: 'IPv6 only', story: 'What passes in and out is up to the host’s own firewall rules.',
    caption: ({ uplink, hostName }) => `leaves${through(uplink)} as far as ${hostName}’s own firewall lets it`,
  },
  isolated: {
    out: 'none', back: 'none', condition: '', noAddress: 'no host here', story: 'Nothing leaves this network, and nothing comes in.',
    caption: ({ hostName, address }) => (address ? `nothing leaves; ${hostName} is reached at ${address}` : `nothing leaves, not even to ${hostName}`),
  },
  bridged: {
    out: 'plain', back: 'open', condition: '', noAddress: 'as on the LAN', story: 'They are on the LAN themselves, as if each had a cable to its switch.',
    caption: () => 'each machine is on the LAN itself, with an address from there',
  },
  ovs: {
    out: 'plain', back: 'open', condition: '', noAddress: 'VLANs', story: 'They are ports of a switch with VLANs; what they reach depends on its other ports.',
    caption: () => 'each machine is a port of the switch, in the VLAN you give it',
  },
  macvtap: {
    out: 'plain', back: 'open', condition: '', noAddress: 'host can’t', story: 'They share a NIC and are on the LAN themselves. The host and they can’t talk over it.',
    caption: () => 'each machine is on the LAN by the same NIC; this host can’t talk to them over it',
  },
  sriov: {
    out: 'plain', back: 'open', condition: '', noAddress: 'card’s own', story: 'Each gets a part of the card itself and is on the LAN past the host.',
    caption: () => 'each machine has a part of the card, past this host',
  },
};

export function trafficOf(kind: NetworkKind): Traffic {
  return pictures[kind];
}
