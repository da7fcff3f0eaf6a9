import { usualTrialSeconds } from '../../../shared/domain/conversion/conversion-run';
import type { HostTransaction, HostTransactionState } from '../../../shared/domain/conversion/host-transaction';

/** A stage of the way, with where it is now. `failed`: it was left here, to go back. */
export interface Stage {
  label: string;
  state: 'done' | 'current' | 'todo' | 'failed';
  /** Seconds it took, from the host's journal; null: not over, or not told. */
  seconds: number | null;
}

const stages: readonly { label: string; doing: HostTransactionState | null; done: HostTransactionState }[] = [
  { label: 'Staged', doing: null, done: 'STAGED' }, { label: 'Armed', doing: 'STAGED', done: 'ARMED' }, { label: 'Applied', doing: 'APPLYING', done: 'TRIAL' },
  { label: 'Trial', doing: 'TRIAL', done: 'VERIFIED' }, { label: 'Verified', doing: 'VERIFIED', done: 'COMMITTING' }, { label: 'Kept', doing: 'COMMITTING', done: 'DONE' },
];

/** Where it was left, named by what was going on and not by what would have come of it. */
const leftWords: Readonly<Record<string, string>> = { Armed: 'Arming', Applied: 'Applying', Verified: 'Waiting', Kept: 'Keeping' };

/** When the host entered a state, ms; null: it has not. */
function enteredAt({ journal }: HostTransaction, state: HostTransactionState | null): number | null {
  const entry = journal.find((line) => line.state === state);
  return entry ? Date.parse(entry.at) : null;
}

/** The way of a conversion with how far it is, as the host's journal says. One that goes back ends with the way back. */
export function timelineOf(transaction: HostTransaction | null): Stage[] {
  if (transaction === null) return stages.map(({ label }, at) => ({ label, state: at === 0 ? 'current' : 'todo', seconds: null }));
  const goesBack = /^REVERT/.test(transaction.state);
  let hasLeft = false;
  const way = stages.flatMap(({ label, doing, done }): Stage[] => {
    const [from, to] = [enteredAt(transaction, doing), enteredAt(transaction, done)];
    if (to !== null) return [{ label, state: 'done', seconds: from === null ? null : Math.round((to - from) / 1000) }];
    if (!goesBack) {
      const state = hasLeft ? 'todo' : 'current';
      hasLeft = true;
      return [{ label: state === 'current' && doing === 'APPLYING' ? 'Applying' : label, state, seconds: null }];
    }
    if (hasLeft) return [];
    hasLeft = true;
    return [{ label: leftWords[label] ?? label, state: 'failed', seconds: null }];
  });
  if (!goesBack) return way;
  const state = ({ REVERTED: 'done', REVERT_FAILED: 'failed' } as const)[transaction.state as 'REVERTED' | 'REVERT_FAILED'] ?? 'current';
  const [from, to] = [enteredAt(transaction, 'REVERTING'), enteredAt(transaction, 'REVERTED')];
  return [...way, { label: state === 'failed' ? 'Not back' : state === 'done' ? 'Back' : 'Going back', state, seconds: from !== null && to !== null ? Math.round((to - from) / 1000) : null }];
}

/** Why the host went back, in its own words; null: it did not. */
export function reasonOf({ journal }: HostTransaction): string | null {
  return journal.find(({ state }) => state === 'REVERTING')?.text ?? journal.find(({ state }) => state === 'REVERTED')?.text ?? null;
}

/** From the begin of the change to the last that was said of it, in seconds; null: it never began. */
export function secondsInAll(transaction: HostTransaction): number | null {
  const from = enteredAt(transaction, 'APPLYING');
  const last = transaction.journal.at(-1);
  return from === null || !last ? null : Math.round((Date.parse(last.at) - from) / 1000);
}

/** How long the trial lasts in all, s: longer where the host said so. */
export function trialSeconds({ journal }: HostTransaction): number {
  const said = journal.filter(({ text }) => /^the trial lasts \d+ s now$/.test(text)).at(-1);
  return said ? Number(/\d+/.exec(said.text)![0]) : usualTrialSeconds;
}
