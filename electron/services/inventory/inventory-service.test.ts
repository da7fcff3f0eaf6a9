import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error';
import { hostSnapshotSchema } from '../../../shared/domain/snapshot';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { leaseFiles, recordedHost, recordedUuid } from '../../../test/fakes/recorded-host';
import type { ScriptedRunner } from '../../../test/fakes/scripted-runner';
import { transcript } from '../../../test/fixtures/read-transcript';
import { InventoryService } from './inventory-service';
import type { InventoryChange } from './inventory-service';

/** The leases that were recorded have long ended by the time of a later run. */
const now = Number(transcript('debian-12/clock').stdout.split(' ')[0]) * 1000;
const services: [InventoryService, string][] = [];
afterEach(() => {
  for (const [service, hostId] of services.splice(0)) service.forget(hostId);
  vi.useRealTimers();
});

async function attached(prepare: (runner: ScriptedRunner) => void = () => undefined) {
  vi.useFakeTimers({ now });
  const runner = recordedHost();
  prepare(runner);
  const service = new InventoryService();
  const changes: InventoryChange[] = [];
  service.onChanged((change) => changes.push(change));
  services.push([service, 'h']);
  await service.attach('h', runner);
  const snapshot = (): HostSnapshot => service.get('h')!.snapshot;
  const network = (name: string) => snapshot().networks.find((item) => item.name === name);
  const machine = (name: string) => snapshot().machines.find((item) => item.name === name);
  /** Past the read that makes good what happened before events were followed. */
  const settle = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(2000);
    runner.log.length = 0;
    changes.length = 0;
  };
  const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  return { runner, service, changes, snapshot, network, machine, settle, wait };
}

const machineUuid = (name: string): string => /<uuid>(.*?)<\/uuid>/.exec(transcript(`virsh-9.0.0/dumpxml-${name}`).stdout)![1]!;
const denied = { exitCode: 1, stderr: transcript('openvswitch-3.1.0/failure-denied').stderr };

describe('the first read', () => {
  it('takes one gather and two virsh trips, and fits the contract', async () => {
    const { runner, snapshot, changes } = await attached();
    expect(runner.asked('gather')).toHaveLength(1);
    expect(runner.asked('virsh').map((lines) => lines.length)).toEqual([12, 23]);
    expect(runner.asked('run')).toEqual([]);
    hostSnapshotSchema.parse(snapshot());
    expect(changes).toEqual([{ hostId: 'h', revision: 1, stale: false }]);
    expect(snapshot().problems).toEqual([]);
  });

  it('tells what the host is', async () => {
    const { snapshot } = await attached();
    expect(snapshot().system).toMatchObject({
      osName: 'Debian GNU/Linux 12 (bookworm)', architecture: 'x86_64', libvirtVersion: '9.0.0', ovsVersion: '3.1.0', networkStacks: ['ifupdown'],
      tools: ['ip', 'ovs-vsctl', 'virsh'], ipv4Forwarding: true,
    });
  });

  it('shows networks of every kind with their flags and leases', async () => {
    const { snapshot, network } = await attached();
    expect(snapshot().networks.map((item) => [item.name, item.kind, item.active, item.autostart, item.persistent])).toEqual([
      ['bridged', 'bridged', true, true, true], ['default', 'nat', false, false, true], ['isolated', 'isolated', true, false, true],
      ['lab nat\'s ü', 'nat', true, true, true], ['macvtap', 'macvtap', true, false, true], ['open', 'open', true, false, true],
      ['routed', 'routed', true, false, true], ['switch', 'ovs', true, false, true], ['transient', 'isolated', true, false, false], ['wire', 'isolated', false, false, true],
    ]);
    expect(network('lab nat\'s ü')!.leases).toEqual([expect.objectContaining({ address: '10.20.30.5', mac: '52:54:00:00:00:05', hostname: 'web' })]);
    expect(snapshot().networks.filter((item) => item.pendingRestart).map((item) => item.name)).toEqual(['isolated']);
  });

  it('shows machines with states, bridges and addresses, each with its source', async () => {
    const { snapshot, machine } = await attached();
    expect(snapshot().machines.map((item) => [item.name, item.state, item.persistent])).toEqual([
      ['held', 'paused', false], ['never', 'running', false], ['off', 'shut-off', true], ['port', 'running', false], ['web', 'running', false],
    ]);
    expect(machine('web')!.nics[0]).toMatchObject({ bridge: 'virbr-nat', addresses: [{ address: '10.20.30.5', source: 'lease' }] });
    expect(machine('off')!.nics[0]).toMatchObject({ bridge: 'virbr-nat', addresses: [{ address: '10.20.30.6', source: 'static-lease', expiresAt: null }] });
    expect(machine('never')!.nics[0]!.addresses).toEqual([{ address: '10.24.0.15', source: 'lease', expiresAt: null }]);
  });

  it('follows libvirt, links and Open vSwitch over one channel, and reads once more for what came before', async () => {
    const { runner, wait, changes } = await attached();
    await wait(0);
    expect(runner.openFollows).toBe(1);
    expect(runner.followed.map((source) => source.name)).toEqual(['network', 'machine', 'link', 'ovsbridge', 'ovsport', 'ovsinterface']);
    runner.log.length = 0;
    await wait(5000);
    expect(runner.asked('virsh')).toHaveLength(1);
    expect(runner.asked('gather').length).toBeLessThanOrEqual(2);
    expect(changes).toHaveLength(1);
  });

  it('asks nothing while nothing happens', async () => {
    const { runner, settle, wait } = await attached();
    await settle();
    await wait(3_600_000);
    expect(runner.log).toEqual([]);
  });
});

