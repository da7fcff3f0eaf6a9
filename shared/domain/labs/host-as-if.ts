import type { Network } from '../network';
import { parseNetwork } from '../network-xml/parse-network';
import type { HostSnapshot } from '../snapshot';
import { networkOf } from '../subnet';
import { ownsBridge } from '../used-ranges';
import { networksOfLab, switchesOfLab } from './labs-on-host';
import type { UsedRange } from '../used-range';

/** A host as it will be when a part of a plan is done, for planning the next part. */
export interface HostAsIf { snapshot: HostSnapshot; used: readonly UsedRange[] }

/** Without a network, and without the bridge that libvirt made for it. */
export function withoutNetwork({ snapshot, used }: HostAsIf, uuid: string): HostAsIf {
  const gone = snapshot.networks.find((network) => network.uuid === uuid);
  const bridge = gone && ownsBridge(gone) ? gone.bridge?.name ?? null : null;
  return {
    snapshot: {
      ...snapshot, networks: snapshot.networks.filter((network) => network.uuid !== uuid),
      interfaces: snapshot.interfaces.filter((device) => device.name !== bridge),
    },
    used: used.filter((range) => range.networkUuid !== uuid),
  };
}

/** With a network of this definition, active, in place of the one that has its UUID. */
export function withNetwork(host: HostAsIf, xml: string, autostart: boolean): HostAsIf {
  const definition = parseNetwork(xml);
  const network: Network = { ...definition, active: true, autostart, persistent: true, leases: [], pendingRestart: false };
  const { snapshot, used } = withoutNetwork(host, network.uuid);
  const owner = `${network.name} of the same lab`;
  return {
    snapshot: { ...snapshot, networks: [...snapshot.networks, network] },
    used: [...used, ...network.ips.map((ip): UsedRange => ({ cidr: networkOf(ip.address, ip.prefix), owner, hostId: snapshot.hostId, kind: 'network', networkUuid: network.uuid }))],
  };
}

export function withoutSwitch({ snapshot, used }: HostAsIf, name: string): HostAsIf {
  return {
    snapshot: { ...snapshot, ovsBridges: snapshot.ovsBridges.filter((bridge) => bridge.name !== name), interfaces: snapshot.interfaces.filter((device) => device.name !== name) }, used,
  };
}

export function withSwitch(host: HostAsIf, name: string): HostAsIf {
  const { snapshot, used } = withoutSwitch(host, name);
  return { snapshot: { ...snapshot, ovsBridges: [...snapshot.ovsBridges, { name, datapathType: '', failMode: null, stp: false, ports: [], problem: null }] }, used };
}

/** Without what a lab has and will not keep. Its switches are as if not yet made: a spec with `createBridge` is of a lab that makes them. */
export function clearedOf(lab: string, keptUuids: readonly string[], host: HostAsIf): HostAsIf {
  const gone = networksOfLab(lab, host.snapshot).filter((network) => !keptUuids.includes(network.uuid));
  return switchesOfLab(lab, host.snapshot).reduce(withoutSwitch, gone.reduce((left, { uuid }) => withoutNetwork(left, uuid), host));
}
