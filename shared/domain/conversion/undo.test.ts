import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { configFile, conversionFacts, nicFacts } from '../../../test/fakes/conversion-facts';
import { convertedFacts } from '../../../test/fakes/converted-facts';
import { noUsers } from './bridge-users';
import type { BridgeUsers } from './bridge-users';
import type { ConversionFacts, ConversionSpec } from './facts';
import type { HostTransaction } from './host-transaction';
import { planUnbridge } from './unbridge';
import { planUndo } from './undo';
import type { FinishedTransaction } from './undo';

const spec: ConversionSpec = { nic: 'eno1', bridge: 'br0', kind: 'linux' };
const uuid = '9be43860-c408-4df6-b5a6-0ca686608f30';
const netplanText = `network:
  version: 2
  # the uplink
  ethernets:
    eno1:
      mtu: 1400
      addresses: [192.168.1.20/24]
      routes:
        - to: default
          via: 192.168.1.1
`;
const interfacesText = `auto lo
iface lo inet loopback

# the uplink
auto eno1
iface eno1 inet static
    address 192.168.1.20/24
    gateway 192.168.1.1
    mtu 1400
    up ip route add 192.0.2.0/24 via 192.168.1.1 dev eno1
`;
const profile = '/etc/NetworkManager/system-connections/eno1.nmconnection';
const profileText = `[connection]\nid=eno1\nuuid=${uuid}\ntype=ethernet\ninterface-name=eno1\n\n[ethernet]\nmtu=1400\n\n[ipv4]\nmethod=manual\naddress1=192.168.1.20/24,192.168.1.1\ndns=192.168.1.1;\n\n[ipv6]\nmethod=auto\n`;
const networkText = '[Match]\nName=eno1\n\n[Link]\nMTUBytes=1400\n\n[Network]\nAddress=192.168.1.20/24\nGateway=192.168.1.1\nVLAN=eno1.100\n';

const stacks: Record<string, ConversionFacts> = {
  'systemd-networkd': conversionFacts({ networkd: { eno1: { state: 'configured', file: '/etc/systemd/network/20-wired.network' } }, files: [configFile('/etc/systemd/network/20-wired.network', networkText)] }),
  'netplan-networkd': conversionFacts({ networkd: { eno1: { state: 'configured', file: '/run/systemd/network/10-netplan-eno1.network' } }, files: [configFile('/etc/netplan/01.yaml', netplanText, 0o600)] }),
  'NetworkManager': conversionFacts({ networkManagerVersion: '1.42.4', networkManager: { eno1: { state: 'connected', uuid, name: 'eno1', file: profile } }, files: [configFile(profile, profileText, 0o600)] }),
  'ifupdown': conversionFacts({ files: [configFile('/etc/network/interfaces', interfacesText)] }),
};
const names = Object.keys(stacks);

function finishedOf(stack: string, kept: FinishedTransaction['files'], over: Partial<FinishedTransaction> = {}, said: Partial<HostTransaction> = {}): FinishedTransaction {
  return {
    transaction: { id: '20261127040000-0badcafe', state: 'DONE', pending: false, stack, kind: 'linux', nic: 'eno1', bridge: 'br0', secondsLeft: null, journal: [], undoable: true, ...said },
    files: kept, changed: [], ipv4: ['192.168.1.20/24'], fixed6: [], leased: null, gateway: '192.168.1.1', mtu: 1500, ...over,
  };
}
const blockersOf = ({ findings, plan }: ReturnType<typeof planUndo>): string[] => {
  expect(plan === null).toBe(findings.some(({ severity }) => severity === 'blocker'));
  return findings.filter(({ severity }) => severity === 'blocker').map(({ code }) => code);
};

