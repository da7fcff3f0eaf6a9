import type { AddressedSpec } from '../../../shared/domain/addressed-spec';

/** The last parts of the addresses that two machines would get first: `.100`, `.101`; without DHCP there are none to tell. */
export function sampleGuests(spec: AddressedSpec): [string, string] {
  const range = spec.ipv4.dhcp?.ranges[0];
  if (!range) return spec.ipv4.dhcp?.hosts[0] ? [lastPart(spec.ipv4.dhcp.hosts[0].ip), ''] : ['by hand', 'by hand'];
  const first = Number(range.start.split('.').at(-1));
  return [lastPart(range.start), first < 255 ? `.${first + 1}` : ''];
}

const lastPart = (address: string): string => `.${address.split('.').at(-1) ?? ''}`;
