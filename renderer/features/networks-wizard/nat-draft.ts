import ipaddr from 'ipaddr.js';
import { addressedSpecSchema } from '../../../shared/domain/addressed-spec';
import type { AddressedSpec } from '../../../shared/domain/addressed-spec';
import type { FieldIssue } from '../../../shared/domain/field-issue';
import { networkOf, rangeContains } from '../../../shared/domain/subnet';

/**
 * What the NAT wizard holds while somebody types: strings that may be half-written, rows that may be empty, switches
 * that keep what is behind them when turned off. `toSpec` makes the domain's `AddressedSpec` of it.
 */
export interface NatDraft {
  name: string;
  title: string;
  bridge: string;
  /** CIDR as typed, for example `10.20.30.0/24`. */
  subnet: string;
  /** The host's own address in it. */
  address: string;
  dhcp: boolean;
  ranges: RangeDraft[];
  leases: LeaseDraft[];
  domain: string;
  localOnly: boolean;
  records: RecordDraft[];
  forwarders: ForwarderDraft[];
  ipv6: boolean;
  /** The host's own address with prefix, for example `fd12:3456:789a::1/64`. */
  ipv6Address: string;
  ipv6Dhcp: boolean;
  ipv6Ranges: RangeDraft[];
  mtu: string;
  /** Empty: wherever the host routes. */
  forwardDev: string;
  autostart: boolean;
  start: boolean;
}

/** `key` keeps a row's input elements in place while rows above it come and go. */
export interface RangeDraft { key: number; start: string; end: string }
export interface LeaseDraft { key: number; mac: string; ip: string; name: string }
/** `hostnames`: separated by blanks or commas. */
export interface RecordDraft { key: number; ip: string; hostnames: string }
export interface ForwarderDraft { key: number; ip: string }

let lastKey = 0;
const nextKey = (): number => ++lastKey;

export const emptyRange = (): RangeDraft => ({ key: nextKey(), start: '', end: '' });
export const emptyLease = (): LeaseDraft => ({ key: nextKey(), mac: '', ip: '', name: '' });
export const emptyRecord = (): RecordDraft => ({ key: nextKey(), ip: '', hostnames: '' });
export const emptyForwarder = (): ForwarderDraft => ({ key: nextKey(), ip: '' });

/**
 * The draft that shows `spec`. `ipv6` is what turning IPv6 on proposes. `start` is the one choice outside the spec.
 */
