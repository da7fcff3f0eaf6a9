import { followOvs } from './ovs/monitor';
import type { HostEvent, World } from './world';

/** A tool that is being followed: what it prints at once, and what it prints of each event. */
export interface Followed {
  initial: string[];
  lines(event: HostEvent, now: number): string[];
}

/** Reads the argument vector of a following tool; null when the practice host can't follow it. */
export function followTool(world: World, argv: readonly string[]): Followed | null {
  const [name = '', ...args] = argv;
  if (name === 'virsh') return followVirsh(args);
  if (name === 'ip') return followIp(args);
  if (name !== 'ovsdb-client' || !world.state.ovs) return null;
  const monitor = followOvs(args);
  return monitor && { initial: monitor.initial(world), lines: (event) => (event.kind === 'ovs' ? monitor.lines(event.changes) : []) };
}

/** `virsh event` and `virsh net-event`, with `--timestamp` or without. */
function followVirsh(args: readonly string[]): Followed | null {
  const stamp = (now: number) => (args.includes('--timestamp') ? `${new Date(now).toISOString().replace('T', ' ').replace('Z', '+0000')}: ` : '');
  if (!args.includes('--loop')) return null;
  if (args.includes('net-event')) {
    return { initial: [], lines: (event, now) => (event.kind === 'network' ? [`${stamp(now)}event 'lifecycle' for network ${event.name}: ${event.what}`] : []) };
  }
  if (args.includes('event')) {
    return { initial: [], lines: (event, now) => (event.kind === 'machine' ? [`${stamp(now)}event '${event.event ?? 'lifecycle'}' for domain '${event.name}': ${event.what}`] : []) };
  }
  return null;
}

const labels = { link: '[LINK]', address: '[ADDR]', route: '[ROUTE]', neigh: '[NEIGH]' };

/** `ip -o monitor [label] OBJECT…`; all objects when none is named. */
function followIp(args: readonly string[]): Followed | null {
  const at = args.indexOf('monitor');
  if (at < 0) return null;
  const words = args.slice(at + 1);
  const named = (Object.keys(labels) as (keyof typeof labels)[]).filter((object) => words.includes(object));
  const labelled = words.includes('label') || words.includes('all');
  return {
    initial: [],
    lines(event) {
      if (event.kind !== 'ip' || (named.length > 0 && !named.includes(event.object))) return [];
      return [`${labelled ? labels[event.object] : ''}${event.line}`];
    },
  };
}
