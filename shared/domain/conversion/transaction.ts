import { z } from 'zod';
import type { Family } from '../address';

/**
 * What a conversion of a host's NIC into a bridge's port comes down to, for the engine on the host: a stack's planner makes
 * it, pure; the engine keeps what it protects, runs its phases, and knows nothing of stacks. Times are in seconds.
 */

/** The network stacks that own interfaces, as their own documentation calls them. */
export const stackNameSchema = z.enum(['NetworkManager', 'netplan-networkd', 'netplan-NetworkManager', 'systemd-networkd', 'ifupdown', 'ifupdown2', 'wicked']);
export type StackName = z.infer<typeof stackNameSchema>;

export type BridgeKind = 'linux' | 'ovs';

/** One command and what it is for: the engine's script shows the sentence above the command, as the review does. */
export const transactionStepSchema = z.object({
  says: z.string(),
  /** A command line of POSIX sh, quoted already. Its failure (exit code not 0) ends the phase. */
  command: z.string(),
});
export type TransactionStep = z.infer<typeof transactionStepSchema>;

/** A file the transaction writes. Staged under the transaction's folder by `name`, so that putting it in place is one rename. */
export interface TransactionFile {
  name: string;
  content: string;
  /** Permission bits; owner is root. */
  mode: number;
  /** Where it stands while the change is on trial: in /run, gone with a power cut. Null: only committed. */
  trialPath: string | null;
  /** Where it stands for good. Null: only on trial. */
  commitPath: string | null;
}

/**
 * `bridge`: the NIC becomes the bridge's port. `unbridge`: it leaves the bridge, which goes. `unport`: it leaves the bridge, which stays with its
 * other ports. `address`: it gets other addresses or routes.
 */
export const transactionGoals = ['bridge', 'unbridge', 'unport', 'address'] as const;
export type TransactionGoal = (typeof transactionGoals)[number];

/** A file that the change takes away. */
export interface TransactionRemoval {
  path: string;
  /** `trial`: at once, where nothing in a volatile place could hide it; after a power cut the guard at boot brings it back. */
  when: 'trial' | 'commit';
}

/** What is to be afterwards, where that is something else than before. */
export interface TransactionWants {
  /** All global IPv4 addresses as ip(8) shows them, `10.0.0.7/24`. Absent: those of before. */
  ipv4?: string[];
  /** The address of `ipv4` that has to be a lease, without prefix. Absent: none has to be. */
  leased?: string;
  /** As `ipv4`; others than these are no reason to go back, but what was left out is. */
  ipv6?: string[];
  /** Those of `ipv6` that have to be there. */
  newIpv6?: string[];
  /** Of the IPv6 default route over this interface: it has to be there, and to answer. Absent: not looked at. */
  gateway6?: string;
  /** Destinations that have to be reached over this interface, `10.8.0.0/16`. Absent: none is looked for. */
  routes?: string[];
  /** Families whose default route over this interface goes. Absent: none. */
  noDefault?: Family[];
  /** Of the IPv4 default route over this interface. Absent: that of before. */
  gateway?: string;
  /** Absent: not looked at. */
  mtu?: number;
  /** Where the host is reached afterwards, when the session's own address goes. Absent: where it was. */
  reachedAddress?: string;
}

export interface Transaction {
  stack: StackName;
  kind: BridgeKind;
  /** Absent: `bridge`. */
  goal?: TransactionGoal;
  nic: string;
  /** Of `address`: the interface itself, once more. */
  bridge: string;
  files: TransactionFile[];
  removes?: TransactionRemoval[];
  wants?: TransactionWants;
  /** The id of the transaction that this one takes back. */
  undoes?: string;
  /** What of the NIC does not move to the bridge, in the words of leave/left-setting.ts. Absent: everything moves. */
  leaves?: string[];
  /** Absolute paths of files and directories kept before anything changes (content, mode, owner), and put back by a revert. */
  protects: string[];
  /** Makes the change, in volatile places; the trial files stand already. */
  apply: TransactionStep[];
  /** Makes it last; the commit files stand already, the trial files are gone. */
  commit: TransactionStep[];
  /** The stack's own way back; the protected files stand again. The engine's raw restore by `ip` follows where probes fail. */
  revert: TransactionStep[];
  /** The trial outlives a power cut by itself (OVSDB, ifupdown2, wicked): a boot guard must be armed before anything changes. */
  needsBootGuard: boolean;
  /** The longest silence on the wire to expect, for the review. */
  expectedGap: number;
}

/** Numbered sentences, each with its command, for reading. */
export function describeTransactionSteps(steps: readonly TransactionStep[]): string[] {
  return steps.flatMap(({ says, command }, index) => [`${index + 1}. ${says}`, ...command.split('\n').map((line) => `   ${line}`)]);
}
