import { isGuestDevice } from '../interface-state';
import type { HostSnapshot } from '../snapshot';
import { linkOf } from './facts';
import type { ConversionFacts } from './facts';
import { blocker, warning } from './finding';
import type { ConversionFinding } from './finding';

/** Who uses a bridge of the host, by libvirt. */
export interface BridgeUsers {
  /** `target`: the tap of one that is on. */
  machines: { name: string; targets: string[] }[];
  networks: string[];
}

export const noUsers: BridgeUsers = { machines: [], networks: [] };

/** By the NICs of machines, running or defined, and by libvirt's networks that lead to the bridge. */
export function bridgeUsers({ machines, networks }: Pick<HostSnapshot, 'machines' | 'networks'>, bridge: string): BridgeUsers {
  const leading = networks.filter((network) => network.bridge?.name === bridge).map(({ name }) => name);
  const uses = (nic: { bridge: string | null; network: string | null } | null): boolean =>
    nic !== null && (nic.bridge === bridge || (nic.network !== null && leading.includes(nic.network)));
  return {
    networks: leading,
    machines: machines.flatMap(({ name, nics }) => {
      const own = nics.filter((nic) => uses(nic) || uses(nic.next));
      return own.length === 0 ? [] : [{ name, targets: own.flatMap(({ target }) => target ?? []) }];
    }),
  };
}

/** Ports of a bridge of the host, its own internal one left out. */
export function portsOf(facts: ConversionFacts, bridge: string): string[] {
  const byKernel = facts.links.filter(({ controller }) => controller === bridge).map(({ name }) => name);
  return [...new Set([...byKernel, ...facts.ovs.ports?.[bridge] ?? []])].filter((name) => name !== bridge);
}

/** A port that belongs to a machine or a container, and not to the host. */
export function isGuestPort(facts: ConversionFacts, users: BridgeUsers, port: string): boolean {
  return users.machines.some(({ targets }) => targets.includes(port)) || isGuestDevice({ name: port, kind: linkOf(facts, port)?.kind ?? 'other' });
}

/** Whoever would lose the bridge. Those that are plugged in now stop it: going back makes the bridge anew, and would not plug them in again. */
export function userFindings(facts: ConversionFacts, bridge: string, users: BridgeUsers): ConversionFinding[] {
  const plugged = portsOf(facts, bridge).filter((port) => isGuestPort(facts, users, port));
  const named = plugged.map((port) => users.machines.find(({ targets }) => targets.includes(port))?.name ?? port);
  const stacked = facts.links.filter(({ parent }) => parent === bridge).map(({ name }) => name);
  const later = users.machines.filter(({ targets }) => targets.length === 0).map(({ name }) => name);
  return [
    ...plugged.length === 0 ? [] : [blocker('bridge.in-use', `${bridge} is in use`, `These are plugged into it: ${[...new Set(named)].join(', ')}.`, 'Shut them down, or move them to another network, first.')],
    ...stacked.length === 0 ? [] : [blocker('bridge.stacked', `${stacked.join(' and ')} stand on ${bridge}`, 'They would go with it.', 'Take them away, or build them on the NIC, first.')],
    ...later.length === 0 ? [] : [warning('bridge.machines', 'Machines will not start as they are', `They are to be plugged into ${bridge}: ${later.join(', ')}.`)],
    ...users.networks.length === 0 ? [] : [warning('bridge.networks', 'Networks of libvirt lose their bridge', `They lead to ${bridge}: ${users.networks.join(', ')}.`)],
  ];
}