describe('a host that lacks something', () => {
  it('without libvirt: a problem, and the rest', async () => {
    const { snapshot, runner, wait } = await attached((host) => {
      host.virshError = new AppError('libvirt.missing', 'libvirt is not installed', 'This host has no virsh command.', { hint: 'Install it.' });
      host.sectionAnswers.set('tools', 'ip\t/sbin/ip\n');
    });
    expect(snapshot().problems).toEqual([{ area: 'libvirt', code: 'libvirt.missing', title: 'libvirt is not installed', detail: 'This host has no virsh command.', hint: 'Install it.' }]);
    expect(snapshot().interfaces.length).toBeGreaterThan(5);
    expect(snapshot().ovsBridges).toHaveLength(1);
    await wait(0);
    expect(runner.followed.map((source) => source.name)).not.toContain('network');
  });

  it('without Open vSwitch, or without the right to ask it', async () => {
    for (const [answer, code] of [[{ exitCode: 127, stderr: 'ovs-vsctl: not found\n' }, 'ovs.missing'], [denied, 'ovs.denied']] as const) {
      const { snapshot, runner, wait } = await attached((host) => host.sectionAnswers.set('ovs', answer));
      expect(snapshot().problems.map((problem) => problem.code)).toEqual([code]);
      expect(snapshot().networks).toHaveLength(10);
      await wait(0);
      expect(runner.followed.map((source) => source.name)).toEqual(['network', 'machine', 'link']);
    }
  });

  it('with libvirt that is down: its version, one problem, and networks as soon as it is back', async () => {
    const down = { exitCode: 1, stderr: transcript('virsh-9.0.0/failure-not-running').stderr };
    const answers = new Map(recordedHost().virshAnswers);
    const { snapshot, runner, wait, network } = await attached((host) => {
      for (const key of host.virshAnswers.keys()) host.virshAnswers.set(key, down);
      host.runAnswers.set('virsh --version', '9.0.0\n');
    });
    expect(snapshot().problems).toMatchObject([{ area: 'libvirt', code: 'libvirt.not-running', title: 'libvirt is not running' }]);
    expect(snapshot().system.libvirtVersion).toBe('9.0.0');
    await wait(2000);
    for (const [key, answer] of answers) runner.virshAnswers.set(key, answer);
    await wait(4000);
    expect(snapshot().problems).toEqual([]);
    expect(network('switch')).toBeDefined();
    expect(runner.followed.map((source) => source.name)).toContain('network');
    expect(runner.openFollows).toBe(1);
  });

  it('gives up looking for a libvirt that stays down, so that idle is idle', async () => {
    const { runner, wait } = await attached((host) => {
      host.virshError = new AppError('libvirt.not-running', 'libvirt is not running', 'Nothing answers.');
    });
    await wait(120_000);
    runner.log.length = 0;
    await wait(3_600_000);
    expect(runner.log).toEqual([]);
  });

  it('with machines but no network daemon', async () => {
    const { snapshot } = await attached((host) => {
      for (const key of host.virshAnswers.keys()) if (key.startsWith('net-')) host.virshAnswers.set(key, { exitCode: 1, stderr: 'error: Failed to connect socket to \'/var/run/libvirt/virtnetworkd-sock\': No such file or directory\n' });
    });
    expect(snapshot().problems).toMatchObject([{ code: 'libvirt.not-running', title: 'libvirt is not running (networks)' }]);
    expect(snapshot().machines).toHaveLength(5);
  });

  it('with a user who may only look', async () => {
    const { snapshot, runner, wait } = await attached((host) => { host.privilege = 'read-only'; });
    expect(snapshot().problems).toMatchObject([{ area: 'privilege', code: 'auth.no-privilege' }]);
    await wait(0);
    expect(runner.followed[0]!.argv).toEqual(['virsh', '-r', '-c', 'qemu:///system', 'net-event', '--event', 'lifecycle', '--loop']);
  });

  it('with malformed answers: each spoils its own area only', async () => {
    const { snapshot, network } = await attached((host) => {
      host.sectionAnswers.set('addresses', '[{"ifindex":');
      host.sectionAnswers.set('ovs', '<html>');
      host.sectionAnswers.set('uname', '');
      host.virshAnswers.set(`net-dumpxml ${recordedUuid(2)}`, '<!DOCTYPE x [<!ENTITY a "b">]><network>&a;</network>');
      host.virshAnswers.set(`dumpxml ${machineUuid('web')}`, '<domain><name>web</name><devices><interface type="network"><vlan><tag id="1.5"/></vlan></interface></devices></domain>');
    });
    expect(snapshot().problems.map((problem) => [problem.area, problem.code])).toEqual([
      ['libvirt', 'reply.unreadable'], ['libvirt', 'libvirt.xml-invalid'], ['ovs', 'reply.unreadable'], ['interfaces', 'reply.unreadable'], ['system', 'reply.unreadable'],
    ]);
    expect(network('routed')).toBeUndefined();
    expect(snapshot().networks).toHaveLength(9);
    expect(snapshot().machines).toHaveLength(4);
    hostSnapshotSchema.parse(snapshot());
  });

  it('with a gather that fails as a whole', async () => {
    const { snapshot } = await attached((host) => { host.gatherError = new AppError('reply.unreadable', 'Unreadable', 'The reply was cut.'); });
    expect(snapshot().problems.map((problem) => problem.area)).toEqual(['ovs', 'interfaces', 'interfaces', 'system']);
    expect(snapshot().networks).toHaveLength(10);
    // The lease files were part of it; virsh knows leases too.
    expect(snapshot().networks.find((item) => item.name === 'isolated')!.leases).toHaveLength(1);
  });

  it('with lease files this user may not read: the table instead, in the host\'s time zone', async () => {
    const { network, runner } = await attached((host) => {
      host.sectionAnswers.set('lease-files', leaseFiles({ 'virbr-nat': null }));
      host.sectionAnswers.set('clock', `${now / 1000} +0200\n`);
    });
    expect(runner.asked('virsh')[2]).toEqual([`net-dhcp-leases ${recordedUuid(4)}`, `net-dhcp-leases ${recordedUuid(1)}`]);
    const printed = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/.exec(transcript('virsh-9.0.0/net-dhcp-leases-nat').stdout)!;
    expect(network('lab nat\'s ü')!.leases[0]!.expiresAt).toBe(new Date(Date.parse(`${printed[1]}T${printed[2]}+02:00`)).toISOString());
  });
});

