import ipaddr from 'ipaddr.js';
import { addressedSpecSchema } from '../../../shared/domain/addressed-spec';
import type { AddressedSpec } from '../../../shared/domain/addressed-spec';
import type { AddressedKind } from '../../../shared/domain/network-kinds';
import type { FieldIssue } from '../../../shared/domain/field-issue';
import { networkOf, rangeContains } from '../../../shared/domain/subnet';

/**
 * What the wizard holds while somebody types: strings that may be half-written, rows that may be empty, switches
 * that keep what is behind them when turned off. `toSpec` makes the domain's `AddressedSpec` of it.
 */
export interface AddressedDraft {
  kind: AddressedKind;
  name: string;
  title: string;
  description: string;
  bridge: string;
  /** The host has an IPv4 address on the network. */
  ipv4: boolean;
  /** CIDR as typed, for example `10.20.30.0/24`. */
  subnet: string;
  /** The host's own address in it. */
  address: string;
  dhcp: boolean;
  ranges: RangeDraft[];
  leases: LeaseDraft[];
  tftpRoot: string;
  bootFile: string;
  bootServer: string;
  domain: string;
  localOnly: boolean;
  dns: boolean;
  records: RecordDraft[];
  forwarders: ForwarderDraft[];
  services: ServiceDraft[];
  texts: TextDraft[];
  ipv6: boolean;
  /** The host's own address with prefix, for example `fd12:3456:789a::1/64`. */
  ipv6Address: string;
  ipv6Dhcp: boolean;
  ipv6Ranges: RangeDraft[];
  ipv6Leases: Lease6Draft[];
  guestIpv6: boolean;
  mtu: string;
  /** Empty: wherever the host routes. */
  forwardDev: string;
  portIsolation: boolean;
  stp: boolean;
  delay: string;
  /** libvirt keeps the bridge's MAC table, instead of the kernel learning it. */
  macTable: boolean;
  zone: string;
  inbound: LimitDraft;
  outbound: LimitDraft;
  natFirst: string;
  natLast: string;
  natPortFirst: string;
  natPortLast: string;
  routes: RouteDraft[];
  autostart: boolean;
  start: boolean;
}

/** `key` keeps a row's input elements in place while rows above it come and go. */
export interface RangeDraft { key: number; start: string; end: string }
export interface LeaseDraft { key: number; mac: string; ip: string; name: string }
export interface Lease6Draft { key: number; duid: string; ip: string; name: string }
/** `hostnames`: separated by blanks or commas. */
export interface RecordDraft { key: number; ip: string; hostnames: string }
/** `domain` empty: for all names. */
export interface ForwarderDraft { key: number; address: string; domain: string }
export interface ServiceDraft { key: number; service: string; protocol: string; domain: string; target: string; port: string; priority: string; weight: string }
export interface TextDraft { key: number; name: string; value: string }
export interface RouteDraft { key: number; destination: string; gateway: string; metric: string }
/** kB per second, KiB of burst; all empty: no limit. */
export interface LimitDraft { average: string; peak: string; burst: string }

let lastKey = 0;
const nextKey = (): number => ++lastKey;

export const emptyRange = (): RangeDraft => ({ key: nextKey(), start: '', end: '' });
export const emptyLease = (): LeaseDraft => ({ key: nextKey(), mac: '', ip: '', name: '' });
export const emptyLease6 = (): Lease6Draft => ({ key: nextKey(), duid: '', ip: '', name: '' });
export const emptyRecord = (): RecordDraft => ({ key: nextKey(), ip: '', hostnames: '' });
export const emptyForwarder = (): ForwarderDraft => ({ key: nextKey(), address: '', domain: '' });
export const emptyService = (): ServiceDraft => ({ key: nextKey(), service: '', protocol: 'tcp', domain: '', target: '', port: '', priority: '', weight: '' });
export const emptyText = (): TextDraft => ({ key: nextKey(), name: '', value: '' });
export const emptyRoute = (): RouteDraft => ({ key: nextKey(), destination: '', gateway: '', metric: '' });

