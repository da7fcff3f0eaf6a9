import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Intent } from '../../../shared/domain/intent';
import type { Machine } from '../../../shared/domain/machine';
import type { NicSpec } from '../../../shared/domain/machine-intent';
import { nicSpecOf } from '../../../shared/domain/machine-xml/nic-spec-of';
import { planSchema } from '../../../shared/domain/plan';
import type { HistoryEntry, PlanRun } from '../../../shared/domain/plan';
import { createDefaultPracticeHost } from '../../transport/practice/default-host';
import { openPracticeRunner } from '../../transport/practice/open-practice-runner';
import { HistoryService } from '../history/history-service';
import { InventoryService } from '../inventory/inventory-service';
import { PlanService } from './plan-service';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => { for (const close of closers.splice(0)) await close(); });

/** Plans on a practice host; the plans' clock runs as fast as they wait. */
async function open() {
  const host = createDefaultPracticeHost({ latencyMs: 0 });
  const runner = openPracticeRunner(host);
  const inventory = new InventoryService({ timing: { debounceMs: 0, settleMs: 1 } });
  await inventory.attach('h', runner);
  closers.push(async () => { inventory.detach('h'); await runner.close(); host.dispose(); });
  const kept = new Map<string, HistoryEntry>();
  const history = new HistoryService({ load: async () => ({ entries: [...kept.values()], setAside: [] }), save: async (entry) => { kept.set(entry.id, entry); } });
  let now = Date.parse('2026-01-01T12:00:00Z');
  let runs = 0;
  const plans = new PlanService({
    inventory, history, preflight: { facts: () => Promise.reject(new Error('No plan of machines asks for these')) },
    hosts: { get: (id) => ({ name: id }), list: () => [{ id: 'h', name: 'h' }] },
    now: () => new Date(now), newId: () => `run-${++runs}`, sha256: (text) => createHash('sha256').update(text).digest('hex'),
    sleep: async (ms) => { now += ms; },
  });
  const apply = async (intent: Intent): Promise<PlanRun> => {
    const plan = await plans.preview('h', intent);
    planSchema.parse(plan);
    return plans.finished((await plans.apply('h', intent, plan.digest)).id);
  };
  const machine = (name: string): Machine => inventory.get('h')!.snapshot.machines.find((item) => item.name === name)!;
  /** The NICs of both XMLs, without what comes and goes with each plugging in. */
  const nics = (name: string): string => JSON.stringify(machine(name).nics.map(({ target: _target, alias: _alias, ...nic }) => nic));
  return { runner, plans, history, apply, machine, nics };
}

const good = (run: PlanRun): void => {
  expect({ outcome: run.outcome, error: run.error, checks: run.checks.map((check) => check.detail).filter((_, at) => run.checks[at]?.state !== 'passed') })
    .toEqual({ outcome: 'applied', error: null, checks: [] });
};
const verbs = (run: PlanRun): string[] => run.plan.steps.map((step) => [step.command.argv[3], ...step.command.argv.filter((word) => word === '--live' || word === '--config')].join(' '));

const spec = (network: string, mac: string, more: Partial<NicSpec> = {}): NicSpec => ({
  source: { kind: 'network', network, portgroup: null }, mac, model: 'virtio', linkUp: true, bandwidth: { inbound: null, outbound: null }, ...more,
});

