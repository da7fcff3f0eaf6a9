import { ipSchema } from '../../shared/domain/address';
import { addressedSpecSchema } from '../../shared/domain/addressed-spec';
import type { AddressedSpec, DnsService } from '../../shared/domain/addressed-spec';
import { AppError } from '../../shared/errors/app-error';
import type { AddressedOptions } from './addressed-options';
import { eitherOf } from './either-of';
import { parseLimit } from './parse-limit';

export interface OptionHelp {
  /** What `--ipv6 auto` takes. */
  ipv6: { address: string; prefix: number };
  /** A DHCP range that fits a host address and prefix; null where there is no room. */
  rangeWithin(address: string, prefix: number): Range | null;
}
type Range = { start: string; end: string };
type Ipv4 = NonNullable<AddressedSpec['ipv4']>;

/**
 * A proposal, or a network as it is, with everything the command line says laid over it. Shapes are checked here, with the option
 * named; rules against the host are the planner's.
 */
export function addressedSpecFromOptions(base: AddressedSpec, name: string | null, options: AddressedOptions, help: OptionHelp): AddressedSpec {
  const spec = structuredClone(base);
  if (name !== null) spec.name = name;
  if (options.bridge !== undefined) spec.bridge = options.bridge;
  if (options.title !== undefined) spec.title = options.title || null;
  if (options.description !== undefined) spec.description = options.description || null;
  applyAddresses(spec, options, help);
  applyNames(spec, options);
  applyPath(spec, options);
  spec.autostart = eitherOf('autostart', 'no-autostart', options) ?? spec.autostart;
  const parsed = addressedSpecSchema.safeParse(spec);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new AppError('input.invalid', 'The network can\'t be made like this', `${field}: ${issue?.message ?? 'not valid'}`, { field });
}

function applyAddresses(spec: AddressedSpec, options: AddressedOptions, help: OptionHelp): void {
  if (options['no-address']) {
    if (options.subnet !== undefined) throw wrong('--no-address', 'leaves nothing for --subnet to do.');
    spec.ipv4 = null;
    spec.domain = null;
  }
  if (options.subnet !== undefined) spec.ipv4 = subnetOf(options.subnet, spec.ipv4, help);
  if (options['no-dhcp']) {
    if (options.dhcp || options['static-lease']) throw wrong('--no-dhcp', 'leaves nothing for --dhcp or --static-lease to do.');
    if (spec.ipv4) spec.ipv4.dhcp = null;
  }
  const dhcp = (option: string): NonNullable<Ipv4['dhcp']> => {
    if (!spec.ipv4) throw wrong(option, 'needs an IPv4 address of the host: give --subnet.');
    spec.ipv4.dhcp ??= { ranges: [], hosts: [], bootp: null };
    return spec.ipv4.dhcp;
  };
  if (options.dhcp) dhcp('--dhcp').ranges = options.dhcp.map((text) => parseRange('--dhcp', text));
  if (options['static-lease']) dhcp('--static-lease').hosts = options['static-lease'].map((text) => {
    const { id: mac, ...lease } = parseStaticLease('--static-lease', 'MAC', text);
    return { mac, ...lease };
  });
  if (options['boot-file'] !== undefined) {
    const [file = '', server = null] = options['boot-file'].split(',');
    dhcp('--boot-file').bootp = file === '' ? null : { file, server };
  }
  if (options['tftp-root'] !== undefined) {
    if (!spec.ipv4) throw wrong('--tftp-root', 'needs an IPv4 address of the host: give --subnet.');
    spec.ipv4.tftpRoot = options['tftp-root'] || null;
  }
  if (options.ipv6 !== undefined) spec.ipv6 = parseIpv6(options.ipv6, help.ipv6);
  if (options['ipv6-dhcp']) {
    if (!spec.ipv6) throw wrong('--ipv6-dhcp', 'needs --ipv6.');
    spec.ipv6.dhcp = { ranges: options['ipv6-dhcp'].map((text) => parseRange('--ipv6-dhcp', text)), hosts: spec.ipv6.dhcp?.hosts ?? [] };
  }
  if (options['ipv6-lease']) {
    if (!spec.ipv6) throw wrong('--ipv6-lease', 'needs --ipv6.');
    const hosts = options['ipv6-lease'].filter((text) => text !== '').map((text) => {
      const { id: duid, ...lease } = parseStaticLease('--ipv6-lease', 'DUID', text);
      return { duid, ...lease };
    });
    spec.ipv6.dhcp = { ranges: spec.ipv6.dhcp?.ranges ?? [], hosts };
  }
  if (options['guest-ipv6']) spec.guestIpv6 = true;
}

