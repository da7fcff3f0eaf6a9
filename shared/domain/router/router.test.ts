import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routerArbitrary } from '../../../test/fakes/router-arbitrary';
import { parseRoot } from '../xml/parse-xml';
import { makeRouterImage, routerImageCommand, removeRouterImage, routerImageVersion } from './router-image';
import { readRouterMark } from './router-mark';
import { routerNetwork } from './router-network';
import { routerRules } from './router-rules';
import { checkRouter, namedInterfaces, routerSpecSchema } from './router-spec';
import type { RouterInterface, RouterSpec } from './router-spec';
import { buildRouterXml, filesOfRouter, routerEssence } from './router-xml';

const uuid = '6f1ef9f7-0c3c-4a8e-9b8f-27a1b5f0c001';
const platform = { architecture: 'x86_64', kvm: false };
const mark = { lab: 'home', key: 'gw' };
const face = (zone: string, n: number, more: Partial<RouterInterface> = {}): RouterInterface => ({
  network: `home-${zone}`, portgroup: null, vlan: null, mac: `52:54:00:00:00:0${n}`, zone, address: `10.20.${n}.1/24`, dhcp: null, gateway: null, fillsChecksums: false, ...more,
});
const firewall: RouterSpec = {
  name: 'home-gw', title: null, masquerade: ['wan'], dns: 'forward', nameServers: ['10.20.1.254'], allow: [['lan', 'wan'], ['lan', 'dmz'], ['dmz', 'wan']],
  interfaces: [face('wan', 1, { gateway: '10.20.1.254' }), face('lan', 2, { dhcp: { start: '10.20.2.100', end: '10.20.2.199' } }), face('dmz', 3)],
};

describe('a router\'s rules', () => {
  it('let pass what is allowed and nothing else', () => {
    expect(routerRules(firewall)).toBe(`table inet router {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established accept
    ct state related accept
    ct state invalid drop
    iifname lo accept
    iifname lan-0 udp dport 67 accept
    iifname lan-0 udp dport 53 accept
    iifname dmz-0 udp dport 53 accept
    iifname lan-0 tcp dport 53 accept
    iifname dmz-0 tcp dport 53 accept
    iifname lan-0 icmp type echo-request accept
    iifname dmz-0 icmp type echo-request accept
    iifname lan-0 reject with icmpx type admin-prohibited
    iifname dmz-0 reject with icmpx type admin-prohibited
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established accept
    ct state related accept
    ct state invalid drop
    iifname lan-0 oifname wan-0 accept
    iifname lan-0 oifname dmz-0 accept
    iifname dmz-0 oifname wan-0 accept
    iifname lan-0 reject with icmpx type admin-prohibited
    iifname dmz-0 reject with icmpx type admin-prohibited
  }
}
table ip routernat {
  chain prerouting {
    type nat hook prerouting priority -100;
  }
  chain postrouting {
    type nat hook postrouting priority 100;
    oifname wan-0 masquerade
  }
}
`);
  });

  it('of a fake internet answer every name, whomever is asked, and let nothing pass', () => {
    const fake: RouterSpec = { ...firewall, dns: 'fake', masquerade: [], allow: [], nameServers: [], interfaces: [face('cell', 1, { dhcp: { start: '10.20.1.100', end: '10.20.1.199' } })] };
    expect(routerRules(fake)).toContain('iifname cell-0 udp dport 53 redirect');
    expect(routerRules(fake)).not.toContain('oifname');
    expect(routerNetwork(fake)).toContain('names fake\nanswer 10.20.1.1\n');
    expect(routerNetwork(fake)).not.toContain('forward');
  });
});

describe('what a router does', () => {
  it('is DHCP where it has a range, and DNS on the inside', () => {
    expect(routerNetwork(firewall).split('\n')).toEqual([
      'hostname home-gw', 'nic 52:54:00:00:00:01 wan-0', 'nic 52:54:00:00:00:02 lan-0', 'nic 52:54:00:00:00:03 dmz-0',
      'address wan-0 10.20.1.1/24', 'address lan-0 10.20.2.1/24', 'address dmz-0 10.20.3.1/24', 'gateway 10.20.1.254',
      'names forward', 'server 10.20.1.254', 'serve lan-0', 'serve dmz-0', 'range lan-0 10.20.2.100 10.20.2.199 255.255.255.0', 'forward', '',
    ]);
    expect(routerNetwork({ ...firewall, dns: 'none', interfaces: [face('lan', 1)], allow: [], masquerade: [] })).not.toContain('serve');
    expect(routerNetwork({ ...firewall, nameServers: [] })).toContain('names dhcp\n');
  });

  it('share a NIC in VLANs', () => {
    const stick: RouterSpec = { ...firewall, allow: [], masquerade: [], interfaces: [face('staff', 1, { vlan: 10 }), face('guests', 2, { vlan: 20, mac: '52:54:00:00:00:01', network: 'home-staff' })] };
    expect(checkRouter(stick)).toEqual([]);
    expect(routerNetwork(stick).split('\n')).toEqual([
      'hostname home-gw', 'nic 52:54:00:00:00:01 nic0', 'vlan staff-0 10 nic0', 'vlan guests-0 20 nic0', 'address staff-0 10.20.1.1/24', 'address guests-0 10.20.2.1/24',
      'names forward', 'server 10.20.1.254', 'serve staff-0', 'serve guests-0', '',
    ]);
    expect(buildRouterXml(uuid, stick, mark, platform).match(/<interface /g)).toHaveLength(1);
    expect(buildRouterXml(uuid, { ...stick, interfaces: [face('staff', 1, { fillsChecksums: true })] }, mark, platform)).toContain('<host csum=\'off\'/>');
  });
});

