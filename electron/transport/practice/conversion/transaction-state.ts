import type { HostTransactionState } from '../../../../shared/domain/conversion/host-transaction';
import type { HostState, InterfaceState, OvsState, StaticRoute } from '../host-state';
import type { World } from '../world';
import { mendWithConversion } from './faults';

/** One conversion as the practice host remembers it: what the engine on a real host keeps in files below /var/lib/netwright/tx. */
export interface TransactionState {
  id: string;
  token: string;
  /** As the upload has them: strings, times in seconds. */
  settings: Record<string, string>;
  files: StagedFile[];
  /** Files that the change takes away: at once, or when it is confirmed. */
  removes: { path: string; when: string }[];
  /** All global IPv4 addresses that are to be afterwards; null: those of before. */
  wantedIpv4: string[] | null;
  /** The same of IPv6; others than these may come and go. */
  wantedIpv6: string[] | null;
  /** Those of them that have to be there. Absent, as in states of before: none. */
  newIpv6?: string[];
  /** Destinations that have to be reached over the interface. */
  wantedRoutes?: string[];
  protects: string[];
  apply: StagedStep[];
  commit: StagedStep[];
  revert: StagedStep[];
  state: HostTransactionState;
  journal: { at: string; state: HostTransactionState; text: string }[];
  /** It has the lock: no other can begin, and a boot undoes it. */
  pending: boolean;
  /** Milliseconds since 1970 by the host's clock. */
  stagedAt: number;
  /** When the host goes back by itself; null: the trial has not begun. */
  deadline: number | null;
  decided: 'confirm' | 'revert' | 'expired' | null;
  /** Words of the user, each with what came with it. */
  inbox: Record<string, string>;
  /** Root said on the host itself to go back. */
  isCalledOff: boolean;
  kept: KeptNetwork | null;
  /** Of one that is DONE: what an undo needs. Absent: nothing was kept. */
  forUndo?: KeptForUndo;
}

/** Files as they were, and how the change left them, so that it shows who changed them since. */
export interface KeptForUndo {
  paths: string[];
  files: Record<string, string>;
  /** Checksums by path. */
  written: Record<string, string>;
  /** Of the interface that carried the network. */
  ipv4: string[];
  defaults: string[];
  mtu: number;
}

export interface StagedFile { name: string; content: string; trialPath: string | null; commitPath: string | null }
export interface StagedStep { says: string; command: string }

/** What was there before, and has to be there again. */
export interface KeptNetwork {
  /** Files and folders that are put back. */
  paths: string[];
  files: Record<string, string>;
  /** Of the interface that carried the network. */
  link: InterfaceState;
  routes: StaticRoute[];
  ovs: OvsState | null;
  /** What answered before, and so has to answer again. */
  probes: ('carrier' | 'ping')[];
  before: WantedNetwork;
  wanted: WantedNetwork;
}

/** What the host looks at of the interface that carries its network. */
export interface WantedNetwork {
  ipv4: string[];
  ipv6: string[];
  /** Those that have to be there. */
  newIpv6: string[];
  /** Destinations that a route over the interface has to lead to. */
  routes: string[];
  /** Of the whole host, `gateway interface metric`. */
  defaults: string[];
  /** A new one, which has to answer; null: none. */
  gateway: string | null;
  /** The same of IPv6. */
  gateway6: string | null;
  /** Null: not looked at. */
  mtu: number | null;
  /** The address that has to be a lease; null: none has to be. */
  leased: string | null;
}

/** The one that has the lock. */
export function pendingTransaction(state: HostState): TransactionState | null {
  return state.transactions?.find(({ pending }) => pending) ?? null;
}

export const hasConcluded = ({ state }: TransactionState): boolean => state === 'DONE' || state === 'REVERTED' || state === 'REVERT_FAILED';

/** A setting in seconds, as milliseconds. */
export const milliseconds = (transaction: TransactionState, setting: string): number => Number(transaction.settings[setting]) * 1000;

/** A line of the journal. */
export function say(world: World, transaction: TransactionState, text: string): void {
  transaction.journal.push({ at: `${new Date(world.now()).toISOString().slice(0, 19)}Z`, state: transaction.state, text: text.replaceAll('\n', ' ') });
}

export function enter(world: World, transaction: TransactionState, state: HostTransactionState, text: string): void {
  transaction.state = state;
  say(world, transaction, text);
}

/** Confirming and going back are decided once, whoever comes first. False for the second. */
export function decide(transaction: TransactionState, by: NonNullable<TransactionState['decided']>): boolean {
  if (transaction.decided !== null) return false;
  transaction.decided = by;
  return true;
}

/** Whether the user who began this change has said so, with its token. */
export const asked = (transaction: TransactionState, word: string): boolean => transaction.inbox[word]?.split(/\s/)[0] === transaction.token;

export const isCalledOff = (transaction: TransactionState): boolean => transaction.isCalledOff || 'revert' in transaction.inbox;

/** The last word: the lock is free, and nothing but settings, state and journal is left. */
export function finish(world: World, transaction: TransactionState, state: HostTransactionState, text: string): void {
  enter(world, transaction, state, text);
  Object.assign(transaction, { pending: false, deadline: null, token: '', inbox: {}, files: [], removes: [], protects: [], apply: [], commit: [], revert: [], kept: null });
  mendWithConversion(world.state);
}
