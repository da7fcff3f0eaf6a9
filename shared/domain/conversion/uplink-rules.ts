import { networkOf, rangeContains } from '../subnet';
import { linkOf } from './facts';
import type { ConversionFacts } from './facts';
import { warning } from './finding';
import type { ConversionFinding } from './finding';
import { portsOf } from './bridge-users';

/** How the device leads to the network outside: what is unusual in that, and stays so on a bridge. */
export function uplinkRules(facts: ConversionFacts, device: string): ConversionFinding[] {
  const link = linkOf(facts, device);
  if (!link) return [];
  const findings: ConversionFinding[] = [];
  const ipv4 = link.addresses.filter(({ family, scope }) => family === 'ipv4' && scope === 'global');
  const defaults = facts.routes.filter((route) => route.family === 'ipv4' && route.destination === 'default' && route.table === 'main');
  if (defaults.length > 1 && defaults.some((route) => route.device === device)) {
    const [first, second] = [...defaults].sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0));
    const named = (route: typeof first): string => `${route!.device ?? ''} (metric ${route!.metric ?? 0})`;
    findings.push(warning('routes.two-defaults', 'The host has several default routes', (first!.metric ?? 0) === (second!.metric ?? 0)
      ? `${named(first)} and ${named(second)} are worth the same: which of them counts is chance. It should be said.`
      : `The one over ${named(first)} counts before ${named(second)}, and does so afterwards: the host goes back if another one wins.`));
  }
  const gateway = defaults.find((route) => route.device === device)?.gateway;
  if (gateway && !ipv4.some(({ address, prefix }) => rangeContains(networkOf(address, prefix), gateway))) {
    findings.push(warning('gateway.outside', `The gateway ${gateway} is in no subnet of ${device}`, 'It is found by a route of its own, as hosters do it: the bridge needs that route as well, or the host goes back.'));
  }
  if (ipv4.length === 0 && facts.session?.address.includes(':')) {
    findings.push(warning('session.ipv6-only', 'The host is reached by IPv6 alone', 'Routers advertise its gateway, which the host can\'t ask as it asks one of IPv4: that the app reaches it anew is the only proof.'));
  }
  if (link.mtu < 1280 && link.addresses.some(({ family }) => family === 'ipv6')) {
    findings.push(warning('nic.mtu', `${device} takes only ${link.mtu} bytes`, 'IPv6 needs 1280 (RFC 8200): the kernel switches it off on such a device.'));
  } else if (link.mtu !== 1500) {
    findings.push(warning('nic.mtu', `${device} has the MTU ${link.mtu}`, 'Guests on the same LAN have to have it as well: frames of another size are dropped without a word.'));
  }
  return findings;
}

/** How a bridge that is there already was made. */
export function bridgeRules(facts: ConversionFacts, bridge: string): ConversionFinding[] {
  const link = linkOf(facts, bridge);
  if (!link) return [];
  const findings: ConversionFinding[] = [];
  const delay = link.bridge?.forwardDelaySeconds ?? 0;
  if (link.bridge && (link.bridge.stp || delay > 0) && portsOf(facts, bridge).length > 0) {
    findings.push(warning('bridge.stp', `${bridge} waits before it forwards`, `Its spanning tree is ${link.bridge.stp ? 'on' : 'off'}, its forward delay ${delay} s: a port that comes anew is silent for ${2 * delay} s. With one uplink there is no loop to guard against.`));
  }
  const mac = link.mac?.toLowerCase();
  if (mac !== undefined && !facts.ovs.bridges.includes(bridge) && !facts.files.some(({ content }) => content?.toLowerCase().includes(mac))) {
    findings.push(warning('bridge.mac-not-pinned', `The MAC address of ${bridge} is nobody's decision`, 'No configuration names it: it may change as ports come and go, and a DHCP server then gives another address.'));
  }
  return findings;
}

/** A NIC that takes a bridge's addresses over shows its own MAC. */
export function macRules(facts: ConversionFacts, bridge: string, nic: string | undefined): ConversionFinding[] {
  const [from, to] = [linkOf(facts, bridge)?.mac, nic === undefined ? undefined : linkOf(facts, nic)?.mac];
  if (!from || !to || from === to) return [];
  const isLeased = linkOf(facts, bridge)!.addresses.some(({ family, dynamic }) => family === 'ipv4' && dynamic);
  return [warning('bridge.mac', `${nic} has another MAC address than ${bridge}`, isLeased ? 'The DHCP server may give another address; the host then goes back.' : 'The LAN takes a moment to learn who has the address now.')];
}
