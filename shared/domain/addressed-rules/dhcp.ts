import type { AddressedSpec } from '../addressed-spec';
import type { FieldIssue } from '../field-issue';
import { addressToNumber, boundsOf, familyOf, networkOf } from '../subnet';
import { caution, editedNetwork, problem, repeats } from '../network-rules/rule';
import type { NetworkContext } from '../network-rules/rule';
import type { AddressedRule } from './rule';

type Ipv4 = NonNullable<AddressedSpec['ipv4']>;
type Range = { start: string; end: string };

/** virSocketAddrGetRange counts a range in 16 bits. */
const largestRange = 65535n;

/** DHCP ranges of both families, static leases, and starting from the network. */
export const checkDhcp: AddressedRule = (spec, context) => [
  ...(spec.ipv4 ? checkRanges('ipv4.dhcp.ranges', spec.ipv4.dhcp?.ranges ?? [], spec.ipv4.address, spec.ipv4.prefix) : []),
  ...(spec.ipv6 ? checkRanges('ipv6.dhcp.ranges', spec.ipv6.dhcp?.ranges ?? [], spec.ipv6.address, spec.ipv6.prefix) : []),
  ...checkEmptyDhcp(spec, context),
  ...(spec.ipv4 ? checkStaticLeases(spec.ipv4) : []),
  ...(spec.ipv6 ? checkStaticLeases6(spec.ipv6) : []),
  ...(spec.ipv4 ? checkNetworkBoot(spec.ipv4) : []),
];

function checkEmptyDhcp(spec: AddressedSpec, context: NetworkContext): FieldIssue[] {
  const dhcp = spec.ipv4?.dhcp ?? null;
  const issues: FieldIssue[] = [];
  if (dhcp && dhcp.ranges.length === 0 && dhcp.hosts.length === 0) {
    issues.push(problem('ipv4.dhcp.ranges', 'DHCP is on, but has nothing to hand out. Add a range or a static lease, or turn DHCP off.'));
  }
  // Addresses for single machines by name alone, which the form doesn't show, are something to hand out, too.
  const hasHosts6 = editedNetwork(context)?.ips.some((ip) => ip.family === 'ipv6' && ip.dhcp?.hosts.some((host) => host.id === undefined)) ?? false;
  if (spec.ipv6?.dhcp && spec.ipv6.dhcp.ranges.length + spec.ipv6.dhcp.hosts.length === 0 && !hasHosts6) {
    issues.push(problem('ipv6.dhcp.ranges', 'DHCPv6 is on, but has no range. Add one, or turn it off: guests then make their own addresses.'));
  }
  return issues;
}

function checkRanges(path: string, ranges: readonly Range[], gateway: string, prefix: number): FieldIssue[] {
  const subnet = networkOf(gateway, prefix);
  return ranges.flatMap((range, at) => {
    const own = checkRange(`${path}.${at}`, range, subnet, gateway);
    if (own.length > 0) return own;
    const other = ranges.slice(0, at).find((earlier) => !isReversed(earlier) && overlap(earlier, range));
    return other ? [problem(`${path}.${at}.start`, `The range overlaps ${other.start} – ${other.end}. Ranges must not share addresses.`)] : [];
  });
}

function checkRange(path: string, range: Range, subnet: string, gateway: string): FieldIssue[] {
  const { first, last } = boundsOf(subnet);
  const ipv4 = familyOf(gateway) === 'ipv4';
  const start = addressToNumber(range.start);
  const end = addressToNumber(range.end);
  const issues: FieldIssue[] = [];
  for (const [field, value, text] of [['start', start, range.start], ['end', end, range.end]] as const) {
    if (value < first || value > last) issues.push(problem(`${path}.${field}`, `${text} is outside the subnet ${subnet}.`));
    else if (value === first) issues.push(problem(`${path}.${field}`, `${text} is the address of the subnet itself and can't be handed out.`));
    else if (ipv4 && value === last) issues.push(problem(`${path}.${field}`, `${text} is the broadcast address of ${subnet} and can't be handed out.`));
  }
  if (issues.length > 0) return issues;
  if (start > end) return [problem(`${path}.end`, `The range is reversed: ${range.end} comes before ${range.start}. Swap them.`)];
  if (end - start >= largestRange) return [problem(`${path}.end`, 'libvirt takes at most 65,535 addresses in one range. End it earlier.')];
  const own = addressToNumber(gateway);
  if (own >= start && own <= end) return [problem(`${path}.start`, `The range holds ${gateway}, the host's own address. Start after it or end before it.`)];
  return [];
}

const isReversed = (range: Range): boolean => addressToNumber(range.start) > addressToNumber(range.end);

function overlap(a: Range, b: Range): boolean {
  return addressToNumber(a.start) <= addressToNumber(b.end) && addressToNumber(b.start) <= addressToNumber(a.end);
}

