import { computed, shallowRef, watch } from 'vue';
import type { ComputedRef, ShallowRef } from 'vue';
import type { NetworkSpec } from '../../shared/domain/network-spec';
import { mergeFields } from '../../shared/domain/three-way';
import type { FieldDifference } from '../../shared/domain/three-way';
import { invoke } from '../api/client';
import { toAppError } from '../api/to-app-error';

export type Way = 'merge' | 'mine' | 'theirs';

export interface ChangedMeanwhile<S extends NetworkSpec> {
  /** The network as the form was filled from it, or as the user last chose to go on from. */
  base: ShallowRef<S>;
  /** Fields in which form and host differ since; empty as long as nobody changed the network on the host. */
  differences: ComputedRef<FieldDifference[]>;
  /** True: the host is not looked at, for its changes are our own. */
  isPaused: ShallowRef<boolean>;
  /** The spec to go on with; null when there is nothing to choose. */
  choose(way: Way): S | null;
  /** Looks at the host; true when the network is still the one the form was filled from. */
  isUnchanged(): Promise<boolean>;
}

/** Whether the edited network was changed on the host since its form was opened, and the three ways on. Nothing to see for a new one. */
export function useChangedMeanwhile<S extends NetworkSpec>(options: {
  hostId: string;
  /** Null: a new network. */
  uuid: string | null;
  start: S;
  /** Of the snapshot: grows with every change on the host. */
  revision: () => number;
  /** The form's value, as far as it can be read. */
  mine: () => S;
  /** Whether the form shows it at all: the network may have become one of another kind. */
  isShown: (spec: NetworkSpec) => spec is S;
}): ChangedMeanwhile<S> {
  const { hostId, uuid, mine, isShown } = options;
  const base = shallowRef(options.start) as ShallowRef<S>;
  const theirs: ShallowRef<S | null> = shallowRef(null);
  const isPaused = shallowRef(false);

  async function isUnchanged(): Promise<boolean> {
    if (uuid === null) return true;
    const { spec } = await invoke('networks.draft', { hostId, uuid });
    theirs.value = isShown(spec) && mergeFields<unknown>(base.value, base.value, spec).differences.length > 0 ? spec : null;
    return theirs.value === null;
  }

  watch(options.revision, () => {
    if (isPaused.value) return;
    // A host that is away, or a network that is gone, is told of where it is reviewed.
    void isUnchanged().catch((thrown: unknown) => { if (toAppError(thrown).code === 'internal') throw thrown; });
  });

  const merged = computed(() => (theirs.value === null ? null : mergeFields<S>(base.value, mine(), theirs.value)));
  return {
    base, isPaused, isUnchanged,
    differences: computed(() => merged.value?.differences ?? []),
    choose(way) {
      if (theirs.value === null || merged.value === null) return null;
      const spec = way === 'merge' ? merged.value.merged : way === 'mine' ? mine() : theirs.value;
      base.value = theirs.value;
      theirs.value = null;
      return spec;
    },
  };
}
