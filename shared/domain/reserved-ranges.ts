import { rangesOverlap } from './subnet';

/** A range with a purpose of its own. `usable: false`: hosts and routers don't treat it as ordinary addresses. */
export interface ReservedRange {
  cidr: string;
  purpose: string;
  usable: boolean;
}

/** Sources: RFC 6890 and the IANA special-purpose address registries; RFC 5771 and RFC 4291 for multicast. */
export const reservedRanges: readonly ReservedRange[] = [
  { cidr: '0.0.0.0/8', purpose: '“this network” addresses', usable: false },
  { cidr: '127.0.0.0/8', purpose: 'loopback addresses', usable: false },
  { cidr: '169.254.0.0/16', purpose: 'link-local addresses', usable: false },
  { cidr: '224.0.0.0/4', purpose: 'multicast', usable: false },
  { cidr: '240.0.0.0/4', purpose: 'future use and broadcast', usable: false },
  { cidr: '100.64.0.0/10', purpose: 'carrier-grade NAT, and used by Tailscale', usable: true },
  { cidr: '192.0.0.0/24', purpose: 'protocol assignments', usable: true },
  { cidr: '192.0.2.0/24', purpose: 'examples in documents (TEST-NET-1)', usable: true },
  { cidr: '192.88.99.0/24', purpose: 'the former 6to4 relays', usable: true },
  { cidr: '198.18.0.0/15', purpose: 'benchmarks of network devices', usable: true },
  { cidr: '198.51.100.0/24', purpose: 'examples in documents (TEST-NET-2)', usable: true },
  { cidr: '203.0.113.0/24', purpose: 'examples in documents (TEST-NET-3)', usable: true },
  { cidr: '::/8', purpose: 'loopback, unspecified and embedded IPv4 addresses', usable: false },
  { cidr: 'fe80::/10', purpose: 'link-local addresses', usable: false },
  { cidr: 'ff00::/8', purpose: 'multicast', usable: false },
  { cidr: '2001:db8::/32', purpose: 'examples in documents', usable: true },
];

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/** The reserved range that `cidr` shares addresses with, the unusable ones first; null for ordinary addresses. */
export function reservedRangeOf(cidr: string): ReservedRange | null {
  const found = reservedRanges.filter((range) => rangesOverlap(range.cidr, cidr));
  return found.find((range) => !range.usable) ?? found[0] ?? null;
}

/** RFC 1918 or RFC 4193: addresses that nobody on the internet owns. */
export function isPrivateRange(cidr: string): boolean {
  return privateRanges.some((range) => rangesOverlap(range, cidr));
}
