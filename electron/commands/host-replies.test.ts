import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hostInterfaceSchema, ovsBridgeSchema, routeSchema } from '../../shared/domain/host-network';
import { AppError } from '../../shared/errors/app-error';
import { transcript, transcriptNames } from '../../test/fixtures/read-transcript';
import { parseGatheredFiles } from './gathered-files';
import { listAddressesArgv, parseAddresses } from './ip/list-addresses';
import { listForwardingArgv, parseForwarding } from './ip/list-forwarding';
import { listNeighboursArgv, parseNeighbours } from './ip/list-neighbours';
import { listRoutesArgv, parseRoutes } from './ip/list-routes';
import { followLinks, parseLinkEvent } from './ip/monitor';
import { explainOvs } from './ovs/explain-ovs';
import { listSwitchesArgv, parseSwitches } from './ovs/list-switches';
import { followSwitches, isSwitchEvent } from './ovs/monitor-switches';
import { parseSwitchVersion } from './ovs/version';
import { clockArgv, parseClock } from './system/clock';
import { findNetworkStacks, ifupdownStanzasArgv, serviceStatesArgv } from './system/network-stacks';
import { parseOsName } from './system/os-release';
import { parseSysctls } from './system/sysctls';
import { parseTools } from './system/tools';
import { parseUname, unameArgv } from './system/uname';

const ip = (name: string): string => transcript(`iproute2-6.1.0/${name}`).stdout;
const ovs = (name: string): string => transcript(`openvswitch-3.1.0/${name}`).stdout;
const debian = (name: string): string => transcript(`debian-12/${name}`).stdout;

describe('the commands', () => {
  it('are those whose output was recorded', () => {
    expect(listAddressesArgv).toEqual(transcript('iproute2-6.1.0/address').argv);
    expect(listRoutesArgv('ipv6')).toEqual(transcript('iproute2-6.1.0/route-ipv6').argv);
    expect(listNeighboursArgv).toEqual(transcript('iproute2-6.1.0/neighbour').argv);
    expect(listForwardingArgv).toEqual(transcript('iproute2-6.1.0/forwarding').argv);
    expect(followLinks.argv).toEqual(transcript('iproute2-6.1.0/monitor').argv);
    expect(listSwitchesArgv).toEqual(transcript('openvswitch-3.1.0/list').argv);
    expect(followSwitches[0]!.argv).toEqual(transcript('openvswitch-3.1.0/monitor-bridges').argv);
    expect(unameArgv).toEqual(transcript('debian-12/uname').argv);
    expect(clockArgv).toEqual(transcript('debian-12/clock').argv);
    expect(serviceStatesArgv).toEqual(transcript('debian-12/is-active').argv);
    expect(ifupdownStanzasArgv).toEqual(transcript('debian-12/ifupdown-stanzas').argv);
  });
});