describe('events', () => {
  it('read one network again, in one trip, not all', async () => {
    const { runner, settle, wait, network, changes } = await attached();
    await settle();
    runner.virshAnswers.set('net-list --uuid', transcript('virsh-9.0.0/net-list-active').stdout.replace(`${recordedUuid(3)}\n`, ''));
    runner.emit('network', 'event \'lifecycle\' for network open: Stopped');
    await wait(30);
    expect(runner.asked('virsh')).toEqual([[
      'net-list --uuid --all', 'net-list --uuid', 'net-list --uuid --all --autostart', 'net-list --uuid --all --persistent',
      `net-dumpxml ${recordedUuid(3)}`, `net-dumpxml --inactive ${recordedUuid(3)}`,
    ]]);
    expect(network('open')!.active).toBe(false);
    expect(changes).toEqual([{ hostId: 'h', revision: 2, stale: false }]);
  });

  it('find a network that is new, and read its leases', async () => {
    const { runner, settle, wait, network } = await attached();
    await settle();
    const uuid = recordedUuid(50);
    for (const key of ['net-list --uuid --all', 'net-list --uuid']) runner.virshAnswers.set(key, `${uuid}\n${(runner.virshAnswers.get(key) as { stdout: string }).stdout}`);
    const xml = `<network><name>new: one</name><uuid>${uuid}</uuid><bridge name='virbr-new'/><ip address='10.60.0.1' prefix='24'><dhcp><range start='10.60.0.2' end='10.60.0.9'/></dhcp></ip></network>`;
    runner.virshAnswers.set(`net-dumpxml ${uuid}`, xml);
    runner.virshAnswers.set(`net-dumpxml --inactive ${uuid}`, xml);
    runner.sectionAnswers.set('lease-files', leaseFiles({ 'virbr-new': '' }));
    runner.emit('network', 'event \'lifecycle\' for network new: one: Started');
    await wait(30);
    expect(network('new: one')).toMatchObject({ active: true, leases: [] });
    await wait(100);
    expect(runner.asked('gather')).toEqual([['clock', 'lease-files']]);
    expect(runner.asked('virsh')).toHaveLength(2);
  });

  it('drop what is gone', async () => {
    const { runner, settle, wait, network, machine } = await attached();
    await settle();
    const without = (name: string, uuid: string): string => transcript(`virsh-9.0.0/${name}`).stdout.replace(`${uuid}\n`, '');
    runner.virshAnswers.set('net-list --uuid --all', without('net-list-all', recordedUuid(9)));
    runner.virshAnswers.set('net-list --uuid', without('net-list-active', recordedUuid(9)));
    runner.virshAnswers.set(`net-dumpxml ${recordedUuid(9)}`, transcript('virsh-9.0.0/failure-not-found'));
    runner.virshAnswers.set('list --uuid --all', without('list-all', machineUuid('held')));
    runner.virshAnswers.set('list --uuid --state-paused', '\n');
    runner.virshAnswers.set(`dumpxml ${machineUuid('held')}`, transcript('virsh-9.0.0/failure-machine-not-found'));
    runner.emit('network', 'event \'lifecycle\' for network transient: Stopped');
    runner.emit('machine', 'event \'lifecycle\' for domain \'held\': Stopped Destroyed');
    await wait(30);
    expect([network('transient'), machine('held')]).toEqual([undefined, undefined]);
    expect(runner.asked('virsh')).toHaveLength(1);
  });

  it('coalesce a storm into one read after another, and lose nothing', async () => {
    const { runner, settle, wait, network } = await attached();
    await settle();
    const release = runner.hold();
    for (let round = 0; round < 500; round += 1) {
      runner.emit('network', `event 'lifecycle' for network ${round % 2 ? 'open' : 'routed'}: Started`);
      runner.emit('link', `[LINK]9: virbr-op: <UP> mtu ${1000 + round} qdisc noqueue state UP `);
    }
    await wait(1000);
    expect(runner.waiting).toBe(2);
    runner.virshAnswers.set('net-list --uuid --all --autostart', `${recordedUuid(3)}\n`);
    runner.emit('network', 'event \'lifecycle\' for network open: Defined');
    await wait(1000);
    expect(runner.waiting).toBe(2);
    release();
    await wait(100);
    expect(runner.asked('virsh')).toHaveLength(2);
    expect(runner.asked('gather').filter((names) => names.includes('addresses'))).toHaveLength(1);
    expect(network('open')!.autostart).toBe(true);
  });

  it('read a machine again, unless its event shows nowhere', async () => {
    const { runner, settle, wait, machine } = await attached();
    await settle();
    runner.emit('machine', 'event \'balloon-change\' for domain \'web\': 1KiB');
    runner.emit('machine', 'event \'rtc-change\' for domain \'web\': 0');
    await wait(1000);
    expect(runner.log).toEqual([]);
    runner.virshAnswers.set(`dumpxml ${machineUuid('web')}`, transcript('virsh-9.0.0/dumpxml-web').stdout.replace('<name>web</name>', '<name>web</name><title>Shop</title>'));
    runner.emit('machine', 'event \'metadata-change\' for domain \'web\': type title, uri <null>');
    await wait(30);
    expect(machine('web')!.title).toBe('Shop');
    expect(runner.asked('virsh')).toHaveLength(1);
    expect(runner.asked('virsh')[0]).toContain(`dumpxml ${machineUuid('web')}`);
    expect(runner.asked('virsh')[0]!.filter((line) => line.startsWith('dumpxml'))).toHaveLength(1);
  });

  it('ask for the state of a machine that no list names', async () => {
    const { runner, settle, wait, machine } = await attached();
    await settle();
    runner.virshAnswers.set('list --uuid --state-running', '\n');
    runner.virshAnswers.set('list --uuid --state-other', transcript('virsh-9.0.0/list-running').stdout);
    for (const name of ['web', 'never', 'port']) runner.virshAnswers.set(`domstate ${machineUuid(name)}`, name === 'web' ? 'in shutdown\n\n' : 'crashed\n\n');
    runner.emit('machine', 'event \'lifecycle\' for domain \'web\': Shutdown Finished');
    await wait(30);
    expect([machine('web')!.state, machine('never')!.state]).toEqual(['shutting-down', 'crashed']);
  });

  it('read interfaces again for what is new, not for what a router repeats', async () => {
    const { runner, settle, wait, snapshot } = await attached();
    await settle();
    const uplink = snapshot().interfaces.find((item) => item.name === 'enp1s0')!;
    const partial = `[LINK]${uplink.index}: enp1s0: <BROADCAST,MULTICAST,UP,LOWER_UP> \\    link/ether ${uplink.mac} `;
    runner.emit('link', partial);
    await wait(100);
    runner.log.length = 0;
    for (let round = 0; round < 50; round += 1) {
      runner.emit('link', partial);
      runner.emit('link', `[ADDR]${uplink.index}: enp1s0    inet ${uplink.addresses[0]!.address}/24 brd 10.77.0.255 scope global dynamic enp1s0\\       valid_lft ${round}sec preferred_lft 100sec`);
      runner.emit('link', '[ROUTE]default via 10.77.0.1 dev enp1s0 ');
      runner.emit('link', '[ROUTE]local 10.77.0.1 dev enp1s0 table local proto kernel scope host ');
      runner.emit('link', '[NEIGH]10.77.0.1 dev enp1s0 lladdr 0a:c0:bb:67:f9:5e STALE ');
      runner.emit('link', '[NEIGH]10.77.0.1 dev enp1s0 lladdr 0a:c0:bb:67:f9:5e REACHABLE ');
      await wait(50);
    }
    expect(runner.log).toEqual([]);
    runner.emit('link', '[ROUTE]10.98.0.0/16 dev enp1s0 scope link ');
    await wait(30);
    expect(runner.asked('gather')).toEqual([['addresses', 'routes-ipv4', 'routes-ipv6']]);
  });

  it('read Open vSwitch again', async () => {
    const { runner, settle, wait, snapshot } = await attached();
    await settle();
    runner.sectionAnswers.set('ovs', transcript('openvswitch-3.1.0/list').stdout.replaceAll('"ovs0"', '"ovs9"'));
    runner.emit('ovsbridge', transcript('openvswitch-3.1.0/monitor-bridges').stdout.split('\n')[0]!);
    runner.emit('ovsinterface', '2026-11-24T00:01:53Z|00001|fatal_signal|WARN|terminating');
    await wait(30);
    expect(runner.asked('gather')).toEqual([['ovs']]);
    expect(snapshot().ovsBridges[0]!.name).toBe('ovs9');
  });

  it('show a neighbour as a machine\'s address without asking anything', async () => {
    const { runner, settle, wait, machine, changes } = await attached();
    await settle();
    runner.emit('link', '[NEIGH]10.31.0.2 dev virbr-tr lladdr 52:54:00:00:00:31 REACHABLE ');
    await wait(30);
    expect(machine('held')!.nics[0]!.addresses).toEqual([{ address: '10.31.0.2', source: 'arp', expiresAt: null }]);
    runner.emit('link', '[NEIGH]10.31.0.2 dev virbr-tr lladdr 52:54:00:00:00:31 STALE ');
    await wait(30);
    expect(changes).toHaveLength(1);
    runner.emit('link', '[NEIGH]10.31.0.2 dev virbr-tr FAILED ');
    await wait(30);
    expect(machine('held')!.nics[0]!.addresses).toEqual([]);
    expect(runner.log).toEqual([]);
  });

  it('find a lease by the neighbour that has it, even when it is written late', async () => {
    const { runner, settle, wait, network } = await attached();
    await settle();
    runner.emit('link', '[NEIGH]10.20.30.150 dev virbr-nat lladdr 52:54:00:00:00:77 REACHABLE ');
    await wait(100);
    expect(runner.asked('gather')).toEqual([['clock', 'lease-files']]);
    const entry = { 'ip-address': '10.20.30.150', 'mac-address': '52:54:00:00:00:77', 'expiry-time': now / 1000 + 3600 };
    runner.sectionAnswers.set('lease-files', leaseFiles({ 'virbr-nat': JSON.stringify([entry]) }));
    await wait(300);
    expect(network('lab nat\'s ü')!.leases.map((lease) => lease.address)).toEqual(['10.20.30.150']);
    runner.log.length = 0;
    await wait(10_000);
    runner.emit('link', '[NEIGH]10.20.30.150 dev virbr-nat lladdr 52:54:00:00:00:77 STALE ');
    await wait(10_000);
    expect(runner.log).toEqual([]);
  });

  it('stop looking for the lease of a guest that has an address of its own', async () => {
    const { runner, settle, wait } = await attached();
    await settle();
    for (let round = 0; round < 5; round += 1) {
      runner.emit('link', '[NEIGH]10.20.30.9 dev virbr-nat lladdr 52:54:00:00:00:99 REACHABLE ');
      await wait(10_000);
    }
    expect(runner.asked('gather')).toHaveLength(4);
  });
});

