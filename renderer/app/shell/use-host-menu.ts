import type { DropdownMenuItem } from '@nuxt/ui';
import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { HostProfile, HostView } from '../../../shared/domain/host';
import { hostColourChoices } from '../../features/hosts/host-colours';
import { isPractice } from '../../features/hosts/session-text';
import { useHostDialog } from '../../features/hosts/use-host-dialog';
import { useHostRename } from '../../features/hosts/use-host-rename';
import { useHosts } from '../../stores/hosts';
import { useSettings } from '../../stores/settings';
import { useTerminals } from '../../stores/terminals';
import { terminalRefusal } from '../../stores/use-open-terminal';
import { moveHost } from './rail-order';

/** Everything that can be done with a host in the rail, by the right mouse button and by its own button. */
export function useHostMenu(host: () => HostView): ComputedRef<DropdownMenuItem[][]> {
  const hosts = useHosts();
  const settings = useSettings();
  const terminals = useTerminals();
  const route = useRoute();
  const router = useRouter();
  const dialog = useHostDialog();
  const { renaming } = useHostRename();

  const change = (part: Partial<HostProfile>): void => void hosts.update({ ...host().profile, ...part });

  function sessionItems({ session, profile }: HostView): DropdownMenuItem[] {
    if (profile.disabled) return [];
    const isOpen = session.phase === 'connected' || session.phase === 'connecting' || session.phase === 'reconnecting';
    return [
      ...session.phase === 'reconnecting' ? [{ label: 'Retry now', icon: 'i-lucide-rotate-cw', onSelect: () => void hosts.retryNow(profile.id) }] : [],
      isOpen
        ? { label: 'Disconnect', icon: 'i-lucide-unplug', onSelect: () => void hosts.disconnect(profile.id) }
        : { label: 'Connect', icon: 'i-lucide-plug', onSelect: () => void hosts.connect(profile.id) },
      { label: 'Open a terminal', icon: 'i-lucide-square-terminal', disabled: terminalRefusal({ session, profile }) !== null, onSelect: () => void openTerminal(profile.id) },
    ];
  }

  /** In the host's own dock: it comes into view first. */
  async function openTerminal(hostId: string): Promise<void> {
    if (route.params['hostId'] !== hostId) await router.push({ name: 'map', params: { hostId } });
    await terminals.open(hostId, { kind: 'host', hostId });
  }

  function startItem({ id, disabled }: HostProfile): DropdownMenuItem {
    const { connectAtStart } = settings.settings;
    return {
      label: 'Connect at start', icon: 'i-lucide-power', type: 'checkbox', checked: connectAtStart.includes(id), disabled,
      onUpdateChecked: (isOn: boolean) => void settings.update({ connectAtStart: isOn ? [...connectAtStart, id] : connectAtStart.filter((other) => other !== id) }),
    };
  }

  function groupItems(profile: HostProfile): DropdownMenuItem[][] {
    const choice = (label: string, group: string | null): DropdownMenuItem =>
      ({ label, type: 'checkbox', checked: profile.group === group, onUpdateChecked: () => change({ group }) });
    return [
      [choice('No group', null), ...hosts.groups.map((group) => choice(group, group))],
      [{ label: 'New group…', icon: 'i-lucide-folder-plus', onSelect: () => dialog.open({ mode: 'new-group', profile }) }],
    ];
  }

  function colourItems(profile: HostProfile): DropdownMenuItem[][] {
    return [
      [{ label: 'No colour', type: 'checkbox', checked: profile.colour === null, onUpdateChecked: () => change({ colour: null }) }],
      hostColourChoices.map(({ value, label }) => ({
        label, icon: 'i-lucide-bookmark', type: 'checkbox' as const, checked: profile.colour === value,
        ui: { itemLeadingIcon: `host-mark host-mark-${value}` }, onUpdateChecked: () => change({ colour: value }),
      })),
    ];
  }

  function placeItems({ profile }: HostView): DropdownMenuItem[] {
    const move = (label: string, icon: string, by: 1 | -1, key: string): DropdownMenuItem => {
      const order = moveHost(hosts.hosts, profile.id, by);
      return { label, icon, kbds: ['alt', key], disabled: order === null, onSelect: () => { if (order) void hosts.reorder(order); } };
    };
    return [move('Move up', 'i-lucide-arrow-up', -1, 'arrowup'), move('Move down', 'i-lucide-arrow-down', 1, 'arrowdown')];
  }

  return computed(() => {
    const view = host();
    const { profile } = view;
    if (isPractice(view)) return [sessionItems(view), [startItem(profile)]];
    const groups: DropdownMenuItem[][] = [
      sessionItems(view),
      [
        // The field takes the focus once the menu has given it back.
        { label: 'Rename', icon: 'i-lucide-text-cursor-input', kbds: ['F2'], onSelect: () => { setTimeout(() => { renaming.value = profile.id; }); } },
        { label: 'Edit…', icon: 'i-lucide-pencil', onSelect: () => dialog.open({ mode: 'edit', profile }) },
        { label: 'Group', icon: 'i-lucide-folder', children: groupItems(profile) },
        { label: 'Colour', icon: 'i-lucide-bookmark', children: colourItems(profile) },
        ...placeItems(view),
      ],
      [
        startItem(profile),
        profile.disabled
          ? { label: 'Enable', icon: 'i-lucide-circle-play', onSelect: () => change({ disabled: false }) }
          : { label: 'Disable', icon: 'i-lucide-circle-off', onSelect: () => change({ disabled: true }) },
      ],
      [
        ...profile.connection.kind === 'ssh' ? [{ label: 'Forget kept secrets', icon: 'i-lucide-key-round', onSelect: () => void hosts.forgetSecrets(profile.id) }] : [],
        { label: 'Remove…', icon: 'i-lucide-trash-2', color: 'error' as const, onSelect: () => dialog.open({ mode: 'remove', profile }) },
      ],
    ];
    return groups.filter((group) => group.length > 0);
  });
}
