import { containsCidr, normalizeCidr, overlapCidr, parseCidr } from 'cidr-tools';
import ipaddr from 'ipaddr.js';
import type { Family } from './address';

/** Arithmetic on ranges in CIDR form; IPv4 and IPv6 alike. Arguments must be well-formed (see address.ts). */

/** `10.20.30.5`, 24 → `10.20.30.0/24`. */
export function networkOf(address: string, prefix: number): string {
  return normalizeCidr(`${address}/${prefix}`);
}

export function familyOf(address: string): Family {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** True when they share an address; ranges of different families never do. */
export function rangesOverlap(a: string, b: string): boolean {
  return overlapCidr(a, b);
}

export function rangeContains(cidr: string, address: string): boolean {
  return familyOf(cidr) === familyOf(address) && containsCidr(cidr, address);
}

/** An address as a number: 32 or 128 bits. */
export function addressToNumber(address: string): bigint {
  return parseCidr(address).start;
}

export function numberToAddress(value: bigint, family: Family): string {
  const size = family === 'ipv4' ? 4 : 16;
  const bytes = Array.from({ length: size }, (_, at) => Number((value >> BigInt(8 * (size - 1 - at))) & 0xffn));
  return ipaddr.fromByteArray(bytes).toString();
}

/** First and last address: the network's own and, in IPv4, the broadcast address. */
export function boundsOf(cidr: string): { first: bigint; last: bigint } {
  const { start, end } = parseCidr(cidr);
  return { first: start, last: end };
}

/** The `n`th address of a range, counted from its first (0). */
export function addressAt(cidr: string, n: bigint): string {
  return numberToAddress(boundsOf(cidr).first + n, familyOf(cidr));
}

/** The one spelling of an address that comparisons may rely on. */
export function sameAddress(a: string, b: string): boolean {
  return familyOf(a) === familyOf(b) && addressToNumber(a) === addressToNumber(b);
}

/**
 * A DHCP range that fits: .100–.199 in a /24 or larger (the subnet's last part when the host sits there); in smaller
 * subnets the upper half. Null when there is no room for one guest beside the host.
 */
export function proposeDhcpRange(address: string, prefix: number): { start: string; end: string } | null {
  const { first, last } = boundsOf(networkOf(address, prefix));
  const own = addressToNumber(address);
  const size = last - first + 1n;
  const text = (value: bigint): string => numberToAddress(value, 'ipv4');
  const usual = size >= 256n ? { start: first + 100n, end: first + 199n } : { start: first + (size > 4n ? size / 2n : 1n), end: last - 1n };
  const inside = own >= usual.start && own <= usual.end;
  if (!inside) return usual.start > usual.end ? null : { start: text(usual.start), end: text(usual.end) };
  // The host's own address can't be handed out: take the larger part of the usable addresses beside it.
  const below = { start: first + 1n, end: own - 1n };
  const above = { start: own + 1n, end: last - 1n };
  const larger = below.end - below.start > above.end - above.start ? below : above;
  const end = larger.end - larger.start >= 100n ? larger.start + 99n : larger.end;
  return larger.start > end ? null : { start: text(larger.start), end: text(end) };
}
