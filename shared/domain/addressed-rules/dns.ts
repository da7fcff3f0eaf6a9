import type { AddressedSpec } from '../addressed-spec';
import type { FieldIssue } from '../field-issue';
import { caution, problem, repeats } from '../network-rules/rule';
import { addressToNumber, familyOf } from '../subnet';
import { isOwnAddress } from './addresses';
import type { AddressedRule } from './rule';

const canonical = (ip: string): string => `${familyOf(ip)} ${addressToNumber(ip)}`;

/** The network's DNS: its records, and where other questions go. */
export const checkDns: AddressedRule = (spec) => [
  ...checkPlace(spec), ...checkHosts(spec), ...checkForwarders(spec), ...checkServices(spec),
  ...repeats(spec.dnsTexts.map(({ name, value }) => `${name.toLowerCase()} ${value}`)).map(({ at }) => problem(`dnsTexts.${at}.name`, 'The same text is there already.')),
];

/** dnsmasq listens on the host's addresses on the network: without one there is none. */
function checkPlace(spec: AddressedSpec): FieldIssue[] {
  const lists = (['dnsHosts', 'dnsServices', 'dnsTexts', 'dnsForwarders'] as const).filter((list) => spec[list].length > 0);
  const [first] = lists;
  if (!spec.ipv4 && !spec.ipv6) {
    return [
      ...(first ? [problem(first, 'Without an address of the host there is no DNS server here that could answer. Give the host an address, or remove these.')] : []),
      ...(spec.domain ? [caution('domain.name', 'Without an address of the host there is no DNS server here: the domain has no effect.')] : []),
    ];
  }
  if (spec.dnsEnabled) return [];
  return [
    ...(first ? [caution(first, 'DNS is off, so nobody answers these.')] : []),
    ...(spec.ipv4?.dhcp || spec.ipv6?.dhcp ? [caution('dnsEnabled', 'Guests get addresses, but no DNS server by DHCP: names work only if they are told one.')] : []),
  ];
}

function checkHosts(spec: AddressedSpec): FieldIssue[] {
  return [
    ...repeats(spec.dnsHosts.map((host) => canonical(host.ip))).map(({ at }) =>
      problem(`dnsHosts.${at}.ip`, `There is a record for ${spec.dnsHosts[at]?.ip} already. Put all its names there.`)),
    ...spec.dnsHosts.flatMap((host, at) => repeats(host.hostnames.map((name) => name.toLowerCase())).map(({ at: name }) =>
      problem(`dnsHosts.${at}.hostnames`, `“${host.hostnames[name]}” is listed twice.`))),
  ];
}

function checkForwarders(spec: AddressedSpec): FieldIssue[] {
  return [
    ...repeats(spec.dnsForwarders.map(({ address, domain }) => `${address === null ? '' : canonical(address)} ${domain?.toLowerCase() ?? ''}`)).map(({ at }) =>
      problem(`dnsForwarders.${at}.address`, `${spec.dnsForwarders[at]?.address ?? spec.dnsForwarders[at]?.domain} is listed twice.`)),
    ...spec.dnsForwarders.flatMap(({ address, domain }, at) => {
      if (address === null) return domain === null ? [problem(`dnsForwarders.${at}.address`, 'An address or a domain is needed.')] : [];
      return isOwnAddress(spec, address) ? [problem(`dnsForwarders.${at}.address`, `${address} is this DNS server itself: questions would go round in circles.`)] : [];
    }),
  ];
}

/** libvirt reads port, priority and weight only beside a target. */
function checkServices(spec: AddressedSpec): FieldIssue[] {
  return [
    ...spec.dnsServices.flatMap(({ target, port, priority, weight }, at) => (target === null && (port !== null || priority !== null || weight !== null)
      ? [problem(`dnsServices.${at}.target`, 'Which machine offers it? Port, priority and weight belong to a target.')] : [])),
    ...spec.dnsServices.flatMap(({ target, port }, at) => (target !== null && target !== '.' && port === null ? [problem(`dnsServices.${at}.port`, 'Which port is it on?')] : [])),
    ...repeats(spec.dnsServices.map(({ service, protocol, domain, target }) => [service, protocol, domain, target].join(' ').toLowerCase())).map(({ at }) =>
      problem(`dnsServices.${at}.service`, 'The same service is there already.')),
  ];
}
