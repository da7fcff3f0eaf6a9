import { AppError } from '../../errors/app-error';
import type { Intent, LabIntent, NetworkIntent } from '../intent';
import type { HistoryEntry, Plan } from '../plan';
import type { PreflightFacts } from '../preflight/facts';
import type { HostSnapshot } from '../snapshot';
import { needsFacts, planFix, planFixUndo } from './plan-fix';
import { networksOfIntent, planLab } from './plan-lab';
import { machinesOfIntent } from './plan-lab-machines';
import { isOfLab, planLabUndo } from './plan-lab-undo';
import { planMachine } from './plan-machine';
import { planMachinesUndo } from './plan-machine-undo';
import { planNetwork, planNetworksUndo } from './plan-network';
import type { PlanDraft, PlanningContext } from './planning-context';

/** The networks that an intent touches, whose XML has to be read before it is planned. */
export function touchedNetworks(intent: Intent, entry: HistoryEntry | null, snapshot: HostSnapshot): string[] {
  if (isLabIntent(intent)) return networksOfIntent(intent, snapshot);
  if (intent.kind === 'undo') return (entry?.before ?? []).map((state) => state.uuid);
  return isNetworkIntent(intent) ? [intent.uuid] : [];
}

/** The machines, likewise. */
export function touchedMachines(intent: Intent, entry: HistoryEntry | null, snapshot: HostSnapshot): string[] {
  if (isLabIntent(intent)) return machinesOfIntent(intent, snapshot);
  if (intent.kind === 'undo') return (entry?.machines?.before ?? []).map((machine) => machine.uuid);
  return intent.kind.startsWith('machine.') && 'uuid' in intent ? [intent.uuid] : [];
}

/**
 * What has to run to make `intent` true on this host. Throws AppError: `plan.invalid` (with `field` where one is to blame), `plan.nothing` (a lab
 * that is as it should be),
 * `not-found`, `libvirt.already-active`, `libvirt.not-active`, `auth.no-privilege`, `undo.refused`, `host.not-connected` (no facts for a fix).
 */
export function planIntent(intent: Intent, context: PlanningContext): Plan {
  const { snapshot, sha256 } = context;
  const draft = draftOf(intent, context);
  if (draft.steps.length === 0) throw new AppError(isLabIntent(intent) ? 'plan.nothing' : 'plan.invalid', 'Nothing is changed', 'The host is already as it should be.');
  const steps = draft.steps.map((step, at) => ({ ...step, id: `step-${at + 1}` }));
  const checks = draft.checks.map((check, at) => ({ ...check, id: `check-${at + 1}` }));
  return {
    hostId: snapshot.hostId, intent, title: draft.title, summary: draft.summary, steps, checks, changes: draft.changes,
    notices: [...readOnlyNotice(snapshot), ...draft.notices],
    digest: sha256(JSON.stringify({ steps, checks })),
  };
}

function draftOf(intent: Intent, context: PlanningContext): PlanDraft {
  switch (intent.kind) {
    case 'preflight.fix': return planFix(intent, factsOf(context));
    case 'undo': return draftOfUndo(context);
    case 'lab.apply': case 'lab.destroy': case 'lab.start': case 'lab.stop': return planLab(intent, context);
    default: return isNetworkIntent(intent) ? planNetwork(intent, context) : planMachine(intent, context);
  }
}

function isLabIntent(intent: Intent): intent is LabIntent {
  return intent.kind.startsWith('lab.');
}

function isNetworkIntent(intent: Intent): intent is NetworkIntent {
  return intent.kind.startsWith('network.');
}

function draftOfUndo(context: PlanningContext): PlanDraft {
  const { entry } = context;
  if (entry && isOfLab(entry)) return planLabUndo(entry, context);
  if (entry?.machines) return planMachinesUndo(entry, context);
  return entry && needsFacts({ kind: 'undo', historyId: entry.id }, entry) ? planFixUndo(entry, factsOf(context)) : planNetworksUndo(entry, context);
}

function factsOf({ facts }: PlanningContext): PreflightFacts {
  if (facts === null) throw new AppError('host.not-connected', 'The host could not be looked at', 'A fix is planned from what the host shows at this moment.');
  return facts;
}

function readOnlyNotice(snapshot: HostSnapshot): Plan['notices'] {
  return snapshot.privilege === 'read-only'
    ? [{ severity: 'warning', text: 'This session may only read: the plan can be looked at and copied, not applied. Connect as root, with sudo, or as a member of group libvirt.' }]
    : [];
}
