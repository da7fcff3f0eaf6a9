import type { Element } from '@xmldom/xmldom';
import { ipSchema } from '../address';
import type { UsedRange } from '../used-range';
import { freeBridge, freeName, takenInterfaceNames } from '../taken-names';
import { proposeSubnet } from '../propose-subnet';
import { proposeUla } from '../propose-ula';
import type { HostSnapshot } from '../snapshot';
import { addressToNumber, boundsOf, familyOf, networkOf, numberToAddress, rangeContains, rangesOverlap } from '../subnet';
import { ownsBridge } from '../used-ranges';
import { removeElement, setAttribute } from '../xml/edit-element';
import { attribute, childElement, childElements } from '../xml/read-element';
import { parseRoot } from '../xml/parse-xml';
import { writeXml } from '../xml/xml-source';
import { withLabMark } from './lab-mark-xml';
import { withLabVersions } from './lab-versions-xml';
import { parseNetwork } from './parse-network';
import { withIdentity } from './network-identity';
import { readPrefix } from './read-prefix';

export interface CopyContext {
  snapshot: HostSnapshot;
  used: readonly UsedRange[];
  /** From 0 up to, not including, 1. */
  random: () => number;
  uuid: string;
}

/**
 * A network's document as another network beside it: a free name, a UUID of its own, no MAC address. Where libvirt makes the
 * bridge, that is a free one, too, and every subnet becomes a free one of the same size, with ranges, static leases, DNS records and
 * gateways at the same places in it. Comments and unknown elements stay. Throws AppError `libvirt.xml-invalid`.
 */
export function duplicateNetworkXml(xml: string, context: CopyContext): string {
  const definition = parseNetwork(xml);
  const copy = asOtherNetwork(xml, context);
  return ownsBridge(definition) ? renumbered(copy, context) : copy;
}

/** As `duplicateNetworkXml`, but in the subnets it has: for a document from elsewhere, which may well be free here. */
export function asOtherNetwork(xml: string, { snapshot, uuid }: Pick<CopyContext, 'snapshot' | 'uuid'>): string {
  const definition = parseNetwork(xml);
  const name = freeName(definition.name === '' ? 'network' : definition.name, snapshot.networks.map((network) => network.name));
  const taken = takenInterfaceNames(snapshot);
  const bridge = ownsBridge(definition) && definition.bridge && taken.has(definition.bridge.name) ? { bridge: freeBridge(taken) } : {};
  return withoutLab(withoutReadOnly(withIdentity(xml, { uuid, name, ...bridge })));
}

/** `<mac>` and the count of connections belong to the one it was copied from. */
function withoutReadOnly(xml: string): string {
  const root = parseRoot(xml, 'network');
  childElements(root, 'mac').forEach(removeElement);
  setAttribute(root, 'connections', null);
  return write(root);
}

/** A lab made the first alone: marked as its own, the copy would go with it. */
function withoutLab(xml: string): string {
  return withLabVersions(withLabMark(xml, null), []);
}

interface Move { from: string; to: string }

function renumbered(xml: string, context: CopyContext): string {
  const root = parseRoot(xml, 'network');
  const moves: Move[] = [];
  const used: { cidr: string }[] = [...context.used];
  for (const ip of childElements(root, 'ip')) {
    const address = attribute(ip, 'address');
    if (address === null || !ipSchema.safeParse(address).success) continue;
    const from = networkOf(address, readPrefix(ip, address));
    const to = freeSubnet(from, used, context.random);
    if (to === null) continue;
    moves.push({ from, to });
    used.push({ cidr: to });
  }
  move(root, moves);
  return write(root);
}

/** A free subnet of the same size; null when none is found, or the size is none that a homelab has. */
export function freeSubnet(from: string, used: readonly { cidr: string }[], random: () => number): string | null {
  const prefix = Number(from.split('/')[1]);
  if (familyOf(from) === 'ipv6') return prefix >= 48 && prefix <= 126 ? networkOf(proposeUla(random).address, prefix) : null;
  if (prefix >= 24) {
    const free = proposeSubnet(used);
    return free === null ? null : networkOf(free.split('/')[0] ?? '', prefix);
  }
  if (prefix < 12) return null;
  const step = 1n << BigInt(32 - prefix);
  const { first, last } = boundsOf('10.64.0.0/10');
  for (let at = first; at <= last; at += step) {
    const candidate = `${numberToAddress(at, 'ipv4')}/${prefix}`;
    if (!used.some((range) => !range.cidr.includes(':') && rangesOverlap(range.cidr, candidate))) return candidate;
  }
  return null;
}

const addressAttributes = ['address', 'start', 'end', 'ip', 'gateway', 'server'];

/** The places where a network speaks of its own addresses. A route's destination is somebody else's, and stays. */
function move(root: Element, moves: readonly Move[]): void {
  const own = (parent: Element | null, ...names: string[]): Element[] => (parent ? names.flatMap((name) => childElements(parent, name)) : []);
  const elements = [
    ...childElements(root, 'ip').flatMap((ip) => [ip, ...own(childElement(ip, 'dhcp'), 'range', 'host', 'bootp')]),
    ...own(childElement(root, 'dns'), 'host'),
  ];
  for (const element of elements) for (const name of addressAttributes) moveAttribute(element, name, moves);
  for (const route of childElements(root, 'route')) moveAttribute(route, 'gateway', moves);
}

function moveAttribute(element: Element, name: string, moves: readonly Move[]): void {
  const value = attribute(element, name);
  if (value === null || !ipSchema.safeParse(value).success) return;
  const found = moves.find(({ from }) => rangeContains(from, value));
  if (!found) return;
  const offset = addressToNumber(value) - boundsOf(found.from).first;
  setAttribute(element, name, numberToAddress(boundsOf(found.to).first + offset, familyOf(value)));
}

function write(root: Element): string {
  const document = root.ownerDocument;
  if (!document) throw new Error('The element belongs to no document');
  return writeXml(document);
}
