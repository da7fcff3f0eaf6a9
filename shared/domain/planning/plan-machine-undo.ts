import { AppError } from '../../errors/app-error';
import { isOn } from '../machine-state';
import { nicDocument } from '../machine-xml/nic-documents';
import { placeOf } from '../machine-xml/nic-place';
import type { HistoryEntry, MachineCondition, Plan } from '../plan';
import { conditionOf } from './machine-condition';
import { draftOfMachine } from './machine-transition';
import type { PlanDraft, PlanningContext } from './planning-context';

/** Machines back to how they were before an entry. Throws `undo.refused` when the host has moved on from how the entry left them. */
export function planMachinesUndo(entry: HistoryEntry, context: PlanningContext): PlanDraft {
  const refusal = machinesUndoRefusal(entry);
  const refuse = (reason: string): AppError => new AppError('undo.refused', 'This can\'t be undone', `“${entry.run.plan.title}”: ${reason}`);
  if (refusal !== null) throw refuse(refusal);
  const { before, after } = entry.machines ?? { before: [], after: null };
  const drafts = before.map((wanted, at) => {
    const left = after?.[at] ?? wanted;
    const current = conditionOf(wanted.uuid, context);
    const moved = current ? machineDifference(left, current) : `${left.name} was deleted in the meantime.`;
    if (!current || moved !== null) throw refuse(moved ?? '');
    // What it does while running can't come back by starting it.
    const running = isOn(current) && isOn(wanted) ? wanted.running : isOn(wanted) ? wanted.definition : null;
    return draftOfMachine({ title: '', summary: '', before: current, after: { ...wanted, running }, notices: lossNotices(wanted, current) }, context.snapshot);
  });
  return {
    title: `Undo: ${entry.run.plan.title}`, summary: 'The machine goes back to how it was before.',
    steps: drafts.flatMap((draft) => draft.steps), checks: drafts.flatMap((draft) => draft.checks),
    changes: drafts.flatMap((draft) => draft.changes), notices: drafts.flatMap((draft) => draft.notices),
  };
}

/** Why the undo is refused by what History itself knows; null when it can be tried. */
export function machinesUndoRefusal(entry: HistoryEntry): string | null {
  if (entry.undoneBy !== null) return 'It has been undone already.';
  if (entry.run.outcome === 'rolled-back') return 'Everything it did was taken back at once; there is nothing to undo.';
  const { before, after } = entry.machines ?? { before: [], after: null };
  if (!after || after.length === 0) return 'The connection was lost, and nobody could look at how the host was left.';
  const gone = before.find((machine) => machine.definition === null && machine.running !== null && after.some((left) => left.uuid === machine.uuid && !isOn(left)));
  if (gone) return `${gone.name} had no definition, and is gone.`;
  return machinesAreSame(entry.machines) ? 'It left the host as it was.' : null;
}

/** Whether the machines were left as they had been. */
export function machinesAreSame(machines: HistoryEntry['machines']): boolean {
  return (machines?.before ?? []).every((machine, at) => { const left = machines?.after?.[at]; return left !== undefined && machineDifference(machine, left) === null; });
}

function lossNotices(wanted: MachineCondition, current: MachineCondition): Plan['notices'] {
  if (!isOn(wanted) || isOn(current)) {
    return isOn(current) && !isOn(wanted) ? [{ severity: 'warning', text: `${current.name} is asked to shut down: it was off before.` }] : [];
  }
  return [{ severity: 'info', text: `${current.name} boots anew. What its guest did before, and what was changed of its NICs only while it ran, does not come back.` }];
}

/** What changed since, in a sentence; null when nothing did. Taps, ports and places on the bus come and go. */
export function machineDifference(left: MachineCondition, current: MachineCondition): string | null {
  const { name } = left;
  if (isOn(left) !== isOn(current)) return `${name} was ${isOn(current) ? 'started' : 'switched off'} in the meantime.`;
  if (nicsText(left.running) !== nicsText(current.running)) return `The NICs of ${name} were changed in the meantime.`;
  if (nicsText(left.definition) !== nicsText(current.definition)) return `The NICs in the definition of ${name} were changed in the meantime.`;
  return JSON.stringify(left.labRoles) === JSON.stringify(current.labRoles) ? null : `${name} plays another role in a lab now.`;
}

function nicsText(nics: readonly string[] | null): string {
  return JSON.stringify(nics?.map(nicText).sort() ?? null);
}

/** What counts of a NIC: all but where it is on the bus. */
export function nicText(xml: string): string {
  const { nic } = nicDocument(xml);
  return JSON.stringify([nic.mac, placeOf(nic), nic.model, nic.link, nic.bandwidth, nic.bootOrder]);
}
