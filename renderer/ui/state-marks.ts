import type { MachineState } from '../../shared/domain/machine';
import type { Network } from '../../shared/domain/network';

export type MarkShape = 'on' | 'off' | 'warn' | 'bad';

export interface StateText {
  shape: MarkShape;
  word: string;
}

/** How a network is: libvirt's own words, and what waits for a restart. */
export function networkState(network: Pick<Network, 'active' | 'pendingRestart'>): StateText {
  if (!network.active) return { shape: 'off', word: 'inactive' };
  return network.pendingRestart ? { shape: 'warn', word: 'restart due' } : { shape: 'on', word: 'active' };
}

const machineStates: Record<MachineState, StateText> = {
  running: { shape: 'on', word: 'running' },
  paused: { shape: 'warn', word: 'paused' },
  'shutting-down': { shape: 'warn', word: 'shutting down' },
  'shut-off': { shape: 'off', word: 'shut off' },
  crashed: { shape: 'bad', word: 'crashed' },
  suspended: { shape: 'warn', word: 'suspended' },
  unknown: { shape: 'off', word: 'unknown' },
};

export const machineStateText = (state: MachineState): StateText => machineStates[state];
