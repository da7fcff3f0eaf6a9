import type { Privilege } from '../../../shared/domain/snapshot';
import type { EventSource } from '../command';
import { virshArgv } from './connection';

/** Follows define, start, stop and undefine of every network. Source: virsh(1), net-event. */
export function followNetworks(privilege: Privilege): EventSource {
  return { name: 'network', argv: virshArgv(['net-event', '--event', 'lifecycle', '--loop'], privilege) };
}

/**
 * `event 'lifecycle' for network NAME: Started`: the name, which may hold anything (so the last colon counts), or null
 * for a line that is no such event.
 */
export function parseNetworkEvent(line: string): string | null {
  return /^(?:\S+ \S+: )?event 'lifecycle' for network (.+): [^:]+$/.exec(line)?.[1] ?? null;
}
