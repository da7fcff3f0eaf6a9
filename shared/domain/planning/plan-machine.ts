import { AppError } from '../../errors/app-error';
import type { MachineIntent } from '../intent';
import { isOn } from '../machine-state';
import type { Machine, MachineNic } from '../machine';
import type { NicExtent, NicSpec } from '../machine-intent';
import { buildNicXml, editNicXml } from '../machine-xml/edit-nic-xml';
import { macOfDocument, nicDocument } from '../machine-xml/nic-documents';
import { placeOf, placeOfSource } from '../machine-xml/nic-place';
import { nicSpecOf } from '../machine-xml/nic-spec-of';
import type { MachineCondition, Plan } from '../plan';
import { validateNicSpec } from '../validate-nic-spec';
import type { Side } from './machine-commands';
import { conditionOf } from './machine-condition';
import { nicNotices, powerNotices } from './machine-notices';
import { draftOfMachine } from './machine-transition';
import type { PlanDraft, PlanningContext } from './planning-context';

type Of<K extends MachineIntent['kind']> = Extract<MachineIntent, { kind: K }>;

interface Target { machine: Machine; before: MachineCondition; context: PlanningContext }

/**
 * Throws AppError `plan.invalid` (with `field` where one is to blame), `not-found`, `libvirt.already-active`,
 * `libvirt.not-active`.
 */
export function planMachine(intent: MachineIntent, context: PlanningContext): PlanDraft {
  const machine = context.snapshot.machines.find((item) => item.uuid === intent.uuid);
  const before = conditionOf(intent.uuid, context);
  if (!machine || !before) throw new AppError('not-found', 'No such machine', 'It is not on this host any more; perhaps it was deleted in the meantime.');
  const target = { machine, before, context };
  switch (intent.kind) {
    case 'machine.attach': return planAttach(intent, target);
    case 'machine.detach': return planDetach(intent, target);
    case 'machine.change-nic': return planChange(intent, target);
    case 'machine.start': case 'machine.shut-down': case 'machine.force-off': return planPower(intent, target);
  }
}

function planAttach(intent: Of<'machine.attach'>, target: Target): PlanDraft {
  const { machine, before, context } = target;
  const sides = sidesOf(intent.extent, machine);
  const cautions = checkedSpec(intent.nic, null, sides, target);
  const xml = buildNicXml(intent.nic);
  const after = withSides(before, sides, (texts) => [...texts, xml]);
  const place = placeOfSource(intent.nic.source);
  return draftOfMachine({
    title: `Plug ${machine.name} into ${place}`,
    summary: sides.includes('running') ? `The guest sees a new NIC ${intent.nic.mac.toLowerCase()} at once.` : `It has the new NIC ${intent.nic.mac.toLowerCase()} from its next boot on.`,
    before, after, notices: [...cautions, ...nicNotices({ machine, before, after, sides, snapshot: context.snapshot })],
  }, context.snapshot);
}

function planDetach(intent: Of<'machine.detach'>, target: Target): PlanDraft {
  const { machine, before, context } = target;
  const nic = nicOf(intent.mac, machine);
  const sides = sidesWith(nic, sidesOf(intent.extent, machine), machine);
  const after = withSides(before, sides, (texts, side) => texts.filter((text) => macOfDocument(text) !== macOn(side, nic)));
  return draftOfMachine({
    title: `Unplug ${machine.name} from ${placeOf(nic)}`,
    summary: sides.includes('running') ? `The guest is asked to let ${nic.mac} go, and loses it.` : `${nic.mac} is gone from its next boot on.`,
    before, after, notices: nicNotices({ machine, before, after, sides, snapshot: context.snapshot }),
  }, context.snapshot);
}

function planChange(intent: Of<'machine.change-nic'>, target: Target): PlanDraft {
  const { machine, before, context } = target;
  const nic = nicOf(intent.mac, machine);
  if (!nicSpecOf(nic)) {
    throw invalid('This kind of NIC stays as it is', `${nic.mac} is ${placeOf(nic)}, which can only be taken out; plug in another NIC instead.`);
  }
  const sides = sidesWith(nic, sidesOf(intent.extent, machine), machine);
  const cautions = checkedSpec(intent.nic, nic.mac, sides, target);
  const after = withSides(before, sides, (texts, side) => texts.map((text) => (macOfDocument(text) === macOn(side, nic) ? edited(text, intent.nic, side) : text)));
  const moves = placeOf(nic) !== placeOfSource(intent.nic.source);
  return draftOfMachine({
    title: moves ? `Move a NIC of ${machine.name} to ${placeOfSource(intent.nic.source)}` : `Change the NIC ${nic.mac} of ${machine.name}`,
    summary: moves ? `${nic.mac} goes from ${placeOf(nic)} to ${placeOfSource(intent.nic.source)}.`
      : sides.includes('running') ? 'The change is in force at once.' : 'The change is in force from the machine\'s next boot on.',
    before, after, notices: [...cautions, ...nicNotices({ machine, before, after, sides, snapshot: context.snapshot })],
  }, context.snapshot);
}