describe('ip', () => {
  it('reads interfaces, their kinds, controllers and addresses', () => {
    const interfaces = new Map(parseAddresses(ip('address')).map((item) => [item.name, item]));
    z.array(hostInterfaceSchema).parse([...interfaces.values()]);
    expect(interfaces.get('lo')).toMatchObject({ kind: 'loopback', mac: null, adminUp: true });
    expect(interfaces.get('enp1s0')).toMatchObject({ kind: 'veth', operState: 'UP', controller: null, addresses: [{ family: 'ipv4', prefix: 24, scope: 'global', dynamic: true }, { family: 'ipv6', scope: 'link' }] });
    expect(interfaces.get('virbr-nat')).toMatchObject({ kind: 'bridge', mtu: 1400, bridge: { stp: false, forwardDelaySeconds: 2, vlanFiltering: false } });
    expect(interfaces.get('vnet0')).toMatchObject({ kind: 'tap', controller: 'virbr-nat', bridge: null });
    expect(interfaces.get('ovs-netdev')).toMatchObject({ kind: 'ovs' });
  });

  it('reads kinds this lab lacks', () => {
    const link = (more: object) => ({ ifindex: 9, ifname: 'x', link_type: 'ether', address: 'AA:BB:CC:00:11:22', flags: ['UP'], mtu: 1500, ...more });
    const kind = (more: object) => parseAddresses(JSON.stringify([link(more)]))[0]!;
    expect(kind({})).toMatchObject({ kind: 'physical', mac: 'aa:bb:cc:00:11:22', parent: null });
    expect(kind({ ifname: 'wlp3s0' }).kind).toBe('wireless');
    expect(kind({ link: 'eth0', linkinfo: { info_kind: 'vlan', info_data: { protocol: '802.1Q', id: 42 } } })).toMatchObject({ kind: 'vlan', vlanId: 42, parent: 'eth0' });
    expect(kind({ linkinfo: { info_kind: 'tun', info_data: { type: 'tun' } } }).kind).toBe('tun');
    expect(kind({ link_type: 'none', address: undefined, linkinfo: { info_kind: 'wireguard' } })).toMatchObject({ kind: 'wireguard', mac: null });
    expect(kind({ linkinfo: { info_kind: 'constructor' } }).kind).toBe('other');
    expect(kind({ master: 'bond0', linkinfo: { info_slave_kind: 'bond' } })).toMatchObject({ kind: 'physical', controller: 'bond0' });
  });

  it('reads routes without local and broadcast entries', () => {
    const routes = [...parseRoutes('ipv4', ip('route-ipv4')), ...parseRoutes('ipv6', ip('route-ipv6'))];
    z.array(routeSchema).parse(routes);
    expect(routes.every((route) => route.table === 'main')).toBe(true);
    expect(routes).toContainEqual({ family: 'ipv4', destination: 'default', gateway: '10.77.0.1', device: 'enp1s0', metric: null, table: 'main', protocol: null, type: 'unicast' });
    expect(routes).toContainEqual(expect.objectContaining({ destination: '10.22.0.0/16', gateway: '10.21.0.254', metric: 2 }));
    expect(routes).toContainEqual(expect.objectContaining({ family: 'ipv6', destination: 'fd00:20:30::/64', device: 'virbr-nat' }));
  });

  it('reads routes with several next hops, other tables and single addresses', () => {
    const text = JSON.stringify([
      { dst: 'default', nexthops: [{ gateway: '10.0.0.1', dev: 'a', weight: 1 }, { gateway: '10.0.0.2', dev: 'b' }] },
      { type: 'blackhole', dst: '10.9.9.9', table: 100, protocol: 42 }, { dst: '10.8.0.0/16', via: { family: 'inet6', host: 'fe80::1' }, dev: 'c' },
    ]);
    expect(parseRoutes('ipv4', text).map(({ destination, gateway, device, table, type }) => [destination, gateway, device, table, type])).toEqual([
      ['default', '10.0.0.1', 'a', 'main', 'unicast'], ['default', '10.0.0.2', 'b', 'main', 'unicast'],
      ['10.9.9.9/32', null, null, '100', 'blackhole'], ['10.8.0.0/16', 'fe80::1', 'c', 'main', 'unicast'],
    ]);
  });

  it('reads what bridges have learned, and nothing that was put into their tables', () => {
    expect(parseForwarding(ip('forwarding'))).toEqual([{ port: 'vnet2', mac: '52:54:00:7b:48:e8' }]);
    const rows = [
      { mac: '52:54:00:00:00:0A', ifname: 'a', flags: [], master: 'br0', state: 'stale' }, { mac: '52:54:00:00:00:0b', ifname: 'a', vlan: 20, master: 'br0' },
      { mac: '52:54:00:00:00:0c', ifname: 'a', master: 'br0', state: 'static' }, { mac: '52:54:00:00:00:0d', ifname: 'vx', dst: '10.0.0.1', flags: ['self'], state: '' },
    ];
    expect(parseForwarding(JSON.stringify(rows)).map(({ mac }) => mac)).toEqual(['52:54:00:00:00:0a', '52:54:00:00:00:0b']);
  });

  it('hears of them by the monitor', () => {
    const mac = '52:54:00:29:81:a8';
    expect(parseLinkEvent(`[NEIGH]dev vnet1 lladdr ${mac} REACHABLE `)).toEqual({ kind: 'forwarding', entry: { port: 'vnet1', mac }, gone: false });
    expect(parseLinkEvent(`[NEIGH]Deleted dev vnet1 lladdr ${mac} STALE `)).toEqual({ kind: 'forwarding', entry: { port: 'vnet1', mac }, gone: true });
    for (const line of [`[NEIGH]dev vnet1 lladdr ${mac} PERMANENT `, '[NEIGH]Deleted ff02::2 dev vnet0 lladdr 33:33:00:00:00:02 NOARP ']) expect(parseLinkEvent(line)).toEqual({ kind: 'nothing' });
  });

  it('reads neighbours that answered', () => {
    const neighbours = parseNeighbours(ip('neighbour'));
    expect(neighbours).toContainEqual({ address: '10.20.30.5', device: 'virbr-nat', mac: '52:54:00:00:00:05' });
    expect(parseNeighbours('[{"dst":"10.0.0.9","dev":"a","state":["FAILED"]},{"dst":"224.0.0.1","dev":"a","lladdr":"01:00:5e:00:00:01","state":["NOARP"]}]')).toEqual([]);
  });

  it('reads what ip monitor prints', () => {
    const events = ip('monitor').split('\n').filter((line) => line !== '').map(parseLinkEvent);
    expect(events.filter((event) => event.kind === 'unknown')).toEqual([]);
    expect(events).toContainEqual({ kind: 'neighbour', address: '10.99.0.2', device: 'br-ev', mac: '02:00:00:00:00:02' });
    expect(events).toContainEqual({ kind: 'neighbour', address: '10.99.0.2', device: 'br-ev', mac: null });
    expect(events).toContainEqual({ kind: 'address', device: 'br-ev', address: 'fd99::1', prefix: 64, deleted: false });
    expect(events).toContainEqual({ kind: 'route', destination: '10.98.0.0/16', gateway: null, device: 'br-ev', metric: null, table: 'main', deleted: false });
    expect(events.filter((event) => event.kind === 'link').every((event) => event.kind === 'link' && !event.partial)).toBe(true);
    expect(parseLinkEvent('[LINK]2: eth0: <BROADCAST,UP,LOWER_UP> \\    link/ether 52:54:00:01:00:02 ')).toEqual({ kind: 'link', index: 2, partial: true });
    expect(parseLinkEvent('[ROUTE]default via fe80::1 dev eth0 proto ra metric 1024 expires 1800sec pref medium'))
      .toEqual({ kind: 'route', destination: 'default', gateway: 'fe80::1', device: 'eth0', metric: 1024, table: 'main', deleted: false });
    expect(parseLinkEvent('Netlink overrun')).toEqual({ kind: 'unknown' });
  });
});

