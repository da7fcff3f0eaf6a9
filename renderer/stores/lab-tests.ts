import { defineStore } from 'pinia';
import { shallowRef, triggerRef } from 'vue';
import type { LabTestRun } from '../../shared/domain/labs/connectivity/lab-test-run';
import { invoke, listen } from '../api/client';

/** Connectivity tests of labs: of each lab the last one, under way or ended, as main tells it. */
export const useLabTests = defineStore('lab-tests', () => {
  const runs = shallowRef(new Map<string, LabTestRun>());

  function put(run: LabTestRun): void {
    const known = runs.value.get(keyOf(run.hostId, run.lab));
    // The reply to `start` may arrive after the first progress; it must not turn the clock back.
    if (known?.id === run.id && (known.step === 'ended' || (run.step === 'reading' && known.step !== 'reading'))) return;
    runs.value.set(keyOf(run.hostId, run.lab), run);
    triggerRef(runs);
  }

  const of = (hostId: string, lab: string): LabTestRun | null => runs.value.get(keyOf(hostId, lab)) ?? null;

  async function load(): Promise<void> {
    for (const run of await invoke('labs.tests', undefined)) put(run);
  }

  function follow(): () => void {
    return listen('labs.testProgress', put);
  }

  /** What stands against it is told by its end. */
  async function start(hostId: string, lab: string): Promise<void> {
    put(await invoke('labs.startTest', { hostId, lab }));
  }

  const cancel = (run: LabTestRun): Promise<void> => invoke('labs.cancelTest', { runId: run.id });

  return { runs, of, load, follow, start, cancel };
});

const keyOf = (hostId: string, lab: string): string => `${hostId} ${lab}`;
