import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noBandwidth } from '../../../shared/domain/attached-spec';
import { isAttached } from '../../../shared/domain/network-kinds';
import type { AttachedSpec } from '../../../shared/domain/attached-spec';
import type { AttachedKind } from '../../../shared/domain/network-kinds';
import type { Intent } from '../../../shared/domain/intent';
import type { HistoryEntry, PlanRun } from '../../../shared/domain/plan';
import { troubles } from '../../../test/fakes/plan-troubles';
import type { CommandRunner } from '../../transport/command-runner';
import { createDefaultPracticeHost } from '../../transport/practice/default-host';
import { openPracticeRunner } from '../../transport/practice/open-practice-runner';
import type { PracticeHost } from '../../transport/practice/practice-host';
import { HistoryService } from '../history/history-service';
import { InventoryService } from '../inventory/inventory-service';
import { NetworkDrafts } from '../networks/network-drafts';
import { PreflightService } from '../preflight/preflight-service';
import { PlanService } from './plan-service';

const uuid = '0f0f0f0f-1111-4222-8333-444444444444';
let practice: PracticeHost;
let runner: CommandRunner;
let inventory: InventoryService;
let plans: PlanService;
let drafts: NetworkDrafts;

beforeEach(async () => {
  practice = createDefaultPracticeHost();
  runner = openPracticeRunner(practice);
  inventory = new InventoryService({ timing: { settleMs: 5 } });
  await inventory.attach('p', runner);
  const kept = new Map<string, HistoryEntry>();
  const history = new HistoryService({ load: async () => ({ entries: [...kept.values()], setAside: [] }), save: async (entry) => { kept.set(entry.id, entry); } });
  const hosts = { get: () => ({ name: 'p' }), list: () => [{ id: 'p', name: 'p' }] };
  let id = 0;
  plans = new PlanService({
    inventory, history, hosts, preflight: new PreflightService({ inventory, now: () => new Date(), onProblem: (error) => { throw error; } }),
    now: () => new Date(), newId: () => `run-${(id += 1)}`, sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });
  drafts = new NetworkDrafts({ inventory, hosts });
});
afterEach(() => runner.close());

const propose = (kind: AttachedKind): AttachedSpec => {
  const { spec } = drafts.propose('p', kind);
  if (!isAttached(spec)) throw new Error(`It is ${spec.kind}`);
  return spec;
};
async function apply(intent: Intent): Promise<PlanRun> {
  const plan = await plans.preview('p', intent);
  return plans.finished((await plans.apply('p', intent, plan.digest)).id);
}
const create = (spec: AttachedSpec): Intent => ({ kind: 'network.create', uuid, spec, start: true });
const newSwitch = (): AttachedSpec => ({ ...propose('ovs'), kind: 'ovs', bridge: 'ovsbr1', createBridge: { datapath: 'system', stp: true } });
const switches = (): string[] => inventory.get('p')?.snapshot.ovsBridges.map((bridge) => bridge.name) ?? [];

