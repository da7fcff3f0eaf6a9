import type { World } from '../world';

export interface Neighbour { address: string; device: string; mac: string; state: 'REACHABLE' | 'STALE' }

/** Whom the host has spoken to: its gateways, and the machines that have a lease. */
export function neighboursOf({ state }: World): Neighbour[] {
  const gateways = [...new Map(state.routes.map((route) => [route.gateway, route.device]))].map(([address, device], at): Neighbour => (
    { address, device, mac: `9c:3d:cf:00:00:${(at + 1).toString(16).padStart(2, '0')}`, state: 'REACHABLE' }
  ));
  const plugged = new Map(state.machines.flatMap((machine) => machine.running?.nics ?? []).map((nic) => [nic.mac, nic.bridge]));
  const guests = state.networks.flatMap((network) => network.leases).flatMap((lease): Neighbour[] => {
    const device = plugged.get(lease.mac);
    return device ? [{ address: lease.address, device, mac: lease.mac, state: 'STALE' }] : [];
  });
  return [...gateways, ...guests];
}