describe('an event tool that ended', () => {
  it('makes its area be read again', async () => {
    const { runner, settle, wait } = await attached();
    await settle();
    runner.emit('network', null);
    runner.emit('link', null);
    await wait(30);
    expect(runner.asked('virsh')[0]!.filter((line) => line.startsWith('net-dumpxml')).length).toBeGreaterThan(10);
    expect(runner.asked('gather')).toEqual([['addresses', 'routes-ipv4', 'routes-ipv6', 'neighbours']]);
  });

  it('makes it be read again when it must be back, for the pause had no listener', async () => {
    const { runner, settle, wait, network } = await attached();
    await settle();
    runner.emit('network', null);
    await wait(1000);
    runner.virshAnswers.set('net-list --uuid --all --autostart', '\n');
    await wait(2000);
    expect(network('bridged')!.autostart).toBe(false);
    await wait(60_000);
    runner.log.length = 0;
    await wait(3_600_000);
    expect(runner.log).toEqual([]);
  });

  it('together with all others means the channel is lost: it is opened again, and said until then', async () => {
    const { runner, settle, wait, snapshot } = await attached();
    await settle();
    runner.openFollows = 0;
    for (const { name } of [...runner.followed]) runner.emit(name, null);
    await wait(30);
    expect(snapshot().problems).toMatchObject([{ area: 'system', title: 'Changes on this host are not seen by themselves' }]);
    expect(runner.openFollows).toBe(0);
    expect(runner.asked('virsh')).toHaveLength(1);
    await wait(5000);
    expect(runner.openFollows).toBe(1);
    expect(snapshot().problems).toEqual([]);
  });

  it('does not become a storm when it ends again and again', async () => {
    const { runner, settle, wait } = await attached();
    await settle();
    for (let round = 0; round < 100; round += 1) {
      runner.emit('ovsport', null);
      await wait(100);
    }
    expect(runner.asked('gather').length).toBeLessThan(15);
  });
});

