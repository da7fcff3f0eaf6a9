import { shallowRef } from 'vue';
import type { ShallowRef } from 'vue';
import type { AppError } from '../../../shared/errors/app-error';
import { invoke } from '../../api/client';
import { toAppError } from '../../api/to-app-error';
import { useConversions } from '../../stores/conversions';

export interface RunActions {
  /** Why the last thing that was asked for was not heard. */
  error: ShallowRef<AppError | null>;
  doing: ShallowRef<'confirm' | 'revert' | 'extend' | 'look' | 'dismiss' | null>;
  confirm(): Promise<void>;
  revert(): Promise<void>;
  extend(seconds: number): Promise<void>;
  /** Asks the host anew what has become of it. */
  look(): Promise<void>;
  dismiss(): Promise<void>;
}

/** What can be said to a host about its conversion; what comes of it is told by the run itself. */
export function useRunActions(hostId: () => string): RunActions {
  const conversions = useConversions();
  const error: RunActions['error'] = shallowRef(null);
  const doing: RunActions['doing'] = shallowRef(null);

  async function act(what: NonNullable<typeof doing.value>, work: () => Promise<unknown>): Promise<void> {
    doing.value = what;
    error.value = null;
    try {
      await work();
    } catch (thrown) {
      error.value = toAppError(thrown);
    } finally {
      doing.value = null;
    }
  }

  return {
    error, doing,
    confirm: () => act('confirm', () => invoke('conversion.confirm', { hostId: hostId() })),
    revert: () => act('revert', () => invoke('conversion.revert', { hostId: hostId() })),
    extend: (seconds) => act('extend', () => invoke('conversion.extend', { hostId: hostId(), seconds })),
    look: () => act('look', () => conversions.look(hostId())),
    dismiss: () => act('dismiss', () => invoke('conversion.dismiss', { hostId: hostId() })),
  };
}