export function draftFromSpec(spec: AddressedSpec, ipv6: { address: string; prefix: number }, start: boolean): NatDraft {
  return {
    name: spec.name,
    title: spec.title ?? '',
    bridge: spec.bridge,
    subnet: networkOf(spec.ipv4.address, spec.ipv4.prefix),
    address: spec.ipv4.address,
    dhcp: spec.ipv4.dhcp !== null,
    ranges: (spec.ipv4.dhcp?.ranges ?? []).map((range) => ({ key: nextKey(), ...range })),
    leases: (spec.ipv4.dhcp?.hosts ?? []).map((host) => ({ key: nextKey(), mac: host.mac, ip: host.ip, name: host.name ?? '' })),
    domain: spec.domain?.name ?? '',
    localOnly: spec.domain?.localOnly ?? true,
    records: spec.dnsHosts.map((record) => ({ key: nextKey(), ip: record.ip, hostnames: record.hostnames.join(' ') })),
    forwarders: spec.dnsForwarders.map((ip) => ({ key: nextKey(), ip })),
    ipv6: spec.ipv6 !== null,
    ipv6Address: spec.ipv6 ? `${spec.ipv6.address}/${spec.ipv6.prefix}` : `${ipv6.address}/${ipv6.prefix}`,
    ipv6Dhcp: spec.ipv6?.dhcp != null,
    ipv6Ranges: (spec.ipv6?.dhcp?.ranges ?? []).map((range) => ({ key: nextKey(), ...range })),
    mtu: spec.mtu === null ? '' : String(spec.mtu),
    forwardDev: spec.forwardDev ?? '',
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
export function toSpec(draft: NatDraft): DraftReading {
  const ranges = keepFilled(draft.ranges, (row) => [row.start, row.end]);
  const leases = keepFilled(draft.leases, (row) => [row.mac, row.ip, row.name]);
  const records = keepFilled(draft.records, (row) => [row.ip, row.hostnames]);
  const forwarders = keepFilled(draft.forwarders, (row) => [row.ip]);
  const ranges6 = keepFilled(draft.ipv6Ranges, (row) => [row.start, row.end]);
  const subnet = parseSubnet(draft.subnet);
  const ipv6 = splitCidr(draft.ipv6Address);

  const candidate = {
    name: draft.name.trim(),
    title: draft.title.trim() || null,
    bridge: draft.bridge.trim(),
    ipv4: {
      address: draft.address.trim(),
      prefix: subnet?.prefix ?? Number.NaN,
      dhcp: draft.dhcp
        ? {
            ranges: ranges.map(({ row }) => ({ start: row.start.trim(), end: row.end.trim() })),
            hosts: leases.map(({ row }) => ({ mac: row.mac.trim().toLowerCase(), ip: row.ip.trim(), name: row.name.trim() || null })),
          }
        : null,
    },
    ipv6: draft.ipv6
      ? {
          address: ipv6.address,
          prefix: ipv6.prefix,
          dhcp: draft.ipv6Dhcp ? { ranges: ranges6.map(({ row }) => ({ start: row.start.trim(), end: row.end.trim() })) } : null,
        }
      : null,
    domain: draft.domain.trim() ? { name: draft.domain.trim(), localOnly: draft.localOnly } : null,
    dnsHosts: records.map(({ row }) => ({ ip: row.ip.trim(), hostnames: splitNames(row.hostnames) })),
    dnsForwarders: forwarders.map(({ row }) => row.ip.trim()),
    mtu: draft.mtu.trim() ? readWholeNumber(draft.mtu) : null,
    forwardDev: draft.forwardDev || null,
    autostart: draft.autostart,
  };

  const rowNumbers: Record<string, number[]> = {
    'ipv4.dhcp.ranges': ranges.map(({ index }) => index),
    'ipv4.dhcp.hosts': leases.map(({ index }) => index),
    'ipv6.dhcp.ranges': ranges6.map(({ index }) => index),
    dnsHosts: records.map(({ index }) => index),
    dnsForwarders: forwarders.map(({ index }) => index),
  };
  const fieldOf = (path: string): string => formField(path, rowNumbers);

  const issues: FieldIssue[] = [];
  const parsed = addressedSpecSchema.safeParse(candidate);
  if (!subnet) issues.push({ path: 'ipv4.subnet', severity: 'error', message: sentenceForSubnet(draft.subnet) });
  for (const issue of parsed.error?.issues ?? []) {
    const path = fieldOf(issue.path.join('.'));
    if (issues.some((known) => known.path === path)) continue;
    issues.push({ path, severity: 'error', message: sentenceFor(path, issue.message, valueAt(candidate, issue.path)) });
  }
  if (parsed.success && subnet && !rangeContains(subnet.cidr, parsed.data.ipv4.address)) {
    issues.push({ path: 'ipv4.address', severity: 'error', message: `${parsed.data.ipv4.address} is outside ${subnet.cidr}.` });
  }
  return { spec: parsed.success && issues.length === 0 ? parsed.data : null, candidate, issues, fieldOf };
}

function keepFilled<Row>(rows: readonly Row[], texts: (row: Row) => string[]): { row: Row; index: number }[] {
  return rows.map((row, index) => ({ row, index })).filter(({ row }) => texts(row).some((text) => text.trim() !== ''));
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
  if (path === 'ipv4' || path === 'ipv4.prefix') return 'ipv4.subnet';
  if (path === 'ipv6' || path === 'ipv6.prefix') return 'ipv6.address';
  if (path === 'domain') return 'domain.name';
  for (const [list, numbers] of Object.entries(rowNumbers)) {
    if (!path.startsWith(`${list}.`)) continue;
    const [number = '', ...rest] = path.slice(list.length + 1).split('.');
    const row = numbers[Number(number)] ?? Number(number);
    if (list === 'dnsForwarders') return `${list}.${row}`;
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
  if (value === '' && /(\.start|\.end|\.ip|\.address|\.mac)$|^dnsForwarders\./.test(field)) {
    if (field.endsWith('.mac')) return 'A MAC address is needed.';
    if (field.endsWith('.start')) return 'The first address is missing.';
    if (field.endsWith('.end')) return 'The last address is missing.';
    return 'An address is needed.';
  }
  if (field === 'mtu' && Number.isNaN(value)) return 'A whole number of bytes, or nothing for the usual 1500.';
  if (field === 'ipv6.address' && Number.isNaN(value)) return 'The prefix is missing: write it like fd12:3456:789a::1/64.';
  if (field.startsWith('dnsForwarders.') || /^dnsHosts\.\d+\.ip$/.test(field)) return `“${String(value)}” is neither an IPv4 nor an IPv6 address.`;
  if (typeof value === 'string' && /^Not an? /.test(message)) return `“${value}” is n${message.slice(1)}.`;
  return message.endsWith('.') ? message : `${message}.`;
}
