import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error';
import { hostSnapshotSchema } from '../../../shared/domain/snapshot';
import { leaseFiles, recordedHost, recordedUuid } from '../../../test/fakes/recorded-host';
import { transcript } from '../../../test/fixtures/read-transcript';
import { attached, machineUuid, now } from '../../../test/fakes/attach-recorded-host';
import { InventoryService } from './inventory-service';

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
