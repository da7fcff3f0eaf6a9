import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { configFile, conversionFacts, nicFacts } from '../../../../test/fakes/conversion-facts';
import type { BridgeUsers } from '../bridge-users';
import type { ConversionFacts } from '../facts';
import { planUnport } from './plan-unport';

const choice = { bridge: 'br0', nic: 'eno2' };
const uuid = '9be43860-c408-4df6-b5a6-0ca686608f30';

/** br0 has the address, and two NICs as its ports. */
function bridged(over: Partial<ConversionFacts>, isOvs = false): ConversionFacts {
  const controller = isOvs ? 'ovs-system' : 'br0';
  return conversionFacts({
    links: [
      nicFacts({ addresses: [], controller }), nicFacts({ name: 'eno2', index: 3, mac: '52:54:00:0a:0b:22', addresses: [], controller }),
      nicFacts({ name: 'br0', index: 9, kind: isOvs ? 'ovs' : 'bridge', bridge: isOvs ? null : { stp: false, forwardDelaySeconds: 0, vlanFiltering: false } }),
    ],
    routes: conversionFacts().routes.map((route) => ({ ...route, device: 'br0' })),
    ...isOvs && { ovs: { answers: true, bridges: ['br0'], ports: { br0: ['eno1', 'eno2'] }, kernel: true } },
    ...over,
  });
}

const network = '/etc/systemd/network';
const profiles = '/etc/NetworkManager/system-connections';
const netplanText = `network:
  version: 2
  ethernets:
    eno1: {dhcp4: false}
    # the second cable
    eno2:
      dhcp4: false
      wakeonlan: true
  bridges:
    br0:
      interfaces: [eno1, eno2]
      macaddress: "52:54:00:0a:0b:0c"
      parameters:
        stp: false
        path-cost: {eno2: 40}
      dhcp4: true
`;
const interfacesText = `auto br0 eno2
iface br0 inet dhcp
    bridge_ports eno1 eno2
    bridge_hw 52:54:00:0a:0b:0c
    bridge_pathcost eno2 40

iface eno2 inet manual
    ethernet-wol g
`;
const portProfile = (nic: string, id: string) => `[connection]\nid=br0-${nic}\nuuid=${id}\ntype=ethernet\ninterface-name=${nic}\nautoconnect-priority=100\nmaster=br0\nslave-type=bridge\nzone=home\n\n[ethernet]\nmtu=1400\n\n[bridge-port]\npriority=12\n`;

const networkdOf = (isOvs: boolean) => bridged({
  networkd: { br0: { state: 'configured', file: `${network}/br0.network` }, eno1: { state: 'configured', file: `${network}/eno1.network` }, eno2: { state: 'configured', file: `${network}/eno2.network` } },
  files: [
    configFile(`${network}/br0.netdev`, '[NetDev]\nName=br0\nKind=bridge\nMACAddress=52:54:00:0a:0b:0c\n'), configFile(`${network}/br0.network`, '[Match]\nName=br0\n\n[Network]\nDHCP=yes\n'),
    configFile(`${network}/eno1.network`, '[Match]\nName=eno1\n\n[Network]\nBridge=br0\n'),
    configFile(`${network}/eno2.network`, '# the second cable\n[Match]\nName=eno2\n\n[Link]\nMTUBytes=1400\n\n[Network]\nBridge=br0\n\n[Bridge]\nCost=40\n'),
  ],
}, isOvs);

const stacks: Record<string, ConversionFacts> = {
  'systemd-networkd': networkdOf(false),
  'netplan-networkd': bridged({
    networkd: { br0: { state: 'configured', file: '/run/systemd/network/10-netplan-br0.network' }, eno2: { state: 'configured', file: '/run/systemd/network/10-netplan-eno2.network' } },
    files: [configFile('/etc/netplan/01.yaml', netplanText, 0o600)],
  }),
  'netplan-NetworkManager': bridged({
    networkManager: { br0: { state: 'connected', uuid, name: 'netplan-br0', file: '/run/NetworkManager/system-connections/netplan-br0.nmconnection' }, eno2: { state: 'connected', uuid, name: 'netplan-eno2', file: '/run/NetworkManager/system-connections/netplan-eno2.nmconnection' } },
    files: [configFile('/etc/netplan/01.yaml', netplanText, 0o600)],
  }),
  'NetworkManager': bridged({
    networkManager: {
      br0: { state: 'connected', uuid, name: 'br0', file: `${profiles}/br0.nmconnection` }, eno2: { state: 'connected', uuid: uuid.replace('9be', '9bf'), name: 'br0-eno2', file: `${profiles}/br0-eno2.nmconnection` },
    },
    files: [configFile(`${profiles}/br0.nmconnection`, `[connection]\nid=br0\nuuid=${uuid}\ntype=bridge\n\n[ethernet]\ncloned-mac-address=52:54:00:0a:0b:0c\n`, 0o600), configFile(`${profiles}/br0-eno2.nmconnection`, portProfile('eno2', uuid.replace('9be', '9bf')), 0o600)],
  }),
  'ifupdown': bridged({ files: [configFile('/etc/network/interfaces', interfacesText)] }),
};

