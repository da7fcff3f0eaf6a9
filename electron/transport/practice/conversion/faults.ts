import type { RehearsalFault } from '../../../../shared/domain/rehearsal-fault';
import type { HostState } from '../host-state';

/** Something that was made to go wrong, and still does. */
export interface ActiveFault {
  fault: RehearsalFault;
  /** The NIC that carried the user's connection. */
  nic: string;
  /** When it is mended by itself, in milliseconds since 1970; null: when the conversion has ended. */
  until: number | null;
}

export const isStruck = (state: HostState, fault: RehearsalFault): boolean => state.rehearsal?.some((active) => active.fault === fault) ?? false;

/** What was wrong for the conversion alone is right again when it has ended. */
export function mendWithConversion(state: HostState): void {
  state.rehearsal = (state.rehearsal ?? []).filter(({ until }) => until !== null);
}
