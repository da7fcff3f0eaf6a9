import type { HostProfile } from '../host';
import { jumpBox } from '../jump-box';
import type { JumpBox } from '../jump-box';
import type { Machine, MachineNic } from '../machine';
import { jumpUser } from '../router/jump-user';
import type { HostSnapshot } from '../snapshot';
import { routersOfLab } from './labs-on-host';

type Ground = Pick<HostSnapshot, 'machines' | 'networks'>;

/** The jump boxes that a lab made on this host. */
export function jumpBoxesOfLab(lab: string, snapshot: Ground): Machine[] {
  return routersOfLab(lab, snapshot).filter((machine) => machine.labRouter?.keys !== undefined);
}

/** What `~/.ssh/config` needs for the machines behind a jump box that a lab made; `hostKey`: the box's own, as `jumpBox` takes it. */
export function entryThrough(machine: Machine, host: HostProfile, snapshot: Ground, hostKey: string | null): JumpBox {
  const entrance = entranceOf(machine, snapshot);
  const inner = machine.nics.filter((nic) => nic !== entrance).flatMap(({ network }) => network ?? []);
  const behind = snapshot.machines.filter((other) => other.uuid !== machine.uuid && other.labRouter === undefined && other.nics.some((nic) => nic.network !== null && inner.includes(nic.network)));
  return jumpBox({
    host, hostKey, user: jumpUser, throughHost: entrance === null || placeOf(entrance, snapshot) !== 'lan',
    machine: { ...machine, nics: entrance ? [entrance, ...machine.nics.filter((nic) => nic !== entrance)] : machine.nics },
    targets: behind.map((target) => ({ machine: { ...target, nics: target.nics.filter((nic) => nic.network !== null && inner.includes(nic.network)) }, user: null })),
  });
}

/** The NIC it is reached by from outside: on the LAN, else where its host is, else the first. */
function entranceOf({ nics }: Machine, snapshot: Ground): MachineNic | null {
  return nics.find((nic) => placeOf(nic, snapshot) === 'lan') ?? nics.find((nic) => placeOf(nic, snapshot) === 'host') ?? nics[0] ?? null;
}

function placeOf(nic: MachineNic, { networks }: Ground): 'lan' | 'host' | 'inside' {
  const network = networks.find(({ name }) => name === nic.network);
  if (!network || ['bridged', 'macvtap', 'sriov'].includes(network.kind)) return 'lan';
  return network.kind !== 'isolated' && network.ips.length > 0 ? 'host' : 'inside';
}
