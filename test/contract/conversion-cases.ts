import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConversionTiming } from '../../electron/commands/conversion/stage-transaction';
import { ActivityLog } from '../../electron/services/activity/activity-log';
import { ConversionService } from '../../electron/services/conversions/conversion-service';
import { planChangeOn } from '../../electron/services/conversions/plan-change';
import { readConversionFacts } from '../../electron/services/conversions/read-conversion-facts';
import type { PlanClock } from '../../electron/services/plans/plan-clock';
import type { CommandRunner } from '../../electron/transport/command-runner';
import type { ConversionFacts } from '../../shared/domain/conversion/facts';
import { linkOf } from '../../shared/domain/conversion/facts';
import type { HostTransaction } from '../../shared/domain/conversion/host-transaction';
import { ownersOf } from '../../shared/domain/conversion/owner';
import { sessionDevice } from '../../shared/domain/conversion/device-chain';
import { planConversion } from '../../shared/domain/conversion/plan-conversion';
import type { Transaction } from '../../shared/domain/conversion/transaction';
import { newHostProfile } from '../../shared/domain/host';

/** A host whose NIC, configured by ifupdown and DHCP, carries the session. */
export interface ConversionContractHost {
  nic: string;
  /** A new connection, as root. */
  connect(): Promise<CommandRunner>;
  clock: PlanClock;
  close(): Promise<void>;
}

const quick: ConversionTiming = { trialSeconds: 12, graceSeconds: 9, goSeconds: 4, settleSeconds: 8, unwellSeconds: 3 };
const bridge = 'br7';