const digits = (value: number | null | undefined): string => (value == null ? '' : String(value));
const limitOf = (limit: AddressedSpec['bandwidth']['inbound']): LimitDraft => ({ average: digits(limit?.averageKBps), peak: digits(limit?.peakKBps), burst: digits(limit?.burstKiB) });

/** What turning an address on proposes, where the spec has none. */
export interface AddressProposals {
  ipv4: { address: string; prefix: number };
  ipv6: { address: string; prefix: number };
}

/** The draft that shows `spec`. `start` is the one choice outside the spec. */
export function draftFromSpec(spec: AddressedSpec, proposals: AddressProposals, start: boolean): AddressedDraft {
  const ipv4 = spec.ipv4 ?? { ...proposals.ipv4, dhcp: null, tftpRoot: null };
  const ipv6 = spec.ipv6 ?? proposals.ipv6;
  return {
    kind: spec.kind,
    name: spec.name,
    title: spec.title ?? '',
    description: spec.description ?? '',
    bridge: spec.bridge,
    ipv4: spec.ipv4 !== null,
    subnet: networkOf(ipv4.address, ipv4.prefix),
    address: ipv4.address,
    dhcp: ipv4.dhcp !== null,
    ranges: (ipv4.dhcp?.ranges ?? []).map((range) => ({ key: nextKey(), ...range })),
    leases: (ipv4.dhcp?.hosts ?? []).map((host) => ({ key: nextKey(), mac: host.mac, ip: host.ip, name: host.name ?? '' })),
    tftpRoot: ipv4.tftpRoot ?? '',
    bootFile: ipv4.dhcp?.bootp?.file ?? '',
    bootServer: ipv4.dhcp?.bootp?.server ?? '',
    domain: spec.domain?.name ?? '',
    localOnly: spec.domain?.localOnly ?? true,
    dns: spec.dnsEnabled,
    records: spec.dnsHosts.map((record) => ({ key: nextKey(), ip: record.ip, hostnames: record.hostnames.join(' ') })),
    forwarders: spec.dnsForwarders.map(({ address, domain }) => ({ key: nextKey(), address: address ?? '', domain: domain ?? '' })),
    services: spec.dnsServices.map(({ service, protocol, domain, target, port, priority, weight }) => (
      { key: nextKey(), service, protocol, domain: domain ?? '', target: target ?? '', port: digits(port), priority: digits(priority), weight: digits(weight) })),
    texts: spec.dnsTexts.map((text) => ({ key: nextKey(), ...text })),
    ipv6: spec.ipv6 !== null,
    ipv6Address: `${ipv6.address}/${ipv6.prefix}`,
    ipv6Dhcp: spec.ipv6?.dhcp != null,
    ipv6Ranges: (spec.ipv6?.dhcp?.ranges ?? []).map((range) => ({ key: nextKey(), ...range })),
    ipv6Leases: (spec.ipv6?.dhcp?.hosts ?? []).map((host) => ({ key: nextKey(), duid: host.duid, ip: host.ip, name: host.name ?? '' })),
    guestIpv6: spec.guestIpv6,
    mtu: digits(spec.mtu),
    forwardDev: spec.forwardDev ?? '',
    portIsolation: spec.portIsolation,
    stp: spec.stp,
    delay: String(spec.delaySeconds),
    macTable: spec.macTableManager === 'libvirt',
    zone: spec.zone ?? '',
    inbound: limitOf(spec.bandwidth.inbound),
    outbound: limitOf(spec.bandwidth.outbound),
    natFirst: spec.natAddresses?.start ?? '',
    natLast: spec.natAddresses?.end ?? '',
    natPortFirst: digits(spec.natPorts?.start),
    natPortLast: digits(spec.natPorts?.end),
    routes: spec.routes.map(({ destination, gateway, metric }) => ({ key: nextKey(), destination, gateway, metric: digits(metric) })),
    autostart: spec.autostart,
    start,
  };
}