/** A NIC that comes anew with another model may not fit where the old one sat. */
function edited(text: string, spec: NicSpec, side: Side): string {
  const { nic } = nicDocument(text);
  if (!nicSpecOf(nic)) throw invalid('This kind of NIC stays as it is', `${nic.mac} is ${placeOf(nic)} there, which can only be taken out.`);
  return editNicXml(text, spec, { forgetAddress: side === 'running' && nic.model !== spec.model });
}

function planPower(intent: Of<'machine.start' | 'machine.shut-down' | 'machine.force-off'>, { machine, before, context }: Target): PlanDraft {
  const { name } = machine;
  const on = isOn(machine);
  const gone = machine.persistent ? {} : { definition: null };
  const off: MachineCondition = { ...before, state: 'shut-off', running: null, ...gone };
  const notices = powerNotices(intent.kind, machine);
  if (intent.kind === 'machine.start') {
    if (on) throw new AppError('libvirt.already-active', 'Already on', `“${name}” is on.`);
    refuseInactiveNetworks(machine, context);
    return draftOfMachine({ title: `Start ${name}`, summary: 'It boots with its definition.', before, after: { ...before, state: 'running', running: before.definition }, notices, power: 'shutdown' }, context.snapshot);
  }
  if (!on) throw new AppError('libvirt.not-active', 'Already off', `“${name}” is off.`);
  return intent.kind === 'machine.shut-down'
    ? draftOfMachine({ title: `Shut ${name} down`, summary: 'Its guest is asked to shut down, as by the power button.', before, after: off, notices, power: 'shutdown' }, context.snapshot)
    : draftOfMachine({ title: `Force ${name} off`, summary: 'As if its plug were pulled.', before, after: off, notices, power: 'destroy' }, context.snapshot);
}

/** libvirt would refuse the start at the first of them. */
export function refuseInactiveNetworks(machine: Machine, { snapshot }: Pick<PlanningContext, 'snapshot'>): void {
  for (const { network: name } of machine.nics) {
    if (name === null) continue;
    const network = snapshot.networks.find((item) => item.name === name);
    if (network?.active) continue;
    throw new AppError('plan.invalid', `${machine.name} can’t start`, network ? `Its NIC is plugged into the network “${name}”, which is not active.` : `Its NIC is plugged into the network “${name}”, which this host doesn't have.`, {
      hint: network ? `Start the network ${name} first.` : 'Move that NIC to another network first.',
    });
  }
}

/** The sides that an extent means for this machine as it is. */
function sidesOf(extent: NicExtent, machine: Machine): Side[] {
  const on = isOn(machine);
  if (extent === 'running' && !on) throw invalid('The machine is off', `“${machine.name}” is off: only its definition can be changed.`);
  if (extent === 'definition' && !machine.persistent) throw invalid('A transient machine', `“${machine.name}” has no definition: it is gone once it is off, and there is no next boot.`);
  const sides: Side[] = [];
  // The definition first: what libvirt refuses there does no harm.
  if (extent !== 'running' && machine.persistent) sides.push('definition');
  if (extent !== 'definition' && on) sides.push('running');
  return sides;
}

function nicOf(mac: string, machine: Machine): MachineNic {
  const nic = machine.nics.find((item) => item.mac === mac.toLowerCase());
  if (!nic) throw new AppError('not-found', 'No such NIC', `${machine.name} has no NIC ${mac}.`);
  if (machine.nics.filter((item) => item.mac === nic.mac).length > 1) throw invalid('Two NICs with one MAC', `${machine.name} has ${nic.mac} twice, so that nobody can tell which is meant. Change one of them on the host.`);
  return nic;
}

/** Where the NIC is: one that waits for the next boot is not in the running machine, and the other way round. */
function sidesWith(nic: MachineNic, sides: readonly Side[], machine: Machine): Side[] {
  const found = sides.filter((side) => (side === 'running' ? nic.pending !== 'added' : nic.pending !== 'removed'));
  if (found.length > 0) return found;
  throw invalid('It is not there', nic.pending === 'added'
    ? `${nic.mac} comes with ${machine.name}'s next boot; the running machine doesn't have it yet.` : `${nic.mac} goes with ${machine.name}'s next boot; its definition doesn't have it any more.`);
}

/** What a side calls the NIC. */
function macOn(side: Side, nic: MachineNic): string {
  return side === 'definition' ? nic.next?.mac ?? nic.mac : nic.mac;
}

function withSides(before: MachineCondition, sides: readonly Side[], change: (texts: readonly string[], side: Side) => string[]): MachineCondition {
  const changed = (side: Side): string[] | null => (before[side] === null || !sides.includes(side) ? before[side] : change(before[side], side));
  return { ...before, running: changed('running'), definition: changed('definition') };
}

/** Cautions of the rules as notices; throws at the first error. */
function checkedSpec(spec: NicSpec, mac: string | null, sides: readonly Side[], { machine, context }: Target): Plan['notices'] {
  const issues = validateNicSpec(spec, { snapshot: context.snapshot, elsewhere: context.macsElsewhere, machine, mac, now: sides.includes('running') });
  const error = issues.find((issue) => issue.severity === 'error');
  if (error) throw new AppError('plan.invalid', 'The NIC can’t be like this', error.message, { field: error.path });
  return issues.map((issue) => ({ severity: 'warning', text: issue.message }));
}

function invalid(title: string, detail: string): AppError {
  return new AppError('plan.invalid', title, detail);
}
