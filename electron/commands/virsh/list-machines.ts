import type { MachineState } from '../../../shared/domain/machine';
import { parseUuidList } from './uuid-list';

/** What the lists say of the host's machines. UUIDs in lower case. */
export interface MachineLists {
  all: string[];
  autostart: Set<string>;
  persistent: Set<string>;
  running: Set<string>;
  paused: Set<string>;
  shutOff: Set<string>;
  /** In transition, crashed or suspended: `virsh domstate` tells which. */
  other: Set<string>;
}

/** For the persistent virsh: `list` by each filter. Source: virsh(1), list. */
export const listMachinesArgvs: readonly (readonly string[])[] = [
  ['list', '--uuid', '--all'],
  ['list', '--uuid', '--all', '--autostart'],
  ['list', '--uuid', '--all', '--persistent'],
  ['list', '--uuid', '--state-running'],
  ['list', '--uuid', '--state-paused'],
  ['list', '--uuid', '--state-shutoff'],
  ['list', '--uuid', '--state-other'],
];

/** The outputs of `listMachinesArgvs` in their order. Throws AppError `reply.unreadable`. */
export function parseMachineLists(stdouts: readonly string[]): MachineLists {
  const [all, autostart, persistent, running, paused, shutOff, other] =
    stdouts.map((stdout) => parseUuidList('virsh list', stdout));
  return {
    all: all ?? [], autostart: new Set(autostart), persistent: new Set(persistent),
    running: new Set(running), paused: new Set(paused), shutOff: new Set(shutOff), other: new Set(other),
  };
}

const states: Record<string, MachineState> = {
  'running': 'running', 'idle': 'running', 'paused': 'paused', 'in shutdown': 'shutting-down', 'shut off': 'shut-off',
  'crashed': 'crashed', 'pmsuspended': 'suspended',
};

export const machineStateArgv = (uuid: string): string[] => ['domstate', uuid];

/** What `virsh domstate` prints, in English (LC_ALL is C.UTF-8); a word of a later libvirt reads as `unknown`. */
export function parseMachineState(stdout: string): MachineState {
  const word = stdout.trim();
  return (Object.hasOwn(states, word) ? states[word] : undefined) ?? 'unknown';
}
