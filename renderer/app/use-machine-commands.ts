import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import type { Machine } from '../../shared/domain/machine';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { jumpBoxRefusal, powerActionsOf, roleRefusal } from '../features/machines/machine-actions';
import { formRefusal } from '../features/machines/nic-draft';
import { reservationOf } from '../features/machines/nic-reservation';
import { useMachineActions } from '../features/machines/use-machine-actions';
import { useHosts } from '../stores/hosts';
import { useInventory } from '../stores/inventory';
import { useSelection } from '../stores/selection';
import { writeRefusal } from '../ui/write-access';
import type { AppCommand } from './use-app-commands';

/** On a host with more machines, only the selected one has its commands in the palette: a search through thousands of them would lag. */
const mostMachines = 60;

/** What can be done with the machines of the host in view, the selected one first. */
export function useMachineCommands(hostId: () => string | null): ComputedRef<AppCommand[]> {
  const hosts = useHosts();
  const inventories = useInventory();
  const selection = useSelection();
  const actions = useMachineActions(() => hostId() ?? '');

  function forMachine(machine: Machine): AppCommand[] {
    const { uuid, name } = machine;
    const group = 'Host' as const;
    return [
      ...powerActionsOf(machine).map((action): AppCommand => ({ id: `machine.${action.id}.${uuid}`, label: `${{ start: `Start ${name}`, 'shut-down': `Shut down ${name}`, 'force-off': `Force ${name} off` }[action.id]}…`, group, icon: action.icon, run: () => actions.power(action.id, machine) })),
      { id: `machine.attach.${uuid}`, label: `Plug a NIC into ${name}…`, group, icon: 'i-lucide-plug', run: () => actions.plugIn(machine) },
      ...jumpBoxRefusal(machine) === null ? [{ id: `machine.jump-box.${uuid}`, label: machine.labRouter?.keys ? `Log in through ${name}…` : `Make ${name} a jump box…`, group, icon: 'i-lucide-waypoints', run: () => actions.jumpBox(machine) }] : [],
      ...roleRefusal(machine) === null ? [{ id: `machine.role.${uuid}`, label: `Give ${name} a role in a lab…`, group, icon: 'i-lucide-flask-conical', run: () => actions.playRole(machine) }] : [],
      ...machine.labRoles.map((mark): AppCommand => ({ id: `machine.leave-role.${uuid}.${mark.lab}`, label: `Take the role ${mark.role} in ${mark.lab} from ${name}…`, group, icon: 'i-lucide-log-out', run: () => void actions.leaveRole(mark) })),
    ];
  }

  function forNics(machine: Machine, snapshot: HostSnapshot): AppCommand[] {
    const group = 'Host' as const;
    return machine.nics.flatMap((nic, index): AppCommand[] => {
      const which = machine.nics.length > 1 ? `NIC ${index + 1} of ${machine.name}` : `the NIC of ${machine.name}`;
      const id = `${machine.uuid}.${nic.mac}`;
      const { lease, refusal } = reservationOf(nic, snapshot);
      return [
        ...formRefusal(nic) === null ? [
          { id: `nic.edit.${id}`, label: `Edit or move ${which}…`, group, icon: 'i-lucide-pencil', run: () => actions.edit(machine, nic) },
          { id: `nic.link.${id}`, label: `Take the link of ${which} ${nic.link === 'up' ? 'down' : 'up'}…`, group, icon: nic.link === 'up' ? 'i-lucide-unplug' : 'i-lucide-plug', run: () => actions.toggleLink(machine, nic) },
        ] : [],
        ...lease && refusal === null ? [{ id: `nic.reserve.${id}`, label: `Reserve ${lease.address} for ${which}…`, group, icon: 'i-lucide-pin', run: () => actions.reserve(nic, snapshot) }] : [],
        { id: `nic.unplug.${id}`, label: `Unplug ${which}…`, group, icon: 'i-lucide-trash-2', run: () => actions.unplug(machine, nic) },
      ];
    });
  }

  return computed(() => {
    const id = hostId();
    if (id === null) return [];
    const { snapshot } = inventories.of(id);
    if (!snapshot || writeRefusal(hosts.byId.get(id) ?? null, snapshot) !== null) return [];
    const { selected } = selection;
    const chosen = snapshot.machines.find((machine) => selected?.kind === 'machine' && machine.uuid === selected.uuid);
    const others = snapshot.machines.length > mostMachines ? [] : snapshot.machines.filter((machine) => machine !== chosen);
    return [...chosen ? [...forMachine(chosen), ...forNics(chosen, snapshot)] : [], ...others.flatMap((machine) => [...forMachine(machine), ...forNics(machine, snapshot)])];
  });
}
