import type { AttachedKind } from '../../../shared/domain/network-kinds';

/** The wizard's steps by kind; those before `review` hold fields. */
export type AttachedStepId = 'place' | 'vlans' | 'options' | 'review' | 'apply';

const placeTitle: Record<AttachedKind, string> = {
  bridged: 'Name and bridge', macvtap: 'Name and NIC', ovs: 'Name and switch', sriov: 'Name and card',
};

export function attachedSteps(kind: AttachedKind): { id: AttachedStepId; title: string }[] {
  return [
    { id: 'place', title: placeTitle[kind] },
    ...kind === 'ovs' ? [{ id: 'vlans' as const, title: 'VLANs' }] : [],
    { id: 'options', title: 'Options' }, { id: 'review', title: 'Review' }, { id: 'apply', title: 'Apply' },
  ];
}

/** The step that shows a field. What belongs nowhere else is on the first one, where every plan starts. */
export function stepOfField(path: string, kind: AttachedKind): AttachedStepId {
  if (/^(portgroups|vlan)\b/.test(path)) return kind === 'ovs' ? 'vlans' : 'options';
  return /^(title|description|isolatedPorts|managed|autostart|start|datapath|stp)$/.test(path) ? 'options' : 'place';
}
