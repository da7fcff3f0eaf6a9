import type { HostSnapshot } from '../../snapshot';
import { networksOfLab, routersOfLab } from '../labs-on-host';

/** All of a lab that its test depends on and the host tells by itself, as text that differs where a test's result may be another. */
export function labGround(lab: string, snapshot: Pick<HostSnapshot, 'networks' | 'machines'>): string {
  const networks = networksOfLab(lab, snapshot).map(({ uuid, kind, active, bridge, ips, portgroups, vlan, routes, portIsolation }) => [uuid, kind, active, bridge?.name, ips, portgroups, vlan, routes, portIsolation]);
  const routers = routersOfLab(lab, snapshot).map(({ uuid, state, nics }) => [uuid, state, nics.map(({ mac, network, portgroup, link }) => [mac, network, portgroup, link])]);
  return JSON.stringify([networks, routers]);
}
