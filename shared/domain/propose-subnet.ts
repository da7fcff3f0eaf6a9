import { rangesOverlap } from './subnet';

/**
 * Where a free /24 is looked for, in order. 192.168.150–250: short to type and far from what home routers use
 * (192.168.0, .1, .2, .100, .178), from libvirt's default (.122) and VMware's habit of low numbers; then 10.64–10.127,
 * away from 10.0 (routers), 10.8 (OpenVPN), 10.42 and 10.43 (Kubernetes); at last the quiet part of 172.16/12, beyond Docker's
 * 172.17–172.20.
 */
function* candidates(): Generator<string> {
  for (let third = 150; third <= 250; third += 1) yield `192.168.${third}.0/24`;
  for (let second = 64; second < 128; second += 1) {
    for (let third = 0; third < 256; third += 1) yield `10.${second}.${third}.0/24`;
  }
  for (let second = 21; second < 32; second += 1) {
    for (let third = 0; third < 256; third += 1) yield `172.${second}.${third}.0/24`;
  }
}

/** The first free /24; the same for the same input. Null when all of some twenty thousand are taken. */
export function proposeSubnet(used: readonly { cidr: string }[]): string | null {
  const taken = used.filter((range) => !range.cidr.includes(':')).map((range) => range.cidr);
  for (const candidate of candidates()) {
    if (!taken.some((cidr) => rangesOverlap(cidr, candidate))) return candidate;
  }
  return null;
}
