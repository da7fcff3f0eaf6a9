import type { AddressedSpec } from './addressed-spec';
import type { AttachedSpec } from './attached-spec';
import type { NetworkKind } from './network';

/** Without schemas, for the page starts with this. */

/** Kinds whose bridge and dnsmasq are libvirt's own. */
export const addressedKinds = ['nat', 'routed', 'open', 'isolated'] as const;
export type AddressedKind = (typeof addressedKinds)[number];

export function isAddressed<S extends { kind: string }>(spec: S): spec is Extract<S, AddressedSpec> {
  return (addressedKinds as readonly string[]).includes(spec.kind);
}

/** Kinds that are attached to something the host has. */
export const attachedKinds = ['bridged', 'macvtap', 'ovs', 'sriov'] as const;
export type AttachedKind = (typeof attachedKinds)[number];

export function isAttached<S extends { kind: string }>(spec: S): spec is Extract<S, AttachedSpec> {
  return isAttachedKind(spec.kind);
}

export function isAttachedKind(kind: string): kind is AttachedKind {
  return (attachedKinds as readonly string[]).includes(kind);
}

/** The words for a kind, the same everywhere. */
export const networkKindLabel: Record<NetworkKind, string> = {
  nat: 'NAT', routed: 'Routed', open: 'Open', isolated: 'Isolated', bridged: 'Bridged', macvtap: 'macvtap', ovs: 'Open vSwitch', sriov: 'SR-IOV',
};

/** The same inside a sentence: "the routed network lab". */
export const networkKindWord: Record<NetworkKind, string> = {
  nat: 'NAT', routed: 'routed', open: 'open', isolated: 'isolated', bridged: 'bridged', macvtap: 'macvtap', ovs: 'Open vSwitch', sriov: 'SR-IOV',
};
