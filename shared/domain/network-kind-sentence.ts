import type { NetworkKind } from './network';

/** What a kind means for the machines on it, in one or two sentences for people who don't know libvirt. */
export const networkKindSentence: Record<NetworkKind, string> = {
  nat: 'Machines get private addresses from this host and go out under the host\'s own address. Nobody outside can start a connection to them.',
  routed: 'Machines have addresses of their own, and this host passes packets on unchanged. The LAN\'s router needs a route back to them.',
  open: 'Like a routed network, but libvirt adds no firewall rules: the host\'s own firewall decides what passes.',
  isolated: 'Machines reach each other, and this host if it has an address here, and nothing else.',
  bridged: 'Machines are plugged into the LAN through a bridge of this host, as if each had a cable to the switch. Addresses come from the LAN.',
  macvtap: 'Machines share a NIC of this host directly and appear on the LAN with MACs of their own. The host itself can\'t talk to them over that NIC.',
  ovs: 'Machines are ports of an Open vSwitch bridge, with VLANs by portgroup. What they reach depends on the bridge\'s other ports.',
  sriov: 'Each machine gets a part of the network card itself (a virtual function), past the host\'s own network stack.',
};
