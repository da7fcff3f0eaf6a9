import { isOn } from '../machine-state';
import type { DocumentChange, MachineCondition, Plan, PlanCheck, PlanStep } from '../plan';
import type { HostSnapshot } from '../snapshot';
import { forceMachineOff, shutDownMachine, startMachine } from './machine-commands';
import type { Side } from './machine-commands';
import { nicChecks, nicSteps } from './nic-transition';
import type { NicTransition } from './nic-transition';
import type { PlanDraft } from './planning-context';

/** A guest without trouble is off within half a minute; some install updates meanwhile. */
const shutDownMs = 60_000;
const startMs = 10_000;

export interface MachineProposal {
  title: string;
  summary: string;
  before: MachineCondition;
  after: MachineCondition;
  notices: Plan['notices'];
  /** How it is switched off, where it is. */
  power?: 'shutdown' | 'destroy';
}

/** The plan that takes one machine from a condition to another. Every change of a machine, and every undo of one, is such a transition. */
export function draftOfMachine({ title, summary, before, after, notices, power = 'shutdown' }: MachineProposal, snapshot: HostSnapshot): PlanDraft {
  const sides = nicTransitions(before, after);
  const nics = sides.flatMap((side) => nicSteps(side, snapshot));
  const [goesOff, goesOn] = [isOn(before) && !isOn(after), !isOn(before) && isOn(after)];
  return {
    title, summary,
    // Its definition is changed before it boots with it.
    steps: [...nics, ...goesOff ? [offStep(before, power)] : [], ...goesOn ? [onStep(after)] : []],
    checks: [...sides.flatMap((side) => nicChecks(side, snapshot)), ...goesOff || goesOn ? [stateCheck(after, goesOn, power)] : []],
    changes: sides.flatMap(documentsOfNics),
    notices,
  };
}

/** A machine that goes on or off has no NICs to be changed while running. */
export function nicTransitions(before: MachineCondition, after: MachineCondition): NicTransition[] {
  const sides: Side[] = isOn(before) && isOn(after) ? ['definition', 'running'] : ['definition'];
  return sides.map((side) => ({ uuid: before.uuid, machine: before.name, side, before: before[side], after: after[side] }));
}

export function documentsOfNics({ side, machine, before, after }: NicTransition): DocumentChange[] {
  const text = (nics: readonly string[] | null): string | null => (nics === null ? null : nics.map((nic) => `${nic.trim()}\n`).join(''));
  if (before === null || after === null || text(before) === text(after)) return [];
  return [{ title: side === 'running' ? `NICs of ${machine} as it runs` : `NICs of ${machine} in its definition`, language: 'xml', before: text(before), after: text(after) }];
}

export function offStep({ uuid, name, definition }: MachineCondition, power: 'shutdown' | 'destroy'): Omit<PlanStep, 'id'> {
  const transient = definition === null;
  return {
    title: power === 'shutdown' ? `Ask the guest of ${name} to shut down` : `Force ${name} off`,
    command: power === 'shutdown' ? shutDownMachine(uuid) : forceMachineOff(uuid),
    inverse: transient ? [] : [startMachine(uuid)],
    inverseTitle: transient ? `${name} has no definition: it can’t be started again` : `Start ${name} again`,
    ...transient ? { lasting: true } : {},
  };
}

export function onStep({ uuid, name }: MachineCondition): Omit<PlanStep, 'id'> {
  return { title: `Start ${name}`, command: startMachine(uuid), inverse: [forceMachineOff(uuid)], inverseTitle: `Force ${name} off`, timeoutMs: 60_000 };
}

export function stateCheck({ uuid, name }: MachineCondition, on: boolean, power: 'shutdown' | 'destroy'): Omit<PlanCheck, 'id'> {
  return {
    title: on ? `${name} runs` : `${name} is off`,
    check: { kind: 'machine-state', uuid, state: on ? 'running' : 'shut-off', patienceMs: !on && power === 'shutdown' ? shutDownMs : startMs },
  };
}
