import type { HostState } from '../host-state';
import { findInterface } from '../linux/link-state';
import { bridgeOfPort } from '../ovs/database';
import type { TransactionState } from './transaction-state';

/** `port`: the NIC is a port of the bridge. `free`: it is none, and there is no such bridge. `out`: it is none, and the bridge is there. `any`: nothing is made or taken away. */
type Standing = 'port' | 'free' | 'out' | 'any';

/** How the NIC and the bridge stand to each other before and after, and which of them carries the network. */
export interface Shape {
  nic: string;
  bridge: string;
  source: string;
  target: string;
  /** Whose carrier has to stay. */
  plug: string;
  before: Standing;
  after: Standing;
  aim: string;
}

/** By what the change is for: to make a bridge, where nothing else is said; to take it away; to change addresses. */
export function shapeOf({ settings }: Pick<TransactionState, 'settings'>): Shape {
  const { nic = '', bridge = '', goal } = settings;
  switch (goal) {
    case 'unbridge': return { nic, bridge, source: bridge, target: nic, plug: nic, before: 'port', after: 'free', aim: `${nic} leaves ${bridge}, which goes` };
    case 'unport': return { nic, bridge, source: bridge, target: bridge, plug: bridge, before: 'port', after: 'out', aim: `${nic} leaves ${bridge}, which stays` };
    case 'address': return { nic, bridge, source: nic, target: nic, plug: nic, before: 'any', after: 'any', aim: `${nic} gets other addresses or routes` };
    default: return { nic, bridge, source: nic, target: bridge, plug: nic, before: 'free', after: 'port', aim: `${nic} becomes a port of ${bridge}` };
  }
}

/** Null: they stand like that; else what is otherwise. */
export function judgeShape(state: HostState, { nic, bridge }: Shape, standing: Standing, kind: string | undefined): string | null {
  const link = findInterface(state, nic);
  const isPort = kind === 'ovs' ? state.ovs !== null && bridgeOfPort(state.ovs, nic)?.['name'] === bridge : link?.controller === bridge;
  if (standing === 'port') return isPort ? null : `${nic} is no port of ${bridge}`;
  if (standing === 'any') return null;
  if (standing === 'out' && (isPort || link?.controller)) return `${nic} is a port already or still`;
  if (standing === 'out') return findInterface(state, bridge) ? null : `there is no network interface ${bridge}`;
  if (link?.controller) return `${nic} is a port already or still`;
  return findInterface(state, bridge) ? `there is a network interface ${bridge}` : null;
}
