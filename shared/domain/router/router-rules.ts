import { namedInterfaces, servedInterfaces } from './router-spec';
import type { NamedInterface, RouterSpec } from './router-spec';

/**
 * The router's nftables ruleset (nft(8)). What isn't allowed is dropped; who is refused on the inside is told, so that nobody waits there.
 * Whoever is outside learns nothing. The inet table drops IPv6, too, which the router doesn't know.
 */
export function routerRules(spec: RouterSpec): string {
  const all = namedInterfaces(spec);
  const served = servedInterfaces(spec);
  const leases = all.filter(({ dhcp }) => dhcp !== null);
  const ofZone = (zone: string): NamedInterface[] => all.filter((item) => item.zone === zone);
  const input = [
    ...when(leases, (devices) => `iifname ${devices} udp dport 67 accept`),
    ...spec.dns === 'none' ? [] : when(served, (devices) => `iifname ${devices} meta l4proto { tcp, udp } th dport 53 accept`),
    ...when(served, (devices) => `iifname ${devices} icmp type echo-request accept`),
    ...when(served, (devices) => `iifname ${devices} reject with icmpx type admin-prohibited`),
  ];
  const forward = [
    ...spec.allow.map(([from, to]) => `iifname ${setOf(ofZone(from))} oifname ${setOf(ofZone(to))} accept`),
    ...when(served, (devices) => `iifname ${devices} reject with icmpx type admin-prohibited`),
  ];
  const outward = all.filter(({ zone }) => spec.masquerade.includes(zone));
  const caught = spec.dns === 'fake' ? served : [];
  return [
    'table inet router {',
    ...chain('input', 'type filter hook input priority 0; policy drop;', ['ct state established,related accept', 'ct state invalid drop', 'iifname "lo" accept', ...input]),
    ...chain('forward', 'type filter hook forward priority 0; policy drop;', ['ct state established,related accept', 'ct state invalid drop', ...forward]),
    '}',
    'table ip routernat {',
    // A machine that asks a name server of its own choice is answered here all the same.
    ...chain('prerouting', 'type nat hook prerouting priority -100;', when(caught, (devices) => `iifname ${devices} meta l4proto { tcp, udp } th dport 53 redirect`)),
    ...chain('postrouting', 'type nat hook postrouting priority 100;', when(outward, (devices) => `oifname ${devices} masquerade`)),
    '}',
    '',
  ].join('\n');
}

const chain = (name: string, head: string, rules: readonly string[]): string[] => [`  chain ${name} {`, ...[head, ...rules].map((line) => `    ${line}`), '  }'];

function when(interfaces: readonly NamedInterface[], rule: (devices: string) => string): string[] {
  return interfaces.length === 0 ? [] : [rule(setOf(interfaces))];
}

const setOf = (interfaces: readonly NamedInterface[]): string => `{ ${interfaces.map(({ device }) => `"${device}"`).join(', ')} }`;
