import { sameDefinition } from '../../../../shared/domain/network-xml/same-definition';
import { holdsEntry } from '../../../../shared/domain/planning/live-updates';
import { failed, passed } from './check';
import type { CheckAccess, CheckOf, CheckVerdict } from './check';

/** What libvirt itself says of the network. */

export async function checkNetworkActive(check: CheckOf<'network-active'>, access: CheckAccess): Promise<CheckVerdict> {
  const network = (await access.observe(check.uuid)).snapshot.networks.find((item) => item.uuid === check.uuid);
  const active = network?.active ?? false;
  const detail = network ? `libvirt says it is ${active ? 'active' : 'inactive'}` : 'libvirt doesn\'t know it';
  return active === check.active ? passed(detail) : failed(detail);
}

export async function checkNetworkAutostart(check: CheckOf<'network-autostart'>, access: CheckAccess): Promise<CheckVerdict> {
  const network = (await access.observe(check.uuid)).snapshot.networks.find((item) => item.uuid === check.uuid);
  if (!network) return failed('libvirt doesn\'t know it');
  const detail = `libvirt says autostart is ${network.autostart ? 'on' : 'off'}`;
  return network.autostart === check.autostart ? passed(detail) : failed(detail);
}

export async function checkNetworkAbsent(check: CheckOf<'network-absent'>, access: CheckAccess): Promise<CheckVerdict> {
  const network = (await access.observe(check.uuid)).snapshot.networks.find((item) => item.uuid === check.uuid || item.name === check.name);
  return network ? failed(`libvirt still has “${network.name}”`) : passed('libvirt has no such network');
}

export async function checkLiveEntries(check: CheckOf<'live-entries'>, access: CheckAccess): Promise<CheckVerdict> {
  const running = (await access.observe(check.uuid)).xmlOf(check.uuid)?.running ?? null;
  if (running === null) return failed('it doesn\'t run');
  const wrong = check.entries.find((entry) => holdsEntry(running, entry.section, entry.xml) !== entry.present);
  return wrong ? failed(`what runs ${wrong.present ? 'lacks' : 'still has'} ${wrong.xml}`) : passed('libvirt says so');
}

export async function checkNetworkDefinition(check: CheckOf<'network-definition'>, access: CheckAccess): Promise<CheckVerdict> {
  const held = (await access.observe(check.uuid)).xmlOf(check.uuid)?.persistent ?? null;
  if (held === null) return failed('libvirt has no definition of it');
  return sameDefinition(check.xml, held) ? passed('libvirt holds it as planned') : failed('libvirt holds another definition than planned; see the network\'s XML');
}
