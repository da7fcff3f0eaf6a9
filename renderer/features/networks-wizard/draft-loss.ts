import type { AddressedDraft } from './addressed-draft';

/** What is lost by leaving: the parts of a draft that differ from what it began as, in words. Empty: nothing was changed. */
export function describeLoss(draft: AddressedDraft, original: AddressedDraft): string[] {
  const lost: string[] = [];
  const differs = (...fields: (keyof AddressedDraft)[]): boolean => fields.some((field) => JSON.stringify(draft[field]) !== JSON.stringify(original[field]));
  if (differs('name')) lost.push(`the name “${draft.name}”`);
  if (differs('title', 'description')) lost.push('the title and description');
  if (differs('bridge')) lost.push(`the bridge name “${draft.bridge}”`);
  if (differs('ipv4')) lost.push('the choice of addresses');
  if (differs('subnet', 'address')) lost.push(`the subnet ${draft.subnet}`);
  if (differs('leases')) lost.push(count(draft.leases.length, 'static lease', 'static leases'));
  if (differs('records')) lost.push(count(draft.records.length, 'DNS record', 'DNS records'));
  if (differs('dhcp', 'ranges') && !differs('subnet')) lost.push('the DHCP ranges');
  if (differs('domain', 'localOnly', 'forwarders', 'dns', 'services', 'texts')) lost.push('the DNS settings');
  if (differs('ipv6', 'ipv6Address', 'ipv6Dhcp', 'ipv6Ranges', 'ipv6Leases')) lost.push('the IPv6 settings');
  if (differs('tftpRoot', 'bootFile', 'bootServer')) lost.push('starting from the network');
  if (differs('routes')) lost.push('the static routes');
  if (differs('mtu', 'forwardDev', 'autostart', 'start', 'guestIpv6', 'portIsolation', 'stp', 'delay', 'macTable', 'zone', 'inbound', 'outbound', 'natFirst', 'natLast', 'natPortFirst', 'natPortLast')) lost.push('the options');
  return lost;
}

const count = (number: number, one: string, many: string): string => {
  if (number === 0) return `the removed ${many}`;
  return number === 1 ? `1 ${one}` : `${number} ${many}`;
};
