import type { UsedRange } from '../used-range';
import type { DocumentChange, HistoryEntry, Plan, PlanCheck, PlanStep } from '../plan';
import type { PreflightFacts } from '../preflight/facts';
import type { HostSnapshot } from '../snapshot';
import type { KnownMac } from '../validate-nic-spec';

/** All that a plan depends on. The same input gives the same plan, so that a digest tells whether anything changed. */
export interface PlanningContext {
  snapshot: HostSnapshot;
  used: readonly UsedRange[];
  /** XML of the touched networks as just read. */
  xmlOf: (uuid: string) => { running: string | null; persistent: string | null } | null;
  /** XML of the touched machines as just read. */
  machineXmlOf: (uuid: string) => { running: string | null; persistent: string | null } | null;
  /** MACs of machines on the other known hosts. */
  macsElsewhere: readonly KnownMac[];
  /** The entry that an undo takes back. */
  entry: HistoryEntry | null;
  /** Of preflight, as just read, for a fix and its undo. */
  facts: PreflightFacts | null;
  /** Lower-case hex. */
  sha256: (text: string) => string;
}

/** A plan not yet numbered and signed; drafts of several things can be put together. */
export interface PlanDraft {
  title: string;
  summary: string;
  steps: Omit<PlanStep, 'id'>[];
  checks: Omit<PlanCheck, 'id'>[];
  changes: DocumentChange[];
  notices: Plan['notices'];
}
