import type { MachineIntent } from '../intent';
import { isOn } from '../machine-state';
import type { Machine } from '../machine';
import { nicSpecOf } from '../machine-xml/nic-spec-of';
import { placeOf } from '../machine-xml/nic-place';
import type { MachineCondition, Plan } from '../plan';
import type { HostSnapshot } from '../snapshot';
import type { Side } from './machine-commands';
import { nicTransitions } from './machine-transition';
import { nicChanges } from './nic-transition';
import type { NicChange } from './nic-transition';
import { listNames } from './plugged-machines';

type Notice = Plan['notices'][number];
const warning = (text: string): Notice => ({ severity: 'warning', text });
const info = (text: string): Notice => ({ severity: 'info', text });

interface NicPlan {
  machine: Machine;
  before: MachineCondition;
  after: MachineCondition;
  sides: readonly Side[];
  snapshot: HostSnapshot;
}

/** What changes of NICs cost, what the guest notices of them, and from when on they count. */
export function nicNotices({ machine, before, after, sides, snapshot }: NicPlan): Notice[] {
  const transitions = nicTransitions(before, after);
  const changesOn = (side: Side): NicChange[] => transitions.filter((item) => item.side === side).flatMap((item) => nicChanges(item, snapshot));
  const now = changesOn('running');
  const later = changesOn('definition');
  const on = isOn(machine);
  const notices = now.flatMap((change) => changeNotices(change, machine));
  const lastRuns = on && now.length > 0 && after.running?.length === 0;
  if (lastRuns || (now.length === 0 && later.length > 0 && after.definition?.length === 0)) notices.push(warning(`It is the last NIC of ${machine.name}, which then has no network at all.`));
  if (on && later.length > 0 && now.length === 0) {
    notices.push(info(`${machine.name} runs on as it is. The change counts once it has been shut down and started; a reboot inside the guest is not enough.`));
  }
  if (on && now.length > 0 && machine.persistent && !sides.includes('definition')) notices.push(info(`Its definition stays: with ${machine.name}’s next boot it is as before.`));
  return [...notices, ...macNotices(now.length > 0 ? now : later, snapshot)];
}

/** What the guest of a running machine notices. */
function changeNotices(change: NicChange, machine: Machine): Notice[] {
  switch (change.kind) {
    case 'attach': return [info('The guest has to configure the new NIC: most do by themselves, servers often wait for a line in their configuration.')];
    case 'detach': {
      const addresses = addressesOf(change.before.nic.mac, machine);
      return [warning(addresses.length === 0 ? `What ${machine.name} does through ${change.before.nic.mac} ends at once.`
        : `${machine.name} loses ${listNames(addresses)}: connections to it through this NIC end at once, sessions of yours among them.`)];
    }
    case 'replug': return [warning(`libvirt can’t change this while ${machine.name} runs, so the NIC is unplugged and plugged in again: its connections end, and the guest sees a new NIC and configures it anew. To avoid that, make the change from the next boot on.`)];
    case 'update': {
      const { before: { nic: old }, after: { nic } } = change;
      if (placeOf(old) !== placeOf(nic)) {
        const addresses = addressesOf(nic.mac, machine);
        return [warning(`Connections through this NIC end. The guest is not told of the move: it keeps ${addresses.length === 0 ? 'its address' : listNames(addresses)} until it asks DHCP again. Setting its link down and up makes most guests ask.`)];
      }
      return old.link === 'up' && nic.link === 'down' ? [warning(`${machine.name} sees its cable pulled: what it does through this NIC stops until the link is up again.`)] : [];
    }
  }
}

/** A MAC that goes takes along what was tied to it. */
function macNotices(changes: readonly NicChange[], snapshot: HostSnapshot): Notice[] {
  return changes.flatMap((change): Notice[] => {
    if (change.kind === 'attach') return [];
    const { nic } = change.before;
    if (change.kind !== 'detach' && change.after.nic.mac === nic.mac) return [];
    const reserved = snapshot.networks.flatMap((network) => network.ips.flatMap((ip) => (ip.dhcp?.hosts ?? [])
      .filter((host) => host.mac?.toLowerCase() === nic.mac && host.ip !== undefined).map((host) => `${host.ip} in ${network.name}`)));
    return [
      ...reserved.length === 0 ? [] : [warning(`${listNames(reserved)} ${reserved.length === 1 ? 'is' : 'are'} reserved for ${nic.mac}; the reservation stays, and nobody matches it any more.`)],
      ...change.kind === 'detach' ? [] : [info('With another MAC the guest gets another address by DHCP, and may take the NIC for another one where its configuration goes by the MAC.')],
    ];
  });
}

function addressesOf(mac: string, machine: Machine): string[] {
  const nic = machine.nics.find((item) => item.mac === mac);
  return nic ? nic.addresses.filter(({ source }) => source !== 'static-lease').map(({ address }) => address) : [];
}

/** What switching a machine on or off costs. */
export function powerNotices(kind: Extract<MachineIntent['kind'], 'machine.start' | 'machine.shut-down' | 'machine.force-off'>, machine: Machine): Notice[] {
  const { name } = machine;
  if (kind === 'machine.start') return [];
  const passing = machine.nics.filter((nic) => nic.pending === 'removed' || (nic.pending === 'changed' && nicSpecOf(nic) !== null));
  const common = [
    ...machine.persistent ? [] : [warning(`${name} has no definition (it is transient): once off it is gone, and Undo can’t bring it back.`)],
    ...passing.length === 0 || !machine.persistent ? [] : [info(`What was changed of ${listNames(passing.map((nic) => nic.mac))} only while it runs is forgotten.`)],
  ];
  return kind === 'machine.shut-down'
    ? [info('The guest may take its time, or ignore it: one that still boots, or has no ACPI, does.'), ...common]
    : [warning(`What the guest of ${name} has not written to its disks is lost, and its file systems may need repair. Undo starts it again, which brings none of that back.`), ...common];
}
