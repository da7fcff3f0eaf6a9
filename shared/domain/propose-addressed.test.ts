import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { address, defaultXml, makeInterface, makeNetwork, makeRoute, makeSnapshot } from '../../test/fakes/snapshot-fixture';
import { ipv4Arbitrary } from '../../test/fakes/addressed-spec-arbitrary';
import { proposeAddressed } from './propose-addressed';
import { proposeSubnet } from './propose-subnet';
import { proposeUla } from './propose-ula';
import { networkOf, rangesOverlap } from './subnet';
import { collectUsedRanges } from './used-ranges';
import { validateAddressedSpec } from './validate-addressed-spec';

const busy = makeSnapshot({
  networks: [makeNetwork(defaultXml), makeNetwork(defaultXml.replace('>default<', '>lab-net<').replace('virbr0', 'virbr1').replace('525d', '625d').replaceAll('192.168.122', '192.168.150'), { active: false })],
  interfaces: [
    makeInterface('lo', { kind: 'loopback', addresses: [address('127.0.0.1/8')] }),
    makeInterface('eno1', { addresses: [address('10.0.0.5/24'), { ...address('fe80::1/64'), scope: 'link' }] }),
    makeInterface('virbr0', { kind: 'bridge', addresses: [address('192.168.122.1/24')] }),
    makeInterface('virbr2', { kind: 'bridge' }),
    makeInterface('docker0', { kind: 'bridge', addresses: [address('172.17.0.1/16')] }),
    makeInterface('tailscale0', { kind: 'tun', addresses: [address('100.101.102.103/32')] }),
  ],
  routes: [
    makeRoute('default', { gateway: '10.0.0.1' }), makeRoute('10.0.0.0/24'), makeRoute('192.168.122.0/24', { device: 'virbr0' }),
    makeRoute('100.64.0.0/10', { device: 'tailscale0', table: '52' }), makeRoute('0.0.0.0/1', { device: 'tun0' }), makeRoute('128.0.0.0/1', { device: 'tun0' }),
    makeRoute('192.168.151.0/24', { device: 'eno1', gateway: '10.0.0.2' }), makeRoute('10.7.0.0/16', { device: null, type: 'blackhole' }), makeRoute('10.8.0.1', { device: 'tun0' }),
  ],
});

describe('collectUsedRanges', () => {
  it('names every range with its owner, once', () => {
    const used = collectUsedRanges([{ hostName: 'attic', snapshot: busy }]);
    expect(used.map((range) => `${range.cidr} ${range.owner} ${range.kind}`)).toEqual([
      '192.168.122.0/24 default on attic network',
      '192.168.150.0/24 lab-net on attic network',
      '10.0.0.0/24 LAN of attic interface',
      '172.17.0.0/16 docker0 on attic interface',
      '100.101.102.103/32 tailscale0 on attic interface',
      '100.64.0.0/10 tailscale0 on attic route',
      '192.168.151.0/24 a route by 10.0.0.2 on attic route',
      '10.7.0.0/16 a blackhole route on attic route',
      '10.8.0.1/32 tun0 on attic route',
    ]);
    expect(used[0]?.networkUuid).not.toBeNull();
    expect(used[3]?.networkUuid).toBeNull();
  });
});

describe('proposeSubnet', () => {
  it('starts at a range that home routers leave alone', () => {
    expect(proposeSubnet([])).toBe('192.168.150.0/24');
    expect(proposeSubnet(collectUsedRanges([{ hostName: 'attic', snapshot: busy }]))).toBe('192.168.152.0/24');
    expect(proposeSubnet([{ cidr: '192.168.0.0/16' }])).toBe('10.64.0.0/24');
    expect(proposeSubnet([{ cidr: '192.168.0.0/16' }, { cidr: '10.0.0.0/8' }])).toBe('172.21.0.0/24');
    expect(proposeSubnet([{ cidr: '0.0.0.0/0' }])).toBeNull();
  });

  it('never proposes what is in use, and always the same', () => {
    const range = fc.tuple(ipv4Arbitrary, fc.integer({ min: 4, max: 32 })).map(([ip, prefix]) => ({ cidr: networkOf(ip, prefix) }));
    const near = fc.tuple(fc.integer({ min: 140, max: 255 }), fc.integer({ min: 17, max: 30 })).map(([third, prefix]) => ({ cidr: networkOf(`192.168.${third}.64`, prefix) }));
    fc.assert(fc.property(fc.array(fc.oneof(range, near), { maxLength: 30 }), (used) => {
      const proposed = proposeSubnet(used);
      expect(proposeSubnet(used)).toBe(proposed);
      if (proposed !== null) expect(used.some((item) => rangesOverlap(item.cidr, proposed))).toBe(false);
    }));
  });
});

describe('proposeUla', () => {
  it('is an RFC 4193 /64', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (number) => {
      const { address: ip, prefix } = proposeUla(() => number);
      expect(prefix).toBe(64);
      expect(rangesOverlap('fd00::/8', networkOf(ip, 64))).toBe(true);
    }));
    expect(proposeUla(() => 0.5).address).toBe('fd80:8080:8080::1');
  });
});

describe('proposeAddressed', () => {
  it('proposes free names and a free subnet', () => {
    const used = collectUsedRanges([{ hostName: 'attic', snapshot: busy }]);
    const spec = proposeAddressed('nat', { snapshot: busy, used });
    expect(spec).toMatchObject({
      name: 'lab-net-2', bridge: 'virbr3', autostart: true,
      ipv4: { address: '192.168.152.1', prefix: 24, dhcp: { ranges: [{ start: '192.168.152.100', end: '192.168.152.199' }] } },
    });
    expect(validateAddressedSpec(spec, { snapshot: busy, used, uuid: null })).toEqual([]);
  });
});
