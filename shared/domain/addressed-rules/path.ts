import type { AddressedSpec } from '../addressed-spec';
import type { FieldIssue } from '../field-issue';
import { networkKindWord } from '../network-kinds';
import { caution, problem, repeats } from '../network-rules/rule';
import { addressToNumber, boundsOf, familyOf, networkOf, rangeContains, rangesOverlap } from '../subnet';
import { isOwnAddress, subnetsOf } from './addresses';
import type { AddressedRule } from './rule';

/** How packets travel: MTU, limits, the NIC they leave by, NAT's own addresses and ports, static routes, firewalld zone. */
export const checkPath: AddressedRule = (spec, context) => [
  ...checkMtu(spec), ...checkBandwidth(spec), ...checkForwardDev(spec, context), ...checkNatRange(spec, context), ...checkRoutes(spec, context), ...checkZone(spec, context),
];

function checkMtu(spec: AddressedSpec): FieldIssue[] {
  if (spec.mtu === null) return [];
  if (spec.ipv6 && spec.mtu < 1280) return [problem('mtu', 'IPv6 needs an MTU of at least 1280 (RFC 8200). Raise it, or turn IPv6 off.')];
  if (spec.mtu < 576) return [caution('mtu', 'Many systems can\'t work below 576 bytes (RFC 791).')];
  return [];
}

function checkBandwidth({ bandwidth }: AddressedSpec): FieldIssue[] {
  return (['inbound', 'outbound'] as const).flatMap((side) => {
    const limit = bandwidth[side];
    return limit?.peakKBps != null && limit.peakKBps < limit.averageKBps
      ? [problem(`bandwidth.${side}.peakKBps`, `The peak can't be lower than the average of ${limit.averageKBps} kB/s.`)] : [];
  });
}

const checkForwardDev: AddressedRule = (spec, { snapshot }) => {
  const path = 'forwardDev';
  const name = spec.forwardDev;
  if (name === null) return [];
  if (spec.kind === 'isolated') return [problem(path, 'Nothing leaves an isolated network, so no NIC can be chosen for it.')];
  if (name === spec.bridge) return [problem(path, 'Traffic can\'t leave by the network\'s own bridge. Choose another NIC, or none.')];
  const device = snapshot.interfaces.find((item) => item.name === name);
  if (!device) return [caution(path, `This host has no interface “${name}” now: guests reach nothing outside until it appears.`)];
  if (device.controller) return [caution(path, `${name} is a port of ${device.controller}: traffic leaves by ${device.controller}, so guests would reach nothing outside.`)];
  if (!device.adminUp) return [caution(path, `${name} is down: guests reach nothing outside until it is up.`)];
  return [];
};

const checkNatRange: AddressedRule = (spec, { snapshot }) => {
  const { natAddresses: addresses, natPorts: ports, kind } = spec;
  if (kind !== 'nat') {
    return addresses || ports ? [problem(addresses ? 'natAddresses.start' : 'natPorts.start', `A network that is ${networkKindWord[kind]} translates no addresses.`)] : [];
  }
  const issues: FieldIssue[] = [];
  if (ports && ports.start > ports.end) issues.push(problem('natPorts.end', `The range is reversed: ${ports.end} comes before ${ports.start}. Swap them.`));
  if (!addresses) return issues;
  if (addressToNumber(addresses.start) > addressToNumber(addresses.end)) return [...issues, problem('natAddresses.end', `The range is reversed: ${addresses.end} comes before ${addresses.start}. Swap them.`)];
  const known = snapshot.interfaces.some((device) => device.addresses.some((own) => own.address === addresses.start));
  return known ? issues : [...issues, caution('natAddresses.start', `${addresses.start} is no address of this host: answers come back only if the LAN's router sends them here.`)];
};

const checkRoutes: AddressedRule = (spec, context) => [
  ...spec.routes.flatMap((route, at) => checkRoute(spec, route, `routes.${at}`, context)),
  ...repeats(spec.routes.map(({ destination, metric }) => `${destination} ${metric ?? 1}`)).map(({ at }) =>
    problem(`routes.${at}.destination`, `There is a route to ${spec.routes[at]?.destination} already.`)),
];

function checkRoute(spec: AddressedSpec, route: AddressedSpec['routes'][number], path: string, context: Parameters<AddressedRule>[1]): FieldIssue[] {
  const { destination, gateway } = route;
  const [address = '', prefix = ''] = destination.split('/');
  if (familyOf(destination) !== familyOf(gateway)) return [problem(`${path}.gateway`, `${gateway} can't lead to ${destination}: one is IPv4, the other IPv6.`)];
  const subnet = networkOf(address, Number(prefix));
  if (addressToNumber(address) !== boundsOf(subnet).first) return [problem(`${path}.destination`, `${address} lies inside a range of that size. Write ${subnet}.`)];
  const clash = subnetsOf(spec).find((own) => rangesOverlap(own, subnet));
  if (clash) return [problem(`${path}.destination`, `${subnet} overlaps the network's own ${clash}: its guests are reached directly.`)];
  if (isOwnAddress(spec, gateway)) return [problem(`${path}.gateway`, `${gateway} is this host itself. Name the guest that leads there.`)];
  if (!subnetsOf(spec).some((own) => rangeContains(own, gateway))) {
    return [problem(`${path}.gateway`, `${gateway} is not on this network: the way there leads by one of its guests.`)];
  }
  const taken = context.used.find((range) => range.hostId === context.snapshot.hostId && (context.uuid === null || range.networkUuid !== context.uuid) && rangesOverlap(range.cidr, subnet));
  return taken ? [caution(`${path}.destination`, `${subnet} overlaps ${taken.cidr}, which is in use: ${taken.owner}.`)] : [];
}

const checkZone: AddressedRule = (spec, { snapshot }) => {
  if (spec.zone === null || snapshot.system.tools.includes('firewall-cmd')) return [];
  return [caution('zone', 'This host has no firewalld: libvirt refuses to start a network with a zone there.')];
};
