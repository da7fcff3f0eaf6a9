import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakePlanHost } from '../../../test/fakes/fake-plan-host';
import { defaultUuid, defaultXml, makeMachine } from '../../../test/fakes/snapshot-fixture';
import type { Intent, NetworkIntent } from '../../../shared/domain/intent';
import type { HistoryEntry, PlanRun } from '../../../shared/domain/plan';
import { AppError } from '../../../shared/errors/app-error';
import { HistoryService } from '../history/history-service';
import { PlanService } from './plan-service';

const uuid = '0f0f0f0f-1111-4222-8333-444444444444';
const newXml = '<network>\n  <!-- of the lab -->\n  <name>lab</name>\n  <forward mode="nat"/>\n  <bridge name="virbr6"/>\n  <ip address="10.20.30.1" prefix="24"/>\n</network>\n';
const changed = defaultXml.replace('192.168.122.254', '192.168.122.99');

type Define = Extract<NetworkIntent, { kind: 'network.define' }>;
const edit = (change: Partial<Define> = {}): Define => ({ kind: 'network.define', uuid: defaultUuid, xml: changed, basedOn: defaultXml, when: 'now', start: false, autostart: true, ...change });
const create = (change: Partial<Define> = {}): Define => ({ kind: 'network.define', uuid, xml: newXml, basedOn: null, when: 'now', start: true, autostart: true, ...change });

let host: FakePlanHost;
let plans: PlanService;

beforeEach(() => {
  host = new FakePlanHost();
  host.networks.set(defaultUuid, { persistent: defaultXml, running: defaultXml, autostart: true });
  const kept = new Map<string, HistoryEntry>();
  let ids = 0;
  let now = Date.parse('2026-01-01T12:00:00Z');
  plans = new PlanService({
    inventory: host.inventory,
    history: new HistoryService({ load: async () => ({ entries: [...kept.values()], setAside: [] }), save: async (entry) => { kept.set(entry.id, entry); } }),
    preflight: { facts: () => Promise.reject(new Error('No plan of networks asks for these')) },
    hosts: { get: (id: string) => ({ name: id }), list: () => [{ id: 'attic', name: 'attic' }] },
    now: () => new Date(now), newId: () => `run-${(ids += 1)}`, sha256: (text) => createHash('sha256').update(text).digest('hex'), sleep: async (ms) => { now += ms; },
  });
});

const apply = async (intent: Intent): Promise<PlanRun> => {
  const plan = await plans.preview('attic', intent);
  return plans.finished((await plans.apply('attic', intent, plan.digest)).id);
};
const refusal = (intent: Intent): Promise<AppError> => plans.preview('attic', intent).then(() => { throw new Error('It was planned'); }, (error: unknown) => {
  if (error instanceof AppError) return error;
  throw error;
});
const commands = (run: PlanRun): string[] => run.plan.steps.map((step) => step.command.argv.slice(3).join(' '));

describe('a definition as it was typed', () => {
  it('makes a network of it, sent as it is but for the UUID it lacks, and is undone', async () => {
    const before = host.state();
    const run = await apply(create());
    expect(run.outcome, JSON.stringify(run.error)).toBe('applied');
    expect(run.checks.filter((check) => check.state !== 'passed')).toEqual([]);
    expect(host.networks.get(uuid)?.persistent).toBe(newXml.replace('</name>', `</name>\n  <uuid>${uuid}</uuid>`));
    expect(run.plan.notices.map((notice) => notice.text)).toEqual([expect.stringMatching(/^Line 2: libvirt keeps no comments/)]);
    await apply({ kind: 'undo', historyId: run.id });
    expect(host.state()).toBe(before);
  });

  it('changes one that runs, now or at its next start, and is undone', async () => {
    const before = host.state();
    const run = await apply(edit());
    expect(commands(run)).toEqual(['net-define /dev/stdin', 'net-destroy default', 'net-start default']);
    expect(run.outcome).toBe('applied');
    expect(host.networks.get(defaultUuid)?.running).toBe(changed);
    await apply({ kind: 'undo', historyId: run.id });
    expect(host.state()).toBe(before);
    const later = await apply(edit({ when: 'next-start' }));
    expect(commands(later)).toEqual(['net-define /dev/stdin']);
    expect(host.networks.get(defaultUuid)?.running).toBe(defaultXml);
  });

  it('names the machines that drop, and plugs them in again', async () => {
    host.machines = [makeMachine('web1', 'default', 'vnet3')];
    host.taps.set('vnet3', 'virbr0');
    const run = await apply(edit());
    expect(run.plan.notices.map((notice) => notice.text).join(' ')).toContain('web1 has no network for about five seconds');
    expect(commands(run).at(-1)).toContain('vnet3');
    expect(host.taps.get('vnet3')).toBe('virbr0');
  });

  it('overwrites nothing that somebody changed since', async () => {
    const error = await refusal(edit({ basedOn: defaultXml.replace('virbr0', 'virbr5') }));
    expect(error.data).toMatchObject({ code: 'plan.stale', detail: expect.stringContaining('since you opened it') });
    host.networks.delete(defaultUuid);
    expect((await refusal(edit())).code).toBe('not-found');
    host.networks.set(defaultUuid, { persistent: defaultXml, running: null, autostart: false });
    expect((await refusal(edit({ basedOn: null }))).data.detail).toContain('has this UUID');
  });

  it('refuses what can’t work, with the line', async () => {
    const detail = async (intent: Intent): Promise<string> => (await refusal(intent)).data.detail;
    expect(await detail(create({ xml: '<network>\n<name>a</nam></network>' }))).toMatch(/^Line 2: .*mismatch/);
    expect(await detail(create({ xml: newXml.replace('virbr6', 'virbr0') }))).toMatch(/^Line 5: “virbr0” is the bridge of/);
    expect(await detail(create({ xml: newXml.replace('>lab<', '>default<') }))).toMatch(/^Line 3: There is a network “default”/);
    expect(await detail(edit({ xml: changed.replace(defaultUuid, uuid) }))).toMatch(/^Line 3: The UUID is the network's identity/);
    expect((await refusal(edit({ xml: defaultXml }))).data.title).toBe('Nothing is changed');
  });
});

describe('renaming', () => {
  const renamed = defaultXml.replace('<name>default<', '<name>home<');

  it('removes and defines anew with the same UUID, starts it again, and is undone', async () => {
    const before = host.state();
    const run = await apply(edit({ xml: renamed }));
    expect(run.outcome, JSON.stringify(run.error)).toBe('applied');
    expect(commands(run)).toEqual(['net-destroy default', 'net-undefine default', 'net-define /dev/stdin', 'net-autostart home', 'net-start home']);
    expect(run.checks.filter((check) => check.state !== 'passed')).toEqual([]);
    expect(host.networks.get(defaultUuid)).toEqual({ persistent: renamed, running: renamed, autostart: true });
    const undo = await apply({ kind: 'undo', historyId: run.id });
    expect(undo.outcome, JSON.stringify(undo.error)).toBe('applied');
    expect(host.state()).toBe(before);
  });

  it('is taken back whole when a step fails', async () => {
    const before = host.state();
    host.disturb = (line) => (line.endsWith('net-start home') ? { exitCode: 1, stdout: '', stderr: 'error: no\n', durationMs: 1 } : null);
    expect((await apply(edit({ xml: renamed }))).outcome).toBe('rolled-back');
    expect(host.state()).toBe(before);
  });

  it('is refused for a running network that is not to stop', async () => {
    expect((await refusal(edit({ xml: renamed, when: 'next-start' }))).data.detail).toContain('has to be stopped');
  });
});