describe('refresh', () => {
  it('quiet reads in two trips what emits no event', async () => {
    const { runner, service, settle, network, machine } = await attached();
    await settle();
    runner.virshAnswers.set('net-list --uuid --all --autostart', '\n');
    runner.virshAnswers.set(`dumpxml ${machineUuid('web')}`, transcript('virsh-9.0.0/dumpxml-web').stdout.replace('<model type=\'virtio\'/>', '<model type=\'virtio\'/><link state=\'down\'/>'));
    runner.sectionAnswers.set('lease-files', leaseFiles({ 'virbr-nat': '', 'virbr-is': '' }));
    await service.refresh('h', 'quiet');
    expect(runner.log.map((entry) => entry.kind)).toEqual(['virsh', 'gather']);
    expect(network('bridged')!.autostart).toBe(false);
    expect(machine('web')!.nics[0]!.link).toBe('down');
    expect(network('lab nat\'s ü')!.leases).toEqual([]);
  });

  it('all reads everything, and publishes nothing when nothing changed', async () => {
    const { runner, service, settle, changes, snapshot } = await attached();
    await settle();
    const before = snapshot();
    await service.refresh('h', 'all');
    expect(runner.asked('gather').flat()).toEqual(expect.arrayContaining(['os-release', 'addresses', 'neighbours', 'ovs', 'lease-files']));
    expect(changes).toEqual([]);
    expect(snapshot()).toBe(before);
  });

  it('of one network finds what a write just made', async () => {
    const { runner, service, settle, network } = await attached();
    await settle();
    const uuid = recordedUuid(60);
    runner.virshAnswers.set('net-list --uuid --all', `${uuid}\n${transcript('virsh-9.0.0/net-list-all').stdout}`);
    runner.virshAnswers.set(`net-dumpxml ${uuid}`, `<network><name>made</name><uuid>${uuid}</uuid></network>`);
    runner.virshAnswers.set(`net-dumpxml --inactive ${uuid}`, `<network><name>made</name><uuid>${uuid}</uuid></network>`);
    await service.refreshNetwork('h', uuid.toUpperCase());
    expect(network('made')).toMatchObject({ active: false, kind: 'isolated' });
    expect(runner.asked('virsh')).toHaveLength(1);
  });

  it('is refused without a session', async () => {
    const service = new InventoryService();
    await expect(service.refresh('h', 'all')).rejects.toMatchObject({ code: 'host.not-connected' });
    expect(() => service.runner('h')).toThrow(AppError);
    expect(service.get('h')).toBeNull();
  });
});

