import type { Element } from '@xmldom/xmldom';
import { AppError } from '../../errors/app-error';
import type { AttachedSpec } from '../attached-spec';
import type { AttachedKind } from '../network-kinds';
import { macvtapModeSchema } from '../attached-spec';
import { networkKindLabel } from '../network-kinds';
import { attribute, childElement, childElements, textOf } from '../xml/read-element';
import { parseRoot } from '../xml/parse-xml';
import { forwardDevicesOf, forwardModeOf, readPortgroup, readVlanSpec } from './attached-elements';

/**
 * What the form of an attached network shows. `autostart` is not in the XML: libvirt keeps it apart. Throws AppError
 * `libvirt.xml-invalid`, and `input.invalid` for a network that is of no such kind, or of an unusual make.
 */
export function readAttachedSpec(xml: string, autostart = false): AttachedSpec {
  return readAttachedRoot(parseRoot(xml, 'network'), autostart);
}

/** Which attached kind a `<network>` is; null: another. The same as `networkKind` for these kinds. */
function kindOf(root: Element): AttachedKind | null {
  const mode = forwardModeOf(childElement(root, 'forward'));
  if (mode === 'hostdev') return 'sriov';
  if (!macvtapModeSchema.safeParse(mode).success) return null;
  if (mode !== 'bridge' || attribute(childElement(root, 'bridge'), 'name') === null) return 'macvtap';
  return attribute(childElement(root, 'virtualport'), 'type') === 'openvswitch' ? 'ovs' : 'bridged';
}

/** The same from the parsed `<network>` element. */
export function readAttachedRoot(root: Element, autostart: boolean): AttachedSpec {
  const name = textOf(childElement(root, 'name')) ?? '';
  const kind = kindOf(root);
  if (kind === null) {
    throw new AppError('input.invalid', 'Not attached to anything of the host', `“${name}” is neither ${networkKindLabel.bridged}, ${networkKindLabel.macvtap}, ${networkKindLabel.ovs} nor ${networkKindLabel.sriov}, so this form can’t show it.`);
  }
  const forward = childElement(root, 'forward');
  const common = {
    name, title: textIn(root, 'title'), description: textIn(root, 'description'), vlan: readVlanSpec(childElement(root, 'vlan')),
    portgroups: childElements(root, 'portgroup').map(readPortgroup), autostart,
  };
  const bridge = attribute(childElement(root, 'bridge'), 'name') ?? '';
  switch (kind) {
    case 'bridged': return { kind, ...common, bridge, isolatedPorts: attribute(childElement(root, 'port'), 'isolated') === 'yes' };
    case 'ovs': return { kind, ...common, bridge, createBridge: null };
    case 'macvtap': {
      if (childElement(forward, 'pf')) throw new AppError('input.invalid', 'NICs by their card', `“${name}” takes its NICs from a card’s virtual functions, so this form can’t show it.`, { hint: 'Change it as XML.' });
      return { kind, ...common, mode: macvtapModeSchema.parse(forwardModeOf(forward)), devices: forwardDevicesOf(forward) };
    }
    case 'sriov': {
      const functions = forward ? childElements(forward, 'pf') : [];
      const device = attribute(functions[0] ?? null, 'dev');
      if (device === null || functions.length > 1) {
        throw new AppError('input.invalid', 'No physical function', `“${name}” lists its virtual functions one by one, so this form can’t show it.`, { hint: 'Change it as XML.' });
      }
      return { kind, ...common, device, managed: attribute(forward, 'managed') === 'yes' };
    }
  }
}

function textIn(root: Element, name: string): string | null {
  const text = textOf(childElement(root, name));
  return text === '' ? null : text;
}
