import type { DropdownMenuItem } from '@nuxt/ui';
import type { RoleMark } from '../../../shared/domain/labs/role-mark';
import type { Machine, MachineNic } from '../../../shared/domain/machine';
import type { NicSource } from '../../../shared/domain/machine-intent';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { useMachineDialog } from '../../stores/machine-dialog';
import { usePlanReview } from '../../stores/plan-review';
import { useOpenTerminal } from '../../stores/use-open-terminal';
import { useReserveAddress } from '../../stores/use-reserve-address';
import { describeVlan } from '../../ui/describe-vlan';
import { machineLines } from '../../ui/terminal-lines';
import { jumpBoxRefusal, linkIntent, moveIntent, powerActionsOf, powerIntent, roleRefusal, unplugIntent } from './machine-actions';
import type { PowerAction } from './machine-actions';
import { formRefusal } from './nic-draft';
import { networkPlaces } from './nic-places';
import type { NetworkPlace } from './nic-places';
import { reservationOf } from './nic-reservation';

/** An entry of a menu that is drawn with a network's chip: see MachineMenu.vue. */
export interface NetworkItem extends DropdownMenuItem { slot: 'network'; colour: number | undefined }

/** More networks than this don't fit a menu; the form has them all. */
const menuLimit = 14;

/** Runs what can be done with a machine: a dialog, or the review of a plan. Nothing changes on the host before it is reviewed. */
export function useMachineActions(hostId: () => string) {
  const review = usePlanReview();
  const dialog = useMachineDialog();
  const terminal = useOpenTerminal(hostId);
  const reserveAddress = useReserveAddress(hostId);

  const power = (action: PowerAction, machine: Pick<Machine, 'uuid'>): void => review.open(hostId(), powerIntent(action, machine.uuid));
  const plugIn = (machine: Pick<Machine, 'uuid'>, network: string | null = null): void => dialog.open({ hostId: hostId(), mode: 'attach', uuid: machine.uuid, network });
  const jumpBox = (machine: Pick<Machine, 'uuid'>): void => dialog.open({ hostId: hostId(), mode: 'jump-box', uuid: machine.uuid });
  const playRole = (machine: Pick<Machine, 'uuid'>, chosen: { lab: string; role: string } | null = null): void => dialog.open({ hostId: hostId(), mode: 'role', uuid: machine.uuid, chosen });
  const edit = (machine: Pick<Machine, 'uuid'>, nic: Pick<MachineNic, 'mac'>): void => dialog.open({ hostId: hostId(), mode: 'edit', uuid: machine.uuid, mac: nic.mac });
  const unplug = (machine: Machine, nic: MachineNic): void => review.open(hostId(), unplugIntent(machine, nic));

  /** Failures go to the app's presenter. */
  async function leaveRole({ lab, role }: RoleMark): Promise<void> {
    const id = hostId();
    const { leaveRoleIntent } = await import('../../stores/lab-roles');
    review.open(id, await leaveRoleIntent(id, lab, role));
  }

  function toggleLink(machine: Machine, nic: MachineNic): void {
    const intent = linkIntent(machine, nic);
    if (intent) review.open(hostId(), intent);
  }

  function move(machine: Machine, nic: MachineNic, source: NicSource): void {
    const intent = moveIntent(machine, nic, source);
    if (intent) review.open(hostId(), intent);
  }

  function moveItem(machine: Machine, nic: MachineNic, { network, colour, detail }: NetworkPlace): NetworkItem {
    const isHere = nic.network === network.name;
    const to = (portgroup: string | null) => () => move(machine, nic, { kind: 'network', network: network.name, portgroup });
    const groups = network.portgroups.map((group): DropdownMenuItem => ({
      label: group.name, description: `${describeVlan(group.vlan)}${group.isDefault ? ', default' : ''}`, disabled: isHere && nic.portgroup === group.name, onSelect: to(group.name),
    }));
    return {
      slot: 'network', label: network.name, description: isHere ? `${detail} · here now` : detail, colour,
      ...groups.length > 0 ? { children: groups } : { disabled: isHere, onSelect: to(null) },
    };
  }

  /** Where a NIC can go, in a menu: networks with their chips, and the form for everything else. */
  function moveMenu(machine: Machine, nic: MachineNic, snapshot: HostSnapshot): DropdownMenuItem[][] {
    const places = networkPlaces(snapshot);
    return [
      places.slice(0, menuLimit).map((place) => moveItem(machine, nic, place)),
      [{ label: places.length > menuLimit ? `All ${places.length} networks, bridges and devices…` : 'A bridge or a device…', icon: 'i-lucide-ellipsis', onSelect: () => edit(machine, nic) }],
    ].filter((group) => group.length > 0);
  }

  /** The address a NIC has by DHCP, to be kept for it. Failures go to the app's presenter. */
  function reserve(nic: MachineNic, snapshot: HostSnapshot): void {
    const { network, lease } = reservationOf(nic, snapshot);
    if (network && lease) void reserveAddress(network, lease);
  }

  function reserveItem(nic: MachineNic, snapshot: HostSnapshot, refusal: string | null): DropdownMenuItem {
    const { lease, refusal: unfit } = reservationOf(nic, snapshot);
    return {
      label: lease ? `Reserve ${lease.address}…` : 'Reserve its address…', icon: 'i-lucide-pin', disabled: (refusal ?? unfit) !== null, onSelect: () => reserve(nic, snapshot),
      ...refusal === null && unfit ? { description: unfit } : {},
    };
  }

  /** What can be done with one NIC. `refusal` says why nothing can be done now, and disables it all. */
  function nicMenu(machine: Machine, nic: MachineNic, snapshot: HostSnapshot, refusal: string | null): DropdownMenuItem[][] {
    const noForm = refusal ?? formRefusal(nic);
    const disabled = noForm !== null;
    return [
      [
        { label: 'Edit…', icon: 'i-lucide-pencil', disabled, onSelect: () => edit(machine, nic) },
        { label: 'Move to', icon: 'i-lucide-arrow-right-left', disabled, ...disabled ? {} : { children: moveMenu(machine, nic, snapshot), ui: { content: 'max-w-[340px] max-h-[420px]' } } },
        nic.link === 'up'
          ? { label: 'Link down…', icon: 'i-lucide-unplug', disabled, onSelect: () => toggleLink(machine, nic) }
          : { label: 'Link up…', icon: 'i-lucide-plug', disabled, onSelect: () => toggleLink(machine, nic) },
        reserveItem(nic, snapshot, refusal),
      ],
      [{ label: 'Unplug…', icon: 'i-lucide-trash-2', color: 'error', disabled: refusal !== null, onSelect: () => unplug(machine, nic) }],
    ];
  }

  /** What can be done with a machine as a whole. */
  function machineMenu(machine: Machine, refusal: string | null): DropdownMenuItem[][] {
    const disabled = refusal !== null;
    const powers = powerActionsOf(machine).map((action): DropdownMenuItem => ({ label: action.label, icon: action.icon, disabled, ...action.isDestructive ? { color: 'error' as const } : {}, onSelect: () => power(action.id, machine) }));
    const lines = machineLines(machine, terminal.rights.value).map((line): DropdownMenuItem => ({ label: line.label, onSelect: () => terminal.shell(line.typed) }));
    const noTerminal = terminal.refusal.value !== null;
    const hasConsole = machine.state === 'running' || machine.state === 'paused';
    return [
      [
        { label: 'Plug in a NIC…', icon: 'i-lucide-plug', disabled, onSelect: () => plugIn(machine) },
        { label: machine.labRouter?.keys ? 'Log in through it…' : 'Make it a jump box…', icon: 'i-lucide-waypoints', disabled: (disabled && !machine.labRouter?.keys) || jumpBoxRefusal(machine) !== null, onSelect: () => jumpBox(machine) },
        { label: machine.labRoles.length === 0 ? 'Play a role in a lab…' : 'Play another role in a lab…', icon: 'i-lucide-flask-conical', disabled: disabled || roleRefusal(machine) !== null, onSelect: () => playRole(machine) },
        ...machine.labRoles.map((mark): DropdownMenuItem => ({ label: `Leave the role ${mark.role} in ${mark.lab}…`, icon: 'i-lucide-log-out', disabled, onSelect: () => void leaveRole(mark) })),
      ],
      powers,
      [
        { label: 'Serial console', icon: 'i-lucide-monitor', disabled: noTerminal || !hasConsole, onSelect: () => terminal.console(machine.uuid) },
        { label: 'In a terminal', icon: 'i-lucide-square-terminal', disabled: noTerminal, children: lines },
      ],
    ].filter((group) => group.length > 0);
  }

  /** The menu of a line of the table: its NIC first, then the machine. */
  function rowMenu(machine: Machine, nic: MachineNic | null, snapshot: HostSnapshot, refusal: string | null): DropdownMenuItem[][] {
    const ofNic = nic === null ? [] : nicMenu(machine, nic, snapshot, refusal);
    return [
      ...refusal === null ? [] : [[{ type: 'label' as const, label: refusal }]],
      ...nic === null ? [] : [[{ type: 'label' as const, label: `NIC ${nic.mac}` }, ...ofNic[0]!], ofNic[1]!],
      ...nic === null ? machineMenu(machine, refusal) : machineMenu(machine, refusal).map((group, index) => (index === 0 ? [{ type: 'label' as const, label: machine.name }, ...group] : group)),
    ];
  }

  return { power, plugIn, jumpBox, playRole, leaveRole, edit, unplug, toggleLink, reserve, move, moveMenu, nicMenu, machineMenu, rowMenu };
}
