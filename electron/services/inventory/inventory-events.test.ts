import { describe, expect, it } from 'vitest';
import { leaseFiles, recordedUuid } from '../../../test/fakes/recorded-host';
import { attached, machineUuid, now } from '../../../test/fakes/attach-recorded-host';
import { transcript } from '../../../test/fixtures/read-transcript';

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
    await wait(300);
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

  it('show on which port a bridge has heard a machine, and forget it, without asking anything', async () => {
    const { runner, settle, wait, machine, changes } = await attached();
    await settle();
    const held = () => machine('held')!.nics[0]!;
    expect(held()).toMatchObject({ target: 'vnet3', seenOn: null });
    runner.emit('link', '[NEIGH]dev vnet3 lladdr 52:54:00:00:00:31 REACHABLE ');
    runner.emit('link', '[NEIGH]dev vnet3 lladdr fe:54:00:00:00:31 PERMANENT ');
    await wait(30);
    expect(held().seenOn).toEqual({ port: 'vnet3', bridge: 'virbr-tr' });
    // Strangers on the LAN, and what is known already, are no news.
    for (const mac of ['52:54:00:00:00:31', '9c:3d:cf:00:00:01', '9c:3d:cf:00:00:02']) runner.emit('link', `[NEIGH]dev vnet3 lladdr ${mac} STALE `);
    await wait(30);
    expect(changes).toHaveLength(1);
    // The same MAC elsewhere is what there is to tell.
    runner.emit('link', '[NEIGH]dev vnet0 lladdr 52:54:00:00:00:31 REACHABLE ');
    await wait(30);
    expect(held().seenOn).toEqual({ port: 'vnet0', bridge: 'virbr-nat' });
    for (const port of ['vnet0', 'vnet3']) runner.emit('link', `[NEIGH]Deleted dev ${port} lladdr 52:54:00:00:00:31 STALE `);
    await wait(30);
    expect(held().seenOn).toBeNull();
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
    expect(runner.asked('gather')).toEqual([['addresses', 'routes-ipv4', 'routes-ipv6', 'neighbours', 'forwarding']]);
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
