import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configFile, conversionFacts, nicFacts } from '../../../../test/fakes/conversion-facts';
import type { ConfigFile, ConversionFacts } from '../facts';
import { planConversion } from '../plan-conversion';
import { ifupdownNames } from './interfaces-files';
import { formatInterfaces, parseInterfaces } from './parse-interfaces';

const main = '/etc/network/interfaces';
const spec = { nic: 'eno1', bridge: 'br0', kind: 'linux' } as const;
const factsOf = (files: ConfigFile[], over: Partial<ConversionFacts> = {}): ConversionFacts => conversionFacts({ files, ...over });
const single = (text: string): ConversionFacts => factsOf([configFile(main, text)]);

function committed(facts: ConversionFacts, kind: 'linux' | 'ovs' = 'linux'): Record<string, string> {
  const { plan, findings } = planConversion(facts, { ...spec, kind });
  expect(findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
  return Object.fromEntries(plan!.transaction.files.flatMap((file) => (file.commitPath === null ? [] : [[file.commitPath, file.content]])));
}
const blockers = (facts: ConversionFacts): string[] => planConversion(facts, spec).findings.filter(({ severity }) => severity === 'blocker').map(({ title }) => title);
const bridge = (indent = '    ') => ['bridge_ports eno1', 'bridge_stp off', 'bridge_fd 0', 'bridge_maxwait 0', 'bridge_hw 52:54:00:0a:0b:0c'].map((line) => `${indent}${line}\n`).join('');

/** As Debian's installer leaves it. */
const installer = `# Interfaces of this machine, see interfaces(5).

source /etc/network/interfaces.d/*

# The loopback
auto lo
iface lo inet loopback

# The first NIC
allow-hotplug eno1
iface eno1 inet dhcp
# IPv6 by itself
iface eno1 inet6 auto
`;

describe('a NIC of ifupdown', () => {
  it('as Debian installs it', () => {
    expect(committed(single(installer))).toEqual({ [main]: `# Interfaces of this machine, see interfaces(5).

source /etc/network/interfaces.d/*

# The loopback
auto lo
iface lo inet loopback

# The first NIC
auto br0
iface eno1 inet manual

iface br0 inet dhcp
${bridge()}# IPv6 by itself
iface br0 inet6 auto
` });
  });

  it('goes back to its addresses even if no DHCP server answers, and to fixed ones plainly', () => {
    const up = (dynamic: boolean): string => {
      const [link] = single(installer).links;
      const addresses = [{ family: 'ipv4' as const, address: '192.168.1.20', prefix: 24, scope: 'global', dynamic }];
      const routes = [{ family: 'ipv4' as const, destination: 'default', gateway: '192.168.1.1', device: 'eno1', metric: null, table: 'main', protocol: 'dhcp', type: 'unicast' }];
      return planConversion({ ...single(installer), links: [{ ...link!, addresses }], routes }, spec).plan!.transaction.revert.at(-1)!.command;
    };
    expect(up(false)).toBe('ifup --force eno1');
    expect(up(true)).toBe('timeout --signal=KILL 5 ifup --force eno1 || { ip link set dev eno1 up && ip address replace 192.168.1.20/24 brd + dev eno1 && ip route replace default via 192.168.1.1 dev eno1; }');
  });

  it('in a file that is read by the main one, with a second NIC beside it', () => {
    const cloud = '/etc/network/interfaces.d/50-cloud-init';
    const files = [
      configFile(main, 'source-directory /etc/network/interfaces.d\nauto lo\niface lo inet loopback\n'),
      configFile(cloud, 'auto eno1 eno2\niface eno1 inet static\n\taddress 192.168.1.20/24\n\tgateway 192.168.1.1\n\tdns-nameservers 192.168.1.1\n\niface eno2 inet manual\n'),
      configFile('/etc/network/interfaces.d/old.bak', 'iface eno1 inet dhcp\n'),
    ];
    expect(committed(factsOf(files))).toEqual({
      [cloud]: `auto eno2\nauto br0\niface eno1 inet manual\n\niface br0 inet static\n${bridge('\t')}\taddress 192.168.1.20/24\n\tgateway 192.168.1.1\n\tdns-nameservers 192.168.1.1\n\niface eno2 inet manual\n`,
      '/etc/cloud/cloud.cfg.d/99-disable-network-config.cfg': expect.stringContaining('config: disabled') as string,
    });
    const trial = planConversion(factsOf(files), spec).plan!.transaction.files.find(({ trialPath }) => trialPath !== null)!;
    expect(trial).toMatchObject({ trialPath: '/run/netwright/interfaces', commitPath: null });
    expect(trial.content).toMatch(/^auto eno2\nauto br0\n[^]*iface eno2 inet manual\n\nauto lo\niface lo inet loopback\n$/);
  });

  it('keeps what is about the link, and has its name changed in commands about addresses', () => {
    const text = `auto eno1
iface eno1 inet static
  address 192.168.1.20
  netmask 255.255.255.0
  mtu 9000
  ethernet-wol g
  up ethtool -K $IFACE tso off
  up ip route add 10.0.0.0/8 via 192.168.1.2 dev eno1 || true
  post-up iptables -t nat -A POSTROUTING -o eno1 -j MASQUERADE
  post-up sysctl -w net.ipv6.conf.eno1.accept_ra=2
  up logger "$IFACE is up"

auto eno1.100
iface eno1.100 inet static
  address 10.100.0.1/24
  vlan-raw-device eno1
`;
    expect(committed(single(text))[main]).toBe(`auto eno1
auto br0
iface eno1 inet manual
  mtu 9000
  ethernet-wol g
  up ethtool -K $IFACE tso off

iface br0 inet static
${bridge('  ')}  address 192.168.1.20
  netmask 255.255.255.0
  up ip route add 10.0.0.0/8 via 192.168.1.2 dev br0 || true
  post-up iptables -t nat -A POSTROUTING -o br0 -j MASQUERADE
  post-up sysctl -w net.ipv6.conf.br0.accept_ra=2
  up logger "$IFACE is up"

auto eno1.100
iface eno1.100 inet static
  address 10.100.0.1/24
  vlan-raw-device eno1
`);
  });

  it('that is a bond is made before the bridge', () => {
    const facts = factsOf([configFile(main, 'auto bond0\niface bond0 inet dhcp\n    bond-slaves eno1 eno2\n    bond-mode 802.3ad\n')], { links: [nicFacts({ name: 'bond0', kind: 'bond' })] });
    const { plan } = planConversion(facts, { ...spec, nic: 'bond0' });
    expect(plan!.changes[0]!.after).toMatch(/^auto bond0\nauto br0\niface bond0 inet manual\n {4}bond-slaves eno1 eno2\n {4}bond-mode 802.3ad\n\niface br0 inet dhcp\n {4}bridge_ports bond0\n/);
  });

  it('becomes a port of an Open vSwitch bridge', () => {
    expect(committed(single('auto eno1\niface eno1 inet dhcp\n'), 'ovs')[main]).toBe(`auto br0
allow-br0 eno1
iface eno1 inet manual
    ovs_bridge br0
    ovs_type OVSPort

iface br0 inet dhcp
    ovs_type OVSBridge
    ovs_ports eno1
    ovs_extra set bridge br0 other-config:hwaddr=\\"52:54:00:0a:0b:0c\\"
`);
  });

  it.each([
    ['auto eno1\niface eno1 inet dhcp\n  post-up /usr/local/sbin/tune eno1\n', 3],
    ['auto /eno*\niface eno1 inet dhcp\n', 1],
    ['auto eno1\niface eno1 inet dhcp\nauto br1\niface br1 inet manual\n  bridge_ports eno1\n', 5],
    ['auto eno1\niface eno1 inet ppp\n', 2],
    ['auto eno1\niface eno1 inet dhcp\n  wpa-driver wired\n', 3],
    ['auto eno1\niface eno1 inet static inherits lan\n', 2],
    ['auto eno1\niface eno1 inet dhcp\nsource $HOME/more\n', 3],
    ['auto eno1\niface eno1 inet dhcp\nsource /srv/net/*\n', 3],
    ['auto eno1\n  address 1.2.3.4\niface eno1 inet dhcp\n', 2],
    ['auto eno1 br0\niface br0 inet manual\niface eno1 inet dhcp\n', 2],
  ])('is left alone where its configuration is not understood: %j', (text, line) => {
    expect(blockers(single(text))).toEqual([`${main}, line ${line}, is not understood`]);
  });

  it('needs the scripts that make bridges', () => {
    expect(blockers(factsOf([configFile(main, installer)], { tools: ['ip', 'ifup'] }))).toEqual(['bridge-utils is missing']);
  });
});

const name = fc.constantFrom('lan0', 'wlan7', 'eno10', 'eno1.5', 'dmz');
const option = fc.constantFrom('address 10.0.0.1/24', 'up echo $IFACE', 'mtu 1400', '# a note', '', 'post-up ip route add 10.9.0.0/16 \\\n      via 10.0.0.9', 'x-unknown  a   b');
const stanza = fc.oneof(
  fc.tuple(name, fc.array(option, { maxLength: 4 })).map(([device, lines]) => [`iface ${device} inet manual`, ...lines.map((line) => (line === '' ? '' : `    ${line}`))].join('\n')),
  name.map((device) => `auto ${device}`), name.map((device) => `allow-hotplug  ${device}`), fc.constant('# between'), fc.constant(''),
);
const foreign = fc.array(stanza, { maxLength: 6 }).map((parts) => parts.map((part) => `${part}\n`).join(''));

describe('files of ifupdown', () => {
  it('come out as they went in', () => {
    fc.assert(fc.property(foreign, (text) => { expect(formatInterfaces(parseInterfaces(main, text))).toBe(text); }));
  });

  it('keep every byte that is not about the NIC', () => {
    fc.assert(fc.property(foreign, foreign, (before, after) => {
      const changed = committed(single(`${before}auto eno1\niface eno1 inet dhcp\nauto lo\n${after}`))[main]!;
      expect(changed.startsWith(before)).toBe(true);
      expect(changed.endsWith(`auto lo\n${after}`)).toBe(true);
    }));
  });

  it('say which interfaces they are about, even where a line is not understood', () => {
    expect(ifupdownNames([configFile(main, 'auto lo\niface lo inet loopback\niface eno1 inet dhcp\nsource interfaces.d/*\n'), configFile('/etc/network/interfaces.d/a', 'iface eno2 inet manual\n')])).toEqual(['eno1', 'eno2']);
    expect(ifupdownNames([configFile(main, 'nonsense here\niface eno1 inet dhcp\n')])).toEqual(['eno1']);
  });
});
