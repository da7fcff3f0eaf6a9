import type { MachineIntent } from '../../../shared/domain/intent';
import type { Machine, MachineNic, MachineState } from '../../../shared/domain/machine';
import type { NicSource } from '../../../shared/domain/machine-intent';
import { specOfNic } from './nic-draft';
import { usualExtent } from './nic-extent';

export type PowerAction = 'start' | 'shut-down' | 'force-off';

export interface MachineAction<Id extends string> { id: Id; label: string; icon: string; isDestructive: boolean }

const powerActions: Record<PowerAction, MachineAction<PowerAction>> = {
  start: { id: 'start', label: 'Start…', icon: 'i-lucide-play', isDestructive: false },
  'shut-down': { id: 'shut-down', label: 'Shut down…', icon: 'i-lucide-power', isDestructive: false },
  'force-off': { id: 'force-off', label: 'Force off…', icon: 'i-lucide-zap', isDestructive: true },
};

/** What a machine's power allows. Only a running guest hears the request to shut down; a paused one would not. */
const powerByState: Record<MachineState, PowerAction[]> = {
  running: ['shut-down', 'force-off'], paused: ['force-off'], suspended: ['force-off'], 'shutting-down': ['force-off'], 'shut-off': ['start'], crashed: ['start'], unknown: [],
};

export const powerActionsOf = (machine: Pick<Machine, 'state'>): MachineAction<PowerAction>[] => powerByState[machine.state].map((id) => powerActions[id]);

export const powerIntent = (action: PowerAction, uuid: string): MachineIntent => ({ kind: `machine.${action}`, uuid });

/** The same NIC with its cable pulled or plugged in again. Null where the NIC has no form (`formRefusal`). */
export function linkIntent(machine: Pick<Machine, 'uuid' | 'state' | 'persistent'>, nic: MachineNic): MachineIntent | null {
  const spec = specOfNic(nic);
  return spec && { kind: 'machine.change-nic', uuid: machine.uuid, mac: nic.mac, extent: usualExtent(machine, nic), nic: { ...spec, linkUp: nic.link === 'down' } };
}

/** The same NIC with its other end elsewhere. Null where the NIC has no form. */
export function moveIntent(machine: Pick<Machine, 'uuid' | 'state' | 'persistent'>, nic: MachineNic, source: NicSource): MachineIntent | null {
  const spec = specOfNic(nic);
  return spec && { kind: 'machine.change-nic', uuid: machine.uuid, mac: nic.mac, extent: usualExtent(machine, nic), nic: { ...spec, source } };
}

export const unplugIntent = (machine: Pick<Machine, 'uuid' | 'state' | 'persistent'>, nic: MachineNic): MachineIntent =>
  ({ kind: 'machine.detach', uuid: machine.uuid, mac: nic.mac, extent: usualExtent(machine, nic) });

/** Why a machine can't be a jump box; null when it can: it has to be reached itself, and to have room for a second NIC. */
export function jumpBoxRefusal(machine: Pick<Machine, 'nics'>): string | null {
  return machine.nics.length === 0 ? 'it has no NIC to be reached by' : null;
}

/** Why a machine can't play a role in a lab; null when it can. */
export function roleRefusal(machine: Pick<Machine, 'labRouter'>): string | null {
  return machine.labRouter ? `it is a router of the lab ${machine.labRouter.lab}` : null;
}
