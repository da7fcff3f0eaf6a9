import { ownsBridge } from '../used-ranges';
import { parseNetwork } from './parse-network';
import type { NetworkDefinition } from './parse-network';

/**
 * Whether libvirt holds the definition it was given. It rewrites what it reads: it makes up a bridge name and a MAC, writes MACs in
 * lower case, copies `<forward dev>` into an `<interface>` and back, before 9.7 drops titles, and sorts; net-update puts new entries
 * last, whose order means nothing. All else that we understand must be equal.
 */
export function sameDefinition(given: string, held: string): boolean {
  const wanted = lowerMacs(parseNetwork(given));
  const actual = lowerMacs(parseNetwork(held));
  if (wanted.mac === null) actual.mac = null;
  if (actual.title === null) wanted.title = null;
  if (wanted.bridge === null && ownsBridge(wanted)) actual.bridge = null;
  if (wanted.uuid === '') actual.uuid = '';
  if (wanted.forward.dev === null && actual.forward.dev === wanted.forward.interfaces[0]) actual.forward.dev = null;
  if (wanted.forward.interfaces.length === 0 && actual.forward.interfaces.every((name) => name === wanted.forward.dev)) actual.forward.interfaces = [];
  return JSON.stringify(sorted(wanted)) === JSON.stringify(sorted(actual));
}

function sorted(definition: NetworkDefinition): NetworkDefinition {
  const { dns, ips, portgroups } = definition;
  return {
    ...definition, portgroups: inOrder(portgroups),
    dns: { ...dns, hosts: inOrder(dns.hosts), srv: inOrder(dns.srv), txt: inOrder(dns.txt) },
    ips: ips.map((ip) => ({ ...ip, dhcp: ip.dhcp && { ...ip.dhcp, ranges: inOrder(ip.dhcp.ranges), hosts: inOrder(ip.dhcp.hosts) } })),
  };
}

function lowerMacs(definition: NetworkDefinition): NetworkDefinition {
  const lower = <T extends { mac?: string }>(host: T): T => (host.mac === undefined ? host : { ...host, mac: host.mac.toLowerCase() });
  return { ...definition, mac: definition.mac?.toLowerCase() ?? null, ips: definition.ips.map((ip) => ({ ...ip, dhcp: ip.dhcp && { ...ip.dhcp, hosts: ip.dhcp.hosts.map(lower) } })) };
}

function inOrder<T>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
