import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HistoryService } from '../../electron/services/history/history-service';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import { PlanService } from '../../electron/services/plans/plan-service';
import type { CommandRunner } from '../../electron/transport/command-runner';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { Intent } from '../../shared/domain/intent';
import type { Machine, MachineNic } from '../../shared/domain/machine';
import type { NicExtent, NicSpec } from '../../shared/domain/machine-intent';
import { nicSpecOf } from '../../shared/domain/machine-xml/nic-spec-of';
import type { HistoryEntry, PlanRun } from '../../shared/domain/plan';
import { planToScript } from '../../shared/domain/plan-script';
import { LabHost, labKeyPath } from '../lab/lab';

/** Plans for machines on a real libvirt with a guest that really runs, and says what it notices. */

const mac = '52:54:00:aa:00:01';
const second = '52:54:00:aa:00:02';
const scratch = mkdtempSync(join(tmpdir(), 'netwright-machines-test-'));
const runners: CommandRunner[] = [];
let host: LabHost;

const natXml = (name: string, bridge: string, subnet: string): string =>
  `<network><name>${name}</name><forward mode='nat'/><bridge name='${bridge}'/><ip address='${subnet}.1' netmask='255.255.255.0'><dhcp><range start='${subnet}.10' end='${subnet}.99'/></dhcp></ip></network>`;

beforeAll(async () => {
  host = await LabHost.up('machines');
  const networks = [
    natXml('nat-a', 'virbr-a', '10.121.0'), natXml('nat-b', 'virbr-b', '10.122.0'),
    '<network><name>switch</name><forward mode="bridge"/><bridge name="ovs0"/><virtualport type="openvswitch"/><portgroup name="ten"><vlan><tag id="10"/></vlan></portgroup></network>',
  ];
  await host.execOrThrow('ovs-vsctl add-br ovs0 -- set bridge ovs0 datapath_type=netdev');
  for (const xml of networks) await host.execOrThrow(['virsh', '-q', 'net-define', '/dev/stdin'], { input: xml });
  await host.execOrThrow('for name in nat-a nat-b switch; do virsh -q net-start $name; done');
});
afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.close();
  await host.exec('virsh -q destroy guest; virsh -q undefine guest');
});
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  await host?.down();
});

/** `speed`: how much faster than time the plans' clock runs while they wait. */
async function open({ speed = 1 } = {}) {
  const userFile = join(scratch, 'known-hosts');
  writeFileSync(userFile, await host.knownHostsLine());
  const runner = await openSshRunner({
    address: host.address, port: 22, user: 'root', auth: [{ kind: 'key', path: labKeyPath }], useSudo: false, homeDirectory: scratch,
    hostKey: { confirmUnknown: async () => false, userFile, systemFiles: [] }, askSecret: async () => null,
  });
  runners.push(runner);
  const inventory = new InventoryService({ timing: { settleMs: 300 } });
  await inventory.attach('h', runner);
  const kept = new Map<string, HistoryEntry>();
  const history = new HistoryService({ load: async () => ({ entries: [...kept.values()], setAside: [] }), save: async (entry) => { kept.set(entry.id, entry); } });
  let ahead = 0;
  const plans = new PlanService({
    inventory, history, preflight: { facts: () => Promise.reject(new Error('No plan of machines asks for these')) },
    hosts: { get: () => ({ name: 'machines' }), list: () => [{ id: 'h', name: 'machines' }] },
    now: () => new Date(Date.now() + ahead), newId: randomUUID, sha256: (text) => createHash('sha256').update(text).digest('hex'),
    sleep: (ms) => { ahead += ms * (speed - 1); return new Promise((resolve) => { setTimeout(resolve, ms); }); },
  });
  const apply = async (intent: Intent): Promise<PlanRun> => {
    const plan = await plans.preview('h', intent);
    return plans.finished((await plans.apply('h', intent, plan.digest)).id);
  };
  const guest = (): Machine => inventory.get('h')!.snapshot.machines.find((machine) => machine.name === 'guest')!;
  const nic = (address = mac): MachineNic => guest().nics.find((item) => item.mac === address)!;
  const change = (extent: NicExtent, more: Partial<NicSpec>, address = mac): Promise<PlanRun> =>
    apply({ kind: 'machine.change-nic', uuid: guest().uuid, extent, mac: address, nic: { ...nicSpecOf(nic(address))!, ...more } });
  const undo = (run: PlanRun): Promise<PlanRun> => apply({ kind: 'undo', historyId: run.id });
  return { inventory, plans, apply, guest, nic, change, undo };
}