describe('checkRouter', () => {
  const bare: RouterSpec = { ...firewall, allow: [], masquerade: [] };

  it.each<[string, RouterSpec, (string | number)[]]>([
    ['a range outside its subnet', { ...bare, interfaces: [face('lan', 1, { dhcp: { start: '10.9.9.1', end: '10.9.9.2' } })] }, ['interfaces', 0, 'dhcp']],
    ['a range that holds itself', { ...bare, interfaces: [face('lan', 1, { dhcp: { start: '10.20.1.1', end: '10.20.1.9' } })] }, ['interfaces', 0, 'dhcp']],
    ['a gateway elsewhere', { ...bare, interfaces: [face('lan', 1, { gateway: '10.9.9.1' })] }, ['interfaces', 0, 'gateway']],
    ['the broadcast address', { ...bare, interfaces: [face('lan', 1, { address: '10.20.1.255/24' })] }, ['interfaces', 0, 'address']],
    ['subnets that overlap', { ...bare, interfaces: [face('lan', 1), face('dmz', 2, { address: '10.20.0.1/16' })] }, ['interfaces', 1, 'address']],
    ['one MAC twice', { ...bare, interfaces: [face('lan', 1), face('dmz', 2, { mac: '52:54:00:00:00:01' })] }, ['interfaces', 1, 'mac']],
    ['a zone that nothing is in', { ...firewall, allow: [['lan', 'moon']] }, ['allow', 0, 1]],
  ])('finds %s', (_, spec, path) => {
    expect(checkRouter(spec).map((issue) => issue.path)).toEqual([path]);
  });

  it('has nothing against a firewall', () => {
    expect(checkRouter(firewall)).toEqual([]);
  });
});

describe('any router', () => {
  it('keeps its definition through XML, however its network is called', () => {
    fc.assert(fc.property(routerArbitrary, (spec) => {
      expect(routerSpecSchema.safeParse(spec).success).toBe(true);
      const xml = buildRouterXml(uuid, spec, mark, platform);
      const root = parseRoot(xml, 'domain');
      expect(readRouterMark(root)).toEqual(mark);
      expect(filesOfRouter(xml).rules).toBe(routerRules(spec).trim());
      expect(Array.from(root.getElementsByTagName('source')).map((source) => source.getAttribute('network'))).toEqual(spec.interfaces.map(({ network }) => network));
    }));
  });

  it('has a name of its own for every interface, and only words of its own in what it reads', () => {
    fc.assert(fc.property(routerArbitrary, (spec) => {
      const devices = namedInterfaces(spec).map(({ device }) => device);
      expect(new Set(devices).size).toBe(devices.length);
      expect(devices.every((device) => device.length <= 15)).toBe(true);
      expect(routerNetwork(spec)).toMatch(/^(?:[a-z]+(?: [A-Za-z0-9.:/-]+){0,4}\n)+$/);
      // What libvirt and qemu leave as it is.
      expect(routerRules(spec)).toMatch(/^[A-Za-z0-9 .:;{}\n-]+$/);
    }));
  });

  it('is another for another rule, and the same with what libvirt adds', () => {
    const xml = buildRouterXml(uuid, firewall, mark, platform);
    expect(routerEssence(buildRouterXml(uuid, { ...firewall, allow: [] }, mark, platform))).not.toBe(routerEssence(xml));
    const printed = xml.replace('<devices>', '<devices>\n    <emulator>/usr/bin/qemu-system-x86_64</emulator>').replace('<model type=\'virtio\'/>', '<target dev=\'vnet0\'/><model type=\'virtio\'/><address type=\'pci\'/>');
    expect(routerEssence(printed)).toBe(routerEssence(xml));
  });
});

describe('the image', () => {
  it('has another version when what makes it changes', () => {
    const { stdin } = makeRouterImage();
    expect([routerImageVersion, createHash('sha256').update(stdin?.text ?? '').digest('hex').slice(0, 16)]).toEqual([2, '1356d4be66eec23b']);
  });

  it('is known by its commands', () => {
    expect(routerImageCommand(makeRouterImage())).toBe('make');
    expect(routerImageCommand(removeRouterImage([uuid]))).toBe('remove');
    expect(routerImageCommand({ argv: ['/bin/sh', '-s'], stdin: { name: 'make-image.sh', text: 'true' } })).toBeNull();
  });
});
