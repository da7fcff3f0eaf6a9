import type { AddressedSpec } from '../addressed-spec';
import { newBandwidth } from '../bandwidth-xml';
import type { NewElement } from '../xml/edit-element';
import { insertElement } from '../xml/edit-element';
import { parseXml } from '../xml/parse-xml';
import { writeXml } from '../xml/xml-source';
import { newDns, newDomain, newForward, newIpv4, newIpv6, newRoute } from './addressed-elements';

/**
 * The definition of a new network as libvirt would print it: elements in the order of virNetworkDefFormatBuf, two
 * blanks of indentation. NAT masquerades IPv6 too (`<nat ipv6='yes'>`, libvirt ≥ 6.5): the addresses are private (ULA), and
 * without it no answer would find the way back.
 */
export function buildAddressedXml(uuid: string, spec: AddressedSpec): string {
  const document = parseXml('<network/>\n');
  const root = document.documentElement;
  if (!root) throw new Error('A parsed document has a root');
  if (spec.guestIpv6) root.setAttribute('ipv6', 'yes');
  for (const element of addressedElements(uuid, spec)) insertElement(root, element);
  return writeXml(document);
}

function addressedElements(uuid: string, spec: AddressedSpec): NewElement[] {
  const bandwidth = newBandwidth(spec.bandwidth);
  return [
    { name: 'name', text: spec.name },
    { name: 'uuid', text: uuid },
    ...(spec.title ? [{ name: 'title', text: spec.title }] : []),
    ...(spec.description ? [{ name: 'description', text: spec.description }] : []),
    ...newForward(spec),
    { name: 'bridge', attributes: { name: spec.bridge, zone: spec.zone, stp: spec.stp ? 'on' : 'off', delay: spec.delaySeconds, macTableManager: spec.macTableManager === 'libvirt' ? 'libvirt' : null } },
    ...(spec.mtu === null ? [] : [{ name: 'mtu', attributes: { size: spec.mtu } }]),
    ...(spec.domain ? [newDomain(spec.domain)] : []),
    ...newDns(spec),
    ...(bandwidth ? [bandwidth] : []),
    ...(spec.portIsolation ? [{ name: 'port', attributes: { isolated: 'yes' } }] : []),
    ...(spec.ipv4 ? [newIpv4(spec.ipv4)] : []),
    ...(spec.ipv6 ? [newIpv6(spec.ipv6)] : []),
    ...spec.routes.map(newRoute),
  ];
}
