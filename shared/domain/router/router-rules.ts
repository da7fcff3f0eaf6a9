import { namedInterfaces, servedInterfaces } from './router-spec';
import type { NamedInterface, RouterSpec } from './router-spec';

/**
 * The router's nftables ruleset (nft(8)). What isn't allowed is dropped; who is refused on the inside is told, so that nobody waits there.
 * Whoever is outside learns nothing. The inet table drops IPv6, too, which the router doesn't know. Without quotes and commas, and so with
 * a rule for each device: see router-xml.ts.
 */
export function routerRules(spec: RouterSpec): string {
  const all = namedInterfaces(spec);
  const served = servedInterfaces(spec);
  const ofZone = (zone: string): NamedInterface[] => all.filter((item) => item.zone === zone);
  const each = (interfaces: readonly NamedInterface[], ...rules: string[]): string[] => rules.flatMap((rule) => interfaces.map(({ device }) => `iifname ${device} ${rule}`));
  const refusal = 'reject with icmpx type admin-prohibited';
  const answers = ['ct state established accept', 'ct state related accept', 'ct state invalid drop'];
  const dns = ['udp dport 53', 'tcp dport 53'];
  const input = [
    ...(spec.ssh?.from ?? []).flatMap((zone) => each(ofZone(zone), 'tcp dport 22 accept')),
    ...each(all.filter(({ dhcp }) => dhcp !== null), 'udp dport 67 accept'),
    ...spec.dns === 'none' ? [] : each(served, ...dns.map((port) => `${port} accept`)),
    ...each(served, 'icmp type echo-request accept', refusal),
  ];
  const forward = [
    ...spec.allow.flatMap(([from, to]) => ofZone(to).flatMap(({ device }) => each(ofZone(from), `oifname ${device} accept`))),
    ...each(served, refusal),
  ];
  return [
    'table inet router {',
    ...chain('input', 'type filter hook input priority 0; policy drop;', [...answers, 'iifname lo accept', ...input]),
    ...chain('forward', 'type filter hook forward priority 0; policy drop;', [...answers, ...forward]),
    '}',
    'table ip routernat {',
    // A machine that asks a name server of its own choice is answered here all the same.
    ...chain('prerouting', 'type nat hook prerouting priority -100;', spec.dns === 'fake' ? each(served, ...dns.map((port) => `${port} redirect`)) : []),
    ...chain('postrouting', 'type nat hook postrouting priority 100;', all.filter(({ zone }) => spec.masquerade.includes(zone)).map(({ device }) => `oifname ${device} masquerade`)),
    '}',
    '',
  ].join('\n');
}

const chain = (name: string, head: string, rules: readonly string[]): string[] => [`  chain ${name} {`, ...[head, ...rules].map((line) => `    ${line}`), '  }'];
