import type { HostInterface, Route } from '../../shared/domain/host-network';
import type { Machine } from '../../shared/domain/machine';
import type { Network } from '../../shared/domain/network';
import { parseNetwork } from '../../shared/domain/network-xml/parse-network';
import type { HostSnapshot } from '../../shared/domain/snapshot';

/** Snapshots for tests of pure rules: a host “attic” on a LAN, with what the test adds. */

export const defaultUuid = '525d772d-5c82-4e03-b6ce-7eb39dcb763d';

export const defaultXml = `<network>
  <name>default</name>
  <uuid>${defaultUuid}</uuid>
  <forward mode='nat'/>
  <bridge name='virbr0' stp='on' delay='0'/>
  <mac address='52:54:00:99:c3:f8'/>
  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.122.2' end='192.168.122.254'/>
    </dhcp>
  </ip>
</network>
`;

export function makeInterface(name: string, more: Partial<HostInterface> = {}): HostInterface {
  return {
    name, index: 2, kind: 'physical', mac: '52:54:00:01:02:03', mtu: 1500, adminUp: true, operState: 'UP', controller: null, parent: null,
    vlanId: null, addresses: [], bridge: null, ...more,
  };
}

export function address(text: string): HostInterface['addresses'][number] {
  const [ip = '', prefix = ''] = text.split('/');
  return { family: ip.includes(':') ? 'ipv6' : 'ipv4', address: ip, prefix: Number(prefix), scope: 'global', dynamic: false };
}

export function makeRoute(destination: string, more: Partial<Route> = {}): Route {
  return {
    family: destination.includes(':') ? 'ipv6' : 'ipv4', destination, gateway: null, device: 'eno1', metric: null, table: 'main',
    protocol: 'kernel', type: 'unicast', ...more,
  };
}

export function makeNetwork(xml: string, more: Partial<Network> = {}): Network {
  return { ...parseNetwork(xml), active: true, autostart: true, persistent: true, leases: [], pendingRestart: false, ...more };
}

/** A running machine with one NIC on a libvirt network, unless `more` says otherwise. */
export function makeMachine(name: string, network: string, tap: string | null, more: Partial<Machine> = {}): Machine {
  return {
    uuid: `00000000-0000-4000-8000-${name.padEnd(12, '0').replace(/[^0-9a-f]/g, '0').slice(0, 12)}`, name, title: null,
    state: tap === null ? 'shut-off' : 'running', autostart: false, persistent: true, agent: null, labRoles: [],
    nics: [{
      mac: '52:54:00:aa:00:01', type: 'network', network, portgroup: null, bridge: null, isOvs: false, hostDevice: null, directMode: null,
      model: 'virtio', link: 'up', vlan: null, bandwidth: { inbound: null, outbound: null }, isolatedPort: false, bootOrder: null, pciAddress: null,
      alias: tap === null ? null : 'net0', target: tap, addresses: [], seenOn: null, pending: null, next: null,
    }],
    ...more,
  };
}

export function makeSnapshot(more: Partial<HostSnapshot> = {}): HostSnapshot {
  return {
    hostId: 'attic', revision: 1, takenAt: '2026-01-01T00:00:00.000Z',
    system: {
      hostname: 'attic', osName: 'Debian GNU/Linux 12 (bookworm)', kernel: '6.1.0', architecture: 'x86_64', libvirtVersion: '9.0.0',
      ovsVersion: null, networkStacks: ['ifupdown'], tools: ['ip', 'virsh'], ipv4Forwarding: true,
    },
    privilege: 'root',
    networks: [], machines: [],
    interfaces: [makeInterface('lo', { kind: 'loopback', addresses: [address('127.0.0.1/8')] }), makeInterface('eno1', { addresses: [address('10.0.0.5/24')] })],
    routes: [makeRoute('default', { gateway: '10.0.0.1' }), makeRoute('10.0.0.0/24')],
    ovsBridges: [], problems: [],
    ...more,
  };
}
