import type { DropdownMenuItem } from '@nuxt/ui';
import { useRouter } from 'vue-router';
import { useMachineActions } from '../../features/machines/use-machine-actions';
import { useNetworkActions } from '../../features/networks/use-network-actions';
import { interfaceMenu } from '../../features/switches/interface-menu';
import { useHostInventory } from '../../stores/use-host-inventory';
import { changesOf, convertRefusal } from '../../ui/convertible';
import type { DeviceChange } from '../../ui/convertible';
import type { ObjectMenu } from '../../ui/object-menu';
import { writeRefusal } from '../../ui/write-access';

/** The menus of the tables' rows, by what a row is about. */
export function useObjectMenu(hostId: () => string): ObjectMenu {
  const router = useRouter();
  const { host, snapshot } = useHostInventory(hostId);
  const machines = useMachineActions(hostId);
  const networks = useNetworkActions(hostId);
  const guide = ({ query }: DeviceChange): void => void router.push({ name: 'convert', params: { hostId: hostId() }, query });

  return (subject): DropdownMenuItem[][] => {
    const seen = snapshot.value;
    if (!seen) return [];
    const refusal = writeRefusal(host.value, seen);
    switch (subject.kind) {
      case 'machine': {
        const machine = seen.machines.find(({ uuid }) => uuid === subject.uuid);
        // Which of several NICs is meant is not said by a click on the machine.
        return machine ? machines.rowMenu(machine, machine.nics.length === 1 ? machine.nics[0]! : null, seen, refusal) : [];
      }
      case 'network': {
        const network = seen.networks.find(({ uuid }) => uuid === subject.uuid);
        return network ? networks.menu(network, refusal) : [];
      }
      case 'interface':
      case 'ovs-bridge': return interfaceMenu(changesOf(seen, subject.name), convertRefusal(host.value), guide);
    }
  };
}
