/** Address of the host and prefix length of a new private IPv6 network. */
export interface UlaProposal {
  address: string;
  prefix: number;
}

/**
 * A /64 of RFC 4193: `fd`, a 40-bit random global ID, subnet 0; the host takes `::1`. `random` gives numbers from 0 up
 * to, not including, 1.
 */
export function proposeUla(random: () => number): UlaProposal {
  const bytes = Array.from({ length: 5 }, () => Math.floor(random() * 256));
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = bytes;
  const group = (high: number, low: number): string => (high * 256 + low).toString(16);
  return { address: `${group(0xfd, a)}:${group(b, c)}:${group(d, e)}::1`, prefix: 64 };
}
