import type { Privilege } from '../../../shared/domain/snapshot';
import type { EventSource } from '../command';
import { virshArgv } from './connection';

/** Follows every event of every machine. Source: virsh(1), event. */
export function followMachines(privilege: Privilege): EventSource {
  return { name: 'machine', argv: virshArgv(['event', '--all', '--loop'], privilege) };
}

/** Events after which the XML or the state is another; the rest (balloon, clock, jobs, …) shows nowhere. */
const telling = new Set(['lifecycle', 'device-added', 'device-removed', 'metadata-change', 'nic-mac-change', 'agent-lifecycle']);

export interface MachineEvent {
  name: string;
  changesSnapshot: boolean;
}

/** `event 'lifecycle' for domain 'NAME': Started Booted` (older virsh: the name without quotes); null for any other line. */
export function parseMachineEvent(line: string): MachineEvent | null {
  const found = /^(?:\S+ \S+: )?event '([\w-]+)' for domain (?:'(.+?)'(?=:|$)|([^:]+))/.exec(line);
  if (!found) return null;
  return { name: found[2] ?? found[3] ?? '', changesSnapshot: telling.has(found[1]!) };
}
