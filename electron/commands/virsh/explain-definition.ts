import type { Element } from '@xmldom/xmldom';
import type { XmlProblem } from '../../../shared/domain/xml-problem';
import { parseRoot } from '../../../shared/domain/xml/parse-xml';
import { placeOf } from '../../../shared/domain/xml/place-of';
import { attribute, childElements } from '../../../shared/domain/xml/read-element';
import { AppError } from '../../../shared/errors/app-error';

/** Which element libvirt means: by name, and by the value of any attribute (or its text) where the words give one. */
interface Meant { element: string; value?: string | undefined }
interface Explanation { message: string; meant?: Meant }
type Rule = [pattern: RegExp, explain: (found: RegExpExecArray) => Explanation];

/** True when only the schema complains (virXMLValidatorValidate in src/util/virxml.c). */
export function isSchemaRefusal(stderr: string): boolean {
  return stderr.includes('failed to validate against schema');
}

const rules: readonly Rule[] = [
  [/unknown forwarding type '([^']*)'/, ([, mode]) => ({ message: `“${mode}” is no mode of <forward>.`, meant: { element: 'forward', value: mode } })],
  [/(\w+) forwarding requested, but no IP address provided/, ([, mode]) => ({ message: `A network with mode="${mode}" needs an <ip>.`, meant: { element: 'forward' } })],
  [/forward dev not allowed for network/, () => ({ message: 'An open network has no firewall rules, so “dev” can\'t confine it.', meant: { element: 'forward' } })],
  [/Unsupported <(\w+)> element in network/, ([, element = '']) => ({ message: `A network of this kind can't have <${element}>.`, meant: { element } })],
  [/<vlan> element specified for network/, () => ({ message: 'Only Open vSwitch networks and SR-IOV pools can tag VLANs.', meant: { element: 'vlan' } })],
  [/vlan tag id (\d+) too large/, ([, id]) => ({ message: `“${id}” is not a VLAN: 1 to 4094.`, meant: { element: 'tag', value: id } })],
  [/multiple default <portgroup> elements \((.*) and (.*)\)/, ([, first, second]) => ({ message: `“${first}” and “${second}” both are the default port group.`, meant: { element: 'portgroup', value: second } })],
  [/bridge delay\/stp\/zone options only allowed/, () => ({ message: 'stp, delay and zone are only for bridges that libvirt makes itself.', meant: { element: 'bridge' } })],
  [/bridge name '([^']*)' already in use/, ([, name]) => ({ message: `Another network uses the bridge “${name}” already.`, meant: { element: 'bridge', value: name } })],
  [/Invalid delay value/, () => ({ message: 'The delay of the <bridge> is a number of seconds.', meant: { element: 'bridge' } })],
  [/Invalid mtu size '([^']*)'/, ([, size]) => ({ message: `“${size}” is no size of an <mtu>.`, meant: { element: 'mtu' } })],
  [/expecting root element of 'network', not '([^']*)'/, ([, root]) => ({ message: `The document is a <${root}>, a <network> was expected.` })],
  [/malformed uuid element/, () => ({ message: 'This is not a UUID.', meant: { element: 'uuid' } })],
  [/missing name information/, () => ({ message: 'A network needs a <name>.', meant: { element: 'network' } })],
  [/invalid char in name/, () => ({ message: 'A name can\'t hold “/” or line breaks.', meant: { element: 'name' } })],
  [/Invalid (multicast )?bridge mac address '([^']*)'/, ([, multicast, mac]) => ({ message: `“${mac}” is ${multicast ? 'a multicast address, which a bridge can\'t have' : 'not a MAC address'}.`, meant: { element: 'mac', value: mac } })],
  [/Cannot parse MAC address '([^']*)'/, ([, mac]) => ({ message: `“${mac}” is not a MAC address.`, meant: { element: 'host', value: mac } })],
  [/Missing IP address in static host definition/, () => ({ message: 'A static lease (<host> in <dhcp>) needs an ip.', meant: { element: 'host' } })],
  [/Static host definition in IPv4 network .* must have mac or name/, () => ({ message: 'A static lease needs a mac or a name.', meant: { element: 'host' } })],
  [/Invalid IP address in static host definition/, () => ({ message: 'A static lease has something that is not an address.', meant: { element: 'host' } })],
  [/range (\S+) - (\S+) is reversed/, ([, start, end]) => ({ message: `The range ${start}–${end} runs backwards.`, meant: { element: 'range', value: start } })],
  [/range (\S+) - (\S+) is not entirely within network (\S+)/, ([, start, end, subnet]) => ({ message: `The range ${start}–${end} is not inside the subnet of ${subnet}.`, meant: { element: 'range', value: start } })],
  [/(start|end) of range (\S+) - (\S+) in network \S+ is the (network|broadcast) address/, ([, which, start, end, what]) => ({ message: `The range ${start}–${end} ${which === 'start' ? 'begins' : 'ends'} with the ${what} address.`, meant: { element: 'range', value: start } })],
  [/Missing '(\w+)' attribute in dhcp range/, ([, name]) => ({ message: `A <range> lacks its “${name}”.`, meant: { element: 'range' } })],
  [/mismatch of address family in range (\S+) - (\S+)/, ([, start]) => ({ message: 'A range mixes IPv4 and IPv6.', meant: { element: 'range', value: start } })],
  [/Cannot parse socket address '([^']*)'/, ([, text]) => ({ message: `“${text}” is not an address.`, meant: { element: '*', value: text } })],
  [/Multiple (IPv[46]) dhcp sections/, ([, family]) => ({ message: `Only one ${family} address of a network can have <dhcp>.`, meant: { element: 'dhcp' } })],
  [/Missing required address attribute/, () => ({ message: 'An <ip> needs an address.', meant: { element: 'ip' } })],
  [/Invalid (?:IPv[46] )?(address|prefix|netmask) '([^']*)' in network/, ([, what, text]) => ({ message: `“${text}” is not ${what === 'address' ? 'an address' : `a ${what}`}.`, meant: { element: '*', value: text } })],
  [/IP address cannot have both a prefix and a netmask/, () => ({ message: 'An <ip> has either a prefix or a netmask.', meant: { element: 'ip' } })],
  [/no family specified for non-IPv4 address '([^']*)'/, ([, address]) => ({ message: `${address} needs family="ipv6".`, meant: { element: 'ip', value: address } })],
  [/Family '([^']*)' specified for non-IPv[46] address '([^']*)'/, ([, family, address]) => ({ message: `family="${family}" and the address ${address} don't go together.`, meant: { element: 'ip', value: address } })],
  [/netmask not allowed for IPv6 address '([^']*)'/, ([, address]) => ({ message: `${address} is IPv6: it takes a prefix, not a netmask.`, meant: { element: 'ip', value: address } })],
  [/Unrecognized family '([^']*)'/, ([, family]) => ({ message: `“${family}” is no address family: ipv4 or ipv6.`, meant: { element: '*', value: family } })],
  [/Missing required gateway attribute in route/, () => ({ message: 'A <route> needs a gateway.', meant: { element: 'route' } })],
  [/unreachable static route gateway '([^']*)'/, ([, gateway]) => ({ message: `The gateway ${gateway} is in none of the network's own subnets.`, meant: { element: 'route', value: gateway } })],
  [/Missing hostname in network .* DNS HOST/, () => ({ message: 'A <host> in <dns> needs a <hostname>.', meant: { element: 'dns' } })],
  [/Invalid IP address in network .* DNS HOST/, () => ({ message: 'A <host> in <dns> has something that is not an address.', meant: { element: 'dns' } })],
  [/[Mm]issing required (\w+) attribute in DNS (\w+) record/, ([, name, kind = '']) => ({ message: `A DNS ${kind} record lacks its “${name}”.`, meant: { element: kind.toLowerCase() } })],
  [/Invalid forwarder IP address '([^']*)'/, ([, address]) => ({ message: `“${address}” is not an address.`, meant: { element: 'forwarder', value: address } })],
  [/Invalid forwarder element/, () => ({ message: 'A <forwarder> needs an addr or a domain.', meant: { element: 'forwarder' } })],
  [/invalid '(\w+)' attribute in <(\w+)> in <nat>/, ([, name, element = '']) => ({ message: `The “${name}” of <${element}> in <nat> is missing or too small.`, meant: { element } })],
  [/floor attribute is not supported for this config|'floor' attribute allowed only in <inbound>/, () => ({ message: 'A promised rate (floor) is for the NIC of a machine, not for a network.', meant: { element: 'bandwidth' } })],
  [/is not an SR-IOV Virtual Function/, () => ({ message: 'The address is no SR-IOV virtual function of this host.', meant: { element: 'address' } })],
];

/** libxml2's complaints, the innermost first. */
const schemaRules: readonly Rule[] = [
  [/^Element (\w+) has extra content: (\w+)/m, ([, parent, element = '']) => ({ message: `The schema of this host's libvirt has no <${element}> in <${parent}>; it is left out.`, meant: { element } })],
  [/^Element (\w+) failed to validate attributes/m, ([, element = '']) => ({ message: `An attribute of <${element}> is missing, or has a value that libvirt's schema does not allow.`, meant: { element } })],
  [/^Expecting an element (\w+), got nothing\n(?:Extra element (\w+))?/m, ([, element = '', inside]) => ({ message: `A <${element}> is missing.`, meant: { element: inside ?? element } })],
  [/^Extra element (\w+) in interleave/m, ([, element = '']) => ({ message: `<${element}> is not as libvirt's schema has it: an attribute's value, or something inside it.`, meant: { element } })],
  [/^Invalid attribute (\w+) for element (\w+)/m, ([, name, element = '']) => ({ message: `The schema has no attribute “${name}” of <${element}>.`, meant: { element } })],
];