/** What a draft says once read as a spec. Exactly one of `spec` and a non-empty `issues` is there. */
export interface DraftReading {
  spec: AddressedSpec | null;
  /** The spec as far as it could be read, for rules that look at other fields; not yet known to be well-formed. */
  candidate: unknown;
  /** What is not well-formed, by field of the form. */
  issues: FieldIssue[];
  /** The form's field for a path of the spec: empty rows are left out of the spec, so their numbers may differ. */
  fieldOf(path: string): string;
}

/**
 * Reads a draft as a spec. Pure: shapes only, no host is asked. Wholly empty rows are left out; blanks around a value
 * don't count.
 */
export function toSpec(draft: AddressedDraft): DraftReading {
  const ranges = keepFilled(draft.ranges, (row) => [row.start, row.end]);
  const leases = keepFilled(draft.leases, (row) => [row.mac, row.ip, row.name]);
  const records = keepFilled(draft.records, (row) => [row.ip, row.hostnames]);
  const forwarders = keepFilled(draft.forwarders, (row) => [row.address, row.domain]);
  // A protocol is there from the start: alone it fills no row.
  const services = keepFilled(draft.services, (row) => [row.service, row.domain, row.target, row.port, row.priority, row.weight]);
  const texts = keepFilled(draft.texts, (row) => [row.name, row.value]);
  const routes = keepFilled(draft.routes, (row) => [row.destination, row.gateway, row.metric]);
  const ranges6 = keepFilled(draft.ipv6Ranges, (row) => [row.start, row.end]);
  const leases6 = keepFilled(draft.ipv6Leases, (row) => [row.duid, row.ip, row.name]);
  const subnet = parseSubnet(draft.subnet);
  const ipv6 = splitCidr(draft.ipv6Address);

  const candidate = {
    kind: draft.kind,
    name: draft.name.trim(),
    title: textOrNull(draft.title),
    description: textOrNull(draft.description),
    bridge: draft.bridge.trim(),
    stp: draft.stp,
    delaySeconds: draft.delay.trim() === '' ? 0 : readWholeNumber(draft.delay),
    macTableManager: draft.macTable ? 'libvirt' : 'kernel',
    zone: textOrNull(draft.zone),
    portIsolation: draft.portIsolation,
    ipv4: draft.ipv4
      ? {
          address: draft.address.trim(),
          prefix: subnet?.prefix ?? Number.NaN,
          dhcp: draft.dhcp
            ? {
                ranges: ranges.map(({ row }) => ({ start: row.start.trim(), end: row.end.trim() })),
                hosts: leases.map(({ row }) => ({ mac: row.mac.trim().toLowerCase(), ip: row.ip.trim(), name: row.name.trim() || null })),
                bootp: draft.bootFile.trim() ? { file: draft.bootFile.trim(), server: textOrNull(draft.bootServer) } : null,
              }
            : null,
          tftpRoot: textOrNull(draft.tftpRoot),
        }
      : null,
    ipv6: draft.ipv6
      ? {
          address: ipv6.address,
          prefix: ipv6.prefix,
          dhcp: draft.ipv6Dhcp
            ? {
                ranges: ranges6.map(({ row }) => ({ start: row.start.trim(), end: row.end.trim() })),
                hosts: leases6.map(({ row }) => ({ duid: row.duid.trim(), ip: row.ip.trim(), name: row.name.trim() || null })),
              }
            : null,
        }
      : null,
    guestIpv6: draft.guestIpv6,
    domain: draft.domain.trim() && hasDns(draft) ? { name: draft.domain.trim(), localOnly: draft.localOnly } : null,
    dnsEnabled: draft.dns,
    // Without the host on the network there is no DNS: what was typed before stays in the draft alone.
    dnsHosts: hasDns(draft) ? records.map(({ row }) => ({ ip: row.ip.trim(), hostnames: splitNames(row.hostnames) })) : [],
    dnsForwarders: hasDns(draft) ? forwarders.map(({ row }) => ({ address: textOrNull(row.address), domain: textOrNull(row.domain) })) : [],
    dnsServices: hasDns(draft) ? services.map(({ row }) => ({
      service: row.service.trim(), protocol: row.protocol.trim().toLowerCase(), domain: textOrNull(row.domain), target: textOrNull(row.target),
      port: numberOrNull(row.port), priority: numberOrNull(row.priority), weight: numberOrNull(row.weight),
    })) : [],
    dnsTexts: hasDns(draft) ? texts.map(({ row }) => ({ name: row.name.trim(), value: row.value.trim() })) : [],
    mtu: numberOrNull(draft.mtu),
    bandwidth: { inbound: readLimit(draft.inbound), outbound: readLimit(draft.outbound) },
    natAddresses: draft.natFirst.trim() || draft.natLast.trim() ? { start: draft.natFirst.trim(), end: draft.natLast.trim() || draft.natFirst.trim() } : null,
    natPorts: draft.natPortFirst.trim() || draft.natPortLast.trim() ? { start: readWholeNumber(draft.natPortFirst), end: readWholeNumber(draft.natPortLast) } : null,
    routes: routes.map(({ row }) => ({ destination: row.destination.trim(), gateway: row.gateway.trim(), metric: numberOrNull(row.metric) })),
    forwardDev: draft.forwardDev || null,
    autostart: draft.autostart,
  };

  const rowNumbers: Record<string, number[]> = {
    'ipv4.dhcp.ranges': ranges.map(({ index }) => index),
    'ipv4.dhcp.hosts': leases.map(({ index }) => index),
    'ipv6.dhcp.ranges': ranges6.map(({ index }) => index),
    'ipv6.dhcp.hosts': leases6.map(({ index }) => index),
    dnsHosts: records.map(({ index }) => index),
    dnsForwarders: forwarders.map(({ index }) => index),
    dnsServices: services.map(({ index }) => index),
    dnsTexts: texts.map(({ index }) => index),
    routes: routes.map(({ index }) => index),
  };
  const fieldOf = (path: string): string => formField(path, rowNumbers);

  const issues: FieldIssue[] = [];
  const parsed = addressedSpecSchema.safeParse(candidate);
  if (draft.ipv4 && !subnet) issues.push({ path: 'ipv4.subnet', severity: 'error', message: sentenceForSubnet(draft.subnet) });
  for (const issue of parsed.error?.issues ?? []) {
    const path = fieldOf(issue.path.join('.'));
    if (issues.some((known) => known.path === path)) continue;
    issues.push({ path, severity: 'error', message: sentenceFor(path, issue.message, valueAt(candidate, issue.path)) });
  }
  if (parsed.success && parsed.data.ipv4 && subnet && !rangeContains(subnet.cidr, parsed.data.ipv4.address)) {
    issues.push({ path: 'ipv4.address', severity: 'error', message: `${parsed.data.ipv4.address} is outside ${subnet.cidr}.` });
  }
  return { spec: parsed.success && issues.length === 0 ? parsed.data : null, candidate, issues, fieldOf };
}

