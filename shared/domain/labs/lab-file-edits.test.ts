import { describe, expect, it } from 'vitest';
import { defaultXml } from '../../../test/fakes/snapshot-fixture';
import { parseNetwork } from '../network-xml/parse-network';
import { withLabMark } from '../network-xml/lab-mark-xml';
import { proposeAddressed } from '../propose-addressed';
import { makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import { assignRole } from './assign-role';
import { cloneLab } from './clone-lab';
import { exportLab } from './export-lab';
import { nearestWord } from './nearest-word';
import { readLabFile } from './read-lab-file';
import { labTemplates, writeTemplate } from './templates/templates';

describe('cloneLab', () => {
  const text = `# Ours
version: 1
name: home   # the first
networks:
  web:
    kind: nat
    name: web-net
    bridge: br-web
    ipv4:
      address: 10.20.30.1/25   # the gateway
      dhcp: { ranges: [{ start: 10.20.30.50, end: 10.20.30.60 }], hosts: [{ mac: "52:54:00:00:00:01", ip: 10.20.30.9 }] }
    dnsHosts:
      - { ip: 10.20.30.9, hostnames: [nas] }
      - { ip: 10.9.9.9, hostnames: [outside] }
    routes: [{ destination: 10.50.0.0/16, gateway: 10.20.30.2 }]
  v: { kind: ovs, bridge: sw0, createBridge: {} }
  w: { kind: ovs, bridge: sw0 }
`;

  it('gives names, switches and subnets of its own, at the same places, and keeps comments', () => {
    const copy = cloneLab(text, readLabFile(text).file!, 'second', { used: [{ cidr: '192.168.150.0/24' }], random: () => 0.5 });
    expect(copy).toBe(`# Ours
version: 1
name: second # the first
networks:
  web:
    kind: nat
    ipv4:
      address: 192.168.151.1/25 # the gateway
      dhcp: { ranges: [ { start: 192.168.151.50, end: 192.168.151.60 } ], hosts: [ { mac: "52:54:00:00:00:01", ip: 192.168.151.9 } ] }
    dnsHosts:
      - { ip: 192.168.151.9, hostnames: [ nas ] }
      - { ip: 10.9.9.9, hostnames: [ outside ] }
    routes: [ { destination: 10.50.0.0/16, gateway: 192.168.151.2 } ]
  v: { kind: ovs, bridge: second-1, createBridge: {} }
  w: { kind: ovs, bridge: second-1 }
`);
    expect(readLabFile(copy).problems).toEqual([]);
  });
});

describe('roles', () => {
  const text = `version: 1
name: home
networks:
  web: { kind: nat, ipv4: { address: 10.20.30.1/24 } }
machines:
  # The one that matters
  server: { machine: vm1, nics: [ { network: web, mac: "52:54:00:00:00:01", address: 10.20.30.9 } ] }
  client:
    machine: vm2
    nics:
      - network: web # by DHCP
`;

  it('are open in a clone, at addresses of its own', () => {
    expect(cloneLab(text, readLabFile(text).file!, 'second', { used: [{ cidr: '192.168.150.0/24' }], random: () => 0.5 })).toBe(`version: 1
name: second
networks:
  web: { kind: nat, ipv4: { address: 192.168.151.1/24 } }
machines:
  # The one that matters
  server: { nics: [ { network: web, address: 192.168.151.9 } ] }
  client:
    nics:
      - network: web # by DHCP
`);
  });

  it('are given to machines, which have one each', () => {
    const given = assignRole(text, readLabFile(text).file!, 'server', 'vm2');
    expect(given).toContain('  # The one that matters\n  server: { nics: [ { network: web, mac: "52:54:00:00:00:01", address: 10.20.30.9 } ], machine: vm2 }\n  client:\n    nics:\n');
    expect(readLabFile(assignRole(given, readLabFile(given).file!, 'server', null)).file?.machines['server']).not.toHaveProperty('machine');
    expect(() => assignRole(text, readLabFile(text).file!, 'servr', 'vm2')).toThrow('The lab home has no role “servr”. Is it “server”?');
  });
});

describe('exportLab', () => {
  it('says what is not as it would be anyway', () => {
    const spec = { ...proposeAddressed('nat', { snapshot: makeSnapshot(), used: [] }), name: 'my net', mtu: 1400, domain: { name: 'lab.internal', localOnly: false } };
    const text = exportLab([{ spec, key: null }, { spec: { ...spec, kind: 'isolated', name: 'my-net', ipv4: null, mtu: null, domain: null, autostart: false }, key: null }], { lab: 'copy', exact: false });
    expect(text).toBe(`version: 1
name: copy
networks:
  my-net:
    kind: nat
    ipv4:
      address: 192.168.150.1/24
      dhcp:
        ranges:
          - { start: 192.168.150.100, end: 192.168.150.199 }
    domain:
      name: lab.internal
    mtu: 1400
  my-net-2:
    kind: isolated
    ipv4: none
    autostart: false
`);
    expect(readLabFile(text).problems).toEqual([]);
    expect(exportLab([{ spec, key: 'web' }], { lab: 'copy', exact: true })).toContain('    name: my net\n    bridge: virbr0\n');
  });
});

describe('the mark of a lab', () => {
  const mark = { lab: 'home', key: 'web', madeSwitch: false };

  it('stands in the metadata, and goes without a trace', () => {
    const marked = withLabMark(defaultXml, mark);
    expect(parseNetwork(marked).lab).toEqual(mark);
    expect(withLabMark(marked, mark)).toBe(marked);
    expect(withLabMark(marked, null)).toBe(defaultXml);
    expect(parseNetwork(withLabMark(marked, { ...mark, madeSwitch: true })).lab?.madeSwitch).toBe(true);
  });

  it('leaves others\' metadata alone, and is not taken for theirs', () => {
    const others = defaultXml.replace('  <forward', '  <metadata>\n    <x:network xmlns:x="urn:x" lab="other" key="a"/>\n  </metadata>\n  <forward');
    expect(parseNetwork(others).lab).toBeNull();
    expect(withLabMark(withLabMark(others, mark), null)).toBe(others);
    expect(withLabMark(others, mark)).toContain('<x:network xmlns:x="urn:x" lab="other" key="a"/>');
  });
});

it.each([['ipv5', 'ipv4'], ['adress', 'address'], ['brigde', 'bridge'], ['zzzz', null]])('nearestWord(%s) is %s', (typed, expected) => {
  expect(nearestWord(typed, ['ipv4', 'address', 'bridge', 'kind'])).toBe(expected);
});

it('gives each template its own subnets, and says when there are none', () => {
  const storage = labTemplates.find(({ id }) => id === 'storage')!;
  expect(writeTemplate(storage, 'a', [{ cidr: '192.168.150.0/24' }])).toMatch(/192\.168\.151\.1\/24[^]*192\.168\.152\.0\/24/);
  expect(() => writeTemplate(storage, 'a', [{ cidr: '0.0.0.0/0' }])).toThrow('“Storage” needs 2');
});
