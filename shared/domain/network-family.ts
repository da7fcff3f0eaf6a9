import type { FieldIssue } from './field-issue';
import type { NetworkContext } from './network-rules/rule';
import type { NetworkSpec } from './network-spec';
import type { HostSnapshot } from './snapshot';
import type { UsedRange } from './used-range';

/** What a proposal is made from. */
export interface ProposalContext {
  snapshot: HostSnapshot;
  /** Of this host and the others: `collectUsedRanges`. */
  used: readonly UsedRange[];
  /** From 0 up to, not including, 1. */
  random: () => number;
}

/** What this app can do with one member of `networkSpecSchema`. */
export interface NetworkFamily<S extends NetworkSpec = NetworkSpec> {
  /** The definition of a new network as libvirt would print it. */
  build(uuid: string, spec: S): string;
  /** The same document with what the form shows set to `spec`, and nothing else touched. Throws as `read` does. */
  edit(xml: string, spec: S): string;
  /** What the form shows of a network. Throws AppError `libvirt.xml-invalid`, and `input.invalid` where it can't. */
  read(xml: string, autostart: boolean): S;
  /** Everything that is wrong, or could surprise, each tied to its field. */
  validate(spec: S, context: NetworkContext): FieldIssue[];
  /** The spec as this host can keep it: without what its libvirt is too old for. `validate` warns of that. */
  fit(spec: S, snapshot: HostSnapshot): S;
  /** Whether a running network becomes `after` while machines keep their link (`network.edit` with `live`). */
  editsLive(before: S, after: S): boolean;
  /** What the network is and does, in one or two sentences, for the plan that makes it. */
  summary(spec: S): string;
  /** Everything filled in and free, so that “Next, Next, Apply” works. */
  propose(kind: S['kind'], context: ProposalContext): S;
}