const blockersOf = ({ findings, plan }: ReturnType<typeof planUnport>): string[] => {
  expect(plan === null).toBe(findings.some(({ severity }) => severity === 'blocker'));
  return findings.filter(({ severity }) => severity === 'blocker').map(({ code }) => code);
};
function transactionOf(facts: ConversionFacts) {
  const made = planUnport(facts, choice);
  expect(blockersOf(made)).toEqual([]);
  return made.plan!.transaction;
}
const writtenBy = (facts: ConversionFacts): Record<string, string> => Object.fromEntries(transactionOf(facts).files.flatMap(({ commitPath, content }) => (commitPath === null ? [] : [[commitPath, content]])));

describe('a port that leaves a bridge which stays', () => {
  it.each(Object.keys(stacks))('of %s touches nothing of the bridge', (stack) => {
    const { apply, revert, ...rest } = transactionOf(stacks[stack]!);
    expect(rest).toMatchObject({ stack, kind: 'linux', goal: 'unport', nic: 'eno2', bridge: 'br0' });
    expect([...apply, ...revert].map(({ command }) => command).join('\n')).not.toMatch(/link delete|flush|ifup|del-br|netplan apply/);
    expect(rest.wants).toBeUndefined();
  });

  it('stays a NIC of systemd-networkd, without addresses', () => {
    expect(writtenBy(stacks['systemd-networkd']!)).toEqual({
      [`${network}/eno2.network`]: '# the second cable\n[Match]\nName=eno2\n\n[Link]\nMTUBytes=1400\nRequiredForOnline=no\n\n[Network]\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n\n',
    });
    expect(transactionOf(stacks['systemd-networkd']!)).toMatchObject({ needsBootGuard: true, files: [{ trialPath: `${network}/eno2.network` }] });
  });

  it('gets a file of its own where its own is about other NICs as well', () => {
    const facts = stacks['systemd-networkd']!;
    const shared = { ...facts, files: facts.files.map((file) => (file.path.endsWith('eno2.network') ? { ...file, content: '[Match]\nName=eno2 eno3\n\n[Network]\nBridge=br0\n' } : file)) };
    expect(writtenBy(shared)).toEqual({ [`${network}/00-netwright-eno2.network`]: expect.stringContaining('[Match]\nName=eno2\n\n[Network]\nLinkLocalAddressing=no\n') as string });
  });

  it.each(['netplan-networkd', 'netplan-NetworkManager'])('is named among the bridge\'s interfaces no longer: %s', (stack) => {
    const text = writtenBy(stacks[stack]!)['/etc/netplan/01.yaml']!;
    expect(parse(text)).toEqual({
      network: {
        version: 2, ethernets: { eno1: { dhcp4: false }, eno2: { 'wakeonlan': true, 'dhcp4': false, 'dhcp6': false, 'accept-ra': false, 'link-local': [], 'optional': true } },
        bridges: { br0: { interfaces: ['eno1'], macaddress: '52:54:00:0a:0b:0c', parameters: { stp: false }, dhcp4: true } },
      },
    });
    expect(text).toContain('# the second cable');
    expect(planUnport(stacks[stack]!, choice).findings.some(({ code }) => code === 'port.ipv6')).toBe(stack === 'netplan-NetworkManager');
  });

  it('gets a profile of its own from NetworkManager, in place of the port\'s', () => {
    const transaction = transactionOf(stacks['NetworkManager']!);
    expect(writtenBy(stacks['NetworkManager']!)).toEqual({ [`${profiles}/eno2.nmconnection`]: expect.stringMatching(/^\[connection\]\nid=eno2\nuuid=\S+\ntype=ethernet\ninterface-name=eno2\nautoconnect-priority=100\nzone=home\n\n\[ethernet\]\nmtu=1400\n\n\[ipv4\]\nmethod=disabled\n\n\[ipv6\]\nmethod=disabled\n/) as string });
    expect(transaction.removes).toEqual([{ path: `${profiles}/br0-eno2.nmconnection`, when: 'commit' }]);
    expect(transaction.files[0]!.trialPath).toBe('/run/NetworkManager/system-connections/eno2.nmconnection');
  });

  it('goes from ifupdown\'s list of ports, and is not brought up', () => {
    expect(writtenBy(stacks['ifupdown']!)).toEqual({ '/etc/network/interfaces': 'auto br0\niface br0 inet dhcp\n    bridge_ports eno1\n    bridge_hw 52:54:00:0a:0b:0c\n\niface eno2 inet manual\n    ethernet-wol g\n' });
    expect(transactionOf(stacks['ifupdown']!).apply.map(({ command }) => command)).toEqual(['ip link set dev eno2 nomaster', 'ip link set dev eno2 down']);
  });

  it('goes from Open vSwitch\'s database alone, unless it has settings that going back would lose', () => {
    const { apply, revert, files, needsBootGuard } = transactionOf(networkdOf(true));
    expect([files, needsBootGuard]).toEqual([[], true]);
    expect(apply.map(({ says }) => says)).toEqual(['See whether eno2 has settings of its own in Open vSwitch, which going back would lose', 'Take eno2 out of br0']);
    expect([apply[1]!.command, revert[0]!.command]).toEqual(['ovs-vsctl --timeout=10 --if-exists del-port br0 eno2', 'ovs-vsctl --timeout=10 --may-exist add-port br0 eno2']);
  });

  const users: BridgeUsers = { machines: [{ name: 'web', targets: ['eno2'] }], networks: [] };
  it.each<[string, Partial<ConversionFacts>, BridgeUsers?]>([
    ['port.last', { links: networkdOf(false).links.map((link) => (link.name === 'eno1' ? { ...link, controller: null } : link)) }],
    ['port.not-one', { links: networkdOf(false).links.map((link) => (link.name === 'eno2' ? { ...link, controller: null } : link)) }],
    ['port.guest', {}, users],
    ['bridge.missing', { links: networkdOf(false).links.filter(({ name }) => name !== 'br0') }],
    ['owner.none', { networkd: {} }],
    ['owner.several', { networkManager: { eno2: { state: 'connected', uuid, name: 'x', file: `${profiles}/x.nmconnection` } } }],
    ['config.missing', { files: networkdOf(false).files.map((file) => ({ ...file, content: file.content!.replace('Bridge=br0', 'LLDP=yes') })) }],
    ['config.not-understood', { files: networkdOf(false).files.map((file) => ({ ...file, content: file.content!.replace('Bridge=br0', 'Bridge=br0\nAddress=10.0.0.7/24') })) }],
    ['rights.root', { root: false }],
  ])('is refused: %s', (code, over, known) => {
    expect(blockersOf(planUnport({ ...networkdOf(false), ...over }, choice, known))).toEqual([code]);
  });

  it('is refused where ifupdown\'s bridge names it by a pattern, or in what can\'t be taken apart', () => {
    const ifupdown = (ports: string) => planUnport({ ...stacks['ifupdown']!, files: [configFile('/etc/network/interfaces', interfacesText.replace('bridge_ports eno1 eno2', ports))] }, choice);
    expect(blockersOf(ifupdown('bridge_ports regex eno.*'))).toEqual(['config.missing']);
    expect(blockersOf(ifupdown('bridge_ports eno1 eno2\n    bridge_waitport 5 eno2'))).toEqual(['config.not-understood']);
  });

  it('says whose MAC address the bridge has, and that the session may come in by it', () => {
    const codes = (facts: ConversionFacts) => planUnport(facts, choice).findings.map(({ code }) => code);
    const facts = networkdOf(false);
    const sameMac = { ...facts, links: facts.links.map((link) => (link.name === 'eno2' ? { ...link, mac: '52:54:00:0a:0b:0c' } : link)) };
    expect(codes(facts)).toEqual(['port.session', 'host.second-way']);
    expect(codes(sameMac)).toEqual(['port.same-mac', 'port.session', 'host.second-way']);
    expect(codes({ ...sameMac, session: null, files: sameMac.files.filter(({ path }) => !path.endsWith('.netdev')) })).toEqual(['port.mac', 'bridge.mac-not-pinned', 'host.second-way']);
  });
});
