import type { AddressedSpec } from '../addressed-spec';
import type { NewElement } from '../xml/edit-element';
import { insertElement } from '../xml/edit-element';
import { parseXml } from '../xml/parse-xml';
import { writeXml } from '../xml/xml-source';
import { newDnsHost, newDomain, newForward, newForwarder, newIpv4, newIpv6 } from './addressed-elements';

/**
 * The definition of a new network as libvirt would print it: elements in the order of virNetworkDefFormatBuf, two
 * blanks of indentation. NAT masquerades IPv6 too (`<nat ipv6='yes'>`, libvirt ≥ 6.5): the addresses are private (ULA), and
 * without it no answer would find the way back.
 */
export function buildAddressedXml(uuid: string, spec: AddressedSpec): string {
  const document = parseXml('<network/>\n');
  const root = document.documentElement;
  if (!root) throw new Error('A parsed document has a root');
  for (const element of addressedElements(uuid, spec)) insertElement(root, element);
  return writeXml(document);
}

function addressedElements(uuid: string, spec: AddressedSpec): NewElement[] {
  const dns = [...spec.dnsForwarders.map(newForwarder), ...spec.dnsHosts.map(newDnsHost)];
  return [
    { name: 'name', text: spec.name },
    { name: 'uuid', text: uuid },
    ...(spec.title ? [{ name: 'title', text: spec.title }] : []),
    ...newForward(spec),
    { name: 'bridge', attributes: { name: spec.bridge, stp: 'on', delay: 0 } },
    ...(spec.mtu === null ? [] : [{ name: 'mtu', attributes: { size: spec.mtu } }]),
    ...(spec.domain ? [newDomain(spec.domain)] : []),
    ...(dns.length > 0 ? [{ name: 'dns', children: dns }] : []),
    newIpv4(spec.ipv4),
    ...(spec.ipv6 ? [newIpv6(spec.ipv6)] : []),
  ];
}
