import { attachedSpecSchema } from '../../../shared/domain/attached-spec';
import type { AttachedSpec, MacvtapMode, PortgroupSpec, VlanSpec } from '../../../shared/domain/attached-spec';
import type { AttachedKind } from '../../../shared/domain/network-kinds';
import type { BandwidthLimit } from '../../../shared/domain/bandwidth';
import type { FieldIssue } from '../../../shared/domain/field-issue';

/** What is typed into the wizard of an attached network: text where people type text, whatever the kind. */

export interface PortgroupDraft {
  /** Tells rows apart while they are moved and removed. */
  key: number;
  name: string;
  isDefault: boolean;
  vlan: VlanDraft;
  /** kB per second; empty: no limit. */
  inboundKBps: string;
  outboundKBps: string;
}

export interface VlanDraft {
  mode: 'none' | 'access' | 'trunk';
  tag: string;
  /** `10, 20`. */
  tags: string;
  nativeTag: string;
  nativeMode: 'tagged' | 'untagged';
}

export interface AttachedDraft {
  kind: AttachedKind;
  name: string;
  title: string;
  description: string;
  /** The bridge, the switch or the card; of macvtap the first NIC. */
  place: string;
  /** macvtap: NICs besides the first. */
  moreDevices: readonly string[];
  mode: MacvtapMode;
  isolatedPorts: boolean;
  createBridge: boolean;
  newBridge: string;
  datapath: 'system' | 'netdev';
  stp: boolean;
  managed: boolean;
  vlan: VlanDraft;
  portgroups: readonly PortgroupDraft[];
  autostart: boolean;
  start: boolean;
}

let lastKey = 0;
const nextKey = (): number => (lastKey += 1);

export const noVlan: VlanDraft = { mode: 'none', tag: '', tags: '', nativeTag: '', nativeMode: 'untagged' };

export function newPortgroup(name: string, vlan: Partial<VlanDraft>, isDefault = false): PortgroupDraft {
  return { key: nextKey(), name, isDefault, vlan: { ...noVlan, ...vlan }, inboundKBps: '', outboundKBps: '' };
}

function vlanDraft(vlan: VlanSpec | null): VlanDraft {
  if (vlan === null) return { ...noVlan };
  if (vlan.mode === 'access') return { ...noVlan, mode: 'access', tag: String(vlan.tag) };
  return { ...noVlan, mode: 'trunk', tags: vlan.tags.join(', '), nativeTag: vlan.native ? String(vlan.native.tag) : '', nativeMode: vlan.native?.mode ?? 'untagged' };
}

export function draftFromSpec(spec: AttachedSpec, freeSwitchName: string, start: boolean): AttachedDraft {
  return {
    kind: spec.kind, name: spec.name, title: spec.title ?? '', description: spec.description ?? '',
    place: 'bridge' in spec ? spec.bridge : 'devices' in spec ? spec.devices[0] ?? '' : spec.device,
    moreDevices: 'devices' in spec ? spec.devices.slice(1) : [],
    mode: 'mode' in spec ? spec.mode : 'bridge',
    isolatedPorts: spec.kind === 'bridged' && spec.isolatedPorts,
    createBridge: spec.kind === 'ovs' && spec.createBridge !== null,
    newBridge: spec.kind === 'ovs' && spec.createBridge !== null ? spec.bridge : freeSwitchName,
    datapath: spec.kind === 'ovs' ? spec.createBridge?.datapath ?? 'system' : 'system',
    stp: spec.kind === 'ovs' && spec.createBridge?.stp === true,
    managed: spec.kind !== 'sriov' || spec.managed,
    vlan: vlanDraft(spec.vlan),
    portgroups: spec.portgroups.map((group) => ({
      key: nextKey(), name: group.name, isDefault: group.isDefault, vlan: vlanDraft(group.vlan),
      inboundKBps: String(group.bandwidth.inbound?.averageKBps ?? ''), outboundKBps: String(group.bandwidth.outbound?.averageKBps ?? ''),
    })),
    autostart: spec.autostart, start,
  };
}

/** Of a form that shows averages only: peak and burst of what was there stay while the average does. */
/** @param withPeak as its peak, too */
function limitOf(text: string, known: BandwidthLimit | null | undefined, withPeak = false): unknown {
  if (text.trim() === '') return null;
  const averageKBps = numberOf(text);
  return known && known.averageKBps === averageKBps ? known : { averageKBps, peakKBps: withPeak ? averageKBps : null, burstKiB: null };
}

