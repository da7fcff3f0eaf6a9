import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNetwork } from '../../../shared/domain/network-xml/parse-network';
import { networkSchema } from '../../../shared/domain/network';
import { AppError } from '../../../shared/errors/app-error';
import { transcript, transcriptNames } from '../../../test/fixtures/read-transcript';
import { parseDaemonVersion } from './daemon-version';
import { definitionsDiffer } from './dump-network';
import { leaseStatusArgv, leaseStatusPath, parseLeaseStatus, splitLeaseStatus } from './lease-status';
import { listMachinesArgvs, parseMachineLists, parseMachineState } from './list-machines';
import { listNetworksArgvs, parseNetworkLists } from './list-networks';
import { parseMachineEvent } from './machine-events';
import { parseNetworkEvent } from './network-events';
import { networkLeasesArgv, parseNetworkLeases } from './network-leases';

const said = (name: string): string => transcript(`virsh-9.0.0/${name}`).stdout;
const words = (name: string): string[] => transcript(`virsh-9.0.0/${name}`).argv.filter((word) => word !== '-q').slice(1);
const uuid = (n: number): string => `11111111-0000-4000-8000-${String(n).padStart(12, '0')}`;

describe('lists', () => {
  const networkNames = ['net-list-all', 'net-list-active', 'net-list-autostart', 'net-list-persistent'];
  const machineNames = ['list-all', 'list-autostart', 'list-persistent', 'list-running', 'list-paused', 'list-shutoff', 'list-other'];

  it('asks what was recorded', () => {
    expect(networkNames.map(words)).toEqual(listNetworksArgvs.map((argv) => [...argv]));
    expect(machineNames.map(words)).toEqual(listMachinesArgvs.map((argv) => [...argv]));
  });

  it('tells active, autostarted and persistent networks apart', () => {
    const lists = parseNetworkLists(networkNames.map(said));
    expect(lists.all).toHaveLength(10);
    expect(lists.active).toContain(uuid(9));
    expect(lists.persistent).not.toContain(uuid(9));
    expect(lists.active).not.toContain(uuid(8));
    expect([...lists.autostart].sort()).toEqual([uuid(1), uuid(5)]);
  });

  it('tells states of machines apart', () => {
    const lists = parseMachineLists(machineNames.map(said));
    expect([lists.all.length, lists.running.size, lists.paused.size, lists.shutOff.size, lists.other.size, lists.persistent.size])
      .toEqual([5, 3, 1, 1, 0, 1]);
    expect(parseMachineState(said('domstate-held'))).toBe('paused');
    expect(parseMachineState('shut off\n\n')).toBe('shut-off');
    expect(parseMachineState('constructor\n')).toBe('unknown');
  });

  it('refuses what is no list of UUIDs', () => {
    expect(() => parseNetworkLists([' Name   State\n----\n', '', '', ''])).toThrow(AppError);
  });

  it('reads the version', () => {
    expect(parseDaemonVersion(said('version-daemon'))).toBe('9.0.0');
    expect(parseDaemonVersion('Using library: libvirt 10.2.1\n')).toBe('10.2.1');
    expect(parseDaemonVersion('')).toBeNull();
  });
});

describe('definitionsDiffer', () => {
  const differs = (name: string): boolean => definitionsDiffer(said(`net-dumpxml-${name}`), said(`net-dumpxml-${name}-inactive`));

  it.each(['nat', 'nat-plain', 'routed', 'open', 'bridged', 'ovs', 'macvtap', 'isolated-no-host'])('finds no change in a fresh network (%s)', (name) => {
    expect(differs(name)).toBe(false);
  });

  it('sees a change that was made to the running network only', () => {
    expect(differs('isolated')).toBe(true);
  });

  it('leaves the functions of an SR-IOV pool aside, which only a running network lists', () => {
    const persistent = '<network>\n  <forward mode=\'hostdev\' managed=\'yes\'>\n    <pf dev=\'eth3\'/>\n  </forward>\n</network>\n';
    const running = persistent.replace('<pf dev=\'eth3\'/>', '<pf dev=\'eth3\'/>\n    <address type=\'pci\' domain=\'0x0000\' bus=\'0x02\' slot=\'0x10\' function=\'0x1\' connections=\'1\'/>');
    expect(definitionsDiffer(running, persistent)).toBe(false);
    expect(definitionsDiffer(running, persistent.replace('eth3', 'eth4'))).toBe(true);
  });
});

