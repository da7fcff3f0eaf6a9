import type { NatSpec } from '../nat-spec';
import type { NewElement } from '../xml/edit-element';
import { insertElement } from '../xml/edit-element';
import { parseXml } from '../xml/parse-xml';
import { writeXml } from '../xml/xml-source';
import { newDnsHost, newDomain, newForwarder, newIpv4, newIpv6 } from './nat-elements';

/**
 * The definition of a new NAT network as libvirt would print it: elements in the order of virNetworkDefFormatBuf, two
 * blanks of indentation. IPv6 is masqueraded too (`<nat ipv6='yes'>`, libvirt ≥ 6.5): the addresses are private (ULA), and
 * without it no answer would find the way back.
 */
export function buildNatXml(uuid: string, spec: NatSpec): string {
  const document = parseXml('<network/>\n');
  const root = document.documentElement;
  if (!root) throw new Error('A parsed document has a root');
  for (const element of natElements(uuid, spec)) insertElement(root, element);
  return writeXml(document);
}

function natElements(uuid: string, spec: NatSpec): NewElement[] {
  const dns = [...spec.dnsForwarders.map(newForwarder), ...spec.dnsHosts.map(newDnsHost)];
  return [
    { name: 'name', text: spec.name },
    { name: 'uuid', text: uuid },
    ...(spec.title ? [{ name: 'title', text: spec.title }] : []),
    {
      name: 'forward',
      attributes: { dev: spec.forwardDev, mode: 'nat' },
      children: spec.ipv6 ? [{ name: 'nat', attributes: { ipv6: 'yes' } }] : [],
    },
    { name: 'bridge', attributes: { name: spec.bridge, stp: 'on', delay: 0 } },
    ...(spec.mtu === null ? [] : [{ name: 'mtu', attributes: { size: spec.mtu } }]),
    ...(spec.domain ? [newDomain(spec.domain)] : []),
    ...(dns.length > 0 ? [{ name: 'dns', children: dns }] : []),
    newIpv4(spec.ipv4),
    ...(spec.ipv6 ? [newIpv6(spec.ipv6)] : []),
  ];
}