const good = (run: PlanRun): PlanRun => {
  expect({
    outcome: run.outcome, error: run.error,
    checks: run.checks.flatMap((check, at) => (check.state === 'passed' ? [] : [`${run.plan.checks[at]?.title}: ${check.state}, ${check.detail}`])),
  }).toEqual({ outcome: 'applied', error: null, checks: [] });
  return run;
};
const verbs = (run: PlanRun): string[] => run.plan.steps.map((step) => [step.command.argv[3], ...step.command.argv.filter((word) => word === '--live' || word === '--config')].join(' '));
const on = (network: string, portgroup: string | null = null): NicSpec['source'] => ({ kind: 'network', network, portgroup });
const spec = (network: string, address: string): NicSpec => ({ source: on(network), mac: address, model: 'virtio', linkUp: true, bandwidth: { inbound: null, outbound: null } });

/** Both XMLs' NICs, without what libvirt makes up at each plugging in. */
async function marks(): Promise<string> {
  return host.execOrThrow(`for flag in '' --inactive; do virsh dumpxml $flag guest | sed -n '/<interface/,/<\\/interface/p' | sed "s/ portid='[^']*'//; s/vnet[0-9]*/vnet/; s/interfaceid='[^']*'//; /alias name/d"; done`);
}

async function startGuest(): Promise<void> {
  await host.startGuest('guest', 'nat-a', 'hotplug', `<mac address='${mac}'/>`);
  await host.waitForGuestLine('guest', /LAB done/);
}

