import type { HostState, LeaseState, MachineState, NetworkState, RunningNic } from '../host-state';
import { isWithin, toAddress, toNumber } from '../linux/address-math';
import { announceNeighbour } from '../linux/interfaces';
import { findInterface } from '../linux/link-state';
import type { World } from '../world';
import type { IpDefinition } from './network-definition';
import { prefixOf } from './parse-network-ip';

const leaseSeconds = 3600;
/** A guest boots, its bridge port learns, DHCP takes its turns. */
const firstLeaseMs = 1800;

interface Plugged { machine: MachineState; nic: RunningNic; network: NetworkState; ip: IpDefinition }

/** NICs that dnsmasq can hear: plugged into the bridge of a running network that hands out IPv4 addresses. */
function pluggedNics(state: HostState): Plugged[] {
  return state.machines.flatMap((machine) => (machine.running?.state === 'running' ? machine.running.nics : []).flatMap((nic): Plugged[] => {
    const controller = findInterface(state, nic.target)?.controller;
    const network = state.networks.find(({ running }) => running && controller && running.bridge?.name === controller && running.ips.length > 0);
    const ip = network?.running?.ips.find((each) => each.dhcp && !each.address.includes(':'));
    return network && ip && !nic.linkDown ? [{ machine, nic, network, ip }] : [];
  }));
}

/** Lets every machine that is plugged in and has no lease ask for one, after a moment. */
export function scheduleLeases(world: World): void {
  const waiting = pluggedNics(world.state).some(({ nic, network }) => !network.leases.some((lease) => lease.mac === nic.mac));
  if (waiting) world.later(firstLeaseMs, () => grantLeases(world));
}

/** Gives a lease to every machine that is plugged in and has none. */
export function grantLeases(world: World): void {
  for (const { machine, nic, network, ip } of pluggedNics(world.state)) {
    if (network.leases.some((lease) => lease.mac === nic.mac)) continue;
    const address = chooseAddress(network, ip, nic.mac);
    if (address === null) continue;
    network.leases.push({
      mac: nic.mac, family: 'inet', address, hostname: machine.sendsHostname ? machine.name : staticName(ip, nic.mac), clientId: `01:${nic.mac}`,
      expiresAt: Math.floor(world.now() / 1000) + leaseSeconds,
    });
    if (nic.bridge) announceNeighbour(world, address, nic.bridge, nic.mac);
  }
}

function staticName(ip: IpDefinition, mac: string): string | null {
  return ip.dhcp?.hosts.find((host) => host.mac?.toLowerCase() === mac)?.name ?? null;
}

/** The static lease, else a place in the first range that the MAC decides, else the next one that is free. */
function chooseAddress(network: NetworkState, ip: IpDefinition, mac: string): string | null {
  const fixed = ip.dhcp?.hosts.find((host) => host.mac?.toLowerCase() === mac)?.ip;
  if (fixed) return fixed;
  const taken = new Set([...network.leases.map((lease) => lease.address), ...(ip.dhcp?.hosts ?? []).map((host) => host.ip), ip.address]);
  for (const { start, end } of ip.dhcp?.ranges ?? []) {
    const first = toNumber(start);
    const size = toNumber(end) - first + 1n;
    const wanted = mac.split(':').reduce((sum, pair) => sum * 31n + BigInt(parseInt(pair, 16)), 7n);
    for (let step = 0n; step < size; step += 1n) {
      const address = toAddress(first + ((wanted + step) % size), 'inet');
      if (!taken.has(address)) return address;
    }
  }
  return null;
}

/** The leases in force: guests that are still there have renewed theirs at half time, the others run out. */
export function currentLeases(world: World, network: NetworkState): (LeaseState & { prefix: number })[] {
  const now = Math.floor(world.now() / 1000);
  const renewing = new Set(pluggedNics(world.state).filter((plugged) => plugged.network === network).map(({ nic }) => nic.mac));
  for (const lease of network.leases) {
    if (renewing.has(lease.mac) && lease.expiresAt - now < leaseSeconds / 2) {
      lease.expiresAt = now + leaseSeconds - ((now - lease.expiresAt) % (leaseSeconds / 2) + leaseSeconds / 2) % (leaseSeconds / 2);
    }
  }
  network.leases = network.leases.filter((lease) => lease.expiresAt > now);
  return network.leases.map((lease) => ({ ...lease, prefix: leasePrefix(network, lease.address) }));
}

function leasePrefix(network: NetworkState, address: string): number {
  const ips = (network.running ?? network.persistent)?.ips ?? [];
  const ip = ips.find((each) => isWithin(address, each.address, Math.max(0, prefixOf(each))));
  return ip ? prefixOf(ip) : 24;
}

/** dnsmasq's `.status` file as libvirt's lease helper writes it; empty before the first lease. */
export function leaseStatusFile(world: World, network: NetworkState): string {
  const leases = currentLeases(world, network);
  if (leases.length === 0) return '';
  const entries = leases.map((lease) => ({
    'ip-address': lease.address, 'mac-address': lease.mac, ...(lease.hostname === null ? {} : { hostname: lease.hostname }),
    'client-id': lease.clientId, 'expiry-time': lease.expiresAt,
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}
