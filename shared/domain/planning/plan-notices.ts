import { parseNetwork } from '../network-xml/parse-network';
import type { Plan } from '../plan';
import type { HostSnapshot } from '../snapshot';
import { ownsBridge } from '../used-ranges';
import { listNames, machinesOn, mayPlug, plugsOf } from './plugged-machines';
import type { LiveUpdate } from './live-updates';
import type { Transition } from './plan-transition';

type Notice = Plan['notices'][number];

/** What a transition costs: machines that drop, machines that won't start, changes that come along. */
export function noticesOf(transition: Transition, snapshot: HostSnapshot): Notice[] {
  const { before, after, restart } = transition;
  const definition = before.xml ?? after.xml;
  const bridged = definition !== null && !ownsBridge(parseNetwork(definition));
  const name = after.name;
  const { running, stopped } = machinesOn(snapshot, name);
  const stops = before.active && !after.active;
  const notices: Notice[] = [];
  if (transition.live) notices.push(...liveNotices(transition.live), ...(transition.live.some(({ section }) => section === 'portgroup') ? cableNotices(running) : []));
  if (before.active && restart) notices.push(...(bridged ? attachedRestartNotices(transition, running) : restartNotices(transition, snapshot, running)));
  if (stops && running.length > 0) {
    notices.push(bridged
      ? { severity: 'info', text: `${listNames(running)} ${plural(running, 'keeps', 'keep')} the network: ${placeOf(definition)} isn't libvirt's and stays.` }
      : { severity: 'warning', text: `${listNames(running)} ${plural(running, 'runs', 'run')} on ${name} and ${plural(running, 'loses', 'lose')} this network at once.` });
  }
  if ((stops || after.xml === null) && stopped.length > 0) {
    notices.push({ severity: 'warning', text: `${listNames(stopped)} ${plural(stopped, 'is', 'are')} configured for ${name} and won't start ${after.xml === null ? 'without it' : 'while it is inactive'}.` });
  }
  if (before.active && after.xml === null && !bridged) notices.push({ severity: 'info', text: 'The leases it handed out are forgotten.' });
  if (!before.active && after.active && !bridged) notices.push(...startNotices(name, snapshot));
  if (!after.active && after.xml !== null && before.xml === null) notices.push({ severity: 'info', text: `${name} is defined, but not started.` });
  if (before.persistent === false && before.active && after.xml === null) {
    notices.push({ severity: 'warning', text: `${name} has no definition (it is transient): once stopped it is gone. Undo starts it again as it was.` });
  }
  return [...notices, ...pendingNotice(transition, snapshot)];
}

function placeOf(xml: string): string {
  const { bridge, forward } = parseNetwork(xml);
  return bridge ? 'the bridge' : forward.interfaces.join(', ') || 'the NIC';
}

/** VLAN and limits are set when a NIC is plugged in, and stay. Seen with libvirt 9.0. */
function cableNotices(running: readonly string[]): Notice[] {
  return running.length === 0 ? [] : [{
    severity: 'warning',
    text: `${listNames(running)} ${plural(running, 'stays', 'stay')} plugged in as now, with the old VLAN and limits, until ${plural(running, 'it is', 'they are')} shut down and started or ${plural(running, 'its NIC is', 'their NICs are')} plugged in anew.`,
  }];
}

/** Nothing drops, for libvirt leaves the cables of running machines alone, and so does nothing change for them. Seen with libvirt 9.0. */
function attachedRestartNotices({ before, after }: Transition, running: readonly string[]): Notice[] {
  if (before.xml === null || after.xml === null) return [];
  if (running.length === 0) return [{ severity: 'info', text: `${after.name} is stopped and started again; no machine is plugged into it.` }];
  const [old, wanted] = [parseNetwork(before.xml), parseNetwork(after.xml)];
  const notices: Notice[] = [{ severity: 'info', text: `${listNames(running)} ${plural(running, 'keeps its', 'keep their')} connection: a restart doesn’t touch what this network is attached to.` }];
  const cables = (definition: typeof old): string => JSON.stringify([definition.bridge, definition.forward, definition.vlan, definition.portgroups]);
  if (cables(old) !== cables(wanted)) {
    notices.push(...cableNotices(running));
  }
  if (old.forward.mode === 'passthrough' || old.forward.mode === 'hostdev') {
    notices.push({ severity: 'warning', text: 'libvirt forgets at a restart which devices running machines hold, and may offer one a second time: that machine then fails to start. The next start of the network avoids it.' });
  }
  return notices;
}

/** What DHCP hands out changes for a guest only when it asks again. */
function liveNotices(updates: readonly LiveUpdate[]): Notice[] {
  const leases = updates.some(({ section }) => section === 'ip-dhcp-host' || section === 'ip-dhcp-range');
  return leases ? [{ severity: 'info', text: 'Machines that have an address keep it until they ask DHCP again: at half their lease, or at a restart.' }] : [];
}

function restartNotices({ before, after }: Transition, snapshot: HostSnapshot, running: readonly string[]): Notice[] {
  if (running.length === 0) return [{ severity: 'info', text: `${after.name} is stopped and started again; no machine is plugged into it.` }];
  const notices: Notice[] = [{
    severity: 'warning',
    text: `${listNames(running)} ${plural(running, 'has', 'have')} no network for ${pauseOf(after)}, then ${plural(running, 'is', 'are')} plugged in again.`,
  }];
  const subnets = (xml: string | null): string => (xml === null ? '' : JSON.stringify(parseNetwork(xml).ips.map((ip) => [ip.address, ip.prefix])));
  if (subnets(before.xml) !== subnets(after.xml)) {
    notices.push({ severity: 'warning', text: 'The addresses change: machines keep their old ones, and reach nothing, until they ask DHCP again (at the latest when their lease ends, or at a restart).' });
  }
  const unplugged = plugsOf(snapshot, after.name).length < running.length;
  return unplugged ? [...notices, { severity: 'warning', text: 'A NIC of theirs has no device on the host that could be plugged in again; restart that machine.' }] : notices;
}

/** With STP, libvirt's default, the kernel keeps a port from forwarding for two times two seconds (seen on Linux 6.1). */
function pauseOf({ xml }: Transition['after']): string {
  return xml !== null && parseNetwork(xml).bridge?.stp === false ? 'about a second' : 'about five seconds';
}

function startNotices(name: string, snapshot: HostSnapshot): Notice[] {
  const plugs = plugsOf(snapshot, name);
  if (plugs.length === 0) return [];
  const names = [...new Set(plugs.map((plug) => plug.machine))];
  return mayPlug(snapshot)
    ? [{ severity: 'info', text: `${listNames(names)} ${plural(names, 'runs', 'run')} already and ${plural(names, 'is', 'are')} plugged in again.` }]
    : [{ severity: 'warning', text: `${listNames(names)} ${plural(names, 'runs', 'run')} already and ${plural(names, 'stays', 'stay')} unplugged until restarted: plugging in needs root on this host.` }];
}

function pendingNotice({ before, after, restart }: Transition, snapshot: HostSnapshot): Notice[] {
  const network = snapshot.networks.find((item) => item.uuid === before.uuid);
  const stopped = before.active && (restart || !after.active) && after.xml !== null;
  return network?.pendingRestart && stopped
    ? [{ severity: 'info', text: `${after.name} has changes that wait for its next start; they come into force with it.` }]
    : [];
}

function plural(names: readonly string[], one: string, many: string): string {
  return names.length === 1 ? one : many;
}
