import type { AttachedSpec } from './attached-spec';
import { describeVlan } from './attached-spec';
import type { NetworkFamily } from './network-family';
import { knowsFeature } from './network-features';
import { buildAttachedXml } from './network-xml/build-attached-xml';
import { editAttachedXml } from './network-xml/edit-attached-xml';
import { readAttachedSpec } from './network-xml/read-attached-spec';
import { liveUpdates } from './planning/live-updates';
import { proposeAttached } from './propose-attached';
import { validateAttachedSpec } from './validate-attached-spec';

/** Networks that libvirt only attaches to something the host has. */
export const attachedFamily: NetworkFamily<AttachedSpec> = {
  build: buildAttachedXml,
  edit: editAttachedXml,
  read: readAttachedSpec,
  validate: validateAttachedSpec,
  fit: (spec, { system }) => (knowsFeature('title', system.libvirtVersion) ? spec : { ...spec, title: null, description: null }),
  editsLive: (before, after) => liveUpdates(buildAttachedXml('', before), buildAttachedXml('', after)) !== null,
  summary: summaryOf,
  propose: proposeAttached,
};

function summaryOf(spec: AttachedSpec): string {
  switch (spec.kind) {
    case 'bridged': return `Machines are plugged into the bridge ${spec.bridge}, as if each had a cable to it. libvirt hands out no addresses there.`;
    case 'macvtap': return `Machines share ${spec.devices.join(', ')} directly, each with a MAC of its own. The host itself can’t talk to them over ${spec.devices.length === 1 ? 'that NIC' : 'those NICs'}.`;
    case 'ovs': return `Machines are ports of the Open vSwitch bridge ${spec.bridge}${spec.createBridge ? ', which is made along' : ''}. ${vlanWords(spec)}`;
    case 'sriov': return `Each machine gets a virtual function of ${spec.device}, past the host’s own network.`;
  }
}

function vlanWords({ vlan, portgroups }: AttachedSpec): string {
  if (portgroups.length === 0) return vlan === null ? 'No VLANs are set.' : `All are in ${describeVlan(vlan)}.`;
  return `Portgroups: ${portgroups.map((group) => `${group.name} (${describeVlan(group.vlan ?? vlan)}${group.isDefault ? ', default' : ''})`).join('; ')}.`;
}