describe('leases', () => {
  const ips = parseNetwork(said('net-dumpxml-nat')).ips;
  const path = leaseStatusPath('virbr-nat');

  it('reads the same from the file and from the table', () => {
    const [fromFile] = parseLeaseStatus(path, said('status-virbr-nat'), ips, 0);
    const [fromTable] = parseNetworkLeases(said('net-dhcp-leases-nat'), 0);
    expect(fromFile).toMatchObject({ mac: '52:54:00:00:00:05', family: 'ipv4', address: '10.20.30.5', prefix: 24, hostname: 'web', clientId: '01:52:54:00:00:00:05' });
    expect(fromFile).toEqual(fromTable);
    expect(parseNetworkLeases(said('net-dhcp-leases-nat-with-header'), 0)).toEqual([fromTable]);
    expect(networkLeasesArgv(uuid(1))).toEqual(words('net-dhcp-leases-nat'));
  });

  it('takes the host\'s local time back to UTC', () => {
    const row = ' 2026-11-24 00:57:05   52:54:00:4B:6D:EE   ipv4   192.168.122.205/24   -   01:52:54:00:4b:6d:ee\n';
    expect(parseNetworkLeases(row, 60)[0]).toMatchObject({ expiresAt: '2026-11-23T23:57:05.000Z', hostname: null, mac: '52:54:00:4b:6d:ee' });
    expect(parseNetworkLeases(row, -210)[0]!.expiresAt).toBe('2026-11-24T04:27:05.000Z');
  });

  it('knows a lease without end in both', () => {
    expect(parseLeaseStatus(path, said('status-virbr-is'), [], 2e9)[0]!.expiresAt).toBeNull();
    expect(parseNetworkLeases(said('net-dhcp-leases-isolated'), 0)[0]!.expiresAt).toBeNull();
    expect(parseNetworkLeases(said('net-dhcp-leases-isolated').replace('1970-01-01 00:', '1969-12-31 19:'), -300)[0]!.expiresAt).toBeNull();
  });

  it('reads IPv6, odd names and odd client ids', () => {
    const row = ' 2026-11-24 00:57:05   52:54:00:00:00:05   ipv6   fd00:20:30::5/64   wéb-"1\'   00:01:00:01:2f:aa\n';
    expect(parseNetworkLeases(row, 0)[0]).toMatchObject({ family: 'ipv6', address: 'fd00:20:30::5', prefix: 64, hostname: 'wéb-"1\'', clientId: '00:01:00:01:2f:aa' });
    const file = JSON.stringify([{ 'ip-address': 'FD00:20:30::5', 'mac-address': '52:54:00:00:00:05', 'hostname': 'a b\n<x>', 'client-id': 'ff:00', 'iaid': '5', 'server-duid': '00:01', 'expiry-time': 2e9 }]);
    expect(parseLeaseStatus(path, file, ips, 1e9)[0]).toMatchObject({ address: 'fd00:20:30::5', prefix: 64, hostname: 'a b\n<x>', expiresAt: '2033-05-18T03:33:20.000Z' });
  });

  it('leaves out leases that have ended and entries it can\'t use, not the rest', () => {
    const entry = (more: object) => ({ 'ip-address': '10.20.30.7', 'mac-address': '52:54:00:00:00:07', 'expiry-time': 1000, ...more });
    const file = JSON.stringify([entry({ 'expiry-time': 999 }), entry({ 'ip-address': '10.20.30.999' }), entry({ 'mac-address': 'x' }), entry({ 'ip-address': '10.20.30.8' })]);
    expect(parseLeaseStatus(path, file, ips, 1000).map((lease) => lease.address)).toEqual(['10.20.30.8']);
    expect(parseLeaseStatus(path, '', ips, 0)).toEqual([]);
    expect(() => parseLeaseStatus(path, '[{"ip-addr', ips, 0)).toThrow(AppError);
  });

  it('splits the files as grep prints them', () => {
    const files = splitLeaseStatus(transcript('virsh-9.0.0/lease-files'))!;
    expect([...files.keys()].sort()).toEqual(['virbr-is', 'virbr-nat']);
    expect(parseLeaseStatus(path, files.get('virbr-nat')!, ips, 0)).toEqual(parseLeaseStatus(path, said('status-virbr-nat'), ips, 0));
    expect(transcript('virsh-9.0.0/lease-files').argv).toEqual(leaseStatusArgv);
    expect(splitLeaseStatus({ exitCode: 1, stdout: '', stderr: '' })?.size).toBe(0);
    expect(splitLeaseStatus({ exitCode: 2, stdout: '', stderr: 'grep: /var/lib/libvirt/dnsmasq: No such file or directory\n' })).toBeNull();
    expect(splitLeaseStatus({ exitCode: 2, stdout: '', stderr: 'grep: /var/lib/libvirt/dnsmasq/virbr0.status: Permission denied\n' })).toBeNull();
    expect(splitLeaseStatus({ exitCode: 127, stdout: '', stderr: 'grep: not found\n' })).toBeNull();
  });
});

