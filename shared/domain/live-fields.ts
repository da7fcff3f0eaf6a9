import type { AddressedSpec } from './addressed-spec';
import { same } from './network-xml/edit-network-xml';

/**
 * Whether two specs differ in nothing but what libvirt changes of a running network (virsh(1), net-update) or keeps beside it
 * (autostart): reservations, DHCP ranges, DNS records, services and texts.
 */
export function editsAddressedLive(before: AddressedSpec, after: AddressedSpec): boolean {
  const names = after.dnsTexts.map((text) => text.name);
  if (new Set(names).size < names.length && !same(before.dnsTexts, after.dnsTexts)) return false;
  return same(withLiveFieldsOf(before, after), after);
}

function withLiveFieldsOf(before: AddressedSpec, after: AddressedSpec): AddressedSpec {
  const { dnsHosts, dnsServices, dnsTexts, autostart } = after;
  const boot = (spec: AddressedSpec): unknown => spec.ipv4?.dhcp?.bootp ?? null;
  return {
    ...before, dnsHosts, dnsServices, dnsTexts, autostart,
    ipv4: before.ipv4 && after.ipv4 ? { ...before.ipv4, dhcp: same(boot(before), boot(after)) ? after.ipv4.dhcp : before.ipv4.dhcp } : before.ipv4,
    ipv6: before.ipv6 && after.ipv6 ? { ...before.ipv6, dhcp: after.ipv6.dhcp } : before.ipv6,
  };
}