/** PXE: dnsmasq tells the file and where it is; somebody has to serve it. */
function checkNetworkBoot({ dhcp, tftpRoot }: Ipv4): FieldIssue[] {
  const bootp = dhcp?.bootp ?? null;
  if (tftpRoot !== null && !bootp) return [caution('ipv4.tftpRoot', 'Files are offered, but machines are not told which one to start: name the boot file.')];
  if (bootp && bootp.server === null && tftpRoot === null) {
    return [caution('ipv4.dhcp.bootp.file', 'Machines will ask this host for the file, and nothing here serves it: give the directory it lies in, or the address of another TFTP server.')];
  }
  return [];
}

function checkStaticLeases(ipv4: Ipv4): FieldIssue[] {
  const hosts = ipv4.dhcp?.hosts ?? [];
  const path = (at: number, field: string): string => `ipv4.dhcp.hosts.${at}.${field}`;
  const subnet = networkOf(ipv4.address, ipv4.prefix);
  const { first, last } = boundsOf(subnet);
  const gateway = addressToNumber(ipv4.address);
  return [
    ...hosts.flatMap((host, at) => checkMac(path(at, 'mac'), host.mac)),
    ...hosts.flatMap((host, at) => {
      const value = addressToNumber(host.ip);
      if (value < first || value > last) return [problem(path(at, 'ip'), `${host.ip} is outside the subnet ${subnet}.`)];
      if (value === gateway) return [problem(path(at, 'ip'), `${host.ip} is the host's own address on this network.`)];
      if (value === first) return [problem(path(at, 'ip'), `${host.ip} is the address of the subnet itself.`)];
      return value === last ? [problem(path(at, 'ip'), `${host.ip} is the broadcast address of ${subnet}.`)] : [];
    }),
    ...repeats(hosts.map((host) => host.mac.toLowerCase())).map(({ at, first: earlier }) =>
      problem(path(at, 'mac'), `${hosts[at]?.mac} has a lease already: ${hosts[earlier]?.ip}.`)),
    ...repeats(hosts.map((host) => host.ip)).map(({ at, first: earlier }) =>
      problem(path(at, 'ip'), `${hosts[at]?.ip} is given to ${hosts[earlier]?.mac} already.`)),
    ...repeats(hosts.map((host) => host.name?.toLowerCase() ?? null)).map(({ at, first: earlier }) =>
      problem(path(at, 'name'), `“${hosts[at]?.name}” is the name of ${hosts[earlier]?.mac} already.`)),
  ];
}

type Ipv6 = NonNullable<AddressedSpec['ipv6']>;

/** virNetworkDHCPHostDefParseXML takes no MAC here: DHCPv6 clients name themselves by DUID. */
function checkStaticLeases6({ address, prefix, dhcp }: Ipv6): FieldIssue[] {
  const hosts = dhcp?.hosts ?? [];
  const path = (at: number, field: string): string => `ipv6.dhcp.hosts.${at}.${field}`;
  const subnet = networkOf(address, prefix);
  const { first, last } = boundsOf(subnet);
  return [
    ...hosts.flatMap((host, at) => {
      const value = addressToNumber(host.ip);
      if (value < first || value > last) return [problem(path(at, 'ip'), `${host.ip} is outside the subnet ${subnet}.`)];
      if (value === addressToNumber(address)) return [problem(path(at, 'ip'), `${host.ip} is the host's own address on this network.`)];
      return value === first ? [problem(path(at, 'ip'), `${host.ip} is the address of the subnet itself (RFC 4291, 2.6.1).`)] : [];
    }),
    ...repeats(hosts.map((host) => bareDuid(host.duid))).map(({ at, first: earlier }) => problem(path(at, 'duid'), `This DUID has a lease already: ${hosts[earlier]?.ip}.`)),
    ...repeats(hosts.map((host) => String(addressToNumber(host.ip)))).map(({ at, first: earlier }) => problem(path(at, 'ip'), `${hosts[at]?.ip} is given to ${hosts[earlier]?.name ?? hosts[earlier]?.duid} already.`)),
    ...repeats(hosts.map((host) => host.name?.toLowerCase() ?? null)).map(({ at, first: earlier }) => problem(path(at, 'name'), `“${hosts[at]?.name}” is the name of ${hosts[earlier]?.ip} already.`)),
  ];
}

/** Bytes may be written with one digit or two. */
const bareDuid = (duid: string): string => duid.toLowerCase().split(':').map((byte) => byte.padStart(2, '0')).join(':');

function checkMac(path: string, mac: string): FieldIssue[] {
  if (/^[0:]+$/.test(mac)) return [problem(path, 'A MAC of zeros belongs to no machine.')];
  const firstByte = parseInt(mac.slice(0, 2), 16);
  // The lowest bit of the first byte marks a group address (IEEE 802).
  return firstByte % 2 === 1 ? [problem(path, `${mac} is a multicast address; no NIC has it. The second digit must be even.`)] : [];
}
