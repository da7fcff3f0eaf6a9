import type { Element } from '@xmldom/xmldom';
import { attribute, childElement, childElements, textOf } from '../xml/read-element';
import { attributesOf, escapeXml } from '../xml/xml-source';

/** The parts of a network that libvirt changes while it runs. Source: virsh(1), net-update. */
export const networkSections = ['dns-host', 'dns-srv', 'dns-txt', 'ip-dhcp-range', 'ip-dhcp-host', 'portgroup', 'forward-interface'] as const;
export type NetworkSection = (typeof networkSections)[number];

/** One entry of a section, with its XML on one line. */
export interface SectionEntry {
  section: NetworkSection;
  /** Which `<ip>` it belongs to, counted from 0; null for sections outside of `<ip>`. */
  ipIndex: number | null;
  /** What makes two entries the same thing although their content differs, where libvirt can modify one in place; else null. */
  key: string | null;
  xml: string;
}

/** Every entry of a `<network>` that net-update knows, section by section in the order of the document. */
export function sectionEntries(root: Element): SectionEntry[] {
  const dns = childElement(root, 'dns');
  const forward = childElement(root, 'forward');
  const plain = (section: NetworkSection, parent: Element | null, name: string, keyOf?: (element: Element) => string): SectionEntry[] =>
    (parent ? childElements(parent, name) : []).map((element) => ({ section, ipIndex: null, key: keyOf?.(element) ?? null, xml: canonical(element) }));
  return [
    ...plain('dns-host', dns, 'host'), ...plain('dns-srv', dns, 'srv'), ...plain('dns-txt', dns, 'txt'),
    ...childElements(root, 'ip').flatMap((ip, ipIndex) => childElements(ip, 'dhcp').flatMap((dhcp): SectionEntry[] => [
      ...childElements(dhcp, 'range').map((element): SectionEntry => ({ section: 'ip-dhcp-range', ipIndex, key: null, xml: canonical(element) })),
      ...childElements(dhcp, 'host').map((element): SectionEntry => ({ section: 'ip-dhcp-host', ipIndex, key: hostKey(element), xml: canonical(element) })),
    ])),
    ...plain('portgroup', root, 'portgroup', (group) => attribute(group, 'name') ?? ''),
    ...plain('forward-interface', forward, 'interface'),
  ];
}

/** virNetworkDefUpdateIPDHCPHost finds a host by its MAC, else its DUID, else its name. */
function hostKey(host: Element): string {
  return attribute(host, 'mac')?.toLowerCase() ?? attribute(host, 'id') ?? attribute(host, 'name') ?? '';
}

/** Everything but those entries, as text to compare: order and quotes of attributes, blanks and comments don't count. */
export function withoutSections(root: Element): string {
  return canonical(root, (element, parent) => {
    const inside = `${parent}/${element.nodeName}`;
    if (['dns/host', 'dns/srv', 'dns/txt', 'dhcp/range', 'dhcp/host', 'network/portgroup', 'forward/interface'].includes(inside)) return false;
    return !isBareContainer(element);
  });
}

/** `<dns/>` and `<dhcp/>` say nothing once their entries are out. */
function isBareContainer(element: Element): boolean {
  if (element.nodeName !== 'dns' && element.nodeName !== 'dhcp') return false;
  const entries = element.nodeName === 'dns' ? ['host', 'srv', 'txt'] : ['range', 'host'];
  return attributesOf(element).length === 0 && childElements(element).every((child) => entries.includes(child.nodeName));
}

/**
 * An element on one line as libvirt would take it, attributes sorted. What libvirt makes up or copies (`connections`, the
 * `dev` of `<forward>` that is its first interface's, a zero priority or weight) is left out.
 */
function canonical(element: Element, keeps: (child: Element, parent: string) => boolean = () => true): string {
  const attributes = attributesOf(element)
    .filter(([name, value]) => !isImplied(element, name, value))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ` ${name}='${escapeXml(value)}'`).join('');
  const children = childElements(element).filter((child) => keeps(child, element.nodeName));
  const text = childElements(element).length === 0 ? (textOf(element) ?? '').trim() : '';
  const inner = children.map((child) => canonical(child, keeps)).join('') + escapeXml(text);
  return inner === '' ? `<${element.nodeName}${attributes}/>` : `<${element.nodeName}${attributes}>${inner}</${element.nodeName}>`;
}

function isImplied(element: Element, name: string, value: string): boolean {
  if (name === 'connections') return true;
  if (element.nodeName === 'srv') return (name === 'priority' || name === 'weight') && Number(value) === 0;
  return element.nodeName === 'forward' && name === 'dev' && attribute(childElement(element, 'interface'), 'dev') === value;
}