describe('plans for NICs', () => {
  it('plug one into both XMLs, and undo takes it out of both', async () => {
    const { apply, machine, nics } = await open();
    const before = nics('git');
    const run = await apply({ kind: 'machine.attach', uuid: machine('git').uuid, extent: 'both', nic: spec('lan', '52:54:00:AA:BB:01') });
    good(run);
    expect(verbs(run)).toEqual(['attach-device --config', 'attach-device --live']);
    expect(machine('git').nics[1]).toMatchObject({ mac: '52:54:00:aa:bb:01', network: 'lan', bridge: 'br0', pending: null, target: expect.stringMatching(/^vnet/) });
    good(await apply({ kind: 'undo', historyId: run.id }));
    expect(nics('git')).toBe(before);
  });

  it('leave what is only for one side to that side, and the snapshot says so', async () => {
    const { apply, machine, nics } = await open();
    const { uuid } = machine('git');
    const before = nics('git');
    const later = await apply({ kind: 'machine.attach', uuid, extent: 'definition', nic: spec('lan', '52:54:00:aa:bb:01') });
    good(later);
    expect(later.plan.notices.map((notice) => notice.text).join()).toContain('a reboot inside the guest is not enough');
    expect(machine('git').nics[1]).toMatchObject({ mac: '52:54:00:aa:bb:01', pending: 'added', target: null });
    const now = await apply({ kind: 'machine.attach', uuid, extent: 'running', nic: spec('sandbox', '52:54:00:aa:bb:02') });
    good(now);
    expect(machine('git').nics.map((nic) => [nic.mac.slice(-2), nic.pending])).toEqual([['58', null], ['02', 'removed'], ['01', 'added']]);
    good(await apply({ kind: 'undo', historyId: now.id }));
    good(await apply({ kind: 'undo', historyId: later.id }));
    expect(nics('git')).toBe(before);
  });

  it('move one between Linux bridges in place, and say what the guest will not notice', async () => {
    const { apply, machine, nics } = await open();
    const before = nics('git');
    const [nic] = machine('git').nics;
    const run = await apply({ kind: 'machine.change-nic', uuid: machine('git').uuid, extent: 'both', mac: nic!.mac, nic: spec('sandbox', nic!.mac) });
    good(run);
    expect(verbs(run)).toEqual(['update-device --config', 'update-device --live']);
    expect(run.plan.notices[0]).toMatchObject({ severity: 'warning', text: expect.stringContaining('until it asks DHCP again') });
    expect(machine('git').nics[0]).toMatchObject({ network: 'sandbox', target: nic!.target, pending: null });
    good(await apply({ kind: 'undo', historyId: run.id }));
    expect(JSON.parse(nics('git'))).toMatchObject(JSON.parse(before).map((held: object) => ({ ...held, addresses: expect.anything() as unknown })));
  });

  it('unplug and plug in again what libvirt can\'t change in place: Open vSwitch, model, MAC', async () => {
    const { apply, machine } = await open();
    const { uuid, nics: [nic] } = machine('git');
    const toSwitch = await apply({ kind: 'machine.change-nic', uuid, extent: 'both', mac: nic!.mac, nic: spec('house-vlans', nic!.mac, { source: { kind: 'network', network: 'house-vlans', portgroup: 'cameras' } }) });
    good(toSwitch);
    expect(verbs(toSwitch)).toEqual(['update-device --config', 'detach-device --live', 'attach-device --live']);
    expect(machine('git').nics[0]).toMatchObject({ network: 'house-vlans', portgroup: 'cameras', isOvs: true, pending: null });
    const model = await apply({ kind: 'machine.change-nic', uuid, extent: 'running', mac: nic!.mac, nic: { ...nicSpecOf(machine('git').nics[0]!)!, model: 'e1000e' } });
    good(model);
    expect(model.plan.notices.map((notice) => notice.text).join()).toContain('unplugged and plugged in again');
    expect(machine('git').nics[0]).toMatchObject({ model: 'e1000e', pending: 'changed', next: { model: 'virtio' } });
    good(await apply({ kind: 'undo', historyId: model.id }));
    const mac = await apply({ kind: 'machine.change-nic', uuid, extent: 'definition', mac: nic!.mac, nic: { ...nicSpecOf(machine('git').nics[0]!)!, mac: '52:54:00:aa:bb:09' } });
    good(mac);
    expect(verbs(mac)).toEqual(['detach-device --config', 'attach-device --config']);
    // The place on the guest's bus tells that it is the same NIC.
    expect(machine('git').nics).toHaveLength(1);
    expect(machine('git').nics[0]).toMatchObject({ mac: nic!.mac, pending: 'changed', next: { mac: '52:54:00:aa:bb:09' } });
    good(await apply({ kind: 'undo', historyId: mac.id }));
    good(await apply({ kind: 'undo', historyId: toSwitch.id }));
    expect(machine('git').nics[0]).toMatchObject({ network: 'default', pending: null });
  });

  it('pull the cable and limit the rate', async () => {
    const { apply, machine } = await open();
    const { uuid, nics: [nic] } = machine('git');
    const down = await apply({ kind: 'machine.change-nic', uuid, extent: 'both', mac: nic!.mac, nic: spec('default', nic!.mac, { linkUp: false }) });
    good(down);
    expect(verbs(down)).toEqual(['domif-setlink --config', 'domif-setlink']);
    expect(machine('git').nics[0]).toMatchObject({ link: 'down', pending: null });
    const slow = await apply({ kind: 'machine.change-nic', uuid, extent: 'running', mac: nic!.mac, nic: spec('default', nic!.mac, { linkUp: false, bandwidth: { inbound: { averageKBps: 100, peakKBps: 200, burstKiB: null }, outbound: null } }) });
    good(slow);
    expect(machine('git').nics[0]).toMatchObject({ pending: 'changed', bandwidth: { inbound: { averageKBps: 100, peakKBps: 200, burstKiB: null }, outbound: null } });
    good(await apply({ kind: 'undo', historyId: slow.id }));
    good(await apply({ kind: 'undo', historyId: down.id }));
    expect(machine('git').nics[0]).toMatchObject({ link: 'up', pending: null, bandwidth: { inbound: null, outbound: null } });
  });

  it('are taken back when the guest does not let go', async () => {
    const { apply, machine, nics, runner } = await open();
    const before = nics('git');
    const { uuid, nics: [nic] } = machine('git');
    await runner.run({ argv: ['virsh', '-c', 'qemu:///system', 'suspend', 'git'] });
    const run = await apply({ kind: 'machine.detach', uuid, extent: 'both', mac: nic!.mac });
    expect([run.outcome, run.error?.code]).toEqual(['rolled-back', 'plan.step-failed']);
    expect(run.error?.detail).toMatch(/asked to let .* go and has not/);
    expect(run.steps.map((step) => step.state)).toEqual(['undone', 'failed']);
    expect(JSON.parse(nics('git'))).toMatchObject(JSON.parse(before).map(({ mac, pending }: { mac: string; pending: null }) => ({ mac, pending })));
  });

  it('name what is lost with a NIC', async () => {
    const { plans, machine } = await open();
    const { uuid, nics: [nic] } = machine('git');
    const { notices } = await plans.preview('h', { kind: 'machine.detach', uuid, extent: 'both', mac: nic!.mac });
    expect(notices.map((notice) => notice.text).join('\n')).toMatch(/git loses 192\.168\.122\.\d+[\s\S]*the last NIC of git/);
  });

  it('refuse what can\'t be', async () => {
    const { plans, machine } = await open();
    const git = machine('git');
    const attach = (nic: NicSpec, extent: 'both' | 'running' | 'definition' = 'both', uuid = git.uuid): Promise<unknown> => plans.preview('h', { kind: 'machine.attach', uuid, extent, nic });
    const refused = (field: string, message: RegExp) => ({ data: { code: 'plan.invalid', field, detail: expect.stringMatching(message) as unknown } });
    await expect(attach(spec('default', git.nics[0]!.mac))).rejects.toMatchObject(refused('mac', /^This machine has this MAC/));
    await expect(attach(spec('default', machine('unifi').nics[0]!.mac))).rejects.toMatchObject(refused('mac', /^unifi has this MAC/));
    await expect(attach(spec('default', '53:54:00:00:00:01'))).rejects.toMatchObject(refused('mac', /first byte is odd/));
    await expect(attach(spec('default', '00:00:00:00:00:00'))).rejects.toMatchObject(refused('mac', /zeros/));
    await expect(attach(spec('nowhere', '52:54:00:00:00:01'))).rejects.toMatchObject(refused('source.network', /no network/));
    await expect(attach(spec('', '52:54:00:00:00:01', { source: { kind: 'network', network: 'house-vlans', portgroup: 'nope' } }))).rejects.toMatchObject(refused('source.portgroup', /no portgroup/));
    await expect(attach(spec('', '52:54:00:00:00:01', { source: { kind: 'bridge', bridge: 'ovsbr0', isOvs: false } }))).rejects.toMatchObject(refused('source.bridge', /is an Open vSwitch bridge/));
    await expect(attach(spec('default', '52:54:00:00:00:01'), 'running', machine('cameras').uuid)).rejects.toMatchObject({ data: { title: 'The machine is off' } });
  });

  it('are stale once someone else has changed the NIC', async () => {
    const { plans, machine, runner } = await open();
    const { uuid, nics: [nic] } = machine('git');
    const intent: Intent = { kind: 'machine.detach', uuid, extent: 'running', mac: nic!.mac };
    const plan = await plans.preview('h', intent);
    await runner.run({ argv: ['virsh', '-c', 'qemu:///system', 'domif-setlink', uuid, nic!.mac, 'down'] });
    await expect(plans.apply('h', intent, plan.digest)).rejects.toMatchObject({ data: { code: 'plan.stale' } });
  });

  it('are not undone over someone else\'s change', async () => {
    const { apply, machine, plans, runner } = await open();
    const { uuid } = machine('git');
    const run = await apply({ kind: 'machine.attach', uuid, extent: 'both', nic: spec('lan', '52:54:00:aa:bb:01') });
    await runner.run({ argv: ['virsh', '-c', 'qemu:///system', 'domif-setlink', uuid, '52:54:00:aa:bb:01', 'down'] });
    await expect(plans.preview('h', { kind: 'undo', historyId: run.id })).rejects.toMatchObject({ data: { code: 'undo.refused', detail: expect.stringContaining('were changed in the meantime') as unknown } });
  });
});