/** What a conversion reads, stages and leaves: the same on the practice host, which models the engine, and on a host where it runs. */
export function describeConversionContract(name: string, openHost: () => Promise<ConversionContractHost>): void {
  describe(`conversion contract: ${name}`, () => {
    let host: ConversionContractHost;
    beforeAll(async () => { host = await openHost(); });
    afterAll(() => host?.close());

    const over = async <T>(work: (runner: CommandRunner) => Promise<T>): Promise<T> => {
      const runner = await host.connect();
      try {
        return await work(runner);
      } finally {
        await runner.close();
      }
    };
    const facts = (): Promise<ConversionFacts> => over((runner) => readConversionFacts(runner, true));
    const service = (): ConversionService => new ConversionService({
      hosts: { get: () => newHostProfile('h', 'attic', { kind: 'practice' }) }, opener: { open: () => host.connect() }, activity: new ActivityLog(), clock: host.clock,
      randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    });
    const plan = async (): Promise<Transaction> => planConversion(await facts(), { nic: host.nic, bridge, kind: 'linux' }).plan!.transaction;
    const summaryOf = (read: ConversionFacts, device: string) => ({
      session: sessionDevice(read),
      ports: read.links.filter(({ controller }) => controller === bridge).map(({ name: port }) => port),
      uplink: linkOf(read, device)?.addresses.filter(({ family }) => family === 'ipv4').map(({ address, prefix, dynamic, scope }) => ({ address, prefix, dynamic, scope })),
      mac: linkOf(read, device)?.mac,
      gateways: read.routes.filter(({ destination }) => destination === 'default').map(({ gateway, device: through, metric }) => ({ gateway, through, metric })),
      ifstate: read.ifstate.filter((up) => up === host.nic || up === bridge),
    });
    /** With the names of this host taken out; what was noticed of IPv6 depends on the LAN. */
    const journalOf = ({ journal }: HostTransaction): string[] => journal.filter(({ text }) => !text.startsWith('noticed: '))
      .map(({ state, text }) => `${state} ${text.replaceAll(host.nic, 'NIC')}`);

    const begun = [
      'STAGED everything is kept; nothing was changed',
      'ARMED waits 4 s for the word to begin',
      'ARMED begins in 2 s',
      'APPLYING NIC becomes a port of br7',
      'APPLYING See whether ifupdown understands the new file, before anything changes',
      'APPLYING Stop the DHCP client of NIC, without giving the lease back',
      'APPLYING Let the DHCP client of br7 ask for the address that NIC has',
      'APPLYING Make the bridge br7',
      'APPLYING Take addresses and routes off NIC',
      'APPLYING Let ifupdown forget what it knows of NIC and br7',
      'APPLYING Have ifupdown bring br7 up',
      'TRIAL br7 carries the network; waits to be confirmed',
      'VERIFIED reached over a new connection',
    ];

    it('reads who configures the NIC that carries the session, and finds nothing in the way', async () => {
      const read = await facts();
      expect(sessionDevice(read)).toBe(host.nic);
      expect(ownersOf(read, host.nic)).toEqual(['ifupdown']);
      expect(linkOf(read, host.nic)).toMatchObject({ controller: null, mtu: 1500, adminUp: true, operState: 'UP', temporary: [], dhcpClientId: null });
      expect(summaryOf(read, host.nic)).toMatchObject({ uplink: [{ dynamic: true, scope: 'global', prefix: 24 }], gateways: [{ through: host.nic, metric: null }], ifstate: [host.nic] });
      expect(read.files.find(({ path }) => path === '/etc/network/interfaces')).toMatchObject({ mode: 0o644, content: expect.stringContaining(`iface ${host.nic} inet dhcp`) });
      expect(read.mounts.some(({ target, readOnly }) => target === '/' && !readOnly)).toBe(true);
      expect(Object.keys(read.freeKilobytes)).toEqual(['/etc', '/var', '/run']);
      expect(read).toMatchObject({
        systemd: 252, os: { id: 'debian', ostree: false }, networkManager: {}, networkManagerVersion: null, networkManagerOvs: false, rules: [], iscsi: false, pending: null, zones: {}, root: true,
      });
      expect(read.units).toMatchObject({ 'networking.service': 'active', 'openvswitch-switch.service': 'active' });
      expect(read.tools).toEqual(expect.arrayContaining(['brctl', 'dhclient', 'ifup', 'ip', 'ovs-vsctl', 'systemd-run']));
      expect(planConversion(read, { nic: host.nic, bridge, kind: 'linux' }).findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
    });

    it('goes back at the deadline, to what there was', async () => {
      const before = await facts();
      const held = await service().convert('h', await plan(), { timing: quick, dnsName: null, hold: true });
      expect(held).toMatchObject({ state: 'VERIFIED', pending: true, stack: 'ifupdown', kind: 'linux', nic: host.nic, bridge });
      expect(held.secondsLeft).toBeLessThanOrEqual(12);
      expect(held.journal.every(({ at }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at))).toBe(true);
      expect(journalOf(held)).toEqual(begun);
      expect((await facts()).pending).toBe(`tx/${held.id}`);
      await expect(service().convert('h', busyPlan(held), { timing: quick, dnsName: null })).rejects.toMatchObject({
        code: 'conversion.busy', data: { detail: `Another change is under way: tx/${held.id}.` },
      });
      const ended = await untilEnded(held.id);
      expect(journalOf(ended).slice(begun.length)).toEqual([
        'REVERTING nobody confirmed in time', 'REVERTING Stop the DHCP client of br7, without giving the lease back', 'REVERTING Delete the bridge br7',
        'REVERTING Let ifupdown forget what it knows of NIC and br7', 'REVERTING Take addresses and routes off NIC', 'REVERTING Let NIC have IPv6 as before',
        'REVERTING Have ifupdown bring NIC up as before, and give it its addresses even if no DHCP server answers', 'REVERTED the old network is back',
      ]);
      expect(ended).toMatchObject({ state: 'REVERTED', pending: false, secondsLeft: null });
      const after = await facts();
      expect(summaryOf(after, host.nic)).toEqual(summaryOf(before, host.nic));
      const own = ({ files }: ConversionFacts) => files.filter(({ path }) => path.startsWith('/etc/network/') || path.startsWith('/run/netwright'));
      expect(own(after)).toEqual(own(before));
      await expect(service().confirm('h', held.id)).rejects.toMatchObject({ code: 'conversion.reverted' });
    });

    it('goes back where a route that was promised does not come', async () => {
      const before = await facts();
      const promised = { ...await plan(), wants: { routes: ['10.9.0.0/16', 'fd78::/64'] } };
      await expect(service().convert('h', promised, { timing: quick, dnsName: null })).rejects.toMatchObject({
        code: 'conversion.reverted', data: { detail: 'The change did not last: br7 has no route to 10.9.0.0/16 fd78::/64.' },
      });
      expect(summaryOf(await facts(), host.nic)).toEqual(summaryOf(before, host.nic));
    });

    it('is kept when it is confirmed, and listens no more', async () => {
      const before = await facts();
      const one = service();
      const lan = before.routes.filter(({ device, destination, family }) => device === host.nic && family === 'ipv4' && destination !== 'default').map(({ destination }) => destination);
      expect(lan).toHaveLength(1);
      const done = await one.convert('h', { ...await plan(), wants: { routes: lan } }, { timing: { ...quick, trialSeconds: 60 }, dnsName: null });
      expect(done).toMatchObject({ state: 'DONE', pending: false, secondsLeft: null });
      expect(journalOf(done).slice(begun.length)).toEqual(['COMMITTING confirmed', 'DONE the network is as it was on trial, and lasts']);
      const after = await facts();
      const was = summaryOf(before, host.nic);
      expect(summaryOf(after, bridge)).toEqual({ ...was, session: bridge, ports: [host.nic], gateways: was.gateways.map((route) => ({ ...route, through: bridge })), ifstate: [bridge] });
      expect(linkOf(after, bridge)).toMatchObject({ kind: 'bridge', bridge: { stp: false, forwardDelaySeconds: 0 } });
      expect(after.files.find(({ path }) => path === '/etc/network/interfaces')?.content).toContain(`iface ${bridge} inet dhcp`);
      expect((await one.confirm('h', done.id)).state).toBe('DONE');
      await expect(one.extend('h', 600)).rejects.toMatchObject({ code: 'conversion.lost' });
      await expect(one.revert('h', done.id)).rejects.toMatchObject({ code: 'conversion.refused' });
    });

    it('is undone from what the host has kept, to the files there were', async () => {
      const own = ({ files }: ConversionFacts) => files.filter(({ path }) => path.startsWith('/etc/network/') || path.startsWith('/run/netwright'));
      const converted = await facts();
      const last = (await service().list('h')).at(-1)!;
      expect(last).toMatchObject({ state: 'DONE', undoable: true, bridge });
      const { planned } = await over((runner) => planChangeOn(runner, { kind: 'undo', id: last.id }, null));
      expect(planned.findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
      const timing = { ...quick, trialSeconds: 60 };
      const held = await service().convert('h', planned.plan!.transaction, { timing, dnsName: null, hold: true });
      expect(held).toMatchObject({ state: 'VERIFIED', goal: 'unbridge', undoes: last.id });
      await service().revert('h', held.id);
      const back = await facts();
      expect([summaryOf(back, bridge), own(back)]).toEqual([summaryOf(converted, bridge), own(converted)]);
      const done = await service().convert('h', planned.plan!.transaction, { timing, dnsName: null });
      expect(done).toMatchObject({ state: 'DONE', goal: 'unbridge', undoes: last.id });
      expect(journalOf(done).slice(-2)).toEqual(['COMMITTING confirmed', 'DONE the network is as it was on trial, and lasts']);
      const after = await facts();
      expect(summaryOf(after, host.nic)).toMatchObject({ session: host.nic, ports: [], ifstate: [host.nic] });
      expect(linkOf(after, bridge)).toBeUndefined();
      expect(after.files.find(({ path }) => path === '/etc/network/interfaces')?.content).toContain(`iface ${host.nic} inet dhcp`);
      expect(planned.plan!.transaction.undoes).toBe(last.id);
    });

    /** While another runs there is nothing to plan: any transaction will do to be refused. */
    const busyPlan = ({ nic }: HostTransaction): Transaction => ({
      stack: 'ifupdown', kind: 'linux', nic, bridge: 'br8', files: [], protects: [], apply: [], commit: [], revert: [], needsBootGuard: false, expectedGap: 0,
    });

    async function untilEnded(id: string): Promise<HostTransaction> {
      const patience = host.clock.now().getTime() + 60_000;
      for (;;) {
        // The host may be out of reach while it goes back.
        const found = (await service().list('h').catch(() => [])).find((each) => each.id === id);
        if (found && /^(DONE|REVERTED|REVERT_FAILED)$/.test(found.state)) return found;
        if (host.clock.now().getTime() > patience) throw new Error(`It has not ended: ${JSON.stringify(found)}`);
        await host.clock.sleep(500);
      }
    }
  });
}