describe('events', () => {
  const lines = (name: string): string[] => said(name).split('\n').filter((line) => line !== '');

  it('finds the network, whatever its name', () => {
    expect(lines('event-network').map(parseNetworkEvent)).toEqual(['wire', 'wire', 'a: b', 'a: b']);
    expect(parseNetworkEvent('2026-11-23 23:52:06.123+0000: event \'lifecycle\' for network default: Started')).toBe('default');
    expect(parseNetworkEvent('events received: 3')).toBeNull();
  });

  it('finds the machine, and whether it matters', () => {
    const events = lines('event-machine').map(parseMachineEvent);
    expect(events.every((event) => event?.changesSnapshot)).toBe(true);
    expect(events.map((event) => event?.name)).toEqual(expect.arrayContaining(['held', 'off', 'never']));
    expect(parseMachineEvent('event \'balloon-change\' for domain \'web\': 1024KiB')).toEqual({ name: 'web', changesSnapshot: false });
    expect(parseMachineEvent('event \'lifecycle\' for domain old: Started Booted')).toEqual({ name: 'old', changesSnapshot: true });
    expect(parseMachineEvent('event \'lifecycle\' for domain \'it\'s: on\': Started Booted')).toEqual({ name: 'it\'s: on', changesSnapshot: true });
    expect(parseMachineEvent('event \'reboot\' for domain \'web\'')).toEqual({ name: 'web', changesSnapshot: false });
    expect(parseMachineEvent('nonsense')).toBeNull();
  });
});

describe('mutated transcripts', () => {
  const parsers: ((text: string) => unknown)[] = [
    (text) => parseNetworkLists([text, text, text, text]), (text) => parseNetworkLeases(text, 60), (text) => parseLeaseStatus('x', text, [], 0),
    parseDaemonVersion, parseMachineState, parseNetworkEvent, parseMachineEvent,
    (text) => networkSchema.omit({ active: true, autostart: true, persistent: true, leases: true, pendingRestart: true }).safeParse(parseNetwork(text)),
    (text) => definitionsDiffer(text, text.slice(1)),
  ];
  const texts = transcriptNames('virsh-9.0.0', '').map((name) => transcript(name).stdout).filter((text) => text !== '');

  it('never make a parser throw anything but AppError', () => {
    const mutation = fc.record({ text: fc.constantFrom(...texts), at: fc.nat(), cut: fc.nat({ max: 40 }), put: fc.string({ unit: 'binary', maxLength: 12 }) });
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
