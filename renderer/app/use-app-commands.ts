import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { labsOnHost } from '../../shared/domain/labs/labs-on-host';
import { isPractice } from '../features/hosts/session-text';
import { useHostDialog } from '../features/hosts/use-host-dialog';
import { useLabActions } from '../features/labs/use-lab-actions';
import { terminalKeys } from '../features/terminal/terminal-keys';
import { useHosts } from '../stores/hosts';
import { useInventory } from '../stores/inventory';
import { useLabTests } from '../stores/lab-tests';
import { useSelection } from '../stores/selection';
import { useSettings } from '../stores/settings';
import { changesOf, convertRefusal } from '../ui/convertible';
import { writeRefusal } from '../ui/write-access';
import { placeLabels } from './place-labels';
import { places } from './router';
import { useAppDialogs } from './use-app-dialogs';
import { useTerminalCommands } from './use-terminal-commands';

export interface AppCommand {
  id: string;
  label: string;
  group: 'Go to' | 'Host' | 'Terminal' | 'Window';
  icon: string;
  /** Nuxt UI's words for keys: `meta` is Ctrl, or Cmd on a Mac. */
  keys?: readonly string[];
  /** Combinations that do the same and are not shown. */
  otherKeys?: readonly (readonly string[])[];
  /** Whether the keys work in a terminal as well, or there alone; without it they are the program's there. */
  inTerminal?: 'too' | 'only';
  run(): void;
}

