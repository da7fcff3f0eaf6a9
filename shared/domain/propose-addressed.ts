import type { AddressedKind, AddressedSpec } from './addressed-spec';
import type { ProposalContext } from './network-family';
import { proposeSubnet } from './propose-subnet';
import { addressAt, proposeDhcpRange } from './subnet';
import { freeBridge, freeName, takenInterfaceNames } from './taken-names';

/** What the wizard starts with: everything filled in and free, so that “Next, Next, Apply” works. */
export function proposeAddressed(kind: AddressedKind, { snapshot, used }: Pick<ProposalContext, 'snapshot' | 'used'>): AddressedSpec {
  const subnet = proposeSubnet(used) ?? '192.168.150.0/24';
  const address = addressAt(subnet, 1n);
  const range = proposeDhcpRange(address, 24);
  return {
    kind,
    name: freeName('lab-net', snapshot.networks.map((network) => network.name)),
    title: null,
    bridge: freeBridge(takenInterfaceNames(snapshot)),
    ipv4: { address, prefix: 24, dhcp: { ranges: range ? [range] : [], hosts: [] } },
    ipv6: null,
    domain: null,
    dnsHosts: [],
    dnsForwarders: [],
    mtu: null,
    forwardDev: null,
    autostart: true,
  };
}