/** What isn't a number stays text, for the schema to refuse beside its field. */
function numberOf(text: string): number | string {
  return /^\d+$/.test(text.trim()) ? Number(text) : text.trim();
}

function vlanOf(draft: VlanDraft): unknown {
  if (draft.mode === 'none') return null;
  if (draft.mode === 'access') return { mode: 'access', tag: numberOf(draft.tag) };
  const tags = draft.tags.split(/[\s,;]+/).filter((tag) => tag !== '').flatMap(rangeOf);
  return { mode: 'trunk', tags, native: draft.nativeTag.trim() === '' ? null : { tag: numberOf(draft.nativeTag), mode: draft.nativeMode } };
}

/** `10-13` is four VLANs. */
function rangeOf(text: string): (number | string)[] {
  const [, first, last] = /^(\d{1,4})-(\d{1,4})$/.exec(text) ?? [];
  if (first === undefined || last === undefined || Number(last) < Number(first)) return [numberOf(text)];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => Number(first) + at);
}

export interface AttachedReading {
  spec: AttachedSpec | null;
  /** Shapes only. */
  issues: FieldIssue[];
}

/** The draft as a spec; what the schema refuses comes with the form's own field paths. `original`: what the form doesn't show stays. */
export function toSpec(draft: AttachedDraft, original: AttachedSpec): AttachedReading {
  const known = new Map(original.portgroups.map((group) => [group.name, group]));
  const textOf = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  const common = {
    kind: draft.kind, name: draft.name.trim(), title: textOf(draft.title), description: textOf(draft.description), vlan: vlanOf(draft.vlan),
    portgroups: draft.portgroups.map((group) => portgroupOf(draft.kind, group, known.get(group.name.trim()))), autostart: draft.autostart,
  };
  const parsed = attachedSpecSchema.safeParse({ ...common, ...placeOf(draft) });
  if (parsed.success) return { spec: parsed.data, issues: [] };
  return { spec: null, issues: parsed.error.issues.map((issue) => ({ path: fieldOf(issue.path.join('.'), draft), message: issue.message, severity: 'error' })) };
}

/** On Open vSwitch what machines receive is held back by the peak alone (checkLimits of attached-rules/portgroups.ts). */
function portgroupOf(kind: AttachedDraft['kind'], group: PortgroupDraft, known: PortgroupSpec | undefined): unknown {
  return {
    name: group.name.trim(), isDefault: group.isDefault, vlan: vlanOf(group.vlan),
    bandwidth: { inbound: limitOf(group.inboundKBps, known?.bandwidth.inbound, kind === 'ovs'), outbound: limitOf(group.outboundKBps, known?.bandwidth.outbound) },
  };
}

function placeOf(draft: AttachedDraft): object {
  switch (draft.kind) {
    case 'bridged': return { bridge: draft.place, isolatedPorts: draft.isolatedPorts };
    case 'macvtap': return { mode: draft.mode, devices: [...draft.place === '' ? [] : [draft.place], ...draft.moreDevices] };
    case 'ovs': return { bridge: draft.createBridge ? draft.newBridge.trim() : draft.place, createBridge: draft.createBridge ? { datapath: draft.datapath, stp: draft.stp } : null };
    case 'sriov': return { device: draft.place, managed: draft.managed };
  }
}

/** The form's field for a path of the spec: places have one field each, a VLAN's tags one line. */
export function fieldOf(path: string, draft: Pick<AttachedDraft, 'kind' | 'createBridge'>): string {
  if (/^(bridge|device|devices(\.\d+)?)$/.test(path)) return draft.kind === 'ovs' && draft.createBridge ? 'newBridge' : 'place';
  return path
    .replace(/^(.*vlan\.tags)\.\d+$/, '$1')
    .replace(/vlan\.native(\.tag)?$/, 'vlan.nativeTag')
    .replace(/bandwidth\.(inbound|outbound)(\.\w+)?$/, '$1KBps')
    .replace(/^(portgroups\.\d+)\.bandwidth$/, '$1.inboundKBps')
    .replace(/^(portgroups\.\d+)\.isDefault$/, '$1.name');
}