/**
 * What libvirt says against a network document, in plain words and at the line it means, as far as its words give it away.
 * Source: src/conf/network_conf.c and src/network/bridge_driver.c of libvirt 9.0; recorded in test/contract/refusal-cases.ts.
 */
export function explainDefinition(xml: string, stderr: string): Omit<XmlProblem, 'severity'> {
  const parser = /\(network_definition\):(\d+): ([^\n]+)(?:\n[^\n]*\n(-*)\^)?/.exec(stderr);
  if (parser) return { message: `This is not well-formed XML: ${parser[2]?.trim()}.`, line: Number(parser[1]), column: parser[3] === undefined ? null : parser[3].length + 1 };
  for (const [pattern, explain] of isSchemaRefusal(stderr) ? schemaRules : rules) {
    const found = pattern.exec(stderr);
    if (!found) continue;
    const { message, meant } = explain(found);
    return { message, ...(meant ? placeIn(xml, meant) : nowhere) };
  }
  const said = stderr.split('\n').map((line) => line.replace(/^error: /, '').trim()).filter((line) => line !== '');
  const reason = said.find((line) => !line.startsWith('Failed to define network')) ?? said[0] ?? 'nothing';
  return { message: `libvirt says: ${reason.replace(/^(?:XML error|internal error|unsupported configuration|operation failed): /, '')}`, ...nowhere };
}

const nowhere = { line: null, column: null };

function placeIn(xml: string, meant: Meant): { line: number | null; column: number | null } {
  try {
    const all = elementsBelow(parseRoot(xml, 'network')).filter((element) => meant.element === '*' || element.nodeName === meant.element);
    const exact = meant.value === undefined ? undefined : all.find((element) => holds(element, meant.value ?? ''));
    const element = exact ?? (meant.element === '*' ? undefined : all[0]);
    return (element && placeOf(element)) ?? nowhere;
  } catch (error) {
    if (error instanceof AppError) return nowhere;
    throw error;
  }
}

function holds(element: Element, value: string): boolean {
  return Array.from({ length: element.attributes.length }, (_, at) => element.attributes.item(at)?.name ?? '').some((name) => attribute(element, name) === value);
}

function elementsBelow(element: Element): Element[] {
  return [element, ...childElements(element).flatMap(elementsBelow)];
}
