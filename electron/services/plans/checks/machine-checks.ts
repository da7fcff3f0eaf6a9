import { placeOf } from '../../../../shared/domain/machine-xml/nic-place';
import type { NicInXml } from '../../../../shared/domain/machine-xml/parse-machine';
import { failed, passed } from './check';
import type { CheckAccess, CheckOf, CheckVerdict } from './check';

/** What libvirt says of a machine's NICs and power. */

type NicCheck = CheckOf<'nic-present' | 'nic-absent' | 'nic-link' | 'nic-bandwidth'>;

const sides = { running: 'the running machine', definition: 'its definition' } as const;

/** The NIC on the asked side; a verdict when there is no such side or no such NIC. */
async function nicOf({ uuid, mac, extent }: NicCheck, access: CheckAccess): Promise<NicInXml | CheckVerdict> {
  const machine = await access.observeMachine(uuid);
  if (!machine) return failed('libvirt doesn\'t know the machine');
  const nics = machine.nics[extent];
  if (nics === null) return failed(extent === 'running' ? 'the machine is off' : 'the machine has no definition');
  return nics.find((nic) => nic.mac === mac.toLowerCase()) ?? failed(`${sides[extent]} has no NIC ${mac}`);
}

export async function checkNicPresent(check: CheckOf<'nic-present'>, access: CheckAccess): Promise<CheckVerdict> {
  const nic = await nicOf(check, access);
  if ('detail' in nic) return nic;
  const place = placeOf(nic);
  if (check.place !== null && place !== check.place) return failed(`it is on ${place}, not on ${check.place}`);
  if (check.model !== null && nic.model !== check.model) return failed(`its model is ${nic.model ?? 'not said'}, not ${check.model}`);
  return passed(`on ${place}${nic.target === null ? '' : ` by ${nic.target}`}`);
}

export async function checkNicAbsent(check: CheckOf<'nic-absent'>, access: CheckAccess): Promise<CheckVerdict> {
  const machine = await access.observeMachine(check.uuid);
  const nics = machine?.nics[check.extent] ?? [];
  return nics.some((nic) => nic.mac === check.mac.toLowerCase()) ? failed(`${sides[check.extent]} still has it`) : passed(`${sides[check.extent]} has no such NIC`);
}

export async function checkNicLink(check: CheckOf<'nic-link'>, access: CheckAccess): Promise<CheckVerdict> {
  const nic = await nicOf(check, access);
  if ('detail' in nic) return nic;
  return (nic.link === 'up') === check.up ? passed(`its link is ${nic.link}`) : failed(`its link is ${nic.link}`);
}

export async function checkNicBandwidth(check: CheckOf<'nic-bandwidth'>, access: CheckAccess): Promise<CheckVerdict> {
  const nic = await nicOf(check, access);
  if ('detail' in nic) return nic;
  return JSON.stringify(nic.bandwidth) === JSON.stringify(check.bandwidth) ? passed('as planned') : failed('libvirt holds another limit than planned');
}

export async function checkMachineRoles({ uuid, roles }: CheckOf<'machine-roles'>, access: CheckAccess): Promise<CheckVerdict> {
  const machine = await access.observeMachine(uuid);
  if (!machine) return failed('libvirt doesn\'t know the machine');
  return JSON.stringify(machine.labRoles) === JSON.stringify(roles) ? passed('as planned') : failed('its metadata says something else');
}

export async function checkMachineState(check: CheckOf<'machine-state'>, access: CheckAccess): Promise<CheckVerdict> {
  const machine = await access.observeMachine(check.uuid);
  // A transient machine is gone once it is off.
  const state = machine?.state ?? 'shut-off';
  if (state === check.state || (check.state === 'shut-off' && state === 'crashed')) return passed(`libvirt says it is ${state.replace('-', ' ')}`);
  return failed(check.state === 'shut-off'
    ? `it still runs after ${Math.round(check.patienceMs / 1000)} seconds: the guest may need longer, or ignore the request (a guest that boots, or has no ACPI, does)`
    : `libvirt says it is ${state.replace('-', ' ')}`);
}
