import type { Plan } from '../../shared/domain/plan';
import { describeCommand } from '../../shared/domain/shell-quote';

/**
 * What is different about a plan that had to be made again because the host has changed: sentences for somebody who
 * reviewed the old one. Never empty: if nothing visible differs, that is said.
 */
export function describePlanDifference(reviewed: Plan, fresh: Plan): string[] {
  const sentences: string[] = [];
  const known = new Map(reviewed.steps.map((step) => [step.id, step]));
  const now = new Set(fresh.steps.map((step) => step.id));
  for (const step of fresh.steps) {
    const before = known.get(step.id);
    if (!before) sentences.push(`New step: ${step.title}`);
    else if (before.title !== step.title) sentences.push(`“${before.title}” is now “${step.title}”`);
    else if (describeCommand(before.command) !== describeCommand(step.command) || before.command.stdin?.text !== step.command.stdin?.text) {
      sentences.push(`“${step.title}” now runs with something else: see Commands and XML`);
    } else if (before.inverse.map(describeCommand).join('\n') !== step.inverse.map(describeCommand).join('\n')) sentences.push(`“${step.title}” is now undone in another way: see Undo`);
  }
  for (const step of reviewed.steps) if (!now.has(step.id)) sentences.push(`No longer needed: ${step.title}`);
  const knownNotices = new Set(reviewed.notices.map((notice) => notice.text));
  for (const notice of fresh.notices) if (!knownNotices.has(notice.text)) sentences.push(notice.text);
  const before = new Map(reviewed.changes.map((change) => [change.title, change.before]));
  for (const change of fresh.changes) if (before.has(change.title) && before.get(change.title) !== change.before) sentences.push(`${change.title} was changed on the host in the meantime: see XML`);
  if (sentences.length === 0) sentences.push('The steps are the same; what is looked at, or what undo would restore, is different.');
  return sentences;
}
