import type { HostInterface } from '../../../shared/domain/host-network';
import { uplinkOf } from '../../../shared/domain/host-uplink';
import type { HostSnapshot } from '../../../shared/domain/snapshot';

const leadsOutside: ReadonlySet<HostInterface['kind']> = new Set(['physical', 'wireless', 'bond', 'vlan', 'bridge', 'wireguard', 'tun']);

/** Interfaces a NAT network may be told to leave through: those with an address, bridges of libvirt itself left out. */
export function forwardDevices(snapshot: HostSnapshot): { name: string; remark: string }[] {
  const ownBridges = new Set(snapshot.networks.filter((network) => network.ips.length > 0).map((network) => network.bridge?.name));
  return snapshot.interfaces
    .filter((candidate) => leadsOutside.has(candidate.kind) && candidate.controller === null && !ownBridges.has(candidate.name))
    .map((candidate) => ({ name: candidate.name, remark: addressOf(candidate) ?? (candidate.operState === 'DOWN' ? 'no link' : 'no address') }));
}

/** The interface packets leave through, `forwardDev` or the default route's, with the IPv4 address they leave with. */
export function leavesThrough(snapshot: HostSnapshot, forwardDev: string | null): { name: string; address: string | null } | null {
  const name = forwardDev ?? uplinkOf(snapshot, 'ipv4')?.device ?? null;
  if (name === null) return null;
  const device = snapshot.interfaces.find((candidate) => candidate.name === name);
  return { name, address: device ? addressOf(device) : null };
}

function addressOf(device: HostInterface): string | null {
  return device.addresses.find((address) => address.family === 'ipv4' && address.scope === 'global')?.address ?? null;
}