function applyNames(spec: AddressedSpec, options: AddressedOptions): void {
  if (options.domain !== undefined) spec.domain = options.domain === '' ? null : { name: options.domain, localOnly: options['domain-local-only'] ?? false };
  if (options.dns) spec.dnsHosts = options.dns.map((text) => parseDnsHost(text));
  if (options['dns-srv']) spec.dnsServices = options['dns-srv'].map((text) => parseService(text));
  if (options['dns-txt']) spec.dnsTexts = options['dns-txt'].map((text) => parseText(text));
  if (options.forwarder) spec.dnsForwarders = options.forwarder.map((text) => parseForwarder(text));
  if (options['no-dns']) spec.dnsEnabled = false;
}

function applyPath(spec: AddressedSpec, options: AddressedOptions): void {
  if (options.mtu !== undefined) spec.mtu = parseNumber('--mtu', options.mtu, 'a number of bytes');
  spec.portIsolation = eitherOf('port-isolation', 'no-port-isolation', options) ?? spec.portIsolation;
  if (options['mac-table'] !== undefined) {
    const manager = options['mac-table'];
    if (manager !== 'kernel' && manager !== 'libvirt') throw wrong('--mac-table', `takes kernel or libvirt, not “${manager}”.`);
    spec.macTableManager = manager;
  }
  if (options.zone !== undefined) spec.zone = options.zone || null;
  if (options['no-stp']) spec.stp = false;
  if (options.delay !== undefined) spec.delaySeconds = parseNumber('--delay', options.delay, 'seconds');
  if (options.inbound !== undefined) spec.bandwidth.inbound = parseLimit('--inbound', options.inbound);
  if (options.outbound !== undefined) spec.bandwidth.outbound = parseLimit('--outbound', options.outbound);
  if (options['nat-addresses'] !== undefined) {
    const [start = '', end = start] = options['nat-addresses'].split('-');
    spec.natAddresses = { start, end };
  }
  if (options['nat-ports'] !== undefined) {
    const { start, end } = parseRange('--nat-ports', options['nat-ports']);
    spec.natPorts = { start: parseNumber('--nat-ports', start, 'two ports'), end: parseNumber('--nat-ports', end, 'two ports') };
  }
  if (options.route) spec.routes = options.route.map((text) => parseRoute(text));
  if (options['forward-dev'] !== undefined) spec.forwardDev = options['forward-dev'] || null;
}

/** `10.20.30.0/24` takes the first address for the host; `10.20.30.5/24` is the host's own. */
function subnetOf(text: string, known: Ipv4 | null, help: OptionHelp): Ipv4 {
  const match = /^(\d+\.\d+\.\d+\.)(\d+)\/(\d+)$/.exec(text);
  if (!match) throw wrong('--subnet', `takes a range like 10.20.30.0/24, not “${text}”.`);
  const [, head, last, size] = match as unknown as [string, string, string, string];
  const address = last === '0' ? `${head}1` : `${head}${last}`;
  const prefix = Number(size);
  const range = help.rangeWithin(address, prefix);
  return { address, prefix, dhcp: range ? { ranges: [range], hosts: [], bootp: known?.dhcp?.bootp ?? null } : null, tftpRoot: known?.tftpRoot ?? null };
}

