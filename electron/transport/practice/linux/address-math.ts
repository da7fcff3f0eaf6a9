import ipaddr from 'ipaddr.js';

/** Arithmetic on addresses as numbers, on top of ipaddr.js. */

export type Family = 'inet' | 'inet6';

export function familyOf(address: string): Family | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return 'inet';
  return address.includes(':') && ipaddr.IPv6.isValid(address) ? 'inet6' : null;
}

export function toNumber(address: string): bigint {
  return ipaddr.parse(address).toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

export function toAddress(value: bigint, family: Family): string {
  const length = family === 'inet' ? 4 : 16;
  const bytes = Array.from({ length }, (_, at) => Number((value >> BigInt(8 * (length - 1 - at))) & 0xffn));
  const parsed = ipaddr.fromByteArray(bytes);
  return parsed instanceof ipaddr.IPv6 ? parsed.toRFC5952String() : parsed.toString();
}

function bitsOf(family: Family): number {
  return family === 'inet' ? 32 : 128;
}

function maskOf(prefix: number, family: Family): bigint {
  const bits = bitsOf(family);
  return ((1n << BigInt(bits)) - 1n) ^ ((1n << BigInt(bits - prefix)) - 1n);
}

/** The first address of the subnet. */
export function networkAddress(address: string, prefix: number): string {
  const family = familyOf(address) ?? 'inet';
  return toAddress(toNumber(address) & maskOf(prefix, family), family);
}

/** The last address of the subnet. */
export function lastAddress(address: string, prefix: number): string {
  const family = familyOf(address) ?? 'inet';
  const hostPart = (1n << BigInt(bitsOf(family) - prefix)) - 1n;
  return toAddress(toNumber(address) | hostPart, family);
}

export function isWithin(address: string, subnet: string, prefix: number): boolean {
  const family = familyOf(address);
  return family !== null && family === familyOf(subnet)
    && (toNumber(address) & maskOf(prefix, family)) === (toNumber(subnet) & maskOf(prefix, family));
}

/** Prefix of a netmask whose ones are in front; null for any other. */
export function prefixOfNetmask(netmask: string): number | null {
  if (familyOf(netmask) !== 'inet') return null;
  return ipaddr.IPv4.parse(netmask).prefixLengthFromSubnetMask();
}

/** The prefix that the class of an address gave it before CIDR: libvirt falls back to it (virSocketAddrGetIPPrefix). */
export function classPrefix(address: string): number {
  const first = Number(address.split('.')[0]);
  if (first < 128) return 8;
  if (first < 192) return 16;
  return 24;
}

/** The link-local address that a MAC gives (RFC 4291, appendix A). */
export function linkLocalAddress(mac: string): string {
  const bytes = mac.split(':').map((pair) => parseInt(pair, 16));
  const identifier = [(bytes[0] ?? 0) ^ 2, bytes[1], bytes[2], 0xff, 0xfe, bytes[3], bytes[4], bytes[5]];
  const value = identifier.reduce<bigint>((sum, byte) => (sum << 8n) | BigInt(byte ?? 0), 0n);
  return toAddress((0xfe80n << 112n) | value, 'inet6');
}
