import type { AttachedSpec } from '../attached-spec';
import { insertElement } from '../xml/edit-element';
import type { NewElement } from '../xml/edit-element';
import { parseXml } from '../xml/parse-xml';
import { writeXml } from '../xml/xml-source';
import { newMacvtapForward, newPortgroup, newVlan } from './attached-elements';

/** The definition of a new attached network as libvirt would print it: elements in the order of virNetworkDefFormatBuf. */
export function buildAttachedXml(uuid: string, spec: AttachedSpec): string {
  const document = parseXml('<network/>\n');
  const root = document.documentElement;
  if (!root) throw new Error('A parsed document has a root');
  for (const element of attachedElements(uuid, spec)) insertElement(root, element);
  return writeXml(document);
}

function attachedElements(uuid: string, spec: AttachedSpec): NewElement[] {
  return [
    { name: 'name', text: spec.name },
    { name: 'uuid', text: uuid },
    ...(spec.title ? [{ name: 'title', text: spec.title }] : []),
    ...(spec.description ? [{ name: 'description', text: spec.description }] : []),
    forwardOf(spec),
    ...('bridge' in spec ? [{ name: 'bridge', attributes: { name: spec.bridge } }] : []),
    ...(spec.vlan ? [newVlan(spec.vlan)] : []),
    ...(spec.kind === 'bridged' && spec.isolatedPorts ? [{ name: 'port', attributes: { isolated: 'yes' } }] : []),
    ...(spec.kind === 'ovs' ? [{ name: 'virtualport', attributes: { type: 'openvswitch' } }] : []),
    ...spec.portgroups.map(newPortgroup),
  ];
}

function forwardOf(spec: AttachedSpec): NewElement {
  switch (spec.kind) {
    case 'bridged': case 'ovs': return { name: 'forward', attributes: { mode: 'bridge' } };
    case 'macvtap': return newMacvtapForward(spec);
    case 'sriov': return {
      name: 'forward', attributes: { mode: 'hostdev', managed: spec.managed ? 'yes' : null }, children: [{ name: 'pf', attributes: { dev: spec.device } }],
    };
  }
}
