import { isUp } from '../../../../shared/domain/preflight/facts';
import { isWildcard } from '../../../../shared/domain/preflight/remedy';
import { listeningSocketsArgv, parseDnsSockets } from '../../../commands/system/dns-sockets';
import { groupArgv, parseGroupMembers } from '../../../commands/system/login';
import { parseTools } from '../../../commands/system/tools';
import { parseUnits, showUnitsArgv } from '../../../commands/system/units';
import { complaint, failed, passed, unknown } from './check';
import type { CheckAccess, CheckOf, CheckVerdict } from './check';

/** Whether a fix of preflight holds: units, tools, groups, sysctls, and the services themselves. */

export async function checkUnitState(check: CheckOf<'unit-state'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const { unit } = check;
  const result = await runner.run({ argv: [...showUnitsArgv([unit, unit.replace(/\.service$/, '.socket')])] }, { elevate: false });
  if (result.exitCode !== 0) return unknown(complaint(result, 'systemctl'));
  const units = parseUnits(result.stdout);
  const state = units[unit];
  if (!state) return check.active ? failed(`there is no ${unit}`) : passed(`there is no ${unit}`);
  const active = check.active ? isUp({ units }, unit) : state.active === 'active';
  const detail = `systemd says it is ${state.active}${state.active !== 'active' && active ? ', its socket listens' : ''} and ${state.enabled || 'without a unit file'}`;
  const enabledHolds = check.enabled === null || (state.enabled === 'enabled') === check.enabled;
  return active === check.active && enabledHolds ? passed(detail) : failed(detail);
}

export async function checkToolFound(check: CheckOf<'tool-found'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const reply = (await runner.gather([{ name: 'tools', command: { kind: 'tools', names: [check.tool] } }], { elevate: false })).get('tools');
  return parseTools(reply?.stdout ?? '').includes(check.tool) ? passed(reply?.stdout.trim().split('\t')[1] ?? '') : failed(`there is still no ${check.tool}`);
}

export async function checkGroupMember(check: CheckOf<'group-member'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const result = await runner.run({ argv: [...groupArgv(check.group)] }, { elevate: false });
  const members = result.exitCode === 0 ? parseGroupMembers(result.stdout) : null;
  if (members === null) return result.exitCode === 2 ? failed(`there is no group ${check.group}`) : unknown(complaint(result, 'getent'));
  const detail = members.length === 0 ? 'it has no members' : `its members are ${members.join(', ')}`;
  return members.includes(check.user) === check.member ? passed(detail) : failed(detail);
}

export async function checkSysctlValue(check: CheckOf<'sysctl-value'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const result = await runner.run({ argv: ['sysctl', '-n', check.key] }, { elevate: false });
  if (result.exitCode !== 0) return unknown(complaint(result, 'sysctl'));
  const value = result.stdout.trim();
  return value === check.value ? passed(`it is ${value}`) : failed(`it is ${value}`);
}

export async function checkDnsPortFree(_check: CheckOf<'dns-port-free'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const result = await runner.run({ argv: [...listeningSocketsArgv] });
  if (result.exitCode !== 0) return unknown(complaint(result, 'ss'));
  const holder = parseDnsSockets(result.stdout).find(isWildcard);
  return holder ? failed(`${holder.process ?? 'something'} still listens on ${holder.address}:53`) : passed('nobody listens on every address');
}

export async function checkServiceAnswers(check: CheckOf<'service-answers'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const argv = check.service === 'libvirt' ? ['virsh', '-q', '-c', 'qemu:///system', 'version', '--daemon'] : ['ovs-vsctl', '--no-wait', '--timeout=3', 'list-br'];
  const result = await runner.run({ argv });
  if (result.exitCode !== 0) return failed(complaint(result, argv[0] ?? '').replace(/^error: /, ''));
  const said = /Running against daemon: (\S+)/.exec(result.stdout)?.[1];
  return passed(said ? `it says it is ${said}` : 'it answered');
}
