import type { NetworkKind } from '../../../shared/domain/network';
import type { Reach, ReachRow } from '../../../shared/domain/reach';

/** What a card says to someone who chooses: who it is for, in the fewest words. */
export interface KindCard {
  kind: NetworkKind;
  title: string;
  /** One sentence: when this is the right one. */
  purpose: string;
  /** What it takes outside of this app. */
  needs: string;
  /** What machines plug into, on the picture. */
  plate: string;
  /** The host's address in the picture; empty where it has none. */
  address: string;
  guests: [string, string];
}

/** The four that lead, in the order people ask for them. */
export const leadingCards: readonly KindCard[] = [
  { kind: 'nat', title: 'NAT', purpose: 'Machines that use the internet and your LAN, and need not be found from there.', needs: 'Needs nothing; works on every host.', plate: 'virbr1', address: '10.20.30.1', guests: ['.100', '.101'] },
  { kind: 'bridged', title: 'Bridged', purpose: 'Machines on your LAN like any other device, with addresses from your router.', needs: 'Needs a bridge on this host with a wired NIC in it.', plate: 'br0', address: '', guests: ['by LAN', 'by LAN'] },
  { kind: 'isolated', title: 'Isolated', purpose: 'Labs that must not touch anything: malware, PXE, a firewall under test.', needs: 'Needs nothing. With this host on it, or without.', plate: 'virbr2', address: '10.55.0.1', guests: ['.100', '.101'] },
  { kind: 'ovs', title: 'Open vSwitch', purpose: 'Several VLANs on one switch, each machine in its own.', needs: 'Needs Open vSwitch on this host.', plate: 'ovsbr0', address: '', guests: ['VLAN 10', 'VLAN 30'] },
];

export const rareCards: readonly KindCard[] = [
  { kind: 'routed', title: 'Routed', purpose: 'A subnet of its own that your LAN can reach, without address translation.', needs: 'Needs a route on the LAN’s router.', plate: 'virbr3', address: '10.30.0.1', guests: ['.100', '.101'] },
  { kind: 'open', title: 'Open', purpose: 'As routed, with firewall rules that you write yourself.', needs: 'Needs a route, and rules of your own.', plate: 'virbr4', address: '10.40.0.1', guests: ['.100', '.101'] },
  { kind: 'macvtap', title: 'macvtap', purpose: 'Machines on the LAN over one NIC, without making a bridge.', needs: 'This host and its machines can’t talk over it. No Wi-Fi.', plate: 'eno1', address: '', guests: ['by LAN', 'by LAN'] },
  { kind: 'sriov', title: 'SR-IOV', purpose: 'A part of the network card for each machine, for the highest speed.', needs: 'Needs a card and a board with SR-IOV.', plate: 'card', address: '', guests: ['by LAN', 'by LAN'] },
];

const peers: { peer: ReachRow['peer']; label: string }[] = [
  { peer: 'same-network', label: 'other VMs here' }, { peer: 'host', label: 'this host' }, { peer: 'other-networks', label: 'VMs elsewhere' },
  { peer: 'lan', label: 'the LAN' }, { peer: 'internet', label: 'the internet' },
];

/** Out and in for each of the five peers, on a host with one NIC on the LAN; a test holds it against `describeReach`. */
const typical: Record<NetworkKind, readonly [Reach, Reach][]> = {
  nat: [['yes', 'yes'], ['yes', 'yes'], ['no', 'no'], ['yes', 'no'], ['yes', 'no']],
  routed: [['yes', 'yes'], ['yes', 'yes'], ['partly', 'partly'], ['partly', 'partly'], ['partly', 'partly']],
  open: [['yes', 'yes'], ['yes', 'yes'], ['partly', 'partly'], ['partly', 'partly'], ['partly', 'partly']],
  isolated: [['yes', 'yes'], ['yes', 'yes'], ['no', 'no'], ['no', 'no'], ['no', 'no']],
  bridged: [['yes', 'yes'], ['yes', 'yes'], ['no', 'partly'], ['yes', 'yes'], ['yes', 'partly']],
  ovs: [['partly', 'partly'], ['partly', 'partly'], ['no', 'partly'], ['partly', 'partly'], ['partly', 'partly']],
  macvtap: [['yes', 'yes'], ['no', 'no'], ['no', 'no'], ['yes', 'yes'], ['yes', 'partly']],
  sriov: [['yes', 'yes'], ['partly', 'partly'], ['no', 'no'], ['yes', 'yes'], ['yes', 'partly']],
};

/** The reach table of a kind as it usually is, short enough for a card. */
export function typicalReach(kind: NetworkKind): ReachRow[] {
  return peers.map(({ peer, label }, at) => {
    const [out, into] = typical[kind][at] ?? ['no', 'no'];
    return { peer, label, out, in: into, note: null };
  });
}