describe('NICs of a guest that runs', () => {
  it('are plugged in, get an address there and reach its server; undo takes them out', async () => {
    await startGuest();
    const { apply, guest, nic, undo, inventory } = await open();
    const before = await marks();
    const run = good(await apply({ kind: 'machine.attach', uuid: guest().uuid, extent: 'both', nic: spec('nat-b', second) }));
    expect(verbs(run)).toEqual(['attach-device --config', 'attach-device --live']);
    await host.waitForGuestLine('guest', new RegExp(`LAB plugged ${second} ping 10\\.122\\.0\\.1 ok`));
    await inventory.refresh('h', 'quiet');
    expect(nic(second)).toMatchObject({ bridge: 'virbr-b', pending: null, addresses: [expect.objectContaining({ address: expect.stringMatching(/^10\.122\.0\./), source: 'lease' })] });
    good(await undo(run));
    expect(await marks()).toBe(before);
  });

  it('move to another network in place, notice their cable, and come back', async () => {
    await startGuest();
    const { change, nic, undo } = await open();
    const before = await marks();
    const move = good(await change('both', { source: on('nat-b') }));
    expect(verbs(move)).toEqual(['update-device --config', 'update-device --live']);
    expect(await host.execOrThrow(`cat /sys/class/net/${nic().target}/master/uevent`)).toContain('INTERFACE=virbr-b');
    const down = good(await change('both', { linkUp: false }));
    expect(verbs(down)).toEqual(['domif-setlink --config', 'domif-setlink']);
    await host.waitForGuestLine('guest', new RegExp(`LAB carrier ${mac} 0`));
    good(await undo(down));
    good(await undo(move));
    expect(await marks()).toBe(before);
  });

  it('change model and MAC by coming anew, or from the next boot on', async () => {
    await startGuest();
    const { apply, change, guest, nic, undo } = await open();
    const before = await marks();
    const model = good(await change('definition', { model: 'e1000e' }));
    expect(nic()).toMatchObject({ model: 'virtio', pending: 'changed', next: { model: 'e1000e' } });
    good(await undo(model));
    const later = good(await change('definition', { mac: second }));
    expect(guest().nics).toHaveLength(1);
    expect(nic()).toMatchObject({ pending: 'changed', next: { mac: second } });
    good(await undo(later));
    const now = good(await change('running', { mac: second }));
    expect(verbs(now)).toEqual(['detach-device --live', 'attach-device --live']);
    await host.waitForGuestLine('guest', new RegExp(`LAB plugged ${second} ping 10\\.121\\.0\\.1 ok`));
    good(await undo(now));
    await host.waitForGuestLine('guest', new RegExp(`LAB plugged ${mac} ping 10\\.121\\.0\\.1 ok`));
    const out = good(await apply({ kind: 'machine.detach', uuid: guest().uuid, extent: 'both', mac }));
    expect(guest().nics).toEqual([]);
    good(await undo(out));
    expect(await marks()).toBe(before);
  });

  it('are waited for by the script that can be copied, too', async () => {
    await startGuest();
    const { guest, nic, plans } = await open();
    const plan = await plans.preview('h', { kind: 'machine.change-nic', uuid: guest().uuid, extent: 'running', mac, nic: { ...nicSpecOf(nic())!, mac: second } });
    await host.execOrThrow(['sh', '-s'], { input: planToScript(plan) });
    await host.waitForGuestLine('guest', new RegExp(`LAB plugged ${second} ping 10\\.121\\.0\\.1 ok`));
    expect(await host.execOrThrow('virsh domiflist guest')).not.toContain(mac);
  });

  it('go into Open vSwitch with the VLAN of their portgroup, have their link set there, and come back', async () => {
    await startGuest();
    const { change, nic, undo } = await open();
    const before = await marks();
    const into = good(await change('both', { source: on('switch', 'ten') }));
    expect(verbs(into)).toEqual(['update-device --config', 'detach-device --live', 'attach-device --live']);
    expect((await host.execOrThrow(`ovs-vsctl get port ${nic().target} tag`)).trim()).toBe('10');
    const down = good(await change('running', { linkUp: false }));
    expect(verbs(down)).toEqual(['update-device --live']);
    expect((await host.execOrThrow(`ovs-vsctl get port ${nic().target} tag`)).trim()).toBe('10');
    good(await undo(down));
    good(await undo(into));
    expect(await marks()).toBe(before);
  });

  it('stay, in both XMLs, when the guest does not let go', async () => {
    await startGuest();
    const { apply, guest } = await open({ speed: 5 });
    const before = await marks();
    await host.execOrThrow('virsh -q suspend guest');
    const run = await apply({ kind: 'machine.detach', uuid: guest().uuid, extent: 'both', mac });
    expect(run).toMatchObject({ outcome: 'rolled-back', error: { code: 'plan.step-failed', detail: expect.stringContaining('has not') } });
    expect(run.steps.map((step) => step.state)).toEqual(['undone', 'failed']);
    expect(await marks()).toBe(before);
  });

  it('are seen within a second when someone else plugs them in or out', async () => {
    await startGuest();
    const { guest, inventory } = await open();
    const seen = async (count: number, act: () => Promise<unknown>): Promise<number> => {
      const is = new Promise<void>((resolve) => {
        const stop = inventory.onChanged(() => { if (guest().nics.length === count) { stop(); resolve(); } });
      });
      await act();
      const since = Date.now();
      await is;
      return Date.now() - since;
    };
    const device = (verb: string) => host.execOrThrow(['virsh', '-q', verb, 'guest', '/dev/stdin', '--live'], { input: `<interface type='network'><mac address='${second}'/><source network='nat-b'/><model type='virtio'/></interface>` });
    expect(await seen(2, () => device('attach-device'))).toBeLessThan(1_000);
    await host.waitForGuestLine('guest', new RegExp(`LAB plugged ${second}`));
    expect(await seen(1, () => device('detach-device'))).toBeLessThan(1_000);
  });
});

describe('the power of a machine', () => {
  it('is switched on and off, and undo starts it again', async () => {
    await host.defineGuest('guest', 'nat-a', 'hotplug', `<mac address='${mac}'/>`);
    const { apply, guest, undo } = await open();
    good(await apply({ kind: 'machine.start', uuid: guest().uuid }));
    const off = good(await apply({ kind: 'machine.force-off', uuid: guest().uuid }));
    expect(guest().state).toBe('shut-off');
    good(await undo(off));
    expect(guest().state).toBe('running');
  });

  it('is not off because the guest was asked', async () => {
    await startGuest();
    const { apply, guest } = await open({ speed: 10 });
    // The tiny guest listens to no power button.
    const run = await apply({ kind: 'machine.shut-down', uuid: guest().uuid });
    expect(run.outcome).toBe('applied');
    expect(run.checks).toEqual([{ state: 'failed', detail: expect.stringContaining('or ignore the request') }]);
    expect(guest().state).toBe('running');
  });
});
