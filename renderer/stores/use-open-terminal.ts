import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import type { HostView } from '../../shared/domain/host';
import type { Privilege } from '../../shared/domain/snapshot';
import { useHosts } from './hosts';
import { useTerminals } from './terminals';

/** Why a host can have no terminal now; null: it can. */
export function terminalRefusal(host: HostView | null): string | null {
  return host?.session.phase === 'connected' ? null : `${host?.profile.name ?? 'The host'} is not connected`;
}

export interface TerminalOpener {
  refusal: ComputedRef<string | null>;
  /** What the session may do; the user's own shell may need to say so again. */
  rights: ComputedRef<Privilege | null>;
  /** A login shell, with `typed` on its command line, not run. */
  shell(typed: string | null): void;
  console(machineUuid: string): void;
  /** A shell of this computer, likewise. */
  here(typed: string): void;
}

/** Opens terminals in the dock of a host, from wherever its things are shown. */
export function useOpenTerminal(hostId: () => string): TerminalOpener {
  const hosts = useHosts();
  const terminals = useTerminals();
  const host = computed(() => hosts.byId.get(hostId()) ?? null);
  return {
    refusal: computed(() => terminalRefusal(host.value)),
    rights: computed(() => (host.value?.session.phase === 'connected' ? host.value.session.privilege : null)),
    shell: (typed) => void terminals.open(hostId(), { kind: 'host', hostId: hostId() }, { typed }),
    here: (typed) => void terminals.open(hostId(), { kind: 'local', shell: null }, { typed }),
    console: (machineUuid) => void terminals.open(hostId(), { kind: 'console', hostId: hostId(), machineUuid }),
  };
}
