import { complaint, failed, jsonRows, passed, unknown } from './check';
import type { CheckAccess, CheckOf, CheckVerdict } from './check';
import { sameAddress } from '../../../../shared/domain/subnet';

/** What the kernel says, by ip(8). Any user may ask. */

const asUser = { elevate: false };

export async function checkBridgeUp(check: CheckOf<'bridge-up'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const result = await runner.run({ argv: ['ip', '-j', 'addr', 'show', 'dev', check.bridge] }, asUser);
  if (result.exitCode === 127) return unknown(complaint(result, 'ip'));
  const [device] = result.exitCode === 0 ? jsonRows(result.stdout) ?? [] : [];
  if (!device) return failed(`there is no ${check.bridge}`);
  const flags = Array.isArray(device.flags) ? device.flags : [];
  if (!flags.includes('UP')) return failed(`${check.bridge} is down`);
  if (check.address === null) return passed('it is up');
  const wanted = check.address;
  const addresses = (Array.isArray(device.addr_info) ? device.addr_info : []) as { local?: string; prefixlen?: number }[];
  const found = addresses.some((item) => item.local !== undefined && sameAddress(item.local, wanted) && item.prefixlen === check.prefix);
  return found ? passed(`up, ${check.address}/${check.prefix}`) : failed(`up, but without ${check.address}/${check.prefix}`);
}

export async function checkBridgeAbsent(check: CheckOf<'bridge-absent'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const result = await runner.run({ argv: ['ip', '-j', 'link', 'show', 'dev', check.bridge] }, asUser);
  if (result.exitCode === 127) return unknown(complaint(result, 'ip'));
  return result.exitCode === 0 ? failed(`${check.bridge} is still there`) : passed(`there is no ${check.bridge}`);
}

export async function checkRoutePresent(check: CheckOf<'route-present'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const family = check.destination.includes(':') ? '-6' : '-4';
  const result = await runner.run({ argv: ['ip', '-j', family, 'route', 'show', check.destination, 'dev', check.device] }, asUser);
  if (result.exitCode === 127) return unknown(complaint(result, 'ip'));
  const rows = result.exitCode === 0 ? jsonRows(result.stdout) : [];
  return rows && rows.length > 0 ? passed(`by ${check.device}`) : failed(`no route by ${check.device}`);
}

/** The kernel's own flag of each port (`isolated` of ip-link(8), bridge_slave). */
export async function checkPortsIsolated(check: CheckOf<'ports-isolated'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const result = await runner.run({ argv: ['ip', '-j', '-d', 'link', 'show', 'master', check.bridge] }, asUser);
  if (result.exitCode === 127) return unknown(complaint(result, 'ip'));
  const ports = (result.exitCode === 0 ? jsonRows(result.stdout) ?? [] : []) as { ifname?: string; linkinfo?: { info_slave_data?: { isolated?: boolean } } }[];
  const flags = check.taps.map((tap) => ports.find((row) => row.ifname === tap)?.linkinfo?.info_slave_data?.isolated);
  if (flags.every((flag) => flag === undefined)) return unknown('this ip doesn\'t tell whether a port is isolated');
  const open = check.taps.filter((_, at) => flags[at] !== true);
  return open.length === 0 ? passed(`${check.taps.join(', ')} isolated`) : failed(`${open.join(', ')} not isolated`);
}

/** A port of a bridge with STP passes nothing for some four seconds after it joined: only then is the machine back. */
export async function checkMachinesPlugged(check: CheckOf<'machines-plugged'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const result = await runner.run({ argv: ['ip', '-j', '-d', 'link', 'show', 'master', check.bridge] }, asUser);
  if (result.exitCode === 127) return unknown(complaint(result, 'ip'));
  const ports = result.exitCode === 0 ? jsonRows(result.stdout) ?? [] : [];
  const missing = check.taps.filter((tap) => !ports.some((row) => row.ifname === tap));
  if (missing.length > 0) return failed(`${missing.join(', ')} not in ${check.bridge}`);
  const waiting = ports.filter((row) => check.taps.includes(String(row.ifname)) && !['forwarding', null].includes(portState(row)));
  return waiting.length === 0 ? passed(`${check.taps.join(', ')} in ${check.bridge}`)
    : failed(`${waiting.map((row) => `${String(row.ifname)} is ${portState(row)}`).join(', ')}, not forwarding yet`);
}

/** `listening`, `learning`, `forwarding`, …; null where this ip doesn't tell. */
function portState(row: Record<string, unknown>): string | null {
  return (row as { linkinfo?: { info_slave_data?: { state?: string } } }).linkinfo?.info_slave_data?.state ?? null;
}
