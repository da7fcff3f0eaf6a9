import { randomBytes } from 'node:crypto';
import { macSchema } from '../../../shared/domain/address';
import type { HostProfile } from '../../../shared/domain/host';
import type { Machine, MachineNic } from '../../../shared/domain/machine';
import type { NicExtent, NicSpec } from '../../../shared/domain/machine-intent';
import { nicSpecSchema } from '../../../shared/domain/machine-intent';
import { nicSpecOf } from '../../../shared/domain/machine-xml/nic-spec-of';
import { proposeMac } from '../../../shared/domain/propose-mac';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { macsOn } from '../../../shared/domain/validate-nic-spec';
import { AppError } from '../../../shared/errors/app-error';
import type { ChangeOptions, CommonOptions, LimitOptions, NicOptions, PlaceOptions, PowerVerb, SideOptions } from '../arguments';
import type { CliContext } from '../main';
import { parseLimit } from '../parse-limit';
import { applyIntent } from './apply-intent';

type Change = CommonOptions & ChangeOptions;

/** `netwright attach HOST MACHINE --network NAME`; MACHINE may be a UUID. A MAC that is not given is made up. */
export async function attachNic(context: CliContext, host: HostProfile, name: string, options: Change & SideOptions & PlaceOptions & NicOptions): Promise<number> {
  const { machine, snapshot } = await machineOf(context, host, name);
  const nic = checked({
    source: sourceOf(options),
    mac: options.mac ?? proposeMac([...macsOn(snapshot).keys()], () => [...randomBytes(3)]),
    model: options.model ?? 'virtio', linkUp: true, bandwidth: limited({ inbound: null, outbound: null }, options),
  });
  return applyIntent(context, host, { kind: 'machine.attach', uuid: machine.uuid, extent: extentOf(options), nic }, options);
}

/** `netwright detach HOST MACHINE MAC`. */
export async function detachNic(context: CliContext, host: HostProfile, name: string, mac: string, options: Change & SideOptions): Promise<number> {
  const { machine } = await machineOf(context, host, name);
  return applyIntent(context, host, { kind: 'machine.detach', uuid: machine.uuid, extent: extentOf(options), mac: nicOf(machine, mac).mac }, options);
}

/** `netwright move HOST MACHINE MAC --network NAME`. */
export async function moveNic(context: CliContext, host: HostProfile, name: string, mac: string, options: Change & SideOptions & PlaceOptions): Promise<number> {
  const { machine } = await machineOf(context, host, name);
  return change(context, host, machine, mac, (spec) => ({ ...spec, source: sourceOf(options) }), options);
}

/** `netwright link HOST MACHINE MAC up|down`. */
export async function linkNic(context: CliContext, host: HostProfile, name: string, mac: string, up: boolean, options: Change & SideOptions): Promise<number> {
  const { machine } = await machineOf(context, host, name);
  return change(context, host, machine, mac, (spec) => ({ ...spec, linkUp: up }), options);
}

/** `netwright limit HOST MACHINE MAC --inbound LIMIT --outbound LIMIT`; a side that is not given stays as it is. */
export async function limitNic(context: CliContext, host: HostProfile, name: string, mac: string, options: Change & SideOptions & LimitOptions): Promise<number> {
  const { machine } = await machineOf(context, host, name);
  return change(context, host, machine, mac, (spec) => ({ ...spec, bandwidth: limited(spec.bandwidth, options) }), options);
}

/** `netwright start|shutdown|force-off HOST MACHINE`. */
export async function switchMachine(context: CliContext, host: HostProfile, name: string, verb: PowerVerb, options: Change): Promise<number> {
  const { machine } = await machineOf(context, host, name);
  const kind = ({ 'start': 'machine.start', 'shutdown': 'machine.shut-down', 'force-off': 'machine.force-off' } as const)[verb];
  return applyIntent(context, host, { kind, uuid: machine.uuid }, options);
}

function change(context: CliContext, host: HostProfile, machine: Machine, mac: string, edit: (spec: NicSpec) => NicSpec, options: Change & SideOptions): Promise<number> {
  const nic = nicOf(machine, mac);
  const spec = nicSpecOf(nic);
  if (!spec) throw new AppError('plan.invalid', 'This kind of NIC stays as it is', `${nic.mac} is of type “${nic.type}”, which can only be taken out.`);
  return applyIntent(context, host, { kind: 'machine.change-nic', uuid: machine.uuid, extent: extentOf(options), mac: nic.mac, nic: checked(edit(spec)) }, options);
}

const extentOf = ({ live, config }: SideOptions): NicExtent => (live ? 'running' : config ? 'definition' : 'both');

const sourceOf = ({ network = '', portgroup }: PlaceOptions): NicSpec['source'] => ({ kind: 'network', network, portgroup: portgroup ?? null });

const limited = (before: NicSpec['bandwidth'], { inbound, outbound }: LimitOptions): NicSpec['bandwidth'] => ({
  inbound: inbound === undefined ? before.inbound : parseLimit('--inbound', inbound),
  outbound: outbound === undefined ? before.outbound : parseLimit('--outbound', outbound),
});

function checked(spec: NicSpec): NicSpec {
  const result = nicSpecSchema.safeParse(spec);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new AppError('input.invalid', 'The NIC can’t be like this', `--${String(issue?.path.find((part) => part !== 'bandwidth' && part !== 'source') ?? '')}: ${issue?.message ?? ''}`);
}

async function machineOf(context: CliContext, host: HostProfile, name: string): Promise<{ machine: Machine; snapshot: HostSnapshot }> {
  await context.connect(host.id);
  const snapshot = context.core.inventory.get(host.id)?.snapshot;
  const machines = snapshot?.machines ?? [];
  const machine = machines.find((candidate) => candidate.name === name) ?? machines.find((candidate) => candidate.uuid === name.toLowerCase());
  if (snapshot && machine) return { machine, snapshot };
  throw new AppError('not-found', 'No such machine', `${host.name} has no machine “${name}”. It has: ${machines.map((candidate) => candidate.name).join(', ') || 'none'}.`);
}

function nicOf(machine: Machine, mac: string): MachineNic {
  const nic = macSchema.safeParse(mac).success ? machine.nics.find((candidate) => candidate.mac === mac.toLowerCase()) : undefined;
  if (nic) return nic;
  throw new AppError('not-found', 'No such NIC', `${machine.name} has no NIC “${mac}”. It has: ${machine.nics.map((candidate) => candidate.mac).join(', ') || 'none'}.`);
}