describe('Open vSwitch', () => {
  it('reads bridges, ports and interfaces', () => {
    const [bridge, ...others] = parseSwitches(ovs('list'));
    expect(others).toEqual([]);
    ovsBridgeSchema.parse(bridge);
    expect(bridge).toMatchObject({ name: 'ovs0', datapathType: 'netdev', failMode: null, stp: false, problem: null });
    const ports = new Map(bridge!.ports.map((port) => [port.name, port]));
    expect(ports.get('access10')).toMatchObject({ tag: 10, trunks: [], vlanMode: null, interfaces: [{ type: 'internal' }] });
    expect(ports.get('trunk')).toMatchObject({ tag: 10, trunks: [10, 20], vlanMode: 'native-untagged' });
    expect(ports.get('bond0')).toMatchObject({ bondMode: 'balance-slb', interfaces: [{ name: 'b0' }, { name: 'b1' }] });
    expect(ports.get('tunnel')!.interfaces[0]).toMatchObject({ type: 'vxlan', options: { key: '5', remote_ip: '10.77.0.1' } });
    expect(ports.get('gone')!.interfaces[0]).toMatchObject({ type: 'system', ofport: -1, error: 'could not open network device gone (No such device)' });
  });

  it('says what is wrong with a bridge that could not be made', () => {
    const broken = ovs('list').replace('"ovs0","internal","up","up",65534,["set",[]]', '"ovs0","internal",["set",[]],["set",[]],-1,"could not open network device ovs0 (Operation not supported)"');
    expect(parseSwitches(broken)[0]!.problem).toContain('Operation not supported');
  });

  it('reads an empty database and the version', () => {
    const empty = '{"data":[],"headings":["_uuid"]}\n';
    expect(parseSwitches(empty + empty + empty)).toEqual([]);
    expect(() => parseSwitches(empty)).toThrow(AppError);
    expect(parseSwitchVersion(ovs('version'))).toBe('3.1.0');
  });

  it('knows events from log lines', () => {
    const lines = ovs('monitor-bridges').split('\n').filter((line) => line !== '');
    expect(lines.map(isSwitchEvent)).toEqual([true, true, false]);
  });

  it('explains failures', () => {
    const command = { argv: ['ovs-vsctl', 'list', 'Bridge'] };
    expect(explainOvs(transcript('openvswitch-3.1.0/failure-denied'), command)?.code).toBe('ovs.denied');
    expect(explainOvs(transcript('openvswitch-3.1.0/failure-not-running'), command)?.code).toBe('ovs.not-running');
    expect(explainOvs({ exitCode: 127, stderr: '' }, command)?.code).toBe('ovs.missing');
    expect(explainOvs({ exitCode: 1, stderr: 'ovs-vsctl: no bridge named x\n' }, command)?.data.detail).toBe('ovs-vsctl says: no bridge named x');
    expect(explainOvs({ exitCode: 0, stderr: 'warning' }, command)).toBeNull();
  });
});