function keepFilled<Row>(rows: readonly Row[], texts: (row: Row) => string[]): { row: Row; index: number }[] {
  return rows.map((row, index) => ({ row, index })).filter(({ row }) => texts(row).some((text) => text.trim() !== ''));
}

/** dnsmasq answers on the host's addresses on the network. */
export const hasDns = (draft: Pick<AddressedDraft, 'ipv4' | 'ipv6'>): boolean => draft.ipv4 || draft.ipv6;

const textOrNull = (text: string): string | null => text.trim() || null;
const numberOrNull = (text: string): number | null => (text.trim() === '' ? null : readWholeNumber(text));

function readLimit({ average, peak, burst }: LimitDraft): { averageKBps: number; peakKBps: number | null; burstKiB: number | null } | null {
  if ([average, peak, burst].every((text) => text.trim() === '')) return null;
  return { averageKBps: readWholeNumber(average), peakKBps: numberOrNull(peak), burstKiB: numberOrNull(burst) };
}

const splitNames = (text: string): string[] => text.split(/[\s,]+/).filter((name) => name !== '');

function readWholeNumber(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text.trim()) : Number.NaN;
}

function splitCidr(text: string): { address: string; prefix: number } {
  const [address = '', prefix = ''] = text.trim().split('/');
  return { address, prefix: readWholeNumber(prefix) };
}

