import { defineStore } from 'pinia';
import { computed, shallowRef, triggerRef } from 'vue';
import type { Finding, PreflightReport } from '../../shared/domain/preflight/finding';
import type { AppError } from '../../shared/errors/app-error';
import { invoke, listen } from '../api/client';
import { toAppError } from '../api/to-app-error';
import { useSettings } from './settings';

/** What is known of a host's health. `report` null with `status` ready: it was never looked at. */
export interface HostHealth {
  status: 'loading' | 'looking' | 'ready';
  report: PreflightReport | null;
  error: AppError | null;
}

const unread: HostHealth = { status: 'loading', report: null, error: null };

/** The last preflight report of each host, and the notes that the user has seen enough of. */
export const usePreflight = defineStore('preflight', () => {
  const settings = useSettings();
  const healths = shallowRef(new Map<string, HostHealth>());

  function set(hostId: string, change: Partial<HostHealth>): void {
    healths.value.set(hostId, { ...of(hostId), ...change });
    triggerRef(healths);
  }

  const of = (hostId: string): HostHealth => healths.value.get(hostId) ?? unread;

  async function load(hostId: string): Promise<void> {
    try {
      const report = await invoke('preflight.get', { hostId });
      set(hostId, { status: of(hostId).status === 'looking' ? 'looking' : 'ready', report, error: null });
    } catch (thrown) {
      set(hostId, { status: 'ready', error: toAppError(thrown) });
    }
  }

  /** Has main look again. What went wrong is in `error`; the report before it stays. */
  async function refresh(hostId: string): Promise<void> {
    set(hostId, { status: 'looking', error: null });
    try {
      const report = await invoke('preflight.refresh', { hostId });
      set(hostId, { status: 'ready', report });
    } catch (thrown) {
      set(hostId, { status: 'ready', error: toAppError(thrown) });
    }
  }

  function follow(): () => void {
    return listen('preflight.changed', ({ hostId }) => { void load(hostId); });
  }

  const dismissed = computed(() => settings.settings.dismissedNotes);
  const isDismissed = (hostId: string, finding: Finding): boolean => finding.severity === 'note' && (dismissed.value[hostId] ?? []).includes(finding.code);

  /** Findings the user has not put aside; only notes can be. */
  const openFindings = (hostId: string): Finding[] => of(hostId).report?.findings.filter((finding) => !isDismissed(hostId, finding)) ?? [];
  const dismissedFindings = (hostId: string): Finding[] => of(hostId).report?.findings.filter((finding) => isDismissed(hostId, finding)) ?? [];

  /** Kept for this host, also when the app is started anew. */
  async function dismiss(hostId: string, finding: Finding): Promise<void> {
    const codes = dismissed.value[hostId] ?? [];
    await settings.update({ dismissedNotes: { ...dismissed.value, [hostId]: [...new Set([...codes, finding.code])] } });
  }

  async function restoreDismissed(hostId: string): Promise<void> {
    const { [hostId]: _codes, ...others } = dismissed.value;
    await settings.update({ dismissedNotes: others });
  }

  return { healths, of, load, refresh, follow, openFindings, dismissedFindings, dismiss, restoreDismissed };
});
