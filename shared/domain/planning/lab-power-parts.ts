import { isOn } from '../machine-state';
import type { MachineCondition, PlanStep } from '../plan';
import type { HostSnapshot } from '../snapshot';
import type { PlanPart } from './join-parts';
import { powerNotices } from './machine-notices';
import { offStep, onStep, stateCheck } from './machine-transition';

/** A guest without trouble is off within half a minute. It is asked three times. */
const shutDownMs = 30_000;
const attempts = 3;

export interface PowerChange { machine: MachineCondition; on: boolean }

/** Machines that are switched off before a lab's networks change, one after the other is off, and those that are switched on after it. */
export function powerParts(changes: readonly PowerChange[], snapshot: HostSnapshot): { first: PlanPart[]; later: PlanPart[] } {
  const effective = changes.filter(({ machine, on }) => isOn(machine) !== on);
  return {
    first: effective.filter(({ on }) => !on).map(({ machine }) => ({
      steps: [waitingOffStep(machine)], checks: [stateCheck(machine, false, 'shutdown')], changes: [], notices: noticesOf(machine, snapshot),
    })),
    later: effective.filter(({ on }) => on).map(({ machine }) => ({ steps: [onStep(machine)], checks: [stateCheck(machine, true, 'shutdown')], changes: [], notices: [] })),
  };
}

function noticesOf({ uuid }: MachineCondition, snapshot: HostSnapshot): PlanPart['notices'] {
  const machine = snapshot.machines.find((item) => item.uuid === uuid);
  return machine ? powerNotices('machine.shut-down', machine) : [];
}

function waitingOffStep(machine: MachineCondition): Omit<PlanStep, 'id'> {
  return {
    ...offStep(machine, 'shutdown'),
    until: {
      check: { kind: 'machine-state', uuid: machine.uuid, state: 'shut-off', patienceMs: shutDownMs }, patienceMs: shutDownMs, attempts,
      otherwise: `The guest of ${machine.name} was asked to shut down and has not: perhaps it still boots, has no ACPI, or installs updates. Shut it down from within, or force it off.`,
    },
  };
}
