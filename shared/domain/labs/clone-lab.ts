import ipaddr from 'ipaddr.js';
import { isMap, isScalar, parseDocument, visit } from 'yaml';
import type { Document, Scalar } from 'yaml';
import { freeSubnet } from '../network-xml/duplicate-network-xml';
import { addressToNumber, boundsOf, familyOf, numberToAddress, rangeContains, rangesOverlap } from '../subnet';
import { isAddressedLabNetwork } from './lab-file';
import type { LabFile } from './lab-file';
import { subnetOf } from './lab-rules';

interface Move { from: string; to: string }

/**
 * A lab file as another lab beside the first: another name, names and bridges of its own, and free subnets of the same size with every
 * address at the same place in them. Its roles are open, and their NICs get MACs of their own. Comments and all else stay as they are. `file`: what `readLabFile` made of `text`.
 */
export function cloneLab(text: string, file: LabFile, name: string, context: { used: readonly { cidr: string }[]; random: () => number }): string {
  const document = parseDocument(text);
  document.set('name', name);
  for (const [key, network] of Object.entries(file.networks)) {
    document.deleteIn(['networks', key, 'name']);
    if (isAddressedLabNetwork(network)) document.deleteIn(['networks', key, 'bridge']);
  }
  for (const key of Object.keys(file.routers)) document.deleteIn(['routers', key, 'name']);
  renameSwitches(document, file, name);
  const moves = movesOf(file, context);
  for (const part of ['networks', 'machines', 'routers']) {
    const node = document.get(part);
    if (isMap(node)) visit(node, { Scalar: (_, scalar) => { moveScalar(scalar, moves); } });
  }
  openRoles(document, file);
  return document.toString({ lineWidth: 0 });
}

/** A switch that the lab makes is called otherwise, also where its other networks speak of it; one that was there before stays. */
function renameSwitches(document: Document, file: LabFile, name: string): void {
  const entries = Object.entries(file.networks).flatMap(([key, network]) => (network.kind === 'ovs' ? [{ key, network }] : []));
  const made = [...new Set(entries.flatMap(({ network }) => (network.createBridge && network.bridge !== undefined ? [network.bridge] : [])))];
  for (const { key, network } of entries) {
    const at = network.bridge === undefined ? -1 : made.indexOf(network.bridge);
    if (at >= 0) document.setIn(['networks', key, 'bridge'], `${name.slice(0, 11)}-${at + 1}`);
  }
}

/** The machines are the first lab's. A reservation by a role's MAC keeps it: whose it is the file says by the address. */
function openRoles(document: Document, file: LabFile): void {
  for (const [role, { nics }] of Object.entries(file.machines)) {
    document.deleteIn(['machines', role, 'machine']);
    for (const at of nics.keys()) document.deleteIn(['machines', role, 'nics', at, 'mac']);
  }
}

function movesOf(file: LabFile, { used, random }: { used: readonly { cidr: string }[]; random: () => number }): Move[] {
  const taken = [...used];
  const ofNetworks = Object.values(file.networks).flatMap((network) => (isAddressedLabNetwork(network) ? [network.ipv4, network.ipv6] : [])).flatMap((wanted) =>
    (typeof wanted === 'object' && wanted.address !== 'auto' ? [subnetOf(wanted.address)] : []));
  const ofRouters = Object.values(file.routers).flatMap(({ interfaces }) => interfaces.flatMap(({ address }) => (address.includes('/') ? [subnetOf(address)] : [])));
  const subnets = [...ofNetworks, ...ofRouters.filter((cidr, at) => ofRouters.indexOf(cidr) === at && !ofNetworks.some((other) => rangesOverlap(other, cidr)))];
  // The first lab may not be applied yet: its own subnets are none of the clone's either.
  taken.push(...subnets.map((cidr) => ({ cidr })));
  return subnets.flatMap((from): Move[] => {
    const to = freeSubnet(from, taken, random);
    if (to === null) return [];
    taken.push({ cidr: to });
    return [{ from, to }];
  });
}

/** An address, or one with a prefix, of a subnet that moves. */
function moveScalar(node: Scalar, moves: readonly Move[]): void {
  if (!isScalar(node) || typeof node.value !== 'string') return;
  const [address = '', ...prefix] = node.value.split('/');
  if (!(ipaddr.IPv4.isValidFourPartDecimal(address) || (address.includes(':') && ipaddr.IPv6.isValid(address)))) return;
  const move = moves.find(({ from }) => rangeContains(from, address));
  if (!move) return;
  const offset = addressToNumber(address) - boundsOf(move.from).first;
  node.value = [numberToAddress(boundsOf(move.to).first + offset, familyOf(address)), ...prefix].join('/');
}
