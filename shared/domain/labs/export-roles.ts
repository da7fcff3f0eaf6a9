import { isAddressed } from '../network-kinds';
import type { Machine } from '../machine';
import type { NetworkSpec } from '../network-spec';
import { freeName } from '../taken-names';
import type { LabFile } from './lab-file';
import type { RoleMark, RoleNic } from './role-mark';

/** A network of a lab by its key. */
interface KeyedNetwork { key: string; spec: NetworkSpec }

/** A machine with the role it plays. */
export interface ExportedMachine { machine: Pick<Machine, 'name' | 'nics'>; mark: RoleMark }

/**
 * Roles as a lab file says them, by their key, and the networks without what the roles say of them. MACs are written down, so that reading
 * it gives the same again.
 */
export function exportRoles(machines: readonly ExportedMachine[], networks: readonly KeyedNetwork[]): { roles: Record<string, unknown>; networks: NetworkSpec[] } {
  const named: [string, ExportedMachine][] = [];
  for (const item of machines) named.push([freeName(item.mark.role, named.map(([key]) => key)), item]);
  const roles = named.map(([key, { machine, mark }]) => {
    const nics = mark.nics.flatMap((nic) => { const network = networks.find((item) => item.key === nic.network); return network ? [nicOf(nic, machine, network.spec)] : []; });
    return [key, { machine: machine.name, nics }] as const;
  }).filter(([, { nics }]) => nics.length > 0);
  const reservedBy = named.flatMap(([role, { mark }]) => mark.nics.map(({ network, mac }) => ({ role, network, mac })));
  return { roles: Object.fromEntries(roles), networks: networks.map((network) => withoutReservations(network, reservedBy)) };
}

function nicOf({ network, mac }: RoleNic, machine: Pick<Machine, 'nics'>, spec: NetworkSpec): Record<string, unknown> {
  const nic = machine.nics.find((item) => item.mac === mac);
  const address = leasesOf(spec).find((lease) => lease.mac.toLowerCase() === mac)?.ip;
  return {
    network, ...nic?.portgroup ? { portgroup: nic.portgroup } : {}, mac, ...nic?.model && nic.model !== 'virtio' ? { model: nic.model } : {}, ...address === undefined ? {} : { address },
  };
}

/** The roles of a lab's file that nobody plays on the host, on networks that it has: `networks` are their keys. */
export function openRoles(known: LabFile | null, played: readonly string[], networks: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(known?.machines ?? {}).filter(([role, { nics }]) => !played.includes(role) && nics.every(({ network }) => networks.includes(network))).map(([role, { title, nics }]) => [
    role, { ...title === undefined ? {} : { title }, nics: nics.map(({ network, portgroup, mac, model, address }) => ({
      network, ...portgroup === undefined ? {} : { portgroup }, ...mac === undefined ? {} : { mac }, ...model === 'virtio' ? {} : { model }, ...address === undefined ? {} : { address },
    })) },
  ]));
}

const leasesOf = (spec: NetworkSpec) => (isAddressed(spec) ? spec.ipv4?.dhcp?.hosts ?? [] : []);

/** Those that come of a role's `address` anyway: under its name. */
function withoutReservations({ key, spec }: KeyedNetwork, reservedBy: readonly { role: string; network: string; mac: string }[]): NetworkSpec {
  if (!isAddressed(spec) || !spec.ipv4?.dhcp) return spec;
  const hosts = spec.ipv4.dhcp.hosts.filter(({ mac, name }) => !reservedBy.some((by) => by.network === key && by.mac === mac.toLowerCase() && by.role === name));
  return { ...spec, ipv4: { ...spec.ipv4, dhcp: { ...spec.ipv4.dhcp, hosts } } };
}