describe('plans for power', () => {
  it('start and force off, and undo each', async () => {
    const { apply, machine } = await open();
    const { uuid } = machine('cameras');
    const start = await apply({ kind: 'machine.start', uuid });
    good(start);
    expect(machine('cameras').state).toBe('running');
    const off = await apply({ kind: 'machine.force-off', uuid });
    good(off);
    expect(off.plan.notices[0]).toMatchObject({ severity: 'warning', text: expect.stringContaining('not written to its disks is lost') });
    expect(machine('cameras').state).toBe('shut-off');
    const again = await apply({ kind: 'undo', historyId: off.id });
    good(again);
    expect(again.plan.notices[0]?.text).toContain('boots anew');
    expect(machine('cameras').state).toBe('running');
  });

  it('do not start a machine whose network is inactive, and say which', async () => {
    const { plans, machine, runner } = await open();
    await runner.run({ argv: ['virsh', '-c', 'qemu:///system', 'net-destroy', 'house-vlans'] });
    await expect(plans.preview('h', { kind: 'machine.start', uuid: machine('cameras').uuid })).rejects.toMatchObject({ data: { hint: 'Start the network house-vlans first.' } });
  });

  it('say that a guest may ignore being asked, and wait for it', async () => {
    const { plans, machine } = await open();
    const plan = await plans.preview('h', { kind: 'machine.shut-down', uuid: machine('git').uuid });
    expect(plan.notices[0]?.text).toContain('or ignore it');
    expect(plan.checks).toEqual([expect.objectContaining({ check: { kind: 'machine-state', uuid: machine('git').uuid, state: 'shut-off', patienceMs: 60_000 } })]);
    await expect(plans.preview('h', { kind: 'machine.start', uuid: machine('git').uuid })).rejects.toMatchObject({ data: { code: 'libvirt.already-active' } });
    await expect(plans.preview('h', { kind: 'machine.shut-down', uuid: machine('cameras').uuid })).rejects.toMatchObject({ data: { code: 'libvirt.not-active' } });
  });
});
