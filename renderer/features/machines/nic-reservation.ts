import type { MachineNic } from '../../../shared/domain/machine';
import type { Lease, Network } from '../../../shared/domain/network';
import { reservationRefusal } from '../../../shared/domain/reservation-refusal';
import type { HostSnapshot } from '../../../shared/domain/snapshot';

/** The lease a NIC has on its network, and why its address can't be kept for it; `refusal` null: it can. */
export interface NicReservation { network: Network | null; lease: Lease | null; refusal: string | null }

/** Only what the NIC has now counts: the network remembers leases of machines that are off. */
export function reservationOf(nic: Pick<MachineNic, 'mac' | 'network' | 'addresses'>, { networks }: Pick<HostSnapshot, 'networks'>): NicReservation {
  const network = nic.network === null ? null : networks.find((candidate) => candidate.name === nic.network) ?? null;
  if (!network) return { network, lease: null, refusal: 'It is on no network of libvirt, whose DHCP could keep an address for it.' };
  const mac = nic.mac.toLowerCase();
  const isHeld = (address: string): boolean => nic.addresses.some((entry) => entry.source === 'lease' && entry.address === address);
  const lease = network.leases.find((candidate) => candidate.family === 'ipv4' && candidate.mac.toLowerCase() === mac && isHeld(candidate.address)) ?? null;
  if (lease) return { network, lease, refusal: reservationRefusal(network, lease) };
  // What stands in the way of any address says more than that there is none.
  const unfit = reservationRefusal(network, { mac, address: network.ips.find((ip) => ip.family === 'ipv4')?.address ?? '0.0.0.0', family: 'ipv4', hostname: null });
  return { network, lease, refusal: unfit ?? `It has no lease of “${network.name}” to keep.` };
}
