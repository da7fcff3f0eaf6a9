import { listSwitchesArgv, parseSwitches } from '../../../commands/ovs/list-switches';
import { complaint, failed, jsonRows, passed, unknown } from './check';
import type { CheckAccess, CheckOf, CheckVerdict } from './check';

/** Whether what a network is attached to is there: a Linux bridge, a NIC, an Open vSwitch bridge. */

export async function checkLinkPresent(check: CheckOf<'link-present'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const result = await runner.run({ argv: ['ip', '-j', '-d', 'link', 'show', 'dev', check.device] }, { elevate: false });
  if (result.exitCode === 127) return unknown(complaint(result, 'ip'));
  const [device] = result.exitCode === 0 ? jsonRows(result.stdout) ?? [] : [];
  if (!device) return failed(`there is no ${check.device}: machines on this network don’t start`);
  const { linkinfo, flags } = device as { linkinfo?: { info_kind?: string }; flags?: string[] };
  if (check.bridge && linkinfo?.info_kind !== 'bridge') return failed(`${check.device} is not a bridge`);
  return passed(`it is there${flags?.includes('UP') ? ' and up' : ', but switched off'}`);
}

/** The bridge in the database, and a datapath that was really made: `ovs-vsctl br-exists` alone knows only the first. */
export async function checkOvsBridgeUp(check: CheckOf<'ovs-bridge-up'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const result = await runner.run({ argv: [...listSwitchesArgv] });
  if (result.exitCode !== 0) return unknown(complaint(result, 'ovs-vsctl'));
  const bridge = parseSwitches(result.stdout).find((item) => item.name === check.bridge);
  if (!bridge) return failed(`Open vSwitch has no bridge ${check.bridge}`);
  return bridge.problem === null ? passed('Open vSwitch has it, and reports no error') : failed(bridge.problem);
}

export async function checkOvsBridgeAbsent(check: CheckOf<'ovs-bridge-absent'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const result = await runner.run({ argv: ['ovs-vsctl', '--timeout=3', 'br-exists', check.bridge] });
  // ovs-vsctl(8): 2 means that the bridge does not exist.
  if (result.exitCode === 2) return passed(`Open vSwitch has no ${check.bridge}`);
  return result.exitCode === 0 ? failed(`Open vSwitch still has ${check.bridge}`) : unknown(complaint(result, 'ovs-vsctl'));
}
