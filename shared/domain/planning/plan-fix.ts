import { AppError } from '../../errors/app-error';
import type { Intent } from '../intent';
import type { DocumentChange, HistoryEntry } from '../plan';
import { assessHost } from '../preflight/assess-host';
import { hasRoot } from '../privilege';
import type { PreflightFacts } from '../preflight/facts';
import { installCommands, packageManagerOf } from '../preflight/package-manager';
import { remedyOf } from '../preflight/remedy';
import type { Remedy } from '../preflight/remedy';
import { currentItem, itemName, sameItem } from '../preflight/system-item';
import type { SystemItem } from '../preflight/system-item';
import type { PlanDraft } from './planning-context';
import { systemChecks, systemSteps } from './system-steps';
import type { SystemTransition } from './system-steps';

/** What a fix or its undo touches besides packages; empty for plans of networks. */
export function touchedItems(intent: Intent, entry: HistoryEntry | null, facts: PreflightFacts | null): SystemItem[] {
  if (facts === null) return [];
  if (intent.kind === 'preflight.fix') return (remedyOf(intent.code, facts)?.items ?? []).map((item) => currentItem(item, facts));
  return intent.kind === 'undo' ? (entry?.system?.before ?? []).map((item) => currentItem(item, facts)) : [];
}

/** True for an intent that is planned from preflight's facts. */
export function needsFacts(intent: Intent, entry: HistoryEntry | null): boolean {
  return intent.kind === 'preflight.fix' || (intent.kind === 'undo' && entry?.system !== undefined);
}

/**
 * The fix of a finding that the host still has. Nothing in it comes from the caller but the finding's code. Throws
 * `plan.invalid` (no such finding now, or none the app can fix), `auth.no-privilege`.
 */
export function planFix(intent: Extract<Intent, { kind: 'preflight.fix' }>, facts: PreflightFacts): PlanDraft {
  const finding = assessHost(facts).findings.find((item) => item.code === intent.code);
  if (!finding) throw new AppError('plan.invalid', 'There is nothing to fix any more', 'The host is as it should be in this respect; it was looked at just now.');
  const remedy = remedyOf(intent.code, facts);
  if (!remedy) throw new AppError('plan.invalid', 'The app can\'t fix this by itself', `${finding.title}. ${finding.fix?.kind === 'manual' ? finding.fix.text : ''}`.trim());
  if (!hasRoot(facts)) {
    throw new AppError('auth.no-privilege', 'This takes root\'s rights', `The session of ${facts.user} has none: it may use libvirt at most.`, { hint: 'Connect as root or with sudo, or copy the command and run it yourself.' });
  }
  const transitions = remedy.items.map((wanted): SystemTransition => {
    const before = currentItem(wanted, facts);
    // Nobody enables a static unit: it is started by what needs it.
    const after = wanted.kind === 'unit' && before.kind === 'unit' && before.enabled === 'other' ? { ...wanted, enabled: before.enabled } : wanted;
    return { before, after };
  });
  return {
    title: remedy.label, summary: remedy.summary,
    steps: [...packageSteps(remedy, facts), ...systemSteps(transitions)],
    checks: [...systemChecks(transitions), ...remedy.checks],
    changes: documentsOf(transitions),
    notices: [
      ...remedy.packages.length > 0 ? [{ severity: 'info' as const, text: 'The packages stay: neither a failed step nor Undo removes them, for by then other things may need them.' }] : [],
      ...remedy.notices,
    ],
  };
}

function packageSteps(remedy: Remedy, facts: PreflightFacts): PlanDraft['steps'] {
  const manager = packageManagerOf(facts);
  if (remedy.packages.length === 0 || manager === null || manager === 'rpm-ostree') return [];
  return installCommands(manager, remedy.packages).map(({ title, command, timeoutMs, optional }) => ({
    title, command, timeoutMs, inverse: [], inverseTitle: `Not taken back by the app: ${optional ? 'newer lists do no harm' : 'the packages stay'}`, lasting: true,
    ...optional ? { optional } : {},
  }));
}

/** Back to the state before a fix. Throws `undo.refused` when the host has moved on from how the fix left it. */
export function planFixUndo(entry: HistoryEntry, facts: PreflightFacts): PlanDraft {
  const { before, after } = entry.system ?? { before: [], after: null };
  const refuse = (reason: string): AppError => new AppError('undo.refused', 'This can\'t be undone', `“${entry.run.plan.title}”: ${reason}`);
  const refusal = fixUndoRefusal(entry);
  if (refusal !== null) throw refuse(refusal);
  if (!hasRoot(facts)) throw new AppError('auth.no-privilege', 'This takes root\'s rights', `The session of ${facts.user} has none.`, { hint: 'Connect as root or with sudo.' });
  const transitions = before.map((wanted, at): SystemTransition => {
    const current = currentItem(wanted, facts);
    const left = after?.[at];
    if (left && !sameItem(left, current)) throw refuse(`${itemName(current)} was changed in the meantime.`);
    return { before: current, after: wanted };
  }).filter(({ before: now, after: wanted }) => !sameItem(now, wanted)).reverse();
  return {
    title: `Undo: ${entry.run.plan.title}`, summary: 'The host goes back to how it was before.',
    steps: systemSteps(transitions), checks: systemChecks(transitions), changes: documentsOf(transitions), notices: [],
  };
}

/** Why the undo of a fix is refused by what History itself knows; null when it can be tried. */
export function fixUndoRefusal(entry: HistoryEntry): string | null {
  if (entry.undoneBy !== null) return 'It has been undone already.';
  if (entry.run.outcome === 'rolled-back') return 'What could be taken back was taken back at once; there is nothing to undo.';
  if (entry.run.plan.steps.some((step) => step.lasting === true)) {
    return 'It installed packages, which the app does not remove. Your package manager can.';
  }
  if (!entry.system?.after) return 'The connection was lost, and nobody could look at how the host was left.';
  return entry.system.after.every((item, at) => sameItem(item, entry.system?.before[at] ?? item)) ? 'It left the host as it was.' : null;
}

function documentsOf(transitions: readonly SystemTransition[]): DocumentChange[] {
  return transitions.flatMap(({ before, after }) => (before.kind === 'file' && after.kind === 'file' && before.text !== after.text
    ? [{ title: after.path, language: 'text' as const, before: before.text, after: after.text }] : []));
}
