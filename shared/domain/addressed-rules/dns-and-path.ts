import { addressToNumber, familyOf } from '../subnet';
import { isOwnAddress } from './addresses';
import { caution, problem, repeats } from '../network-rules/rule';
import type { AddressedRule } from './rule';

/** DNS records and forwarders, MTU, and the NIC that traffic leaves by. */
export const checkDnsAndPath: AddressedRule = (spec, context) => [
  ...checkDns(spec, context), ...checkMtu(spec, context), ...checkForwardDev(spec, context),
];

const canonical = (ip: string): string => `${familyOf(ip)} ${addressToNumber(ip)}`;

const checkDns: AddressedRule = (spec) => [
  ...repeats(spec.dnsHosts.map((host) => canonical(host.ip))).map(({ at }) =>
    problem(`dnsHosts.${at}.ip`, `There is a record for ${spec.dnsHosts[at]?.ip} already. Put all its names there.`)),
  ...spec.dnsHosts.flatMap((host, at) => repeats(host.hostnames.map((name) => name.toLowerCase())).map(({ at: name }) =>
    problem(`dnsHosts.${at}.hostnames`, `“${host.hostnames[name]}” is listed twice.`))),
  ...repeats(spec.dnsForwarders.map(canonical)).map(({ at }) => problem(`dnsForwarders.${at}`, `${spec.dnsForwarders[at]} is listed twice.`)),
  ...spec.dnsForwarders.flatMap((ip, at) => (isOwnAddress(spec, ip)
    ? [problem(`dnsForwarders.${at}`, `${ip} is this DNS server itself: questions would go round in circles.`)]
    : [])),
];

const checkMtu: AddressedRule = (spec) => {
  if (spec.mtu === null) return [];
  if (spec.ipv6 && spec.mtu < 1280) return [problem('mtu', 'IPv6 needs an MTU of at least 1280 (RFC 8200). Raise it, or turn IPv6 off.')];
  if (spec.mtu < 576) return [caution('mtu', 'Many systems can\'t work below 576 bytes (RFC 791).')];
  return [];
};

const checkForwardDev: AddressedRule = (spec, { snapshot }) => {
  const path = 'forwardDev';
  const name = spec.forwardDev;
  if (name === null) return [];
  if (name === spec.bridge) return [problem(path, 'Traffic can\'t leave by the network\'s own bridge. Choose another NIC, or none.')];
  const device = snapshot.interfaces.find((item) => item.name === name);
  if (!device) return [caution(path, `This host has no interface “${name}” now: guests reach nothing outside until it appears.`)];
  if (device.controller) return [caution(path, `${name} is a port of ${device.controller}: traffic leaves by ${device.controller}, so guests would reach nothing outside.`)];
  if (!device.adminUp) return [caution(path, `${name} is down: guests reach nothing outside until it is up.`)];
  return [];
};
