import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { labGround } from '../../../shared/domain/labs/connectivity/lab-ground';
import type { LabFinding } from '../../../shared/domain/labs/connectivity/lab-test-report';
import type { LabTestRun } from '../../../shared/domain/labs/connectivity/lab-test-run';
import { hasRoot } from '../../../shared/domain/privilege';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { useLabTests } from '../../stores/lab-tests';
import { usePlans } from '../../stores/plans';

export interface LabTest {
  run: ComputedRef<LabTestRun | null>;
  /** What the last one found, for the picture; null: nothing yet. */
  findings: ComputedRef<readonly LabFinding[] | null>;
  /** The lab has changed since it was tried. */
  isOld: ComputedRef<boolean>;
  /** Why none can begin now; null: one can. */
  refusal: ComputedRef<string | null>;
  start(): Promise<void>;
  cancel(): Promise<void>;
}

/** The connectivity test of one lab. `offline`: why nothing can be done on the host at all. */
export function useLabTest(hostId: string, lab: () => string, snapshot: () => HostSnapshot | null, offline: () => string | null): LabTest {
  const tests = useLabTests();
  const plans = usePlans();
  const run = computed(() => tests.of(hostId, lab()));
  return {
    run,
    findings: computed(() => run.value?.report?.findings ?? null),
    isOld: computed(() => {
      const [ended, current] = [run.value, snapshot()];
      return ended?.report != null && current !== null && ended.ground !== labGround(lab(), current);
    }),
    refusal: computed(() => {
      const [current, gone] = [snapshot(), offline()];
      if (gone !== null) return gone;
      if (current && !hasRoot(current)) return 'A test takes root on the host: connect as root, or allow sudo';
      if (plans.runningOn(hostId)) return 'A plan is being applied on this host: wait until it has ended';
      return null;
    }),
    start: () => tests.start(hostId, lab()),
    async cancel() {
      if (run.value) await tests.cancel(run.value);
    },
  };
}
