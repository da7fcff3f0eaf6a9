import { defineStore } from 'pinia';
import { shallowRef, triggerRef } from 'vue';
import type { Intent } from '../../shared/domain/intent';
import type { Plan, PlanRun } from '../../shared/domain/plan';
import { invoke, listen } from '../api/client';

/** Plans on their way. A run stays here after its end until `dismiss`, so that its result can be read. */
export const usePlans = defineStore('plans', () => {
  const runs = shallowRef(new Map<string, PlanRun>());

  function put(run: PlanRun): void {
    const known = runs.value.get(run.id);
    // The reply to `apply` may arrive after the first progress; it must not turn the clock back.
    if (known && known.phase === 'ended' && run.phase !== 'ended') return;
    runs.value.set(run.id, run);
    triggerRef(runs);
  }

  const of = (runId: string): PlanRun | null => runs.value.get(runId) ?? null;

  /** The run under way on a host, if any: main runs one plan per host at a time. */
  function runningOn(hostId: string): PlanRun | null {
    for (const run of runs.value.values()) if (run.plan.hostId === hostId && run.phase !== 'ended') return run;
    return null;
  }

  async function load(): Promise<void> {
    for (const run of await invoke('plan.running', undefined)) put(run);
  }

  function follow(): () => void {
    return listen('plan.progress', put);
  }

  const preview = (hostId: string, intent: Intent): Promise<Plan> => invoke('plan.preview', { hostId, intent });

  /** Applies what was reviewed; rejects with `plan.stale` when the host has changed since. Returns the run's id. */
  async function apply(plan: Plan): Promise<string> {
    const run = await invoke('plan.apply', { hostId: plan.hostId, intent: plan.intent, digest: plan.digest });
    if (!runs.value.has(run.id)) put(run);
    return run.id;
  }

  const cancel = (runId: string): Promise<void> => invoke('plan.cancel', { runId });

  function dismiss(runId: string): void {
    if (runs.value.delete(runId)) triggerRef(runs);
  }

  return { runs, of, runningOn, load, follow, preview, apply, cancel, dismiss };
});
