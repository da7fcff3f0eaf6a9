import { plainOptions } from './addressed-spec';
import type { AddressedSpec } from './addressed-spec';
import type { AddressedKind } from './network-kinds';
import type { ProposalContext } from './network-family';
import { proposeSubnet } from './propose-subnet';
import { addressAt, proposeDhcpRange } from './subnet';
import { freeBridge, freeName, takenInterfaceNames } from './taken-names';

const names: Record<AddressedKind, string> = { nat: 'lab-net', routed: 'routed-net', open: 'open-net', isolated: 'isolated-net' };

/** What the wizard starts with: everything filled in and free, so that “Next, Next, Apply” works. */
export function proposeAddressed(kind: AddressedKind, { snapshot, used }: Pick<ProposalContext, 'snapshot' | 'used'>): AddressedSpec {
  const subnet = proposeSubnet(used) ?? '192.168.150.0/24';
  const address = addressAt(subnet, 1n);
  const range = proposeDhcpRange(address, 24);
  return {
    ...plainOptions,
    kind,
    name: freeName(names[kind], snapshot.networks.map((network) => network.name)),
    bridge: freeBridge(takenInterfaceNames(snapshot)),
    ipv4: { address, prefix: 24, dhcp: { ranges: range ? [range] : [], hosts: [], bootp: null }, tftpRoot: null },
    ipv6: null,
    autostart: true,
  };
}
