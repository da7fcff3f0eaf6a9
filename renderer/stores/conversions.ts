import { defineStore } from 'pinia';
import { shallowRef, triggerRef } from 'vue';
import type { ConversionRun } from '../../shared/domain/conversion/conversion-run';
import { invoke, listen } from '../api/client';

/** A conversion with the moment, by this computer's clock, at which the host goes back by itself; null: it does not count. */
export interface HeldRun { run: ConversionRun; deadlineAt: number | null }

/** Conversions under way, and those whose end nobody has looked at: one a host, as main tells them. */
export const useConversions = defineStore('conversions', () => {
  const held = shallowRef(new Map<string, HeldRun>());

  function put(run: ConversionRun): void {
    const seconds = run.transaction?.secondsLeft ?? null;
    const before = held.value.get(run.hostId);
    // Out of reach, the host counts on from what it said last.
    const deadlineAt = run.reached || before === undefined ? (seconds === null ? null : Date.now() + seconds * 1000) : before.deadlineAt;
    held.value.set(run.hostId, { run, deadlineAt: run.phase === 'watching' ? deadlineAt : null });
    triggerRef(held);
  }

  function forget(hostId: string): void {
    if (held.value.delete(hostId)) triggerRef(held);
  }

  const of = (hostId: string): HeldRun | null => held.value.get(hostId) ?? null;

  async function load(): Promise<void> {
    for (const run of await invoke('conversion.running', undefined)) put(run);
  }

  function follow(): () => void {
    const stops = [listen('conversion.progress', put), listen('conversion.gone', ({ hostId }) => forget(hostId))];
    return () => { for (const stop of stops) stop(); };
  }

  /** Asks the host itself; rejects with `host.not-connected`. */
  async function look(hostId: string): Promise<ConversionRun | null> {
    const run = await invoke('conversion.state', { hostId });
    if (run) put(run);
    else forget(hostId);
    return run;
  }

  return { held, of, load, follow, look };
});