describe('the XML of an object', () => {
  it('is read anew, running and persistent', async () => {
    const { service } = await attached();
    const nat = await service.xml('h', 'network', recordedUuid(1));
    expect(nat.running).toContain('connections=');
    expect(nat.persistent).not.toContain('connections=');
    expect(await service.xml('h', 'network', recordedUuid(8))).toMatchObject({ running: null, persistent: expect.stringContaining('<name>wire</name>') });
    expect(await service.xml('h', 'network', recordedUuid(9))).toMatchObject({ persistent: null, running: expect.stringContaining('transient') });
    expect(await service.xml('h', 'machine', machineUuid('off'))).toMatchObject({ running: null, persistent: expect.stringContaining('<name>off</name>') });
    await expect(service.xml('h', 'network', recordedUuid(77))).rejects.toMatchObject({ code: 'libvirt.not-found' });
  });
});

describe('the end of a session', () => {
  it('leaves the snapshot, stale, and stops everything', async () => {
    const { runner, service, changes, wait, snapshot } = await attached();
    await wait(0);
    runner.lose();
    expect(changes.at(-1)).toEqual({ hostId: 'h', revision: 1, stale: true });
    expect(service.get('h')).toMatchObject({ stale: true });
    expect(snapshot().networks).toHaveLength(10);
    runner.log.length = 0;
    await wait(60_000);
    expect(runner.log).toEqual([]);
    expect(runner.openFollows).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('in the middle of the first read rejects, and publishes nothing', async () => {
    vi.useFakeTimers({ now });
    const service = new InventoryService();
    const runner = recordedHost();
    runner.hold();
    const reading = service.attach('h', runner);
    const failure = expect(reading).rejects.toMatchObject({ code: 'ssh.closed' });
    runner.lose();
    await failure;
    expect(service.get('h')).toBeNull();
  });

  it('in the middle of a refresh rejects it', async () => {
    const { runner, service, settle, wait } = await attached();
    await settle();
    runner.hold();
    const refreshing = service.refresh('h', 'all');
    const failure = expect(refreshing).rejects.toMatchObject({ code: 'host.not-connected' });
    await wait(0);
    runner.lose();
    await failure;
    await wait(1000);
    expect(service.get('h')!.stale).toBe(true);
  });

  it('and a new one make the same snapshot fresh again, with the same number when nothing changed', async () => {
    const { service, changes, snapshot } = await attached();
    service.detach('h');
    await service.attach('h', recordedHost());
    expect(changes.map((change) => [change.revision, change.stale])).toEqual([[1, false], [1, true], [1, false]]);
    service.detach('h');
    const changed = recordedHost();
    changed.sectionAnswers.set('sysctls', 'net.ipv4.ip_forward=0\n');
    await service.attach('h', changed);
    expect(snapshot()).toMatchObject({ revision: 2, system: { ipv4Forwarding: false } });
    service.forget('h');
    expect(service.get('h')).toBeNull();
  });

  it('a virsh that died is asked once more', async () => {
    const { snapshot } = await attached((host) => {
      const virsh = host.virsh.bind(host);
      let first = true;
      host.virsh = async (argvs) => {
        if (!first) return virsh(argvs);
        first = false;
        throw new AppError('virsh.gone', 'virsh ended', 'It was killed.');
      };
    });
    expect(snapshot().networks).toHaveLength(10);
    expect(snapshot().problems).toEqual([]);
  });
});
