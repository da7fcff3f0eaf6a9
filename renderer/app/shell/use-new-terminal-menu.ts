import type { DropdownMenuItem } from '@nuxt/ui';
import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { terminalRefusal, useOpenTerminal } from '../../stores/use-open-terminal';
import { useHosts } from '../../stores/hosts';
import { useInventory } from '../../stores/inventory';
import { useTerminals } from '../../stores/terminals';

/** What the dock of a host can open: a shell on it, a running machine's console, a shell of this computer. */
export function useNewTerminalMenu(hostId: () => string): { menu: ComputedRef<DropdownMenuItem[][]>; refusal: ComputedRef<string | null>; openHere(): void } {
  const hosts = useHosts();
  const inventories = useInventory();
  const terminals = useTerminals();
  const opener = useOpenTerminal(hostId);
  const host = computed(() => hosts.byId.get(hostId()) ?? null);
  const refusal = computed(() => terminalRefusal(host.value));
  const openHere = (): void => opener.shell(null);

  const menu = computed<DropdownMenuItem[][]>(() => {
    const machines = (inventories.of(hostId()).snapshot?.machines ?? []).filter((machine) => machine.state === 'running' || machine.state === 'paused').sort((a, b) => a.name.localeCompare(b.name));
    const consoles = machines.map((machine): DropdownMenuItem => ({ label: machine.name, icon: 'i-lucide-monitor', onSelect: () => opener.console(machine.uuid) }));
    const shells = terminals.localShells.length > 0 ? terminals.localShells : [{ name: 'Shell', path: '' }];
    return [
      [
        { label: `Shell on ${host.value?.profile.name ?? 'this host'}`, icon: 'i-lucide-square-terminal', kbds: ['meta', 'shift', 'T'], disabled: refusal.value !== null, onSelect: openHere },
        { label: 'Console of', icon: 'i-lucide-monitor', disabled: refusal.value !== null || consoles.length === 0, children: consoles.length > 0 ? [consoles] : undefined },
      ],
      [
        { type: 'label', label: 'This computer' },
        ...shells.map((shell): DropdownMenuItem => ({ label: shell.name, icon: 'i-lucide-laptop', onSelect: () => void terminals.open(hostId(), { kind: 'local', shell: shell.path === '' ? null : shell.path }) })),
      ],
    ];
  });
  return { menu, refusal, openHere };
}
