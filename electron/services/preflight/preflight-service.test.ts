import { createHash, randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { HistoryEntry, PlanRun } from '../../../shared/domain/plan';
import type { FindingCode } from '../../../shared/domain/preflight/finding';
import { troubles } from '../../../test/fakes/plan-troubles';
import { createDefaultPracticeHost } from '../../transport/practice/default-host';
import { openPracticeRunner } from '../../transport/practice/open-practice-runner';
import type { PracticeHost } from '../../transport/practice/practice-host';
import { HistoryService } from '../history/history-service';
import { InventoryService } from '../inventory/inventory-service';
import { PlanService } from '../plans/plan-service';
import { PreflightService } from './preflight-service';

const hosts: PracticeHost[] = [];
afterEach(() => { for (const host of hosts.splice(0)) host.dispose(); });

async function open(prepare: (host: PracticeHost) => void = () => undefined) {
  const host = createDefaultPracticeHost({ latencyMs: 0 });
  hosts.push(host);
  prepare(host);
  const inventory = new InventoryService();
  const problems: unknown[] = [];
  const preflight = new PreflightService({ inventory, now: () => new Date('2026-01-01T12:00:00Z'), onProblem: (error) => problems.push(error) });
  const kept = new Map<string, HistoryEntry>();
  const history = new HistoryService({ load: async () => ({ entries: [...kept.values()], setAside: [] }), save: async (entry) => { kept.set(entry.id, entry); } });
  const plans = new PlanService({
    inventory, preflight, history, hosts: { get: (id) => ({ name: id }), list: () => [{ id: 'attic', name: 'attic' }] },
    now: () => new Date(), newId: randomUUID, sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });
  const changed = (): Promise<void> => new Promise((resolve) => { const stop = preflight.onChanged(() => { stop(); resolve(); }); });
  const looked = changed();
  await inventory.attach('attic', openPracticeRunner(host));
  await looked;
  const codes = (): string[] => preflight.get('attic')?.findings.map((finding) => finding.code) ?? [];
  const apply = async (intent: Parameters<PlanService['preview']>[1]): Promise<PlanRun> => {
    const plan = await plans.preview('attic', intent);
    return plans.finished((await plans.apply('attic', intent, plan.digest)).id);
  };
  const fix = (code: FindingCode): Promise<PlanRun> => apply({ kind: 'preflight.fix', code });
  const switchOff = (name: RegExp): void => {
    for (const unit of host.state.units) if (name.test(unit.name)) Object.assign(unit, { active: 'inactive', sub: 'dead', file: 'disabled' });
  };
  return { host, inventory, preflight, plans, history, codes, apply, fix, changed, switchOff, problems };
}


describe('preflight', () => {
  it('looks after connecting, and finds nothing on a host that has everything', async () => {
    const { codes, preflight } = await open();
    expect(codes()).toEqual([]);
    expect(preflight.get('attic')?.passed.length).toBeGreaterThan(6);
  });

  it('follows what the inventory sees, and the fix brings it back', async () => {
    const { inventory, changed, switchOff, codes, fix, apply, history } = await open();
    switchOff(/^libvirtd/);
    const seen = changed();
    await inventory.refresh('attic', 'quiet');
    await seen;
    expect(codes()).toEqual(['libvirt.not-running']);
    const run = await fix('libvirt.not-running');
    expect(troubles(run)).toEqual([]);
    expect(inventory.get('attic')?.snapshot.networks.map((network) => network.name)).toContain('default');
    const undo = await apply({ kind: 'undo', historyId: history.list('attic')[0]?.id ?? '' });
    expect(undo.outcome).toBe('applied');
    expect(troubles(undo)).toEqual([]);
    expect(inventory.get('attic')?.snapshot.problems.map((problem) => problem.code)).toEqual(['libvirt.not-running']);
  });

  it('installs what is missing, and says in History that it stays', async () => {
    const { codes, fix, preflight, history } = await open((host) => {
      for (const tool of ['ovs-vsctl', 'ovs-appctl', 'ovsdb-client']) Reflect.deleteProperty(host.state.tools, tool);
    });
    expect(codes()).toEqual(['ovs.missing']);
    const run = await fix('ovs.missing');
    expect(troubles(run)).toEqual([]);
    expect(history.list('attic')[0]?.undoRefusal).toMatch(/installed packages/);
    expect((await preflight.refresh('attic')).findings).toEqual([]);
  });

  it('goes on when fetching lists fails, and keeps what was installed when a later step fails', async () => {
    const { fix, host, history } = await open((each) => {
      for (const tool of ['ovs-vsctl', 'ovs-appctl', 'ovsdb-client']) Reflect.deleteProperty(each.state.tools, tool);
      Object.assign(each.state.units.find((unit) => unit.name === 'openvswitch-switch.service') ?? {}, { active: 'inactive', file: 'disabled' });
    });
    host.faults.add({ match: /apt-get .*update/, what: { kind: 'fail', exitCode: 100, stderr: 'E: The repository \'https://enterprise.example pve InRelease\' is not signed.\n' } });
    host.faults.add({ match: /systemctl enable/, what: { kind: 'fail', exitCode: 1, stderr: 'Job for openvswitch-switch.service failed because a timeout was exceeded.\n' } });
    const run = await fix('ovs.missing');
    expect(run.steps.map((step) => step.state)).toEqual(['failed', 'done', 'failed']);
    expect(run).toMatchObject({ outcome: 'rolled-back', error: { code: 'service.failed', title: 'openvswitch-switch.service did not start' } });
    expect(Object.hasOwn(host.state.tools, 'ovs-vsctl')).toBe(true);
    expect(history.list('attic')[0]?.undoRefusal).toMatch(/nothing to undo/);
  });

  it('takes nothing from the caller but a code', async () => {
    const { plans } = await open();
    await expect(plans.preview('attic', { kind: 'preflight.fix', code: 'qemu.missing' })).rejects.toMatchObject({ code: 'plan.invalid' });
  });

  it('keeps the last report of an ended session, and refuses to look at it', async () => {
    const { host, preflight } = await open();
    host.cutConnections();
    expect(preflight.get('attic')).not.toBeNull();
    await expect(preflight.refresh('attic')).rejects.toMatchObject({ code: 'host.not-connected' });
    preflight.forget('attic');
    expect(preflight.get('attic')).toBeNull();
  });
});
