import type { AddressedSpec } from '../../../shared/domain/addressed-spec';

/** The last parts of the addresses that two machines would get first: `.100`, `.101`; without DHCP there are none to tell. */
export function sampleGuests(spec: AddressedSpec): [string, string] {
  const dhcp = spec.ipv4?.dhcp;
  const range = dhcp?.ranges[0];
  if (!range && !spec.ipv4 && spec.ipv6) return spec.ipv6.dhcp ? ['by DHCPv6', 'by DHCPv6'] : ['by SLAAC', 'by SLAAC'];
  if (!range) return dhcp?.hosts[0] ? [lastPart(dhcp.hosts[0].ip), ''] : ['by hand', 'by hand'];
  const first = Number(range.start.split('.').at(-1));
  return [lastPart(range.start), first < 255 ? `.${first + 1}` : ''];
}

const lastPart = (address: string): string => `.${address.split('.').at(-1) ?? ''}`;
