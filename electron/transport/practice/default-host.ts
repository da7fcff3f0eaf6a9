import { defaultLan } from './default-lan';
import { defaultFiles, defaultForeignRules, defaultSysctls, defaultTools, defaultUnits } from './default-system';
import type { HostState, InterfaceState, MachineState, NicState } from './host-state';
import { defineNetwork } from './libvirt/define-network';
import { grantLeases } from './libvirt/leases';
import { startMachine } from './libvirt/machines';
import { startNetwork } from './libvirt/run-network';
import { addOvsBridge } from './ovs/database';
import { newRoot } from './ovs/rows';
import { PracticeHost } from './practice-host';
import type { PracticeHostOptions } from './practice-host';

const networks: { xml: string; start: boolean; autostart: boolean }[] = [
  {
    start: true, autostart: true,
    xml: `<network><name>default</name><uuid>5c1f4d3e-7a60-4c0e-9d55-2f6f0f1f7a01</uuid><forward mode='nat'/><bridge name='virbr0'/>
      <mac address='52:54:00:3a:91:c4'/><ip address='192.168.122.1' netmask='255.255.255.0'><dhcp><range start='192.168.122.2' end='192.168.122.254'/>
      <host mac='52:54:00:6b:3c:58' name='git' ip='192.168.122.10'/></dhcp></ip></network>`,
  },
  {
    start: true, autostart: true,
    xml: '<network><name>lan</name><uuid>5c1f4d3e-7a60-4c0e-9d55-2f6f0f1f7a02</uuid><forward mode=\'bridge\'/><bridge name=\'br0\'/></network>',
  },
  {
    start: true, autostart: false,
    xml: `<network><name>sandbox</name><uuid>5c1f4d3e-7a60-4c0e-9d55-2f6f0f1f7a03</uuid><bridge name='virbr1'/><mac address='52:54:00:7d:02:19'/>
      <domain name='sandbox.internal' localOnly='yes'/><ip address='10.55.0.1' netmask='255.255.255.0'><dhcp><range start='10.55.0.100' end='10.55.0.199'/></dhcp></ip></network>`,
  },
  {
    start: true, autostart: true,
    xml: `<network><name>house-vlans</name><uuid>5c1f4d3e-7a60-4c0e-9d55-2f6f0f1f7a04</uuid><forward mode='bridge'/><bridge name='ovsbr0'/><virtualport type='openvswitch'/>
      <portgroup name='trusted' default='yes'><vlan><tag id='10'/></vlan></portgroup><portgroup name='cameras'><vlan><tag id='30'/></vlan></portgroup></network>`,
  },
  {
    start: false, autostart: false,
    xml: `<network><name>old-lab</name><uuid>5c1f4d3e-7a60-4c0e-9d55-2f6f0f1f7a05</uuid><forward mode='nat'/><bridge name='virbr2'/><mac address='52:54:00:90:11:ee'/>
      <ip address='10.20.30.1' netmask='255.255.255.0'><dhcp><range start='10.20.30.50' end='10.20.30.200'/></dhcp></ip></network>`,
  },
];

const machines: { name: string; title: string | null; gib: number; nics: [source: string, mac: string, portgroup?: string][]; start: boolean; hasAgent?: boolean }[] = [
  { name: 'git', title: 'Forgejo', gib: 2, nics: [['default', '52:54:00:6b:3c:58']], start: true },
  { name: 'jellyfin', title: null, gib: 4, nics: [['default', '52:54:00:1e:a7:03']], start: true },
  { name: 'pihole', title: null, gib: 1, nics: [['default', '52:54:00:c8:40:9b']], start: true },
  { name: 'homeassistant', title: 'Home Assistant', gib: 4, nics: [['lan', '52:54:00:55:d1:20']], start: true, hasAgent: true },
  { name: 'cameras', title: 'Frigate', gib: 6, nics: [['house-vlans', '52:54:00:0f:66:b2', 'cameras'], ['default', '52:54:00:0f:66:b3']], start: false },
  { name: 'unifi', title: null, gib: 2, nics: [['house-vlans', '52:54:00:21:8e:7d', 'trusted']], start: true },
  { name: 'malware-lab', title: null, gib: 8, nics: [['sandbox', '52:54:00:e3:09:44']], start: true },
];