/** Everything the window can do now but what is about one machine, in one list: palette, shortcuts and native menu draw from it. */
export function useAppCommands(): ComputedRef<AppCommand[]> {
  const route = useRoute();
  const router = useRouter();
  const hosts = useHosts();
  const inventories = useInventory();
  const selection = useSelection();
  const settings = useSettings();
  const hostDialog = useHostDialog();
  const dialogs = useAppDialogs();

  const currentHostId = (): string | null => (typeof route.params['hostId'] === 'string' ? route.params['hostId'] : null);
  const terminalCommands = useTerminalCommands(currentHostId);
  const labTests = useLabTests();
  const labActions = useLabActions(() => currentHostId() ?? '');

  /** Where it can be watched. */
  async function testLab(hostId: string, lab: string): Promise<void> {
    await router.push({ name: 'labs', params: { hostId }, query: { lab } });
    await labTests.start(hostId, lab);
  }

  return computed(() => {
    const hostId = currentHostId();
    const host = hostId === null ? null : hosts.byId.get(hostId) ?? null;
    const commands: AppCommand[] = [];
    if (hostId !== null && host) {
      const isConnected = host.session.phase === 'connected';
      places.forEach((place, index) => commands.push({
        id: `place.${place}`, label: placeLabels[place], group: 'Go to', icon: 'i-lucide-corner-down-right', keys: ['meta', String(index + 1)],
        run: () => void router.push({ name: place, params: { hostId } }),
      }));
      if (writeRefusal(host, inventories.of(hostId).snapshot) === null) {
        commands.push({ id: 'network.new', label: 'New network…', group: 'Host', icon: 'i-lucide-plus', keys: ['meta', 'N'], run: () => void router.push({ name: 'new-network', params: { hostId } }) });
        commands.push({ id: 'network.new-xml', label: 'New network from XML…', group: 'Host', icon: 'i-lucide-code-xml', run: () => void router.push({ name: 'new-network-xml', params: { hostId } }) });
        commands.push({ id: 'lab.new', label: 'New lab…', group: 'Host', icon: 'i-lucide-flask-conical', run: () => void router.push({ name: 'new-lab', params: { hostId } }) });
        commands.push({ id: 'lab.open', label: 'Open lab file…', group: 'Host', icon: 'i-lucide-folder-open', run: () => void labActions.openFile() });
        for (const { lab } of labsOnHost(inventories.of(hostId).snapshot ?? { networks: [], machines: [] })) {
          commands.push({ id: `lab.test ${lab}`, label: `Test connectivity of ${lab}`, group: 'Host', icon: 'i-lucide-radar', run: () => void testLab(hostId, lab) });
        }
      }
      if (convertRefusal(host) === null) {
        const { selected } = selection;
        const snapshot = inventories.of(hostId).snapshot;
        const chosen = selected?.kind === 'interface' || selected?.kind === 'ovs-bridge' ? selected.name : null;
        const begin = (query: Record<string, string>): void => void router.push({ name: 'convert', params: { hostId }, query });
        for (const { goal, icon, query } of chosen !== null && snapshot ? changesOf(snapshot, chosen) : []) {
          commands.push({ id: `nic.${goal}-selected`, label: { convert: `Convert ${chosen} into a bridge…`, readdress: `Change addresses of ${chosen}…`, unbridge: `Take bridge ${chosen} away…` }[goal], group: 'Host', icon, run: () => begin(query) });
        }
        commands.push(
          { id: 'nic.convert', label: 'Convert a NIC into a bridge…', group: 'Host', icon: 'i-lucide-git-merge', run: () => begin({}) },
          { id: 'nic.readdress', label: `Change addresses of ${host.profile.name}…`, group: 'Host', icon: 'i-lucide-map-pin', run: () => begin({ goal: 'readdress' }) },
          { id: 'nic.unbridge', label: 'Take a bridge away…', group: 'Host', icon: 'i-lucide-split', run: () => begin({ goal: 'unbridge' }) },
        );
      }
      if (isConnected) {
        commands.push(
          { id: 'host.refresh', label: `Read ${host.profile.name} again`, group: 'Host', icon: 'i-lucide-refresh-cw', keys: ['F5'], run: () => void inventories.refresh(hostId, 'all') },
          { id: 'host.disconnect', label: `Disconnect ${host.profile.name}`, group: 'Host', icon: 'i-lucide-unplug', run: () => void hosts.disconnect(hostId) },
        );
      } else if (host.session.phase === 'reconnecting') {
        commands.push({ id: 'host.retry', label: `Retry ${host.profile.name} now`, group: 'Host', icon: 'i-lucide-rotate-cw', run: () => void hosts.retryNow(hostId) });
      } else if (host.session.phase !== 'connecting') {
        commands.push({ id: 'host.connect', label: `Connect ${host.profile.name}`, group: 'Host', icon: 'i-lucide-plug', run: () => void hosts.connect(hostId) });
      }
      if (!isPractice(host)) {
        commands.push({ id: 'host.edit', label: `Edit ${host.profile.name}…`, group: 'Host', icon: 'i-lucide-pencil', run: () => hostDialog.open({ mode: 'edit', profile: host.profile }) });
      }
      if (selection.selected) commands.push({ id: 'inspector.close', label: 'Close the inspector', group: 'Window', icon: 'i-lucide-panel-right-close', keys: ['escape'], run: () => selection.select(null) });
    }
    commands.push(
      ...terminalCommands.value,
      { id: 'host.add', label: 'Add a host…', group: 'Host', icon: 'i-lucide-server', keys: ['meta', 'shift', 'H'], run: () => hostDialog.open({ mode: 'add' }) },
      { id: 'palette.open', label: 'Go to, or do anything', group: 'Window', icon: 'i-lucide-search', keys: ['meta', 'K'], otherKeys: terminalKeys['palette.open'], inTerminal: 'too', run: () => { dialogs.palette.value = !dialogs.palette.value; } },
      { id: 'dock.toggle', label: settings.settings.dockOpen ? 'Close the dock' : 'Open the dock', group: 'Window', icon: 'i-lucide-panel-bottom', keys: ['meta', 'J'], run: () => void settings.update({ dockOpen: !settings.settings.dockOpen }) },
      { id: 'theme.light', label: 'Light theme', group: 'Window', icon: 'i-lucide-sun', run: () => void settings.update({ theme: 'light' }) },
      { id: 'theme.dark', label: 'Dark theme', group: 'Window', icon: 'i-lucide-moon', run: () => void settings.update({ theme: 'dark' }) },
      { id: 'theme.system', label: 'Theme of the system', group: 'Window', icon: 'i-lucide-sun-moon', run: () => void settings.update({ theme: 'system' }) },
      { id: 'settings.open', label: 'Settings…', group: 'Window', icon: 'i-lucide-settings-2', keys: ['meta', ','], run: () => { dialogs.settings.value = true; } },
      { id: 'shortcuts.open', label: 'Keyboard shortcuts', group: 'Window', icon: 'i-lucide-keyboard', keys: ['?'], run: () => { dialogs.shortcuts.value = true; } },
      { id: 'about.open', label: 'About Netwright', group: 'Window', icon: 'i-lucide-info', run: () => { dialogs.about.value = true; } },
    );
    return commands;
  });
}