/** A CIDR text whose host bits may be set, with them cleared (`10.20.30.7/24` is `10.20.30.0/24`); null when it is none. */
export function parseSubnet(text: string): { cidr: string; prefix: number } | null {
  const { address, prefix } = splitCidr(text);
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) || Number.isNaN(prefix) || prefix > 32 || text.trim().split('/').length !== 2) return null;
  return { cidr: networkOf(address, prefix), prefix };
}

/** The form asks for a subnet where the spec has a prefix, and for all names of a record in one field. */
function formField(path: string, rowNumbers: Record<string, number[]>): string {
  if (path === 'ipv4.prefix') return 'ipv4.subnet';
  if (path === 'ipv6' || path === 'ipv6.prefix') return 'ipv6.address';
  if (path === 'domain') return 'domain.name';
  for (const [list, numbers] of Object.entries(rowNumbers)) {
    if (!path.startsWith(`${list}.`)) continue;
    const [number = '', ...rest] = path.slice(list.length + 1).split('.');
    const row = numbers[Number(number)] ?? Number(number);
    if (list === 'dnsHosts' && rest[0] === 'hostnames') return `${list}.${row}.hostnames`;
    return [list, row, ...rest].join('.');
  }
  return path;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}

function sentenceForSubnet(text: string): string {
  if (text.trim() === '') return 'A subnet is needed, like 10.20.30.0/24.';
  if (!text.includes('/')) return 'The prefix is missing: write it like 10.20.30.0/24.';
  return `“${text.trim()}” is not an IPv4 subnet. Write it like 10.20.30.0/24.`;
}

/** What is missing is said as missing, not as malformed; numbers that aren't numbers get their own sentence. */
function sentenceFor(field: string, message: string, value: unknown): string {
  if (value === '' && /(\.start|\.end|\.ip|\.address|\.mac|\.duid|\.gateway|\.destination)$/.test(field)) {
    if (field.endsWith('.destination')) return 'A range is needed, like 10.50.0.0/16.';
    if (field.endsWith('.gateway')) return 'Which guest leads there? Its address is needed.';
    if (field.endsWith('.mac')) return 'A MAC address is needed.';
    if (field.endsWith('.duid')) return 'A DUID is needed: the machine’s lease shows it.';
    if (field.endsWith('.start')) return 'The first address is missing.';
    if (field.endsWith('.end')) return 'The last address is missing.';
    return 'An address is needed.';
  }
  if (field === 'mtu' && Number.isNaN(value)) return 'A whole number of bytes, or nothing for the usual 1500.';
  if (field === 'ipv6.address' && Number.isNaN(value)) return 'The prefix is missing: write it like fd12:3456:789a::1/64.';
  if (Number.isNaN(value)) return 'A whole number is needed.';
  if (field.startsWith('dnsForwarders.') && field.endsWith('.address') || /^dnsHosts\.\d+\.ip$/.test(field) || /^routes\.\d+\.gateway$/.test(field)) return `“${String(value)}” is neither an IPv4 nor an IPv6 address.`;
  if (typeof value === 'string' && /^Not an? /.test(message)) return `“${value}” is n${message.slice(1)}.`;
  return message.endsWith('.') ? message : `${message}.`;
}