describe('the way back from a conversion', () => {
  it.each(names)('of %s leads to the files as they were, and takes those that were made', (stack) => {
    const before = stacks[stack]!;
    const { facts, kept } = convertedFacts(before, spec);
    const made = planUndo(facts, finishedOf(stack, kept));
    expect(blockersOf(made)).toEqual([]);
    const { transaction } = made.plan!;
    expect(transaction).toMatchObject({ stack, goal: 'unbridge', undoes: '20261127040000-0badcafe' });
    const left = new Map(facts.files.map(({ path, content }) => [path, content]));
    for (const { path } of transaction.removes ?? []) left.delete(path);
    for (const { commitPath, content } of transaction.files) if (commitPath !== null) left.set(commitPath, content);
    expect(left).toEqual(new Map(before.files.map(({ path, content }) => [path, content])));
    expect(transaction.apply.map(({ command }) => command).join('\n')).toContain('ip link delete dev br0');
    for (const path of transaction.removes ?? []) expect(transaction.protects).toContain(path.path);
  });

  it('is a matter of the boot guard where nothing volatile could hide the files', () => {
    const { facts, kept } = convertedFacts(stacks['systemd-networkd']!, spec);
    const { transaction } = planUndo(facts, finishedOf('systemd-networkd', kept)).plan!;
    expect(transaction.needsBootGuard).toBe(true);
    expect(transaction.removes!.map(({ when }) => when)).toEqual(['trial', 'trial', 'trial']);
  });

  it('wants back what was left out: addresses, and routes', () => {
    const { facts, kept } = convertedFacts(stacks['systemd-networkd']!, spec);
    const wants = (leaves: string[]) => planUndo(facts, finishedOf('systemd-networkd', kept, { ipv4: ['192.168.1.20/24', '10.77.7.1/24'] }, { leaves })).plan!.transaction.wants;
    expect(wants(['10.77.7.1', 'route:192.0.2.0/24', 'route:fd78::/64', 'dns'])).toEqual({ ipv4: ['192.168.1.20/24', '10.77.7.1/24'], routes: ['192.0.2.0/24', 'fd78::/64'] });
    expect(wants(['dns'])).toBeUndefined();
  });

  it('wants the lease back that a fixed address has replaced', () => {
    const { facts } = convertedFacts(stacks['systemd-networkd']!, spec);
    const path = '/etc/systemd/network/20-wired.network';
    const now = { ...facts, links: [nicFacts({ addresses: [{ ...nicFacts().addresses[0]!, address: '192.168.1.40', dynamic: false }] })], networkd: { eno1: { state: 'configured', file: path } }, files: [configFile(path, '[Match]\nName=eno1\n\n[Network]\nAddress=192.168.1.40/24\n')] };
    const finished = (leased: string | null) => finishedOf('systemd-networkd', [{ path, content: '[Match]\nName=eno1\n\n[Network]\nDHCP=yes\n', mode: 0o644 }], { leased }, { goal: 'address', bridge: 'eno1' });
    expect(planUndo(now, finished('192.168.1.20')).plan!.transaction.wants).toMatchObject({ ipv4: ['192.168.1.20/24'], leased: '192.168.1.20' });
    expect(planUndo(now, finished(null)).plan!.transaction.wants).not.toHaveProperty('leased');
  });

  it('wants the IPv6 address back that another one stands in place of, and finds the host there', () => {
    const path = '/etc/systemd/network/20-wired.network';
    const six = { family: 'ipv6' as const, address: 'fd77::9', prefix: 64, scope: 'global', dynamic: false };
    const now = conversionFacts({
      session: { address: 'fd77::9', client: 'fd77::5' }, links: [nicFacts({ addresses: [...nicFacts().addresses, six, { ...six, address: '2001:db8::77', dynamic: true }] })],
      networkd: { eno1: { state: 'configured', file: path } }, files: [configFile(path, '[Match]\nName=eno1\n\n[Network]\nDHCP=yes\nAddress=fd77::9/64\n')],
    });
    const finished = finishedOf('systemd-networkd', [{ path, content: '[Match]\nName=eno1\n\n[Network]\nDHCP=yes\nAddress=fd77::7/64\n', mode: 0o644 }], { fixed6: ['fd77::7/64'] }, { goal: 'address', bridge: 'eno1' });
    expect(planUndo(now, finished).plan!.transaction.wants).toMatchObject({ ipv6: ['2001:db8::77/64', 'fd77::7/64'], newIpv6: ['fd77::7/64'], reachedAddress: 'fd77::7' });
    expect(planUndo(now, { ...finished, fixed6: ['fd77::9/64'] }).plan!.transaction.wants).not.toHaveProperty('ipv6');
  });

  it('deletes an Open vSwitch bridge, and makes it anew with its MAC should that not last', () => {
    const { facts, kept } = convertedFacts(stacks['systemd-networkd']!, { ...spec, kind: 'ovs' });
    const { transaction } = planUndo(facts, finishedOf('systemd-networkd', kept, {}, { kind: 'ovs' })).plan!;
    expect(transaction.apply[0]!.command).toBe('ovs-vsctl --timeout=10 --if-exists del-br br0');
    expect(transaction.revert[0]!.command).toContain('hwaddr=\\"52:54:00:0a:0b:0c\\" -- --may-exist add-port br0 eno1');
  });

  it.each<[string, Partial<FinishedTransaction>, Partial<HostTransaction>, Partial<ConversionFacts>]>([
    ['undo.not-done', {}, { state: 'REVERTED' }, {}],
    ['undo.nothing-kept', {}, { undoable: false }, {}],
    ['undo.unbridge', {}, { goal: 'unbridge' }, {}],
    ['undo.unport', {}, { goal: 'unport' }, {}],
    ['undo.changed', { changed: ['/etc/systemd/network/00-netwright-br0.network'] }, {}, {}],
    ['undo.moved-on', {}, { nic: 'eno7' }, {}],
    ['undo.owner', {}, { stack: 'NetworkManager' }, {}],
    ['rights.root', {}, {}, { root: false }],
    ['transaction.other', {}, {}, { pending: 'tx/4711' }],
  ])('is refused: %s', (code, over, said, facts) => {
    const converted = convertedFacts(stacks['systemd-networkd']!, spec);
    expect(blockersOf(planUndo({ ...converted.facts, ...facts }, finishedOf('systemd-networkd', converted.kept, over, said)))).toEqual([code]);
  });

  it('says when the NIC shows another MAC address than the bridge did', () => {
    const { facts, kept } = convertedFacts(stacks['systemd-networkd']!, spec);
    const links = facts.links.map((link) => (link.name === 'br0' ? { ...link, mac: '52:54:00:99:99:99' } : link));
    expect(planUndo({ ...facts, links }, finishedOf('systemd-networkd', kept)).findings.map(({ code }) => code)).toContain('bridge.mac');
    expect(planUndo(facts, finishedOf('systemd-networkd', kept)).findings.map(({ code }) => code)).not.toContain('bridge.mac');
  });

  it('is not offered where nobody has written it', () => {
    const { facts, kept } = convertedFacts({ ...stacks['ifupdown']!, tools: ['ifreload', 'ip'] }, spec);
    expect(blockersOf(planUndo(facts, finishedOf('ifupdown2', kept)))).toEqual(['owner.not-supported']);
  });

  it('names who is plugged in, and who will be', () => {
    const { facts, kept } = convertedFacts(stacks['systemd-networkd']!, spec);
    const links = [...facts.links, nicFacts({ name: 'vnet3', kind: 'tap', controller: 'br0', addresses: [] })];
    const users: BridgeUsers = { machines: [{ name: 'web', targets: ['vnet3'] }, { name: 'mail', targets: [] }], networks: ['lan'] };
    const { findings } = planUndo({ ...facts, links }, finishedOf('systemd-networkd', kept), users);
    expect(findings.map(({ code, detail }) => [code, detail])).toEqual(expect.arrayContaining([
      ['bridge.in-use', 'These are plugged into it: web.'], ['bridge.machines', 'They are to be plugged into br0: mail.'], ['bridge.networks', 'They lead to br0: lan.'],
    ]));
  });
});