describe('the system', () => {
  it('reads names and versions', () => {
    expect(parseOsName(debian('os-release'))).toBe('Debian GNU/Linux 12 (bookworm)');
    expect(parseOsName('NAME=Void\n')).toBe('Void');
    expect(parseOsName('PRETTY_NAME=\'It is "\\$x"\'\n')).toBe('It is "$x"');
    expect(parseOsName('')).toBe('Linux');
    expect(parseUname(debian('uname'))).toMatchObject({ architecture: 'x86_64', hostname: expect.stringMatching(/^record/) });
    expect(parseUname('')).toBeNull();
    expect(parseClock(debian('clock'))).toMatchObject({ utcOffsetMinutes: 0 });
    expect(parseClock('1795478232 -0330\n')).toEqual({ epochSeconds: 1795478232, utcOffsetMinutes: -210 });
    expect(parseClock('now')).toBeNull();
    expect(parseTools('ip\t/usr/sbin/ip\nnmcli\t\nbridge\t/sbin/bridge\n')).toEqual(['bridge', 'ip']);
    expect(parseSysctls('net.ipv4.ip_forward=1\nnonsense\n').get('net.ipv4.ip_forward')).toBe('1');
  });

  const none = { serviceStates: 'inactive\ninactive\ninactive\ninactive\n', netplanFiles: '', ifupdownStanzas: '', tools: [], uplink: null };

  it.each([
    ['ifupdown that was recorded', { serviceStates: debian('is-active'), ifupdownStanzas: debian('ifupdown-stanzas'), uplink: 'enp1s0' }, ['ifupdown']],
    ['netplan over networkd', { serviceStates: 'inactive\nactive\ninactive\ninactive\n', netplanFiles: '01-lan.yaml\n', tools: ['netplan'] }, ['netplan', 'systemd-networkd']],
    ['netplan installed without files', { serviceStates: 'active\ninactive\nactive\ninactive\n', tools: ['netplan'], ifupdownStanzas: 'iface lo inet loopback\n' }, ['NetworkManager']],
    ['ifupdown2 that names the uplink beside NetworkManager', { serviceStates: 'active\ninactive\nactive\ninactive\n', tools: ['ifreload'], ifupdownStanzas: 'iface eth0 inet dhcp\n', uplink: 'eth0' }, ['ifupdown2', 'NetworkManager']],
    ['ifupdown for another NIC', { serviceStates: 'active\ninactive\nactive\ninactive\n', ifupdownStanzas: 'iface eth1 inet dhcp\n', uplink: 'eth0' }, ['NetworkManager', 'ifupdown']],
    ['nothing at all', { serviceStates: '' }, []],
  ])('finds %s', (_name, evidence, stacks) => {
    expect(findNetworkStacks({ ...none, ...evidence })).toEqual(stacks);
  });

  it('reads gathered files by their lengths in bytes', () => {
    const files = parseGatheredFiles('F 0 5 /a b\nF 0 \nF 1 0 /secret\nF 0 4 /ü\nü\n\n');
    expect(files).toEqual([{ path: '/a b', content: 'F 0 \n' }, { path: '/secret', content: null }, { path: '/ü', content: 'ü\n\n' }]);
    expect(parseGatheredFiles('')).toEqual([]);
    expect(() => parseGatheredFiles('F 0 9 /a\nshort')).toThrow(AppError);
    expect(() => parseGatheredFiles('G')).toThrow(AppError);
  });
});

describe('mutated transcripts', () => {
  const parsers: ((text: string) => unknown)[] = [
    (text) => z.array(hostInterfaceSchema).parse(parseAddresses(text)),
    (text) => z.array(routeSchema).parse(parseRoutes('ipv4', text)),
    (text) => z.array(ovsBridgeSchema).parse(parseSwitches(text)),
    parseNeighbours, parseLinkEvent, parseSwitchVersion, parseOsName, parseUname, parseClock, parseTools, parseSysctls, parseGatheredFiles,
    (text) => findNetworkStacks({ serviceStates: text, netplanFiles: text, ifupdownStanzas: text, tools: ['netplan'], uplink: 'eth0' }),
  ];
  const texts = ['iproute2-6.1.0', 'openvswitch-3.1.0', 'debian-12'].flatMap((tool) => transcriptNames(tool, ''))
    .map((name) => transcript(name).stdout).filter((text) => text !== '');

  it('never make a parser throw anything but AppError, nor give what the snapshot may not hold', () => {
    const mutation = fc.record({ text: fc.constantFrom(...texts), at: fc.nat(), cut: fc.nat({ max: 12 }), put: fc.oneof(fc.constantFrom('null', '-1', '1.5', '"x"', '[]', '{}', 'true', ''), fc.string({ maxLength: 6 })) });
    fc.assert(fc.property(mutation, ({ text, at, cut, put }) => {
      const from = at % text.length;
      const mutated = text.slice(0, from) + put + text.slice(from + cut);
      for (const parse of parsers) {
        try {
          parse(mutated);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }
    }), { numRuns: 200 });
  }, 60_000);
});