describe('networks attached to something of the host', () => {
  it.each<AttachedKind>(['bridged', 'macvtap', 'ovs'])('makes, checks and undoes a %s network', async (kind) => {
    const spec = propose(kind);
    const run = await apply(create(spec));
    expect(troubles(run)).toEqual([]);
    expect((await drafts.draft('p', uuid)).spec).toEqual(spec);
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(inventory.get('p')?.snapshot.networks.some((network) => network.uuid === uuid)).toBe(false);
  });

  it('says what is missing for SR-IOV', () => expect(() => propose('sriov')).toThrow(/sriov_numvfs/));

  it('makes a switch along, with its settings in one transaction, and removes it by undo', async () => {
    const run = await apply(create(newSwitch()));
    expect(troubles(run)).toEqual([]);
    expect(run.plan.steps[0]?.command.argv).toEqual(['ovs-vsctl', '--timeout=10', 'add-br', 'ovsbr1', '--', 'set', 'bridge', 'ovsbr1', 'stp_enable=true']);
    expect(switches()).toEqual(['ovsbr0', 'ovsbr1']);
    const undo = await apply({ kind: 'undo', historyId: run.id });
    expect(troubles(undo)).toEqual([]);
    expect(undo.plan.steps.at(-1)?.command.argv).toEqual(['ovs-vsctl', '--timeout=10', 'del-br', 'ovsbr1']);
    expect(switches()).toEqual(['ovsbr0']);
    expect(troubles(await apply({ kind: 'undo', historyId: undo.id }))).toEqual([]);
    expect(switches()).toEqual(['ovsbr0', 'ovsbr1']);
  });

  it.each<[string, string[][], RegExp]>([
    ['a port', [['ovs-vsctl', 'add-port', 'ovsbr1', 'enp3s0']], /enp3s0 was plugged into ovsbr1 in the meantime/],
    ['nothing left', [['ovs-vsctl', 'del-br', 'ovsbr1']], /The bridge ovsbr1 was removed in the meantime/],
  ])('leaves a switch alone that has %s', async (_name, commands, reason) => {
    const run = await apply(create(newSwitch()));
    for (const argv of commands) await runner.run({ argv });
    await inventory.refresh('p', 'all');
    await expect(plans.preview('p', { kind: 'undo', historyId: run.id })).rejects.toThrow(reason);
  });

  it('leaves a switch alone that another network uses', async () => {
    const run = await apply(create(newSwitch()));
    await apply({ kind: 'network.create', uuid: uuid.replace('0f0f', '1f1f'), start: false, spec: { ...propose('ovs'), kind: 'ovs', name: 'other', bridge: 'ovsbr1', createBridge: null } });
    await expect(plans.preview('p', { kind: 'undo', historyId: run.id })).rejects.toThrow(/The bridge ovsbr1 is used by other, too/);
  });

  it('takes everything back when Open vSwitch could not make the bridge, whatever its exit code', async () => {
    const intent = create(newSwitch());
    const plan = await plans.preview('p', intent);
    const original = runner.run.bind(runner);
    runner.run = async (command, options) => {
      if (!command.argv.includes('add-br')) return original(command, options);
      const done = await original(command, options);
      return { ...done, stderr: 'ovs-vsctl: Error detected while setting up \'ovsbr1\'.  See ovs-vswitchd log for details.\n' };
    };
    const run = await plans.finished((await plans.apply('p', intent, plan.digest)).id);
    expect(run).toMatchObject({ outcome: 'rolled-back', error: { code: 'ovs.not-made' } });
    expect(switches()).toEqual(['ovsbr0']);
  });

  it('changes portgroups while the network runs, and says who keeps the old ones', async () => {
    const house = inventory.get('p')?.snapshot.networks.find((network) => network.name === 'house-vlans');
    const { spec } = await drafts.draft('p', house?.uuid ?? '');
    if (!isAttached(spec)) throw new Error('it is attached');
    const [trusted, cameras] = spec.portgroups;
    if (!trusted || !cameras) throw new Error('it has two');
    const change = (portgroups: AttachedSpec['portgroups']): Intent => ({ kind: 'network.edit', uuid: house?.uuid ?? '', when: 'live', spec: { ...spec, portgroups } });
    const run = await apply(change([{ ...trusted, isDefault: false }, cameras, { name: 'iot', isDefault: true, vlan: { mode: 'access', tag: 40 }, bandwidth: noBandwidth }]));
    expect(troubles(run)).toEqual([]);
    expect(run.plan.steps.every((step) => step.command.argv.includes('net-update'))).toBe(true);
    expect(run.plan.notices).toContainEqual({ severity: 'warning', text: expect.stringMatching(/^unifi stays plugged in as now/) });
    await expect(plans.preview('p', change([trusted]))).rejects.toThrow(/cameras uses the portgroup “cameras”/);
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
  });
});