describe('a bridge that is taken away by what the host\'s files say', () => {
  const filesOf = (stack: string, change: (facts: ConversionFacts) => ConversionFacts = (facts) => facts): Record<string, string> => {
    const facts = change(convertedFacts(stacks[stack]!, spec).facts);
    const made = planUnbridge(facts, { bridge: 'br0' });
    expect(blockersOf(made)).toEqual([]);
    return Object.fromEntries(made.plan!.transaction.files.flatMap(({ commitPath, content }) => (commitPath === null ? [] : [[commitPath, content]])));
  };

  it('gives ifupdown\'s stanza back to the NIC', () => {
    expect(filesOf('ifupdown')).toEqual({ '/etc/network/interfaces': expect.stringMatching(/^auto eno1\niface eno1 inet static\n/m) as string });
    const text = filesOf('ifupdown')['/etc/network/interfaces']!;
    expect(text).not.toMatch(/br0|bridge/);
    expect(text.match(/^iface eno1/gm)).toHaveLength(1);
    expect(text.match(/^auto.* eno1/gm)).toHaveLength(1);
    expect(text).toMatch(/mtu 1400\n/);
    expect(text).toContain('via 192.168.1.1 dev eno1\n');
  });

  it('gives netplan\'s keys back to the NIC', () => {
    const text = filesOf('netplan-networkd')['/etc/netplan/01.yaml']!;
    expect(parse(text)).toEqual(parse(netplanText));
    expect(text).toContain('# the uplink');
  });

  it('gives the profile\'s addresses back to the NIC, in a profile of its own', () => {
    const files = filesOf('NetworkManager');
    expect(Object.keys(files)).toEqual(['/etc/NetworkManager/system-connections/eno1-2.nmconnection']);
    const text = Object.values(files)[0]!;
    expect(text).toMatch(/^\[connection\]\nid=eno1\nuuid=[0-9a-f-]{36}\ntype=ethernet\ninterface-name=eno1\n/);
    expect(text).toContain('[ethernet]\nmtu=1400\n');
    expect(text).toContain('[ipv4]\nmethod=manual\naddress1=192.168.1.20/24,192.168.1.1\ndns=192.168.1.1;\n');
    expect(text).not.toMatch(/br0|bridge|master|slave|cloned/);
  });

  it('gives networkd\'s settings back to the NIC', () => {
    const files = filesOf('systemd-networkd');
    expect(Object.keys(files)).toEqual(['/etc/systemd/network/00-netwright-eno1.network']);
    const text = Object.values(files)[0]!;
    expect(text).toMatch(/\[Match\]\nName=eno1\n/);
    expect(text).toContain('MTUBytes=1400');
    expect(text).toContain('Address=192.168.1.20/24\nGateway=192.168.1.1\n');
    expect(text).toContain('VLAN=eno1.100');
    expect(text).not.toMatch(/Bridge=|br0$/m);
  });

  it.each<[string, (facts: ConversionFacts) => ConversionFacts]>([
    ['bridge.missing', (facts) => ({ ...facts, links: facts.links.filter(({ name }) => name !== 'br0') })],
    ['bridge.not-one', (facts) => ({ ...facts, links: facts.links.map((link) => (link.name === 'br0' ? { ...link, kind: 'bond' as const } : link)) })],
    ['bridge.no-nic', (facts) => ({ ...facts, links: facts.links.map((link) => ({ ...link, controller: null })) })],
    ['bridge.several-nics', (facts) => ({ ...facts, links: [...facts.links, nicFacts({ name: 'eno2', addresses: [], controller: 'br0' })] })],
    ['bridge.stacked', (facts) => ({ ...facts, links: [...facts.links, nicFacts({ name: 'br0.5', kind: 'vlan', parent: 'br0', addresses: [] })] })],
    ['bridge.in-use', (facts) => ({ ...facts, links: [...facts.links, nicFacts({ name: 'vnet0', kind: 'tap', controller: 'br0', addresses: [] })] })],
    ['owner.none', (facts) => ({ ...facts, networkd: { eno1: facts.networkd['eno1']! } })],
    ['config.drop-in', (facts) => ({ ...facts, files: [...facts.files, configFile('/etc/systemd/network/00-netwright-br0.network.d/dns.conf', '[Network]\nDNS=9.9.9.9\n')] })],
  ])('but not with %s', (code, change) => {
    const made = planUnbridge(change(convertedFacts(stacks['systemd-networkd']!, spec).facts), { bridge: 'br0' }, noUsers);
    expect(blockersOf(made)).toEqual([code]);
  });
});
