import { isUp } from '../../../shared/domain/interface-state';
import type { OvsPort } from '../../../shared/domain/host-network';
import type { HostSnapshot } from '../../../shared/domain/snapshot';

/** A socket on a faceplate. `up`: link; `down`: plugged without link; `kept`: a machine that is off will plug in here. */
export interface MapPort { name: string; state: 'up' | 'down' | 'kept' }

/** The sockets of a Linux or Open vSwitch bridge: its ports, then one per NIC of machines that are off. */
export function bridgePorts(bridge: string, snapshot: HostSnapshot): MapPort[] {
  const ovs = snapshot.ovsBridges.find((candidate) => candidate.name === bridge);
  const ports: MapPort[] = ovs
    ? ovs.ports
        .filter((port) => port.name !== bridge)
        .map((port) => ({ name: port.name, state: port.interfaces.some((lower) => lower.linkState === 'up') ? 'up' : 'down' }))
    : snapshot.interfaces
        .filter((candidate) => candidate.controller === bridge)
        .map((candidate) => ({ name: candidate.name, state: isUp(candidate) ? 'up' : 'down' }));
  const plugged = new Set(ports.map((port) => port.name));
  const bridgeOfNetwork = new Map(snapshot.networks.map((network) => [network.name, network.bridge?.name]));
  for (const machine of snapshot.machines) {
    for (const nic of machine.nics) {
      const own = nic.bridge ?? (nic.network === null ? undefined : bridgeOfNetwork.get(nic.network));
      if (own !== bridge || (nic.target !== null && plugged.has(nic.target))) continue;
      const isRunning = machine.state === 'running' || machine.state === 'paused';
      ports.push({ name: nic.target ?? machine.name, state: !isRunning ? 'kept' : nic.link === 'up' ? 'up' : 'down' });
    }
  }
  return ports;
}

/** The Open vSwitch port of a tap, which knows the VLAN that is really set. */
export function ovsPortOf(tap: string, snapshot: HostSnapshot): OvsPort | undefined {
  return snapshot.ovsBridges.flatMap((bridge) => bridge.ports).find((port) => port.name === tap);
}
