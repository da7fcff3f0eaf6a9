import { AppError } from '../../errors/app-error';
import { isOn } from '../machine-state';
import { macOfDocument } from '../machine-xml/nic-documents';
import type { HistoryEntry, MachineCondition } from '../plan';
import { conditionOf } from './machine-condition';
import type { Side } from './machine-commands';
import { powerParts } from './lab-power-parts';
import { roleTransition, touchesNothing } from './machine-role-transition';
import { partsOf } from './plan-lab-machines';
import { machineDifference, nicText } from './plan-machine-undo';
import { joinParts } from './join-parts';
import { planNetworksUndo } from './plan-network';
import { undoRefusal } from './plan-undo';
import type { PlanDraft, PlanningContext } from './planning-context';

/** Whether an entry changed machines as a lab does: together with networks, or with their marks. */
export function isOfLab(entry: HistoryEntry): boolean {
  const { machines } = entry;
  return machines !== undefined && ((entry.before ?? []).length > 0 || machines.before.some(({ labRoles }, at) => JSON.stringify(labRoles) !== JSON.stringify(machines.after?.[at]?.labRoles ?? labRoles)));
}

/**
 * Networks and machines back to how they were before an entry. A machine that was started or switched off since then gets its NICs back all the same.
 * Throws `undo.refused` when the host has moved on from how the entry left them.
 */
export function planLabUndo(entry: HistoryEntry, context: PlanningContext): PlanDraft {
  const refuse = (reason: string): AppError => new AppError('undo.refused', 'This can\'t be undone', `“${entry.run.plan.title}”: ${reason}`);
  const refusal = undoRefusal(entry);
  if (refusal !== null) throw refuse(refusal);
  const { before, after } = entry.machines ?? { before: [], after: null };
  const machines = before.map((wanted, at) => {
    const left = after?.[at] ?? wanted;
    const current = conditionOf(wanted.uuid, context);
    if (!current) throw refuse(`${left.name} was deleted in the meantime.`);
    const wasSwitched = isOn(wanted) !== isOn(left);
    const moved = machineDifference(wasSwitched || isOn(left) === isOn(current) ? left : { ...left, state: current.state, running: current.running }, current);
    if (moved !== null) throw refuse(moved);
    const back = { ...current, labRoles: wanted.labRoles, definition: takenBack('definition', wanted, left, current), running: takenBack('running', wanted, left, current) };
    return { transition: roleTransition(current, back), power: wasSwitched ? [{ machine: current, on: isOn(wanted) }] : [] };
  });
  const roles = partsOf(machines.map(({ transition }) => transition).filter((transition) => !touchesNothing(transition)), context.snapshot);
  const power = powerParts(machines.flatMap((machine) => machine.power), context.snapshot);
  const networks = (entry.before ?? []).length > 0 ? [planNetworksUndo(entry, { ...context, snapshot: roles.between })] : [];
  return joinParts(`Undo: ${entry.run.plan.title}`, 'The host goes back to how it was before.', [...power.first, ...roles.first, ...networks, ...roles.later, ...power.later]);
}

/** What the entry plugged in goes, what it took out comes; what else the machine has stays. */
function takenBack(side: Side, wanted: MachineCondition, left: MachineCondition, current: MachineCondition): string[] | null {
  const held = current[side];
  if (held === null) return null;
  // Switched on or off in between, it runs with what its definition had.
  const [old, made] = wanted[side] !== null && left[side] !== null ? [wanted[side], left[side]] : [wanted.definition ?? [], left.definition ?? []];
  const lacks = (list: readonly string[], xml: string): boolean => !list.some((other) => nicText(other) === nicText(xml));
  const added = made.filter((xml) => lacks(old, xml)).map(macOfDocument);
  const kept = held.filter((xml) => !added.includes(macOfDocument(xml)));
  return [...kept, ...old.filter((xml) => lacks(made, xml) && !kept.some((other) => macOfDocument(other) === macOfDocument(xml)))];
}
