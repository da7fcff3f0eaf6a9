import { describe, expect, it } from 'vitest';
import { configFile, conversionFacts, nicFacts } from '../../../../test/fakes/conversion-facts';
import { hasMacInside } from '../facts';
import type { ConversionFacts } from '../facts';
import { planConversion } from '../plan-conversion';
import { profileId } from './profile-id';

const uuid = '9be43860-c408-4df6-b5a6-0ca686608f30';
const path = '/etc/NetworkManager/system-connections/Wired connection 1.nmconnection';
const spec = { nic: 'eno1', bridge: 'br0', kind: 'linux' } as const;

function factsOf(text: string | null, over: Partial<ConversionFacts> = {}, file: string | null = path): ConversionFacts {
  return conversionFacts({
    networkManager: { eno1: { state: 'connected', uuid, name: 'Wired connection 1', file } }, networkManagerVersion: '1.42.4', ...over,
    files: [...text === null || file === null ? [] : [configFile(file, text, 0o600)], ...over.files ?? []],
  });
}
const blockers = (facts: ConversionFacts, kind: 'linux' | 'ovs' = 'linux'): string[] =>
  planConversion(facts, { ...spec, kind }).findings.filter(({ severity }) => severity === 'blocker').map(({ title }) => title);

/** Those that last, or those of the trial. */
function filesOf(facts: ConversionFacts, kind: 'linux' | 'ovs' = 'linux', place: 'trialPath' | 'commitPath' = 'commitPath'): Record<string, string> {
  expect(blockers(facts, kind)).toEqual([]);
  return Object.fromEntries(planConversion(facts, { ...spec, kind }).plan!.transaction.files.flatMap((file) => (file[place] === null ? [] : [[file[place], file.content]])));
}

/** As Fedora's installer leaves it. */
const keyfile = `[connection]
id=Wired connection 1
uuid=${uuid}
type=ethernet
autoconnect-priority=-999
interface-name=eno1
zone=home
timestamp=1700000000

[ethernet]
mtu=9000
wake-on-lan=64

[ipv4]
# the gateway's own range
address1=192.168.1.20/24,192.168.1.1
address2=192.168.2.20/24
dns=192.168.1.1;9.9.9.9;
method=manual
route1=10.0.0.0/8,192.168.1.2,50

[ipv6]
addr-gen-mode=stable-privacy
method=auto

[proxy]
`;
const port = profileId(uuid, 'br0', 'port');
const bridge = profileId(uuid, 'br0', 'bridge');

