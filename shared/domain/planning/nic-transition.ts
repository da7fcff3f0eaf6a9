import { placeOf } from '../machine-xml/nic-place';
import { nicDocument } from '../machine-xml/nic-documents';
import type { NicDocument } from '../machine-xml/nic-documents';
import type { NicInXml } from '../machine-xml/parse-machine';
import type { PlanCheck, PlanStep } from '../plan';
import type { HostSnapshot } from '../snapshot';
import { attachDevice, detachDevice, setLink, updateDevice } from './machine-commands';
import type { Side } from './machine-commands';

type StepDraft = Omit<PlanStep, 'id'>;
type CheckDraft = Omit<PlanCheck, 'id'>;

/** The NICs of one side of a machine, as they are and as they shall be; null: there is no such side. */
export interface NicTransition {
  uuid: string;
  machine: string;
  side: Side;
  before: readonly string[] | null;
  after: readonly string[] | null;
}

/** What happens to one NIC. `replug`: it goes and comes back, for libvirt can't change it in place. */
export type NicChange =
  | { kind: 'attach'; after: NicDocument }
  | { kind: 'detach'; before: NicDocument }
  | { kind: 'update' | 'replug'; before: NicDocument; after: NicDocument };

/**
 * A guest that runs lets a NIC go within a second or two; one that boots, or sleeps, later or never. One that was not listening
 * at first is asked again; QEMU takes another request after five seconds.
 */
const releaseMs = 7_000;
const releaseAttempts = 3;

/** What differs between the two lists; a NIC is the same one by its MAC, else by its place on the guest's bus. */
export function nicChanges(transition: NicTransition, snapshot: HostSnapshot): NicChange[] {
  const left = (transition.after ?? []).map(nicDocument);
  if (transition.before === null || transition.after === null) return [];
  const before = transition.before.map(nicDocument);
  const take = (matches: (nic: NicInXml) => boolean): NicDocument | null => {
    const at = left.findIndex(({ nic }) => matches(nic));
    return at < 0 ? null : left.splice(at, 1)[0] ?? null;
  };
  const twins = before.map(({ nic }) => take((other) => other.mac === nic.mac));
  const changes = before.flatMap((document, at): NicChange[] => {
    const { nic } = document;
    const after = twins[at] ?? (nic.pciAddress === null ? null : take((other) => other.pciAddress === nic.pciAddress));
    if (!after) return [{ kind: 'detach', before: document }];
    if (after.xml.trim() === document.xml.trim()) return [];
    return [{ kind: changesInPlace(nic, after.nic, transition.side, snapshot) ? 'update' : 'replug', before: document, after }];
  });
  // What goes makes room on the guest's bus for what comes.
  const order = { detach: 0, update: 1, replug: 1, attach: 2 };
  return [...changes, ...left.map((after): NicChange => ({ kind: 'attach', after }))].sort((a, b) => order[a.kind] - order[b.kind]);
}

/**
 * Whether `update-device` can do it. A definition takes all but another MAC, by which the NIC is found. A running NIC keeps
 * its model, too, and its tap moves between Linux bridges only: libvirt 9.0 refuses to take one into Open vSwitch or
 * macvtap, or out of it, and gives a port that goes to another portgroup no VLAN at all.
 */
function changesInPlace(before: NicInXml, after: NicInXml, side: Side, snapshot: HostSnapshot): boolean {
  if (before.mac !== after.mac) return false;
  if (side === 'definition') return true;
  if (before.model !== after.model || before.pciAddress !== after.pciAddress) return false;
  return placeOf(before) === placeOf(after) || (isOnLinuxBridge(before, snapshot) && isOnLinuxBridge(after, snapshot));
}

function isOnLinuxBridge(nic: NicInXml, snapshot: HostSnapshot): boolean {
  if (nic.network === null) return nic.type === 'bridge' && !nic.isOvs;
  const kind = snapshot.networks.find((network) => network.name === nic.network)?.kind;
  return kind !== undefined && kind !== 'ovs' && kind !== 'macvtap' && kind !== 'sriov';
}

export function nicSteps(transition: NicTransition, snapshot: HostSnapshot): StepDraft[] {
  return nicChanges(transition, snapshot).flatMap((change) => {
    switch (change.kind) {
      case 'attach': return [attachStep(transition, change.after)];
      case 'detach': return [detachStep(transition, change.before)];
      case 'update': return [updateStep(transition, change.before, change.after, snapshot)];
      case 'replug': return [detachStep(transition, change.before), attachStep(transition, change.after)];
    }
  });
}

/** Said where both sides could be meant. */
const suffix = (side: Side): string => (side === 'running' ? ' now' : ' in its definition');

function attachStep({ uuid, machine, side }: NicTransition, { xml, nic }: NicDocument): StepDraft {
  return {
    title: `Plug ${nic.mac} into ${placeOf(nic)}${suffix(side)}`,
    command: attachDevice(uuid, side, xml), inverse: [detachDevice(uuid, side, xml)], inverseTitle: `Take ${nic.mac} out again`,
    ...side === 'running' ? { inverseUntil: released(uuid, machine, nic.mac) } : {},
  };
}

