import type { Element } from '@xmldom/xmldom';
import type { NetworkSection } from '../network-xml/network-sections';
import { parseXml } from '../xml/parse-xml';
import { attribute, childElements, textOf } from '../xml/read-element';
import type { LiveUpdate } from './live-updates';

const verbs: Record<LiveUpdate['action'], string> = { add: 'Add', modify: 'Change', delete: 'Remove' };

/** What an update does, for the list of steps: "Add the reservation of 10.20.30.7 for 52:54:00:00:00:01 (web1) on lab". */
export function titleOfUpdate({ action, section, xml }: Omit<LiveUpdate, 'inverse'>, network: string): string {
  const element = parseXml(xml).documentElement;
  return `${verbs[action]} ${element ? describe(section, element) : section} on ${network}`;
}

function describe(section: NetworkSection, element: Element): string {
  const get = (name: string): string => attribute(element, name) ?? '';
  switch (section) {
    case 'ip-dhcp-host': {
      const who = get('mac') || get('id') || get('name');
      const name = get('name') && who !== get('name') ? ` (${get('name')})` : '';
      return `the reservation of ${get('ip')} for ${who}${name}`;
    }
    case 'ip-dhcp-range': return `the DHCP range ${get('start')} – ${get('end')}`;
    case 'dns-host': return `the DNS record ${get('ip')} ${childElements(element, 'hostname').map((name) => textOf(name) ?? '').join(', ')}`;
    case 'dns-srv': return `the DNS service ${get('service')}/${get('protocol')}`;
    case 'dns-txt': return `the DNS text ${get('name')}`;
    case 'portgroup': return `the portgroup ${get('name')}`;
    case 'forward-interface': return `the interface ${get('dev')}`;
  }
}
