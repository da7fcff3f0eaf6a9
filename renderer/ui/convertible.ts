import { isGuestDevice } from '../../shared/domain/interface-state';
import type { HostInterface } from '../../shared/domain/host-network';
import { isOwnVeth } from '../../shared/domain/interface-state';
import type { HostView } from '../../shared/domain/host';
import { hasRoot } from '../../shared/domain/privilege';
import type { HostSnapshot } from '../../shared/domain/snapshot';

const kinds: readonly HostInterface['kind'][] = ['physical', 'bond', 'vlan'];
type Devices = Pick<HostSnapshot, 'interfaces' | 'ovsBridges'>;

/** Whether the guide could make a bridge of a device; its preflight has the last word. */
export const isConvertible = (device: HostInterface): boolean => (kinds.includes(device.kind) && device.controller === null) || isOwnVeth(device);

/** NICs of the host that are ports of a bridge; none for what is no bridge. */
function uplinksOf({ interfaces, ovsBridges }: Devices, name: string): HostInterface[] {
  const ports = [
    ...interfaces.filter(({ controller }) => controller === name),
    ...ovsBridges.filter((bridge) => bridge.name === name).flatMap(({ ports: own }) => interfaces.filter((device) => device.name !== name && own.some((port) => port.name === device.name))),
  ];
  const isBridge = interfaces.some((device) => device.name === name && device.kind === 'bridge') || ovsBridges.some((bridge) => bridge.name === name);
  return isBridge ? ports.filter((port) => !isGuestDevice(port)) : [];
}

/** Whether it is a bridge with a NIC, which would take the addresses once the bridge is gone. */
export const isRemovableBridge = (devices: Devices, name: string): boolean => uplinksOf(devices, name).length > 0;

/** The bridge that a NIC could leave, since it has others; null: there is none. */
function leavableBridge(devices: Devices, name: string): string | null {
  const bridges = [...devices.interfaces.filter(({ kind }) => kind === 'bridge'), ...devices.ovsBridges].map((bridge) => bridge.name);
  return bridges.find((bridge) => { const uplinks = uplinksOf(devices, bridge); return uplinks.length > 1 && uplinks.some((port) => port.name === name); }) ?? null;
}

/** Whether a device has addresses of the host's own, which the guide could change. */
export function isReaddressable(devices: Devices, name: string): boolean {
  const device = devices.interfaces.find((entry) => entry.name === name);
  if (!device?.addresses.some(({ scope }) => scope === 'global')) return false;
  return isConvertible(device) || device.kind === 'wireless' || isRemovableBridge(devices, name);
}

/** What the guide can do with a device, in the order in which menus name it. */
export interface DeviceChange { goal: 'convert' | 'unbridge' | 'readdress'; label: string; title: string; icon: string; query: Record<string, string> }

export function changesOf(devices: Devices, name: string): DeviceChange[] {
  const device = devices.interfaces.find((entry) => entry.name === name);
  const left = leavableBridge(devices, name);
  return [
    ...device && isConvertible(device) ? [{ goal: 'convert' as const, label: 'Convert into a bridge…', title: `The guided conversion makes ${name} the first port of a bridge`, icon: 'i-lucide-git-merge', query: { nic: name } }] : [],
    ...isReaddressable(devices, name) ? [{ goal: 'readdress' as const, label: 'Change addresses…', title: `Another address, gateway, name servers or MTU for ${name}, without locking you out`, icon: 'i-lucide-map-pin', query: { goal: 'readdress', nic: name } }] : [],
    ...isRemovableBridge(devices, name) ? [{ goal: 'unbridge' as const, label: 'Take the bridge away…', title: `The NIC takes the addresses of ${name} back`, icon: 'i-lucide-split', query: { goal: 'unbridge', nic: name } }] : [],
    ...left === null ? [] : [{ goal: 'unbridge' as const, label: `Take out of ${left}…`, title: `${name} leaves ${left}, which stays with its other NICs`, icon: 'i-lucide-unplug', query: { goal: 'unbridge', nic: name } }],
  ];
}

/** Why nothing of the host's own network can be changed now, in a sentence; null: it can. */
export function convertRefusal(host: HostView | null): string | null {
  if (host?.session.phase !== 'connected') return 'Connect to the host first';
  return hasRoot(host.session) ? null : 'Only root may change the host’s network';
}