function detachStep({ uuid, machine, side }: NicTransition, { xml, nic }: NicDocument): StepDraft {
  return {
    title: `Take ${nic.mac} out${suffix(side)}`,
    command: detachDevice(uuid, side, xml), inverse: [attachDevice(uuid, side, xml)], inverseTitle: `Plug ${nic.mac} into ${placeOf(nic)} again`,
    ...side === 'running' ? { until: released(uuid, machine, nic.mac) } : {},
  };
}

function released(uuid: string, machine: string, mac: string): NonNullable<PlanStep['until']> {
  return {
    check: { kind: 'nic-absent', uuid, mac, extent: 'running' }, patienceMs: releaseMs, attempts: releaseAttempts,
    otherwise: `The guest of ${machine} was asked to let ${mac} go and has not: perhaps it still boots, sleeps, or knows no hot-unplugging. It may still do so later. Try again when it runs, or change it from the next boot on.`,
  };
}

function updateStep({ uuid, side }: NicTransition, before: NicDocument, after: NicDocument, snapshot: HostSnapshot): StepDraft {
  const { nic } = after;
  if (onlyLinkDiffers(before.nic, nic) && setsLinkSafely(before.nic, snapshot)) {
    const words = (up: boolean): string => `Set the link of ${nic.mac} ${up ? 'up' : 'down'}${suffix(side)}`;
    const up = nic.link === 'up';
    return { title: words(up), command: setLink(uuid, side, nic.mac, up), inverse: [setLink(uuid, side, nic.mac, !up)], inverseTitle: words(!up) };
  }
  const moves = placeOf(before.nic) !== placeOf(nic);
  return {
    title: moves ? `Move ${nic.mac} to ${placeOf(nic)}${suffix(side)}` : `Change ${nic.mac}${suffix(side)}: ${differences(before.nic, nic).join(', ')}`,
    command: updateDevice(uuid, side, after.xml), inverse: [updateDevice(uuid, side, before.xml)],
    inverseTitle: moves ? `Move ${nic.mac} back to ${placeOf(before.nic)}` : `Change ${nic.mac} back`,
  };
}

function onlyLinkDiffers(a: NicInXml, b: NicInXml): boolean {
  return a.link !== b.link && JSON.stringify({ ...a, link: b.link }) === JSON.stringify(b);
}

/** `domif-setlink` gives libvirt 9.0 a NIC on a bridged network as one on its bridge, which Open vSwitch doesn't survive. */
function setsLinkSafely(nic: NicInXml, snapshot: HostSnapshot): boolean {
  return isOnLinuxBridge(nic, snapshot);
}

function differences(a: NicInXml, b: NicInXml): string[] {
  const found = [
    ...a.model === b.model ? [] : [`model ${b.model ?? 'as libvirt chooses'}`],
    ...a.link === b.link ? [] : [`link ${b.link}`],
    ...JSON.stringify(a.bandwidth) === JSON.stringify(b.bandwidth) ? [] : ['bandwidth'],
  ];
  return found.length === 0 ? ['as it was'] : found;
}

/** Where libvirt will say that it is; null: of a running NIC that is a virtual function it says the function, which is the pool's choice. */
function saidPlace(nic: NicInXml, side: Side, snapshot: HostSnapshot): string | null {
  return side === 'running' && snapshot.networks.some(({ name, kind }) => name === nic.network && kind === 'sriov') ? null : placeOf(nic);
}

/** What must be true of the NICs once the steps are done. */
export function nicChecks(transition: NicTransition, snapshot: HostSnapshot): CheckDraft[] {
  const { uuid, machine, side } = transition;
  const about = { uuid, extent: side };
  const where = side === 'running' ? machine : `The definition of ${machine}`;
  return nicChanges(transition, snapshot).flatMap((change): CheckDraft[] => {
    const gone = (mac: string): CheckDraft => ({ title: `${where} no longer has ${mac}`, check: { kind: 'nic-absent', ...about, mac } });
    if (change.kind === 'detach') return [gone(change.before.nic.mac)];
    const { nic } = change.after;
    const old = 'before' in change ? change.before.nic : null;
    return [
      ...old && old.mac !== nic.mac ? [gone(old.mac)] : [],
      { title: `${where} has ${nic.mac} on ${placeOf(nic)}`, check: { kind: 'nic-present', ...about, mac: nic.mac, place: saidPlace(nic, side, snapshot), model: nic.model } },
      ...nic.link === (old?.link ?? 'up') ? [] : [{ title: `Its link is ${nic.link}`, check: { kind: 'nic-link' as const, ...about, mac: nic.mac, up: nic.link === 'up' } }],
      ...JSON.stringify(nic.bandwidth) === JSON.stringify(old?.bandwidth ?? { inbound: null, outbound: null }) ? []
        : [{ title: 'Its bandwidth is as planned', check: { kind: 'nic-bandwidth' as const, ...about, mac: nic.mac, bandwidth: nic.bandwidth } }],
    ];
  });
}
