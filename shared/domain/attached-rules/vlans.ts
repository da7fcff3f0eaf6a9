import type { AttachedSpec, VlanSpec } from '../attached-spec';
import { tagsOf } from '../attached-spec';
import { missingFeature } from '../network-features';
import { caution, problem, repeats } from '../network-rules/rule';
import type { FieldIssue } from '../field-issue';
import type { AttachedRule } from './rule';

/** VLANs of the network and of its portgroups: whether they make sense, and whether this kind can have any. */
export const checkVlans: AttachedRule = (spec, context) => {
  const vlans: [path: string, vlan: VlanSpec | null][] = [
    ['vlan', spec.vlan], ...spec.portgroups.map((group, at): [string, VlanSpec | null] => [`portgroups.${at}.vlan`, group.vlan]),
  ];
  return vlans.flatMap(([path, vlan]) => (vlan === null ? [] : [...checkTags(path, vlan), ...checkPossible(path, vlan, spec, context)]));
};

function checkTags(path: string, vlan: VlanSpec): FieldIssue[] {
  if (vlan.mode === 'access') return [];
  if (vlan.tags.length === 0 && vlan.native === null) return [problem(`${path}.tags`, 'A trunk carries at least one VLAN. Name them, such as 10, 20.')];
  const twice = repeats(vlan.tags.map(String)).map(({ at }) => problem(`${path}.tags`, `VLAN ${vlan.tags[at]} is listed twice.`));
  const { native } = vlan;
  return native && vlan.tags.includes(native.tag)
    ? [...twice, problem(`${path}.native`, `VLAN ${native.tag} is the native one already, so it is part of the trunk. Take it out of the list.`)] : twice;
}

const checkPossible = (path: string, vlan: VlanSpec, spec: AttachedSpec, { snapshot }: Parameters<AttachedRule>[1]): FieldIssue[] => {
  switch (spec.kind) {
    case 'ovs': return [];
    case 'sriov': return vlan.mode === 'trunk' ? [problem(path, 'A virtual function carries one VLAN: choose “access”.')] : [];
    case 'macvtap':
      if (spec.mode !== 'passthrough') return [problem(path, 'macvtap puts no VLAN on frames. Attach the network to a VLAN device of the host (such as enp1s0.10) instead.')];
      return vlan.mode === 'trunk' ? [problem(path, 'A NIC passed through carries one VLAN: choose “access”.')]
        : [caution(path, 'Only virtual functions of SR-IOV cards can be given a VLAN here; with any other NIC machines don’t start.')];
    case 'bridged': {
      const missing = missingFeature('linuxBridgeVlans', snapshot.system.libvirtVersion);
      if (missing) return [problem(path, `${missing} Use an Open vSwitch bridge, or a bridge over a VLAN device of the host.`)];
      const bridge = snapshot.interfaces.find((device) => device.name === spec.bridge)?.bridge;
      return bridge && !bridge.vlanFiltering ? [caution(path, `${spec.bridge} doesn’t filter VLANs: “ip link set ${spec.bridge} type bridge vlan_filtering 1” on the host makes it.`)] : [];
    }
  }
};

/** `10, 20 and 30`: every VLAN that machines on this network can be in, each once. */
export function vlansOf(spec: AttachedSpec): number[] {
  return [...new Set([spec.vlan, ...spec.portgroups.map((group) => group.vlan)].flatMap(tagsOf))].sort((a, b) => a - b);
}
