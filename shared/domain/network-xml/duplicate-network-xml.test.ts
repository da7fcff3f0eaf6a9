import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultXml, makeNetwork, makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import { collectUsedRanges } from '../used-ranges';
import { checkNetworkXml } from './check-network-xml';
import { asOtherNetwork, duplicateNetworkXml } from './duplicate-network-xml';
import { withLabMark } from './lab-mark-xml';
import { withLabVersions } from './lab-versions-xml';
import { parseNetwork } from './parse-network';

const uuid = '11111111-1111-4111-8111-111111111111';
const copyOf = (xml: string) => {
  const snapshot = makeSnapshot({ networks: [makeNetwork(xml)] });
  const used = collectUsedRanges([{ hostName: 'attic', snapshot }]);
  return { copy: duplicateNetworkXml(xml, { snapshot, used, random: () => 0.5, uuid }), snapshot, used };
};

describe('duplicateNetworkXml', () => {
  it('takes a free name, bridge and subnet, with everything at its place in it', () => {
    const xml = `<network connections="3"><!-- kept --><name>lab</name><uuid>${uuid.replace(/1/g, '2')}</uuid><forward mode="nat"/><bridge name="virbr3"/><mac address="52:54:00:00:00:01"/>
      <dns><host ip="10.7.0.9"><hostname>x</hostname></host><host ip="9.9.9.9"><hostname>y</hostname></host></dns>
      <ip address="10.7.0.1" netmask="255.255.255.0"><dhcp><range start="10.7.0.100" end="10.7.0.199"/><host mac="52:54:00:00:00:02" ip="10.7.0.12"/><bootp file="a" server="10.7.0.3"/></dhcp></ip>
      <ip family="ipv6" address="fd00:1::1" prefix="64"><dhcp><range start="fd00:1::100" end="fd00:1::1ff"/></dhcp></ip>
      <route address="10.99.0.0" prefix="16" gateway="10.7.0.254"/></network>`;
    const { copy } = copyOf(xml);
    const parsed = parseNetwork(copy);
    expect(parsed).toMatchObject({ name: 'lab-2', uuid, mac: null });
    expect(parsed.bridge?.name).toBe('virbr0');
    expect(parsed.ips[0]).toMatchObject({ address: '192.168.150.1', prefix: 24, dhcp: { ranges: [{ start: '192.168.150.100', end: '192.168.150.199' }], hosts: [{ mac: '52:54:00:00:00:02', ip: '192.168.150.12' }] } });
    expect(parsed.ips[1]?.address).toBe('fd80:8080:8080::1');
    expect(parsed.dns.hosts.map((host) => host.ip)).toEqual(['192.168.150.9', '9.9.9.9']);
    expect(parsed.routes).toEqual([{ destination: '10.99.0.0/16', gateway: '192.168.150.254', metric: null }]);
    expect(copy).toContain('<!-- kept -->');
    expect(copy).toContain('server="192.168.150.3"');
    expect(copy).not.toContain('connections');
  });

  it('makes no second network of a lab', () => {
    const { lab } = parseNetwork(copyOf(withLabVersions(withLabMark(defaultXml, { lab: 'home', key: 'web', madeSwitch: false }), [{ text: 'version: 1', appliedAt: '' }])).copy);
    expect(lab).toBeNull();
  });

  it('finds room for larger and smaller subnets', () => {
    const addressOf = (prefix: number): string => parseNetwork(copyOf(`<network><name>l</name><ip address="172.16.${prefix === 16 ? '200' : '0'}.9" prefix="${prefix}"/></network>`).copy).ips.map((ip) => `${ip.address}/${ip.prefix}`).join();
    expect(addressOf(16)).toBe('10.64.200.9/16');
    expect(addressOf(28)).toBe('192.168.150.9/28');
  });

  it('leaves a bridge that is not libvirt’s alone', () => {
    expect(parseNetwork(copyOf('<network><name>l</name><forward mode="bridge"/><bridge name="br0"/></network>').copy).bridge?.name).toBe('br0');
  });

  const folder = join(import.meta.dirname, '../../../test/fixtures/network-documents');
  it.each(readdirSync(folder).filter((name) => name.endsWith('.xml') && !name.startsWith('refused-')))('copies %s to something without a fault', (name) => {
    const { copy, snapshot, used } = copyOf(readFileSync(join(folder, name), 'utf8'));
    expect(checkNetworkXml(copy, { snapshot, used, uuid: null }).filter((each) => each.severity === 'error')).toEqual([]);
  });

  it('of a foreign document, keeps the subnet', () => {
    const snapshot = makeSnapshot({ networks: [makeNetwork(defaultXml)] });
    expect(parseNetwork(asOtherNetwork(defaultXml, { snapshot, uuid }))).toMatchObject({ name: 'default-2', bridge: { name: 'virbr1' }, ips: [{ address: '192.168.122.1' }] });
  });
});
