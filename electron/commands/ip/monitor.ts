import { macSchema } from '../../../shared/domain/address';
import type { EventSource } from '../command';
import type { ForwardingEntry } from './list-forwarding';
import type { Neighbour } from './list-neighbours';

/** One line an event, each with its kind in brackets; `-j` would not give JSON here. Source: ip-monitor(8). */
export const followLinks: EventSource = {
  name: 'link',
  argv: ['ip', '-o', 'monitor', 'label', 'link', 'address', 'route', 'neigh'],
};

export type LinkEvent =
  /** `partial`: a notice of the bridge or IPv6 code, which also comes unchanged with every router advertisement. */
  | { kind: 'link'; index: number; partial: boolean }
  | { kind: 'address'; device: string; address: string; prefix: number; deleted: boolean }
  | { kind: 'route'; destination: string; gateway: string | null; device: string | null; metric: number | null; table: string; deleted: boolean }
  /** `mac` null: this address is no neighbour on this device any more. */
  | { kind: 'neighbour'; address: string; device: string; mac: Neighbour['mac'] | null }
  /** A bridge has heard this MAC on this port; `gone`: not for its ageing time, or the port is gone. */
  | { kind: 'forwarding'; entry: ForwardingEntry; gone: boolean }
  /** Nothing a snapshot shows. */
  | { kind: 'nothing' }
  | { kind: 'unknown' };

/** Reads one line of `ip -o monitor label`; never throws. `unknown` lines should be taken as a change of anything. */
export function parseLinkEvent(line: string): LinkEvent {
  const found = /^\[(LINK|ADDR|ROUTE|NEIGH)\](Deleted )?(.*)$/s.exec(line);
  if (!found) return line.trim() === '' ? { kind: 'nothing' } : { kind: 'unknown' };
  const [, label, deletedWord, rest] = found;
  const deleted = deletedWord !== undefined;
  switch (label) {
    case 'LINK': return parseLink(rest!, deleted);
    case 'ADDR': return parseAddress(rest!, deleted);
    case 'ROUTE': return parseRoute(rest!, deleted);
    default: return parseNeighbour(rest!, deleted);
  }
}

function parseLink(rest: string, deleted: boolean): LinkEvent {
  const index = /^(\d{1,9}): /.exec(rest)?.[1];
  return index === undefined ? { kind: 'unknown' } : { kind: 'link', index: Number(index), partial: !deleted && !/ qdisc /.test(rest) };
}

function parseAddress(rest: string, deleted: boolean): LinkEvent {
  const found = /^\d+: (\S+)\s+inet6? ([0-9a-f.:]+)(?: peer \S+?)?(?:\/(\d{1,3}))? /i.exec(rest);
  if (!found) return { kind: 'unknown' };
  const address = found[2]!.toLowerCase();
  return { kind: 'address', device: found[1]!, address, prefix: Number(found[3] ?? (address.includes(':') ? 128 : 32)), deleted };
}

const routeTypes = new Set(['unicast', 'blackhole', 'unreachable', 'prohibit', 'nat']);
const noise = new Set(['local', 'broadcast', 'multicast', 'anycast', 'throw']);

function parseRoute(rest: string, deleted: boolean): LinkEvent {
  const words = rest.trim().split(/\s+/);
  if (noise.has(words[0]!)) return { kind: 'nothing' };
  if (words.includes('nexthop')) return { kind: 'unknown' };
  const destination = routeTypes.has(words[0]!) ? words[1] : words[0];
  if (!destination) return { kind: 'unknown' };
  const after = (name: string): string | null => words[words.indexOf(name, 1) + 1 || words.length] ?? null;
  const metric = after('metric');
  return {
    kind: 'route', destination, gateway: after('via'), device: after('dev'),
    metric: metric === null ? null : Number(metric), table: after('table') ?? 'main', deleted,
  };
}

function parseNeighbour(rest: string, deleted: boolean): LinkEvent {
  // Entries of a bridge's forwarding table have no address.
  const learned = /^dev (\S+) lladdr ([0-9a-f:]{17}) (.*)$/i.exec(rest);
  if (learned) return /\b(PERMANENT|NOARP)\b/.test(learned[3]!) ? { kind: 'nothing' } : { kind: 'forwarding', entry: { port: learned[1]!, mac: learned[2]!.toLowerCase() }, gone: deleted };
  const found = /^([0-9a-f.:]+) dev (\S+)(?: lladdr (\S+))?(.*)$/is.exec(rest);
  // Multicast ones say NOARP.
  if (!found || /\bNOARP\b/.test(found[4]!)) return { kind: 'nothing' };
  const [, address, device, lladdr] = found;
  const known = !deleted && lladdr !== undefined && macSchema.safeParse(lladdr).success;
  return { kind: 'neighbour', address: address!.toLowerCase(), device: device!, mac: known ? lladdr.toLowerCase() : null };
}
