import type { ConversionFinding } from '../../shared/domain/conversion/finding';
import { describeTransaction } from '../../shared/domain/conversion/host-transaction';
import type { HostTransaction } from '../../shared/domain/conversion/host-transaction';
import { describeLeft } from '../../shared/domain/conversion/leave/left-setting';
import type { ConversionPlan } from '../../shared/domain/conversion/planned';
import { describeTransactionSteps, type Transaction } from '../../shared/domain/conversion/transaction';

/** One line a finding, with what can be done instead. */
export function formatFindings(findings: readonly ConversionFinding[]): string {
  return findings.map(({ severity, title, detail, alternative }) => `${severity === 'blocker' ? '✕' : '▲'} ${title}: ${detail}${alternative === null ? '' : ` ${alternative}`}`).join('\n');
}

/** `br0: the bridge is there to stay`, by what the change was about. */
export function formatState(transaction: HostTransaction): string {
  const { goal, nic, bridge } = transaction;
  return `${goal === 'address' || goal === 'unport' ? nic : bridge}: ${describeTransaction(transaction)}`;
}

/** The whole review as plain text: what is found, what is done, what lasts, and how it goes back. */
export function formatConversion({ stack, findings, plan }: ConversionPlan): string {
  if (plan === null) return formatFindings(findings);
  const { transaction, changes } = plan;
  const phase = (title: string, steps: typeof transaction.apply): string[] => (steps.length === 0 ? [] : ['', title, ...describeTransactionSteps(steps)]);
  return [
    `${aimOf(transaction)} (${stack ?? ''})`,
    `The network is silent for ${transaction.expectedGap} s at most. Unless the host is reached over a new connection and this is confirmed, it goes back by itself.`,
    ...transaction.leaves ? [`Left out, and gone afterwards: ${transaction.leaves.map(describeLeft).join(', ')}.`] : [],
    ...(findings.length > 0 ? ['', formatFindings(findings)] : []),
    ...phase(transaction.needsBootGuard ? 'On trial; a unit at boot takes it back should the power go:' : 'On trial, gone with the power:', transaction.apply),
    ...phase('When it is confirmed:', transaction.commit),
    ...phase('The way back:', transaction.revert),
    ...changes.flatMap(({ title, after }) => ['', after === null ? `--- ${title} (removed)` : `--- ${title}`, ...(after === null ? [] : [after.trimEnd()])]),
  ].join('\n');
}

function aimOf({ goal = 'bridge', kind, nic, bridge, undoes }: Transaction): string {
  const named = `the ${kind === 'ovs' ? 'Open vSwitch ' : ''}bridge ${bridge}`;
  const undoing = undoes === undefined ? '' : `, as before ${undoes}`;
  switch (goal) {
    case 'bridge': return `${nic} becomes a port of ${named}`;
    case 'unbridge': return `${nic} takes its addresses back, and ${named} goes${undoing}`;
    case 'unport': return `${nic} leaves ${named}, which stays`;
    case 'address': return `${nic} gets other addresses or routes${undoing}`;
  }
}
