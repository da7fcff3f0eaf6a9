import type { Element } from '@xmldom/xmldom';
import type { MacvtapSpec, PortgroupSpec, VlanSpec } from '../attached-spec';
import { newBandwidth, readBandwidth } from '../bandwidth-xml';
import type { NewElement } from '../xml/edit-element';
import { attribute, childElement, childElements, numberAttribute } from '../xml/read-element';

/** The elements that the forms of attached networks show, read and as new ones; all others are none of their business. */

export const forwardModeOf = (forward: Element | null): string => attribute(forward, 'mode') ?? (forward ? 'nat' : 'none');

/** `<interface dev>`, which libvirt repeats as `dev` of `<forward>`. */
export function forwardDevicesOf(forward: Element | null): string[] {
  const listed = forward ? childElements(forward, 'interface').flatMap((child) => attribute(child, 'dev') ?? []) : [];
  const dev = attribute(forward, 'dev');
  return listed.length > 0 ? listed : dev === null ? [] : [dev];
}

/** Order matters little to libvirt and is kept, but for the native VLAN, which is told apart. */
export function readVlanSpec(vlan: Element | null): VlanSpec | null {
  if (!vlan) return null;
  const tags = childElements(vlan, 'tag');
  const [only] = tags;
  if (only && tags.length === 1 && attribute(vlan, 'trunk') !== 'yes' && attribute(only, 'nativeMode') === null) {
    return { mode: 'access', tag: numberAttribute(only, 'id') ?? 0 };
  }
  const isNative = (tag: Element): boolean => attribute(tag, 'nativeMode') !== null;
  const native = tags.find(isNative) ?? null;
  return {
    mode: 'trunk',
    tags: tags.filter((tag) => tag !== native).map((tag) => numberAttribute(tag, 'id') ?? 0),
    native: native && { tag: numberAttribute(native, 'id') ?? 0, mode: attribute(native, 'nativeMode') === 'tagged' ? 'tagged' : 'untagged' },
  };
}

export interface TagValue { id: number; nativeMode: 'tagged' | 'untagged' | null }

/** The `<tag>`s of a VLAN in the order they are written: the native one first. */
export function tagValues(vlan: VlanSpec): TagValue[] {
  if (vlan.mode === 'access') return [{ id: vlan.tag, nativeMode: null }];
  return [
    ...vlan.native ? [{ id: vlan.native.tag, nativeMode: vlan.native.mode }] : [],
    ...vlan.tags.map((id) => ({ id, nativeMode: null })),
  ];
}

/** libvirt wants `trunk='yes'` for more than one tag and says it for native ones, too. */
export const trunkAttribute = (vlan: VlanSpec): 'yes' | null => (vlan.mode === 'trunk' ? 'yes' : null);

export const newTag = (tag: TagValue): NewElement => ({ name: 'tag', attributes: { id: tag.id, nativeMode: tag.nativeMode } });

export const newVlan = (vlan: VlanSpec): NewElement => ({ name: 'vlan', attributes: { trunk: trunkAttribute(vlan) }, children: tagValues(vlan).map(newTag) });

export function readPortgroup(group: Element): PortgroupSpec {
  return {
    name: attribute(group, 'name') ?? '',
    isDefault: attribute(group, 'default') === 'yes',
    vlan: readVlanSpec(childElement(group, 'vlan')),
    bandwidth: readBandwidth(childElement(group, 'bandwidth')),
  };
}

/** virPortGroupDefFormat: VLAN, virtual port, bandwidth. */
export function newPortgroup(group: PortgroupSpec): NewElement {
  const bandwidth = newBandwidth(group.bandwidth);
  return {
    name: 'portgroup',
    attributes: { name: group.name, default: group.isDefault ? 'yes' : null },
    children: [...group.vlan ? [newVlan(group.vlan)] : [], ...bandwidth ? [bandwidth] : []],
  };
}

export const newInterface = (dev: string): NewElement => ({ name: 'interface', attributes: { dev } });

export const newMacvtapForward = (spec: Pick<MacvtapSpec, 'mode' | 'devices'>): NewElement => ({
  name: 'forward', attributes: { dev: spec.devices[0], mode: spec.mode }, children: spec.devices.map(newInterface),
});
