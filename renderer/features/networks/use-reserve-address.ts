import { shallowRef } from 'vue';
import type { ShallowRef } from 'vue';
import { isAddressed } from '../../../shared/domain/addressed-spec';
import type { Lease, Network } from '../../../shared/domain/network';
import { sameAddress } from '../../../shared/domain/subnet';
import { ownsBridge } from '../../../shared/domain/used-ranges';
import { withReservation } from '../../../shared/domain/with-reservation';
import { AppError } from '../../../shared/errors/app-error';
import { invoke } from '../../api/client';
import { toAppError } from '../../api/to-app-error';
import { usePlanReview } from '../../stores/plan-review';

/** Whether DHCP gives this address to this machine whatever happens. */
export function isReserved(network: Network, lease: Lease): boolean {
  return network.ips.some((ip) => (ip.dhcp?.hosts ?? []).some((host) => host.mac?.toLowerCase() === lease.mac.toLowerCase() && host.ip !== undefined && sameAddress(host.ip, lease.address)));
}

/** "Reserve this address…": from a lease to the review of a change of the running network. */
export function useReserveAddress(hostId: () => string, network: () => Network): {
  reserve(lease: Lease): Promise<void>;
  /** Why this lease can't be reserved; null when it can. */
  refusalFor(lease: Lease): string | null;
  error: ShallowRef<AppError | null>;
} {
  const review = usePlanReview();
  const error = shallowRef<AppError | null>(null);

  function refusalFor(lease: Lease): string | null {
    const { kind, persistent } = network();
    if (!ownsBridge({ kind }) || !persistent) return 'Only a network with a definition and a DHCP of libvirt’s own can reserve addresses.';
    return isReserved(network(), lease) ? 'This machine always gets this address.' : null;
  }

  async function reserve(lease: Lease): Promise<void> {
    error.value = null;
    const { uuid, active, pendingRestart } = network();
    try {
      const { spec } = await invoke('networks.draft', { hostId: hostId(), uuid });
      if (!isAddressed(spec)) throw new AppError('input.invalid', 'Nothing to reserve', 'This network hands out no addresses.');
      const reserved = withReservation(spec, { mac: lease.mac, ip: lease.address, name: hostName(lease.hostname) });
      // What waits for the next start would not fit what runs.
      const when = active && !pendingRestart ? 'live' : 'next-start';
      review.open(hostId(), { kind: 'network.edit', uuid, spec: reserved, when });
    } catch (thrown) {
      error.value = toAppError(thrown);
    }
  }

  return { reserve, refusalFor, error };
}

/** Guests say all sorts of things; only a host name makes a DNS name. */
function hostName(name: string | null): string | null {
  return name !== null && /^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}$/.test(name) ? name : null;
}
