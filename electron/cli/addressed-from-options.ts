import { addressedSpecSchema, isAddressed, type AddressedSpec } from '../../shared/domain/addressed-spec';
import { type NetworkProposal } from '../../shared/domain/network-spec';
import { AppError } from '../../shared/errors/app-error';
import type { NatOptions } from './arguments';

/**
 * The proposal with everything the command line says laid over it. Shapes are checked here, with the option named;
 * rules against the host are the planner's.
 */
export function addressedSpecFromOptions(proposal: NetworkProposal, name: string | null, options: NatOptions, rangeWithin: (address: string, prefix: number) => { start: string; end: string } | null): AddressedSpec {
  if (!isAddressed(proposal.spec)) throw new Error('Not a proposal for a network of libvirt\'s own bridge');
  const spec = structuredClone(proposal.spec);
  if (name !== null) spec.name = name;
  if (options.bridge !== undefined) spec.bridge = options.bridge;
  if (options.title !== undefined) spec.title = options.title;
  if (options.subnet !== undefined) applySubnet(spec, options.subnet, rangeWithin);
  if (options['no-dhcp']) {
    if (options.dhcp || options['static-lease']) throw wrong('--no-dhcp', 'leaves nothing for --dhcp or --static-lease to do.');
    spec.ipv4.dhcp = null;
  }
  if (options.dhcp) spec.ipv4.dhcp = { hosts: [], ranges: options.dhcp.map((text) => parseRange(text)) };
  if (options['static-lease']) {
    spec.ipv4.dhcp = { ranges: spec.ipv4.dhcp?.ranges ?? [], hosts: options['static-lease'].map((text) => parseStaticLease(text)) };
  }
  if (options.domain !== undefined) spec.domain = { name: options.domain, localOnly: options['domain-local-only'] ?? false };
  if (options.dns) spec.dnsHosts = options.dns.map((text) => parseDnsHost(text));
  if (options.forwarder) spec.dnsForwarders = options.forwarder;
  if (options.ipv6 !== undefined) spec.ipv6 = parseIpv6(options.ipv6, proposal.ipv6);
  if (options.mtu !== undefined) spec.mtu = parseMtu(options.mtu);
  if (options['forward-dev'] !== undefined) spec.forwardDev = options['forward-dev'];
  if (options['no-autostart']) spec.autostart = false;
  const parsed = addressedSpecSchema.safeParse(spec);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new AppError('input.invalid', 'The network can\'t be made like this', `${field}: ${issue?.message ?? 'not valid'}`, { field });
}

/** `10.20.30.0/24` takes the first address for the host; `10.20.30.5/24` is the host's own. */
function applySubnet(spec: AddressedSpec, text: string, rangeWithin: (address: string, prefix: number) => { start: string; end: string } | null): void {
  const match = /^(\d+\.\d+\.\d+\.)(\d+)\/(\d+)$/.exec(text);
  if (!match) throw wrong('--subnet', `takes a range like 10.20.30.0/24, not “${text}”.`);
  const [, head, last, prefix] = match as unknown as [string, string, string, string];
  spec.ipv4.address = last === '0' ? `${head}1` : `${head}${last}`;
  spec.ipv4.prefix = Number(prefix);
  const range = rangeWithin(spec.ipv4.address, spec.ipv4.prefix);
  spec.ipv4.dhcp = range ? { ranges: [range], hosts: [] } : null;
}

function parseRange(text: string): { start: string; end: string } {
  const [start, end, ...rest] = text.split('-');
  if (!start || !end || rest.length > 0) throw wrong('--dhcp', `takes START-END, like 10.20.30.100-10.20.30.199, not “${text}”.`);
  return { start, end };
}

function parseStaticLease(text: string): { mac: string; ip: string; name: string | null } {
  const match = /^([^=]+)=([^,]+)(?:,(.+))?$/.exec(text);
  if (!match) throw wrong('--static-lease', `takes MAC=IP or MAC=IP,NAME, not “${text}”.`);
  return { mac: match[1] as string, ip: match[2] as string, name: match[3] ?? null };
}

function parseDnsHost(text: string): { ip: string; hostnames: string[] } {
  const match = /^([^=]+)=(.+)$/.exec(text);
  if (!match) throw wrong('--dns', `takes IP=NAME or IP=NAME,NAME, not “${text}”.`);
  return { ip: match[1] as string, hostnames: (match[2] as string).split(',') };
}

function parseIpv6(text: string, proposed: { address: string; prefix: number }): AddressedSpec['ipv6'] {
  if (text === 'none') return null;
  if (text === 'auto') return { ...proposed, dhcp: null };
  const match = /^([0-9a-f:.]+)\/(\d+)$/i.exec(text);
  if (!match) throw wrong('--ipv6', `takes “auto”, “none” or an address like fd00:1::1/64, not “${text}”.`);
  return { address: match[1] as string, prefix: Number(match[2]), dhcp: null };
}

function parseMtu(text: string): number {
  if (!/^\d+$/.test(text)) throw wrong('--mtu', `takes a number of bytes, not “${text}”.`);
  return Number(text);
}

function wrong(option: string, detail: string): AppError {
  return new AppError('input.invalid', 'The command line is not understood', `${option} ${detail}`);
}
