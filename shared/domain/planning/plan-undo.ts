import { AppError } from '../../errors/app-error';
import { readLabVersions, withLabVersions } from '../network-xml/lab-versions-xml';
import type { HistoryEntry, NetworkState } from '../plan';
import { fixUndoRefusal } from './plan-fix';
import { fitsRunning, liveUpdates } from './live-updates';
import type { LiveUpdate } from './live-updates';
import { differenceOf } from './plan-lab-routers';
import { machinesAreSame, machinesUndoRefusal } from './plan-machine-undo';
import type { Transition } from './plan-transition';

/** Why an entry can't be undone, by what History itself knows; null when it can be tried. */
export function undoRefusal(entry: HistoryEntry): string | null {
  if (entry.system !== undefined) return fixUndoRefusal(entry);
  const machines = entry.machines;
  if (machines !== undefined && (entry.before ?? []).length === 0) return machinesUndoRefusal(entry);
  if (entry.undoneBy !== null) return 'It has been undone already.';
  if (entry.run.outcome === 'rolled-back') return 'Everything it did was taken back at once; there is nothing to undo.';
  if (!entry.before || entry.before.length === 0) return 'It was kept without the state before it.';
  if (entry.after.length === 0 || entry.switches?.after === null || entry.routers?.after === null || machines?.after === null) return 'The connection was lost, and nobody could look at how the host was left.';
  const routers = entry.routers ?? { before: [], after: [] };
  const routersLeft = routers.before.every((before, at) => differenceOf(before, routers.after?.[at] ?? before) === null);
  if (routersLeft && entry.after.every((after, at) => sameState(after, entry.before?.[at] ?? null)) && machinesAreSame(machines)) return 'It left the host as it was.';
  return null;
}

/**
 * Back to the state before the entry: the networks' definitions, whether they are active and start with the host.
 * Throws `undo.refused` with the reason when the host is not as the entry left it, for then someone's later work would
 * be lost.
 */
export function transitionsOfUndo(
  entry: HistoryEntry | null, currentOf: (uuid: string) => NetworkState | null, runningOf: (uuid: string) => string | null,
): { title: string; summary: string; transitions: Transition[] } {
  if (!entry) throw new AppError('not-found', 'No such entry', 'The history holds no such entry.');
  const refusal = undoRefusal(entry);
  if (refusal !== null) throw refused(entry, refusal);
  // A change that waited for the next start is taken back the same way, without a restart.
  const restarted = entry.run.plan.steps.some((step) => step.command.argv.includes('net-destroy'));
  const updated = entry.run.plan.steps.some((step) => step.command.argv.includes('net-update'));
  const transitions = (entry.before ?? []).flatMap((before, at): Transition[] => {
    const left = entry.after[at] ?? { ...before, xml: null, active: false };
    const current = currentOf(before.uuid) ?? { ...left, xml: null, active: false, autostart: false };
    const moved = difference(left, current);
    if (moved !== null) throw refused(entry, moved);
    // The file that a lab keeps is no part of what runs.
    const updatedOnly = withFileOf(before, current);
    const live = updated && before.active && current.active ? liveBack(current, updatedOnly, runningOf(before.uuid)) : null;
    if (live) return [{ before: current, after: updatedOnly, restart: false, live }, ...updatedOnly.xml === before.xml ? [] : [{ before: updatedOnly, after: before, restart: false }]];
    return [{ before: current, after: before, restart: (restarted || updated) && before.active && current.active && updatedOnly.xml !== current.xml }];
  });
  return {
    title: `Undo: ${entry.run.plan.title}`,
    summary: 'The host goes back to how it was before.',
    transitions,
  };
}

/** A state with the lab's file that another one keeps. */
function withFileOf(state: NetworkState, { xml: other }: NetworkState): NetworkState {
  return state.xml === null || other === null ? state : { ...state, xml: withLabVersions(state.xml, readLabVersions(other)) };
}

/** What was changed while it ran is taken back the same way, unless something else has changed what runs. */
function liveBack(current: NetworkState, before: NetworkState, running: string | null): LiveUpdate[] | null {
  const updates = current.xml === null || before.xml === null ? null : liveUpdates(current.xml, before.xml);
  return updates && running !== null && fitsRunning(updates, running) ? updates : null;
}

function refused(entry: HistoryEntry, reason: string): AppError {
  return new AppError('undo.refused', 'This can\'t be undone', `“${entry.run.plan.title}”: ${reason}`);
}

/** What changed since, in a sentence; null when nothing did. */
function difference(left: NetworkState, current: NetworkState): string | null {
  const name = left.name;
  if (left.xml !== null && current.xml === null) return `${name} was deleted in the meantime.`;
  if (left.xml === null && current.xml !== null) return `${name} was made anew in the meantime.`;
  if (left.name !== current.name) return `${name} is now called ${current.name}.`;
  if (left.xml?.trim() !== current.xml?.trim()) return `The definition of ${name} was changed in the meantime.`;
  if (left.active !== current.active) return `${name} was ${current.active ? 'started' : 'stopped'} in the meantime.`;
  if (left.autostart !== current.autostart) return `${name} was set to ${current.autostart ? 'start' : 'no longer start'} with the host in the meantime.`;
  return null;
}

function sameState(a: NetworkState, b: NetworkState | null): boolean {
  return b !== null && difference(a, b) === null;
}