function parseRange(option: string, text: string): Range {
  const [start, end, ...rest] = text.split('-');
  if (!start || !end || rest.length > 0) throw wrong(option, `takes START-END, like 10.20.30.100-10.20.30.199, not “${text}”.`);
  return { start, end };
}

/** `who`: what machines are known by, MAC or DUID. */
function parseStaticLease(option: string, who: string, text: string): { id: string; ip: string; name: string | null } {
  const match = /^([^=]+)=([^,]+)(?:,(.+))?$/.exec(text);
  if (!match) throw wrong(option, `takes ${who}=IP or ${who}=IP,NAME, not “${text}”.`);
  return { id: match[1] as string, ip: match[2] as string, name: match[3] ?? null };
}

function parseDnsHost(text: string): { ip: string; hostnames: string[] } {
  const match = /^([^=]+)=(.+)$/.exec(text);
  if (!match) throw wrong('--dns', `takes IP=NAME or IP=NAME,NAME, not “${text}”.`);
  return { ip: match[1] as string, hostnames: (match[2] as string).split(',') };
}

/** `9.9.9.9`, `corp.example=10.1.1.1`, or `corp.example=` for a domain that is never asked about outside. */
function parseForwarder(text: string): { address: string | null; domain: string | null } {
  const at = text.indexOf('=');
  if (at < 0) return ipSchema.safeParse(text).success ? { address: text, domain: null } : { address: null, domain: text };
  return { address: text.slice(at + 1) || null, domain: text.slice(0, at) };
}

function parseService(text: string): DnsService {
  const match = /^([^/]+)\/(tcp|udp)(?:\.([^=]+))?=(?:(\.)|([^:]+):(\d+)(?:,(\d+))?(?:,(\d+))?)$/.exec(text);
  if (!match) throw wrong('--dns-srv', `takes SERVICE/tcp=TARGET:PORT, like ldap/tcp=db.lab:389, or SERVICE/tcp=. for one that nobody offers, not “${text}”.`);
  const [, service = '', protocol, domain, nobody, target = nobody ?? '', port, priority, weight] = match;
  const number = (digits: string | undefined): number | null => (digits === undefined ? null : Number(digits));
  return { service, protocol: protocol === 'udp' ? 'udp' : 'tcp', domain: domain ?? null, target, port: number(port), priority: number(priority), weight: number(weight) };
}

function parseText(text: string): { name: string; value: string } {
  const at = text.indexOf('=');
  if (at < 1) throw wrong('--dns-txt', `takes NAME=TEXT, not “${text}”.`);
  return { name: text.slice(0, at), value: text.slice(at + 1) };
}

function parseRoute(text: string): AddressedSpec['routes'][number] {
  const match = /^([^=]+)=([^,]+)(?:,(\d+))?$/.exec(text);
  if (!match) throw wrong('--route', `takes CIDR=GATEWAY or CIDR=GATEWAY,METRIC, not “${text}”.`);
  return { destination: match[1] as string, gateway: match[2] as string, metric: match[3] === undefined ? null : Number(match[3]) };
}

function parseIpv6(text: string, proposed: { address: string; prefix: number }): AddressedSpec['ipv6'] {
  if (text === 'none') return null;
  if (text === 'auto') return { ...proposed, dhcp: null };
  const match = /^([0-9a-f:.]+)\/(\d+)$/i.exec(text);
  if (!match) throw wrong('--ipv6', `takes “auto”, “none” or an address like fd00:1::1/64, not “${text}”.`);
  return { address: match[1] as string, prefix: Number(match[2]), dhcp: null };
}

function parseNumber(option: string, text: string, what: string): number {
  if (!/^\d+$/.test(text)) throw wrong(option, `takes ${what}, not “${text}”.`);
  return Number(text);
}

function wrong(option: string, detail: string): AppError {
  return new AppError('input.invalid', 'The command line is not understood', `${option} ${detail}`);
}
