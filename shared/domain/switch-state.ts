import { z } from 'zod';
import type { HostSnapshot } from './snapshot';

/** An Open vSwitch bridge as a plan finds or leaves it; `bridge` null: there is none of this name. */
export const switchStateSchema = z.object({
  name: z.string(),
  bridge: z.object({
    /** As in the database: empty or `system` is the kernel's, `netdev` the userspace one. */
    datapath: z.string(),
    stp: z.boolean(),
    /** Without the port of its own name, which every bridge has. */
    ports: z.array(z.string()),
    /** Of the host on it, as CIDR; link-local ones left out, for they come by themselves. */
    addresses: z.array(z.string()),
  }).nullable(),
});
export type SwitchState = z.infer<typeof switchStateSchema>;

export function switchStateOf(name: string, snapshot: HostSnapshot): SwitchState {
  const bridge = snapshot.ovsBridges.find((item) => item.name === name);
  if (!bridge) return { name, bridge: null };
  const device = snapshot.interfaces.find((item) => item.name === name);
  return {
    name,
    bridge: {
      datapath: bridge.datapathType, stp: bridge.stp, ports: bridge.ports.map((port) => port.name).filter((port) => port !== name),
      addresses: (device?.addresses ?? []).filter((item) => item.scope === 'global').map((item) => `${item.address}/${item.prefix}`),
    },
  };
}

/** False: nobody can tell which bridges Open vSwitch has. Without Open vSwitch there are none, which is known. */
export function seesSwitches({ problems }: HostSnapshot): boolean {
  return !problems.some((problem) => problem.area === 'ovs' && problem.code !== 'ovs.missing');
}
