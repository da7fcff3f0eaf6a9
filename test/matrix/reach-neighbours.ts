import type { Network } from '../../shared/domain/network';
import type { LabHost } from '../lab/lab';

/** The other network of a host that machines of the one under test are tried against. `same-wire`: on its bridge or switch. */
export type Neighbour = 'nat' | 'routed' | 'isolated' | 'bridged' | 'same-wire';

/** Where its machine is. `subnet`: what the LAN's router is told the way to; null: nothing. */
export interface NeighbourPlace {
  network: string;
  /** Of its machine, with prefix. */
  address: string;
  gateway: string | null;
  subnet: string | null;
}

const name = 'beside';
const own = { network: name, address: '10.88.0.50/24', gateway: '10.88.0.1', subnet: '10.88.0.0/24' };

/** Makes it, active; `default` is NAT and there already. */
export async function makeNeighbour(kind: Neighbour, subject: Network, host: LabHost): Promise<NeighbourPlace> {
  if (kind === 'nat') return { network: 'default', address: '192.168.122.50/24', gateway: '192.168.122.1', subnet: null };
  if (kind === 'bridged') await host.execOrThrow('ip link add br-beside type bridge && ip link set br-beside up && ip link set enp3s0 master br-beside up');
  await host.execOrThrow(['virsh', '-q', 'net-create', '/dev/stdin'], { input: `<network><name>${name}</name>${inner(kind, subject)}</network>` });
  if (kind === 'routed' || kind === 'isolated') return own;
  return { network: name, address: kind === 'bridged' ? '10.77.0.14/24' : '10.66.0.14/24', gateway: kind === 'bridged' ? '10.77.0.1' : null, subnet: null };
}

export async function removeNeighbour(host: LabHost): Promise<void> {
  await host.exec(`virsh -q net-destroy ${name}; ip link del br-beside`);
}

function inner(kind: Exclude<Neighbour, 'nat'>, subject: Network): string {
  const inside = '<bridge name="virbr-beside"/><ip address="10.88.0.1" prefix="24"/>';
  switch (kind) {
    case 'routed': return `<forward mode="route"/>${inside}`;
    case 'isolated': return inside;
    case 'bridged': return '<forward mode="bridge"/><bridge name="br-beside"/>';
    case 'same-wire': return `<forward mode="bridge"/><bridge name="${subject.bridge?.name ?? ''}"/>${subject.kind === 'ovs' ? '<virtualport type="openvswitch"/>' : ''}`;
  }
}