describe('a NIC of NetworkManager', () => {
  it('gives everything about addresses to the bridge\'s profile, and keeps what is about the link', () => {
    expect(filesOf(factsOf(keyfile))).toEqual({
      '/etc/NetworkManager/system-connections/br0.nmconnection': `[connection]
id=br0
uuid=${bridge}
type=bridge
interface-name=br0
autoconnect-priority=100
autoconnect-slaves=1
zone=home

[ethernet]
cloned-mac-address=52:54:00:0a:0b:0c
mtu=9000

[bridge]
stp=false
multicast-snooping=false

[ipv4]
# the gateway's own range
address1=192.168.1.20/24,192.168.1.1
address2=192.168.2.20/24
dns=192.168.1.1;9.9.9.9;
method=manual
route1=10.0.0.0/8,192.168.1.2,50
route-metric=100

[ipv6]
addr-gen-mode=stable-privacy
method=auto
route-metric=100

[proxy]
`,
      '/etc/NetworkManager/system-connections/br0-port-eno1.nmconnection': `[connection]
id=br0-port-eno1
uuid=${port}
type=ethernet
interface-name=eno1
autoconnect-priority=100
master=${bridge}
slave-type=bridge

[ethernet]
mtu=9000
wake-on-lan=64

`,
      [path]: keyfile.replace('timestamp=1700000000\n', 'timestamp=1700000000\nautoconnect=false\n'),
    });
  });

  it('connects nothing by itself while on trial: the bridge would bring its port along, which is connected a second time by the step for it', () => {
    const lasting = filesOf(factsOf(keyfile));
    const onTrial = filesOf(factsOf(keyfile), 'linux', 'trialPath');
    const etc = '/etc/NetworkManager/system-connections';
    expect(onTrial).toEqual({
      '/run/NetworkManager/system-connections/br0.nmconnection': lasting[`${etc}/br0.nmconnection`]!.replace('autoconnect-slaves=1\nzone=home\n', 'zone=home\nautoconnect=false\n'),
      '/run/NetworkManager/system-connections/br0-port-eno1.nmconnection': lasting[`${etc}/br0-port-eno1.nmconnection`]!.replace('slave-type=bridge\n', 'slave-type=bridge\nautoconnect=false\n'),
    });
    const { apply, commit } = planConversion(factsOf(keyfile), spec).plan!.transaction;
    expect(apply.map(({ command }) => command)).toEqual([`nmcli connection load ${Object.keys(onTrial).join(' ')}`, `nmcli --wait 30 connection up uuid ${port}`]);
    expect(commit.map(({ command }) => command)).toEqual([`nmcli connection load ${etc}/br0.nmconnection ${etc}/br0-port-eno1.nmconnection '${path}'`]);
  });

  it('of a profile that stands in memory only leaves none behind', () => {
    const memory = '/run/NetworkManager/system-connections/Wired connection 1.nmconnection';
    const facts = factsOf(`[connection]\nid=Wired connection 1\nuuid=${uuid}\ntype=ethernet\ninterface-name=eno1\n\n[ipv4]\nmethod=auto\n\n[.nmmeta]\nnm-generated=true\n`, {}, memory);
    const files = filesOf(facts);
    expect(Object.keys(files)).toEqual(['/etc/NetworkManager/system-connections/br0.nmconnection', '/etc/NetworkManager/system-connections/br0-port-eno1.nmconnection']);
    expect(Object.values(files).join('')).not.toContain('nmmeta');
  });

  it('keeps the metric without what a failing check adds, the identity, the kind of address and the firewall\'s zone', () => {
    const facts = factsOf(`[connection]\nid=a\nuuid=${uuid}\ntype=ethernet\n`, {
      zones: { eno1: 'trusted' },
      links: [nicFacts({ dhcpClientId: 'ff:00:11:22:33', addresses: [...nicFacts().addresses, { family: 'ipv6', address: 'fe80::5054:ff:fe0a:b0c', prefix: 64, scope: 'link', dynamic: false }] })],
      routes: [{ family: 'ipv4', destination: 'default', gateway: '192.168.1.1', device: 'eno1', metric: 20_101, table: 'main', protocol: 'dhcp', type: 'unicast' }],
      files: [configFile('/etc/NetworkManager/system-connections/other.nmconnection', '[connection]\nautoconnect-priority=200\n', 0o600)],
    });
    const text = filesOf(facts)['/etc/NetworkManager/system-connections/br0.nmconnection']!;
    expect(text).toContain('zone=trusted\n');
    expect(text).toContain('[ipv4]\nmethod=auto\nroute-metric=101\ndhcp-client-id=ff:00:11:22:33\n');
    expect(text).toContain('[ipv6]\nmethod=auto\nroute-metric=100\naddr-gen-mode=eui64\n');
    expect(text).toContain('autoconnect-priority=201\n');
  });

  it('becomes a port of an Open vSwitch bridge by profiles that know nothing of Open vSwitch', () => {
    const files = filesOf(factsOf(keyfile), 'ovs');
    expect(files['/etc/NetworkManager/conf.d/90-netwright-br0.conf']).toContain('[device-netwright-br0]\nmatch-device=interface-name:br0\nmanaged=1\n');
    expect(files['/etc/NetworkManager/system-connections/br0.nmconnection']).toMatch(/^type=generic$/m);
    expect(files['/etc/NetworkManager/system-connections/br0-port-eno1.nmconnection']).toMatch(/\[ipv4\]\nmethod=disabled\n\n\[ipv6\]\nmethod=disabled\n/);
    expect(files['/etc/NetworkManager/system-connections/br0-port-eno1.nmconnection']).not.toContain('master');
    expect(blockers(factsOf(keyfile, { ovs: { answers: true, bridges: [], kernel: false } }), 'ovs')).toEqual(['NetworkManager can\'t give addresses to an Open vSwitch bridge here']);
    expect(blockers(factsOf(keyfile, { networkManagerOvs: true }), 'ovs')).toEqual(['NetworkManager looks after Open vSwitch itself here']);
  });

  it.each([
    [`[connection]\nid=a\nuuid=${uuid}\ntype=bond\n`, `${path}, line 4, is not understood`],
    [`[connection]\nid=a\ntype=ethernet\nmaster=team0\n`, `${path}, line 4, is not understood`],
    [`[connection]\nid=a\ntype=ethernet\n\n[802-1x]\neap=tls;\n`, 'eno1 logs in to its switch by 802.1X'],
    ['[connection]\nid\n', `${path}, line 2, is not understood`],
  ])('is left alone where its profile can\'t be carried over: %j', (text, title) => {
    expect(blockers(factsOf(text))).toEqual([title]);
  });

  it('is left alone where its profile is no keyfile', () => {
    expect(blockers(factsOf(null, {}, null))).toEqual(['The profile Wired connection 1 can\'t be read']);
    expect(blockers(factsOf('DEVICE=eno1\n', {}, '/etc/sysconfig/network-scripts/ifcfg-eno1'))).toEqual(['The profile of eno1 has the old ifcfg format']);
  });
});

describe('the identifiers of new profiles', () => {
  it('are UUIDs, always the same, and each another one', () => {
    expect(port).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(profileId(uuid, 'br0', 'port')).toBe(port);
    expect(new Set([port, bridge, profileId(uuid, 'br1', 'port')]).size).toBe(3);
  });
});

it('finds a MAC address inside of an IPv6 address', () => {
  expect(hasMacInside('fe80::5054:ff:fe01:83', '52:54:00:01:00:83')).toBe(true);
  expect(hasMacInside('2001:db8::5054:ff:fe01:84', '52:54:00:01:00:83')).toBe(false);
});
