import { addressedFamily } from './addressed-family';
import { attachedFamily } from './attached-family';
import type { NetworkFamily } from './network-family';
import type { FormKind } from './network-spec';

/** The one table from kind to what the app can do with it: a new member of `networkSpecSchema` needs its lines here. */
const families: Record<FormKind, NetworkFamily> = {
  nat: addressedFamily, routed: addressedFamily, open: addressedFamily, isolated: addressedFamily,
  bridged: attachedFamily, macvtap: attachedFamily, ovs: attachedFamily, sriov: attachedFamily,
};

export function familyOfKind(kind: FormKind): NetworkFamily {
  return families[kind];
}

export function hasForm(kind: string): kind is FormKind {
  return Object.hasOwn(families, kind);
}
