import { beforeEach, describe, expect, it } from 'vitest';
import { Rehearsal, rehearsed } from '../../../test/fakes/rehearsal';
import type { RehearsalFault } from '../../../shared/domain/rehearsal-fault';
import { noUsers } from '../../../shared/domain/conversion/bridge-users';
import { planChange, type ChangeRequest } from '../../../shared/domain/conversion/change-request';
import { linkOf } from '../../../shared/domain/conversion/facts';
import { sessionDevice } from '../../../shared/domain/conversion/device-chain';
import { planConversion } from '../../../shared/domain/conversion/plan-conversion';
import { planChangeOn } from './plan-change';
import { strike } from '../../transport/practice/conversion/strike';
import { InventoryService } from '../inventory/inventory-service';
import { openPracticeRunner } from '../../transport/practice/open-practice-runner';

/** Whole conversions on the practice host: its model of the engine goes through what the engine on a real host does. */
let rehearsal: Rehearsal;
beforeEach(() => { rehearsal = Rehearsal.begin(); });

/** What of the network a conversion could lose. */
async function network() {
  const { links, routes, files } = await rehearsal.facts();
  return {
    links: links.map(({ name, mac, controller, addresses }) => ({ name, mac, controller, addresses: addresses.map(({ address, prefix, dynamic }) => ({ address, prefix, dynamic })) })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    routes: routes.filter(({ table }) => table === 'main').map(({ destination, gateway, device }) => `${destination} ${gateway} ${device}`).sort(),
    files: files.map(({ path, content }) => `${path}\n${content}`).sort(),
  };
}
const reverted = { code: 'conversion.reverted' };
const why = (text: string) => ({ ...reverted, data: { detail: expect.stringContaining(text) } });
const hits = (fault: RehearsalFault, state: string): void => rehearsal.when(state, () => { expect(strike(rehearsal.host, fault)).toBeNull(); });

describe('a conversion that is rehearsed', () => {
  it.each(['linux', 'ovs'] as const)('is planned without a blocker, and kept: %s', async (kind) => {
    const before = await rehearsal.facts();
    expect(sessionDevice(before)).toBe('eno1');
    expect(planConversion(before, { ...rehearsed, kind }).findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
    expect((await rehearsal.convert({ ...rehearsed, kind })).state).toBe('DONE');
    const facts = await rehearsal.facts();
    expect(sessionDevice(facts)).toBe('br1');
    expect(linkOf(facts, 'br1')).toMatchObject({ mac: linkOf(before, 'eno1')?.mac });
    expect(linkOf(facts, 'eno1')).toMatchObject({ controller: kind === 'ovs' ? 'ovs-system' : 'br1', addresses: [] });
    expect(facts.routes.filter(({ destination }) => destination === 'default')).toMatchObject([{ gateway: '192.168.1.1', device: 'br1' }]);
    expect(facts.files.find(({ path }) => path === '/etc/network/interfaces')?.content).toContain('iface br1 inet dhcp');
    expect(facts.pending).toBeNull();
    expect(rehearsal.journal().filter((line) => /^(STAGED|ARMED|TRIAL|VERIFIED|COMMITTING|DONE)/.test(line))).toEqual([
      'STAGED everything is kept; nothing was changed', 'ARMED waits 45 s for the word to begin', 'ARMED begins in 2 s', 'TRIAL br1 carries the network; waits to be confirmed',
      'VERIFIED reached over a new connection', 'COMMITTING confirmed', 'DONE the network is as it was on trial, and lasts',
    ]);
    // It lasts: the boot brings it up from its files.
    strike(rehearsal.host, 'power');
    rehearsal.clock.advance(30_000);
    expect(sessionDevice(await rehearsal.facts())).toBe('br1');
  });

  it('breaks the session while it is made, and is reached again', async () => {
    const session = openPracticeRunner(rehearsal.host);
    const ends: unknown[] = [];
    session.onClose((error) => ends.push(error));
    await rehearsal.convert();
    expect(ends).toEqual([expect.objectContaining({ code: 'ssh.closed' })]);
    const states = rehearsal.told.map(({ reached, transaction: { state } }) => (reached ? state : `lost in ${state}`));
    expect([...new Set(states)]).toEqual(['ARMED', 'APPLYING', 'lost in APPLYING', 'TRIAL', 'VERIFIED', 'DONE']);
  });

  it.each(['linux', 'ovs'] as const)('goes back at T when nobody confirms: %s', async (kind) => {
    const before = await network();
    const held = await rehearsal.convert({ ...rehearsed, kind }, { hold: true });
    expect(held).toMatchObject({ state: 'VERIFIED', pending: true });
    expect(held.secondsLeft).toBeGreaterThan(110);
    expect((await rehearsal.facts()).pending).toBe(`tx/${held.id}`);
    rehearsal.clock.advance(130_000);
    await expect(rehearsal.service.confirm('practice')).rejects.toMatchObject(why('nobody confirmed in time'));
    expect(await network()).toEqual(before);
  });

  it('goes back when it is told to', async () => {
    const before = await network();
    await rehearsal.convert(rehearsed, { hold: true });
    expect((await rehearsal.service.revert('practice')).state).toBe('REVERTED');
    expect(await network()).toEqual(before);
    expect(rehearsal.journal()).toContain('REVERTING asked to go back');
  });

  it('lasts longer when it is told to, and no more than 600 s', async () => {
    await rehearsal.convert(rehearsed, { hold: true });
    await rehearsal.service.extend('practice', 900);
    rehearsal.clock.advance(500_000);
    expect((await rehearsal.service.confirm('practice')).state).toBe('DONE');
    expect(rehearsal.journal()).toContain('VERIFIED the trial lasts 600 s now');
  });

  it('is refused while another is under way, and twice', async () => {
    const transaction = await rehearsal.plan();
    await rehearsal.convert(rehearsed, { hold: true });
    await expect(rehearsal.newService().convert('practice', transaction)).rejects.toMatchObject({ code: 'conversion.busy' });
    await rehearsal.service.confirm('practice');
    await expect(rehearsal.newService().convert('practice', transaction)).rejects.toMatchObject({ code: 'conversion.refused' });
  });

  it('is undone when no word to begin comes', async () => {
    const transaction = await rehearsal.plan();
    const dying = rehearsal.newService();
    dying.onProgress(({ transaction: { state } }) => { if (state === 'ARMED') rehearsal.host.state.transactions!.at(-1)!.inbox = {}; });
    await expect(dying.convert('practice', transaction)).rejects.toMatchObject(reverted);
    expect(rehearsal.journal().at(-1)).toBe('REVERTED no word to begin came within 45 s; nothing was changed');
  });

  it('goes back when a step fails, by ip(8) where the stack\'s own way does not help', async () => {
    const before = await network();
    const transaction = await rehearsal.plan();
    transaction.apply.push({ says: 'Do what fails', command: 'ls /nowhere' });
    transaction.revert = [{ says: 'Go back in vain', command: 'false' }];
    await expect(rehearsal.service.convert('practice', transaction)).rejects.toMatchObject(why('a step failed: Do what fails (exit code 2)'));
    expect(rehearsal.journal().at(-1)).toBe('REVERTED the old network is back, by ip(8)');
    const { links } = await network();
    expect(links.find(({ name }) => name === 'eno1')!.addresses.map(({ address }) => address)).toEqual(before.links.find(({ name }) => name === 'eno1')!.addresses.map(({ address }) => address));
  });

  it.each([
    [false, 'REVERT_FAILED', 'REVERT_FAILED eno1 has not the addresses it should have: 10.9.9.9/24'], [true, 'REVERTED', 'REVERTED the host was restarted before the change was confirmed'],
  ])('that can\'t go back stays reachable, and restarts the host where that was agreed to: %s', async (rebootIfLost, state, last) => {
    const held = await rehearsal.convert(rehearsed, { hold: true, rebootIfLost });
    const { kept } = rehearsal.host.state.transactions!.at(-1)!;
    // An address that nobody can give it.
    kept!.before.ipv4 = ['10.9.9.9/24'];
    kept!.link.addresses = [];
    await rehearsal.service.revert('practice', held.id).catch(() => undefined);
    rehearsal.clock.advance(60_000);
    expect((await rehearsal.service.list('practice')).at(-1)).toMatchObject({ state, pending: !rebootIfLost });
    expect(rehearsal.journal().at(-1)).toBe(last);
  });

  it('shows in the inventory as it goes: the bridge where it is kept, and no bridge where it went back', async () => {
    const look = async () => {
      const inventory = new InventoryService();
      const runner = openPracticeRunner(rehearsal.host);
      await inventory.attach('h', runner);
      const { interfaces } = inventory.get('h')!.snapshot;
      await runner.close();
      return interfaces.filter(({ name }) => name === 'eno1' || name === 'br1').map(({ name, controller, addresses }) => [name, controller, addresses.find(({ family }) => family === 'ipv4')?.address ?? null]);
    };
    const before = await look();
    expect(before).toEqual([['eno1', null, '192.168.1.20']]);
    await rehearsal.convert(rehearsed, { hold: true });
    expect(await look()).toEqual([['eno1', 'br1', null], ['br1', null, '192.168.1.20']]);
    await rehearsal.service.revert('practice');
    expect(await look()).toEqual(before);
    await rehearsal.convert();
    expect(await look()).toEqual([['eno1', 'br1', null], ['br1', null, '192.168.1.20']]);
  });

  it('goes on after the app was closed and started again', async () => {
    await rehearsal.convert(rehearsed, { hold: true });
    rehearsal.host.dispose();
    rehearsal = Rehearsal.resume(rehearsal.host.state, rehearsal.clock);
    expect((await rehearsal.service.resume('practice'))?.state).toBe('VERIFIED');
    expect((await rehearsal.service.confirm('practice')).state).toBe('DONE');
  });
});

describe('what if', () => {
  it('the cable falls out: it goes back, and says so when the cable is in again', async () => {
    const before = await network();
    hits('cable', 'TRIAL');
    await expect(rehearsal.convert()).rejects.toMatchObject(why('eno1 has lost its carrier'));
    expect(rehearsal.told.some(({ problem }) => problem?.includes('the cable of eno1 is out'))).toBe(true);
    expect(rehearsal.journal().at(-1)).toBe('REVERTED the old network is back, but: eno1 has lost its carrier: is the cable plugged in, and the switch on?');
    expect(await network()).toEqual(before);
  });

  it('the cable is in again at once: nothing happens', async () => {
    hits('cable', 'TRIAL');
    const told = rehearsal.convert();
    rehearsal.service.onProgress(({ reached }) => { if (!reached && rehearsal.host.state.rehearsal?.length) rehearsal.host.run(['practice', 'cable', 'in']); });
    expect((await told).state).toBe('DONE');
  });

  it('the gateway stops answering: it goes back', async () => {
    hits('gateway', 'APPLYING');
    await expect(rehearsal.convert()).rejects.toMatchObject(why('the gateway 192.168.1.1 does not answer through br1'));
    rehearsal.clock.advance(60_000);
    expect((await rehearsal.convert()).state).toBe('DONE');
  });

  it('the app is closed: it goes back at T, which the next start of the app finds', async () => {
    const before = await network();
    hits('app', 'TRIAL');
    await expect(rehearsal.convert()).rejects.toMatchObject(why('nobody confirmed in time'));
    expect(rehearsal.told.filter(({ reached }) => !reached).length).toBeGreaterThan(200);
    expect(await network()).toEqual(before);
  });

  it.each(['APPLYING', 'TRIAL', 'COMMITTING'])('the power fails in %s: the old network comes up', async (state) => {
    const before = await network();
    hits('power', state);
    await expect(rehearsal.convert()).rejects.toMatchObject(reverted);
    expect(rehearsal.journal().at(-1)).toBe('REVERTED the host was restarted before the change was confirmed');
    const after = await network();
    // Machines come up again with taps of their own, and a network without autostart does not.
    const lasting = ({ links, files, routes }: typeof before) => ({
      files, links: links.filter(({ name }) => /^(eno1|enp|docker0|virbr0)/.test(name)), routes: routes.filter((route) => !/vnet|virbr1| br0$/.test(route)),
    });
    expect(lasting(after)).toEqual(lasting(before));
    expect((await openPracticeRunner(rehearsal.host).run({ argv: ['virsh', '-c', 'qemu:///system', 'list', '--name'] })).stdout).toContain('jellyfin');
  });

  it('the power fails while Open vSwitch has the bridge on disk: its database is put back', async () => {
    hits('power', 'TRIAL');
    await expect(rehearsal.convert({ ...rehearsed, kind: 'ovs' })).rejects.toMatchObject(reverted);
    const facts = await rehearsal.facts();
    expect(facts.ovs.bridges).toEqual(['ovsbr0']);
    expect(sessionDevice(facts)).toBe('eno1');
  });

  it('DHCP gives another address: it goes back at once, and when that comes later, soon', async () => {
    expect(strike(rehearsal.host, 'dhcp')).toBeNull();
    await expect(rehearsal.convert()).rejects.toMatchObject(why('br1 was given another address: 192.168.1.117/24'));
    hits('dhcp', 'TRIAL');
    await expect(rehearsal.convert()).rejects.toMatchObject(why('br1 was given another address'));
    expect((await rehearsal.convert()).state).toBe('DONE');
  });

  it('the firewall lets no new SSH connection in: it goes back at T', async () => {
    const before = await network();
    expect(strike(rehearsal.host, 'firewall')).toBeNull();
    await expect(rehearsal.convert()).rejects.toMatchObject(why('nobody confirmed in time'));
    expect(rehearsal.told.some(({ problem }) => problem?.includes('lets no SSH in by br1'))).toBe(true);
    expect(await network()).toEqual(before);
  });

  it('happens from the practice host\'s own terminal, too', async () => {
    const runner = openPracticeRunner(rehearsal.host);
    const type = async (...argv: string[]) => runner.run({ argv: ['practice', ...argv] });
    expect((await type()).stdout).toContain('practice cable out|in');
    expect(await type('app', 'closed')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('No conversion is under way') });
    expect(await type('moon', 'full')).toMatchObject({ exitCode: 1 });
    expect((await type('gateway', 'silent')).exitCode).toBe(0);
    expect((await type()).stdout).toContain('minute (now)');
    await expect(type('cable', 'out')).rejects.toMatchObject({ code: 'ssh.closed' });
    expect(() => openPracticeRunner(rehearsal.host)).toThrow('the cable of eno1 is out');
    rehearsal.clock.advance(60_000);
    expect((await openPracticeRunner(rehearsal.host).run({ argv: ['practice'] })).stdout).not.toContain('(now)');
  });
});

describe('other addresses that are rehearsed', () => {
  const readdress = async (request: Omit<Extract<ChangeRequest, { kind: 'readdress' }>, 'kind'>) => {
    const ground = { facts: await rehearsal.facts(), finished: null, usersOf: () => noUsers };
    const { findings, plan } = planChange({ kind: 'readdress', ...request }, ground);
    expect(findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
    return rehearsal.service.convert('practice', plan!.transaction);
  };

  it('are kept, and the user logs in by them from then on', async () => {
    expect((await readdress({ device: 'eno1', address: '192.168.1.40/24' })).state).toBe('DONE');
    const facts = await rehearsal.facts();
    expect(facts.session?.address).toBe('192.168.1.40');
    expect(linkOf(facts, 'eno1')?.addresses.filter(({ family }) => family === 'ipv4')).toMatchObject([{ address: '192.168.1.40', prefix: 24, dynamic: false }]);
    expect(facts.routes.filter(({ destination }) => destination === 'default')).toMatchObject([{ gateway: '192.168.1.1', device: 'eno1' }]);
  });

  it('come by DHCP again as the lease that is expected, and go back with any other', async () => {
    const leased = (await rehearsal.facts()).session!.address;
    await readdress({ device: 'eno1', address: '192.168.1.40/24' });
    await expect(readdress({ device: 'eno1', dhcp: true })).rejects.toMatchObject(why(`eno1 was given another address: ${leased}/24`));
    expect((await rehearsal.facts()).session?.address).toBe('192.168.1.40');
    expect((await readdress({ device: 'eno1', dhcp: true, address: `${leased}/24` })).state).toBe('DONE');
    expect(linkOf(await rehearsal.facts(), 'eno1')?.addresses.filter(({ family }) => family === 'ipv4')).toMatchObject([{ address: leased, dynamic: true }]);
  });

  it('go back when nobody can reach the host at them', async () => {
    const before = await network();
    hits('firewall', 'TRIAL');
    await expect(readdress({ device: 'eno1', address: '192.168.1.40/24', mtu: 1400 })).rejects.toMatchObject(why('nobody confirmed in time'));
    expect(await network()).toEqual(before);
  });

  it('go back when the new gateway is silent', async () => {
    const before = await network();
    await expect(readdress({ device: 'eno1', address: '192.168.1.40/24', gateway: '192.168.1.253' })).rejects.toMatchObject(why('the gateway 192.168.1.253 does not answer'));
    expect(await network()).toEqual(before);
  });
});

it('a bridge that is taken away again leaves the host as it was', async () => {
  const before = await rehearsal.facts();
  await rehearsal.convert();
  const { findings, plan } = planChange({ kind: 'unbridge', bridge: 'br1' }, { facts: await rehearsal.facts(), finished: null, usersOf: () => noUsers });
  expect(findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
  expect((await rehearsal.service.convert('practice', plan!.transaction)).state).toBe('DONE');
  const after = await rehearsal.facts();
  expect(linkOf(after, 'br1')).toBeUndefined();
  expect(linkOf(after, 'eno1')?.addresses).toEqual(linkOf(before, 'eno1')?.addresses);
  expect(sessionDevice(after)).toBe('eno1');
});

describe('an app that is closed while something else than a conversion is on trial', () => {
  /** What the host is asked for, and what shows that it has it. */
  const changes: [string, () => Promise<void>, () => Promise<ChangeRequest>, () => Promise<unknown>, unknown][] = [
    ['another address', async () => undefined, async () => ({ kind: 'readdress', device: 'eno1', address: '192.168.1.40/24' }), async () => linkOf(await rehearsal.facts(), 'eno1')?.addresses[0]?.address, '192.168.1.40'],
    ['a fixed IPv6 address', async () => undefined, async () => ({ kind: 'readdress', device: 'eno1', addresses6: ['fd77::30/64'] }), async () => linkOf(await rehearsal.facts(), 'eno1')?.addresses.some(({ address }) => address === 'fd77::30'), true],
    ['a bridge that goes', async () => { await rehearsal.convert(); }, async () => ({ kind: 'unbridge', bridge: 'br1' }), async () => linkOf(await rehearsal.facts(), 'br1'), undefined],
    ['a port that leaves', async () => { await rehearsal.convert(); addPort(); }, async () => ({ kind: 'unbridge', bridge: 'br1', port: 'enp3s0' }), async () => linkOf(await rehearsal.facts(), 'enp3s0')?.controller, null],
    ['an undo', async () => { await rehearsal.convert(); }, async () => ({ kind: 'undo', id: (await rehearsal.service.list('practice')).at(-1)!.id }), async () => linkOf(await rehearsal.facts(), 'br1'), undefined],
  ];
  function addPort(): void {
    const { files } = rehearsal.host.state;
    files['/etc/network/interfaces'] = files['/etc/network/interfaces']!.replace(/(bridge_ports eno1)/, '$1 enp3s0');
    rehearsal.host.run(['ip', 'link', 'set', 'dev', 'enp3s0', 'master', 'br1']);
  }

  it.each(changes)('takes up %s at its next start, and keeps it', async (_what, prepare, request, seen, expected) => {
    await prepare();
    const runner = openPracticeRunner(rehearsal.host);
    const { planned } = await planChangeOn(runner, await request(), null);
    await runner.close();
    expect(planned.findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
    const { id } = await rehearsal.service.convert('practice', planned.plan!.transaction, { hold: true });
    const again = rehearsal.newService();
    expect(await again.resume('practice')).toMatchObject({ id, state: 'VERIFIED' });
    expect(await again.confirm('practice', id)).toMatchObject({ id, state: 'DONE' });
    expect(await seen()).toEqual(expected);
  });

  it('finds it gone back where nobody came in time', async () => {
    const before = await network();
    const { plan } = planChange({ kind: 'readdress', device: 'eno1', address: '192.168.1.40/24' }, { facts: await rehearsal.facts(), finished: null, usersOf: () => noUsers });
    await rehearsal.service.convert('practice', plan!.transaction, { hold: true });
    rehearsal.clock.advance(130_000);
    const again = rehearsal.newService();
    expect(await again.resume('practice')).toBeNull();
    expect((await again.list('practice')).at(-1)).toMatchObject({ goal: 'address', state: 'REVERTED' });
    expect(await network()).toEqual(before);
  });
});

it('a route that a plan promises has to be there, or the host goes back', async () => {
  const before = await network();
  const transaction = await rehearsal.plan();
  await expect(rehearsal.service.convert('practice', { ...transaction, wants: { routes: ['192.168.1.0/24', '10.9.0.0/16', 'fd78::/64'] } })).rejects.toMatchObject(why('br1 has no route to 10.9.0.0/16 fd78::/64'));
  expect(await network()).toEqual(before);
  expect((await rehearsal.service.convert('practice', { ...transaction, wants: { routes: ['192.168.1.0/24'] } })).state).toBe('DONE');
});