/** A small home server with a bit of everything: what a first-time user rehearses on. */
export function createDefaultPracticeHost(options: PracticeHostOptions = {}): PracticeHost {
  const now = options.clock?.now() ?? Date.now();
  const host = new PracticeHost(emptyState(now), options);
  addOvsBridge(host, 'ovsbr0');
  for (const { xml, start, autostart } of networks) {
    const network = defineNetwork(host, xml);
    network.autostart = autostart;
    if (start) startNetwork(host, network);
  }
  for (const { name, title, gib, nics, start, hasAgent } of machines) {
    const machine = newMachine(host, name, title, gib, nics.map(([source, mac, portgroup]) => ({
      type: 'network', source, mac, portgroup: portgroup ?? null, model: 'virtio', linkDown: false,
    })));
    machine.autostart = start;
    if (hasAgent) machine.hasAgent = true;
    host.state.machines.push(machine);
    if (start) startMachine(host, machine);
  }
  // They have been running for days: their leases are there from the start.
  grantLeases(host);
  return host;
}

function newMachine(host: PracticeHost, name: string, title: string | null, gib: number, nics: NicState[]): MachineState {
  return {
    uuid: host.newUuid(), name, title, memoryKiB: gib * 1024 * 1024, vcpus: Math.max(1, gib / 2), autostart: false, persistent: true,
    nics, running: null, sendsHostname: true,
  };
}

function link(index: number, name: string, kind: InterfaceState['kind'], mac: string, more: Partial<InterfaceState> = {}): InterfaceState {
  return { index, name, kind, mac, mtu: 1500, up: true, cable: true, controller: null, addresses: [], bridge: null, device: null, ...more };
}

function emptyState(now: number): HostState {
  const day = 86_400_000;
  return {
    version: 1, hostname: 'attic', kernel: '6.1.0-37-amd64', kernelBuild: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)',
    bootedAt: now - 12 * day, seed: 20260115, nextInterfaceIndex: 8, nextMachineId: 1, nextTap: 0,
    interfaces: [
      link(1, 'lo', 'loopback', '00:00:00:00:00:00', {
        mtu: 65536, addresses: [
          { family: 'inet', address: '127.0.0.1', prefix: 8, validSeconds: null }, { family: 'inet6', address: '::1', prefix: 128, validSeconds: null },
        ],
      }),
      link(2, 'eno1', 'physical', 'd8:bb:c1:4a:20:11', {
        device: { pci: '0000:00:1f.6', driver: 'e1000e' },
        addresses: [
          { family: 'inet', address: '192.168.1.20', prefix: 24, validSeconds: 71_000 },
          { family: 'inet6', address: 'fe80::dabb:c1ff:fe4a:2011', prefix: 64, validSeconds: null },
        ],
      }),
      link(3, 'enp2s0', 'physical', 'a0:36:9f:81:5e:a0', { device: { pci: '0000:02:00.0', driver: 'igb' }, controller: 'br0' }),
      link(4, 'enp3s0', 'physical', 'a0:36:9f:81:5e:a1', { device: { pci: '0000:03:00.0', driver: 'igb' }, up: false, cable: false }),
      link(5, 'br0', 'bridge', 'a0:36:9f:81:5e:a0', { cable: false, bridge: { stp: false, forwardDelay: 200 } }),
      link(6, 'docker0', 'bridge', '02:42:7c:5d:18:9f', {
        cable: false, bridge: { stp: false, forwardDelay: 1500 }, addresses: [{ family: 'inet', address: '172.17.0.1', prefix: 16, validSeconds: null }],
      }),
      link(7, 'ovs-system', 'ovs', '8e:13:54:a2:90:0c', { up: false }),
    ],
    routes: [{ family: 'inet', destination: 'default', gateway: '192.168.1.1', device: 'eno1', metric: null, protocol: 'boot' }],
    networks: [], machines: [],
    ovs: { version: '3.1.0', schema: '8.3.1', tables: { Open_vSwitch: [newRoot('0b6e1a52-93a7-4f0e-8d7c-6c9b7f1f2d10', 'attic')], Bridge: [], Port: [], Interface: [] } },
    files: { ...defaultFiles }, sysctls: { ...defaultSysctls }, tools: { ...defaultTools }, units: structuredClone([...defaultUnits]),
    foreignRules: structuredClone([...defaultForeignRules]), libvirtChains: false,
    lan: structuredClone(defaultLan),
  };
}
