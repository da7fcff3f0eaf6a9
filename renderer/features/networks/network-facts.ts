import { networkKindLabel } from '../../../shared/domain/network-kinds';
import type { Network, Portgroup } from '../../../shared/domain/network';
import { describeRate } from '../../ui/describe-rate';
import { describeVlan } from '../../ui/describe-vlan';

export interface NetworkFact {
  term: string;
  value: string;
  mono?: boolean;
  note?: string;
}

export const describePortgroup = (group: Portgroup): string => [describeVlan(group.vlan), ...limitsOf(group).map(({ term, value }) => `${term.toLowerCase()} ${value}`)].join(', ');

/** As machines see it, in both directions. */
function limitsOf({ bandwidth }: Pick<Network, 'bandwidth'>): NetworkFact[] {
  const [inbound, outbound] = [describeRate(bandwidth?.inbound ?? null), describeRate(bandwidth?.outbound ?? null)];
  return [...inbound ? [{ term: 'Receives', value: `at most ${inbound}` }] : [], ...outbound ? [{ term: 'Sends', value: `at most ${outbound}` }] : []];
}

const forwardSentences: Record<Network['forward']['mode'], string> = {
  none: 'nowhere: guests and this host only',
  nat: 'to everywhere, with this host’s address',
  route: 'to everywhere, with its own addresses',
  open: 'to everywhere, without firewall rules of libvirt',
  bridge: 'through the bridge, as a part of its LAN',
  private: 'through a NIC (macvtap, guests apart from each other)',
  vepa: 'through a NIC (macvtap, the switch turns traffic back)',
  passthrough: 'through a NIC of its own (macvtap)',
  hostdev: 'through a NIC handed to the guest',
};

/** The facts of a network that fit on a line each; lists have sections of their own. */
export function networkFacts(network: Network): NetworkFact[] {
  const facts: NetworkFact[] = [{ term: 'Kind', value: networkKindLabel[network.kind] }];
  if (network.title) facts.push({ term: 'Title', value: network.title });
  facts.push({ term: 'Traffic', value: forwardSentences[network.forward.mode], ...network.forward.dev ? { note: `only by ${network.forward.dev}` } : {} });
  if (network.forward.interfaces.length > 0) facts.push({ term: 'NICs', value: network.forward.interfaces.join(', '), mono: true });
  if (network.bridge) facts.push({ term: 'Bridge', value: network.bridge.name, mono: true, ...network.bridge.stp && network.kind !== 'bridged' && network.kind !== 'ovs' ? { note: 'STP' } : {} });
  if (network.virtualPort) facts.push({ term: 'Virtual port', value: network.virtualPort });
  for (const ip of network.ips) facts.push({ term: 'Host address', value: `${ip.address}/${ip.prefix}`, mono: true });
  if (network.ips.length === 0 && (network.kind === 'isolated')) facts.push({ term: 'Host address', value: 'none: this host is not on it' });
  if (network.portIsolation) facts.push({ term: 'Machines', value: 'kept apart from each other', note: 'port isolation' });
  if (network.forward.natIpv6) facts.push({ term: 'IPv6', value: 'translated, too' });
  if (network.domain) facts.push({ term: 'DNS domain', value: network.domain.name, mono: true, ...network.domain.localOnly ? { note: 'answered here only' } : {} });
  if (network.ips.length > 0 && !network.dns.enabled) facts.push({ term: 'DNS', value: 'off' });
  if (network.mtu !== null) facts.push({ term: 'MTU', value: String(network.mtu), mono: true });
  for (const limit of limitsOf(network)) facts.push({ ...limit, note: 'all machines together' });
  if (network.bridge?.zone) facts.push({ term: 'Zone', value: network.bridge.zone });
  if (network.mac) facts.push({ term: 'MAC', value: network.mac, mono: true });
  facts.push({ term: 'Autostart', value: network.autostart ? 'yes, with the host' : 'no' });
  if (!network.persistent) facts.push({ term: 'Life', value: 'transient: gone when it stops' });
  facts.push({ term: 'UUID', value: network.uuid, mono: true });
  return facts;
}
