import type { Element } from '@xmldom/xmldom';
import { ipSchema, macSchema } from '../address';
import { addressToNumber, networkOf, rangeContains, rangesOverlap } from '../subnet';
import type { XmlProblem } from '../xml-problem';
import { attribute, childElement, childElements } from '../xml/read-element';
import { problemAt } from './xml-rule';
import type { XmlContext, XmlRule } from './xml-rule';
import { readPrefix } from './read-prefix';

/** Addresses, ranges and static leases of each `<ip>`, and whether somebody else has the subnet. */
export const addressProblems: XmlRule = (root, context) => childElements(root, 'ip').flatMap((ip) => ipProblems(ip, context));

function ipProblems(ip: Element, context: XmlContext): XmlProblem[] {
  const address = attribute(ip, 'address');
  if (address === null) return [problemAt(ip, 'error', 'An <ip> needs an address.')];
  if (!ipSchema.safeParse(address).success) return [problemAt(ip, 'error', `“${address}” is not an address.`)];
  const isIpv6 = address.includes(':');
  const family = attribute(ip, 'family');
  if (family !== null && (family === 'ipv6') !== isIpv6) return [problemAt(ip, 'error', `family="${family}" and the address ${address} don't go together.`)];
  const prefix = readPrefix(ip, address);
  if (!Number.isInteger(prefix) || prefix < 1 || prefix > (isIpv6 ? 128 : 32)) return [problemAt(ip, 'error', `${attribute(ip, 'prefix') ?? attribute(ip, 'netmask') ?? ''} is not the size of a subnet.`)];
  const subnet = networkOf(address, prefix);
  return [...subnetTaken(ip, subnet, context), ...dhcpProblems(ip, subnet, address)];
}

function subnetTaken(ip: Element, subnet: string, { used, uuid, snapshot }: XmlContext): XmlProblem[] {
  const other = used.find((range) => range.hostId === snapshot.hostId && (uuid === null || range.networkUuid !== uuid) && rangesOverlap(range.cidr, subnet));
  return other ? [problemAt(ip, 'warning', `${subnet} overlaps ${other.cidr} (${other.owner}).`)] : [];
}

function dhcpProblems(ip: Element, subnet: string, own: string): XmlProblem[] {
  const dhcp = childElement(ip, 'dhcp');
  if (!dhcp) return [];
  return [...rangeProblems(dhcp, subnet, own), ...hostProblems(dhcp, subnet)];
}

function rangeProblems(dhcp: Element, subnet: string, own: string): XmlProblem[] {
  const found: XmlProblem[] = [];
  const known: { start: bigint; end: bigint; text: string }[] = [];
  for (const range of childElements(dhcp, 'range')) {
    const [start = '', end = ''] = [attribute(range, 'start') ?? '', attribute(range, 'end') ?? ''];
    const text = `${start}–${end}`;
    if (!ipSchema.safeParse(start).success || !ipSchema.safeParse(end).success) {
      found.push(problemAt(range, 'error', 'A <range> needs a start and an end address.'));
      continue;
    }
    if (!rangeContains(subnet, start) || !rangeContains(subnet, end)) {
      found.push(problemAt(range, 'error', `${text} is not inside ${subnet}.`));
      continue;
    }
    const [from, to] = [addressToNumber(start), addressToNumber(end)];
    if (from > to) found.push(problemAt(range, 'error', `${text} runs backwards.`));
    const overlapped = known.find((each) => from <= each.end && to >= each.start);
    if (overlapped) found.push(problemAt(range, 'warning', `${text} overlaps ${overlapped.text}.`));
    if (from <= addressToNumber(own) && addressToNumber(own) <= to) found.push(problemAt(range, 'warning', `${text} holds the host's own address ${own}.`));
    known.push({ start: from, end: to, text });
  }
  return found;
}

function hostProblems(dhcp: Element, subnet: string): XmlProblem[] {
  const found: XmlProblem[] = [];
  const seen = new Set<string>();
  for (const host of childElements(dhcp, 'host')) {
    const [mac, ip] = [attribute(host, 'mac'), attribute(host, 'ip')];
    if (mac !== null && !macSchema.safeParse(mac).success) found.push(problemAt(host, 'error', `“${mac}” is not a MAC address.`));
    if (ip !== null && !ipSchema.safeParse(ip).success) found.push(problemAt(host, 'error', `“${ip}” is not an address.`));
    else if (ip !== null && !rangeContains(subnet, ip)) found.push(problemAt(host, 'warning', `${ip} is not inside ${subnet}.`));
    for (const key of [mac, ip]) {
      if (key === null) continue;
      if (seen.has(key.toLowerCase())) found.push(problemAt(host, 'warning', `${key} has a second static lease.`));
      seen.add(key.toLowerCase());
    }
  }
  return found;
}
