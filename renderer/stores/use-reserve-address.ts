import { isAddressed } from '../../shared/domain/network-kinds';
import type { Network } from '../../shared/domain/network';
import { reservedName } from '../../shared/domain/reservation-refusal';
import type { Reservable } from '../../shared/domain/reservation-refusal';
import { withReservation } from '../../shared/domain/with-reservation';
import { AppError } from '../../shared/errors/app-error';
import { invoke } from '../api/client';
import { usePlanReview } from './plan-review';

/**
 * "Reserve this address…": from a lease to the review of a change of its network, wherever the lease is shown. Rejects with AppError
 * where the definition can't have it; `reservationRefusal` says beforehand what is known to stand in the way.
 */
export function useReserveAddress(hostId: () => string): (network: Network, lease: Reservable) => Promise<void> {
  const review = usePlanReview();
  return async ({ uuid, name, active, pendingRestart }, lease) => {
    const { spec } = await invoke('networks.draft', { hostId: hostId(), uuid });
    if (!isAddressed(spec)) throw new AppError('input.invalid', 'Nothing to reserve', `“${name}” hands out no addresses.`);
    const reserved = withReservation(spec, { mac: lease.mac, ip: lease.address, name: reservedName(lease.hostname) });
    // What waits for the next start would not fit what runs.
    review.open(hostId(), { kind: 'network.edit', uuid, spec: reserved, when: active && !pendingRestart ? 'live' : 'next-start' });
  };
}
