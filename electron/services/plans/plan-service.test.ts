import { beforeEach, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import type { Intent } from '../../../shared/domain/intent';
import type { HistoryEntry, PlanRun } from '../../../shared/domain/plan';
import { plainOptions } from '../../../shared/domain/addressed-spec';
import { isAddressed } from '../../../shared/domain/network-kinds';
import type { AddressedSpec } from '../../../shared/domain/addressed-spec';
import type { NetworkSpec } from '../../../shared/domain/network-spec';
import { AppError } from '../../../shared/errors/app-error';
import { FakePlanHost, reply } from '../../../test/fakes/fake-plan-host';
import { defaultUuid, defaultXml, makeMachine } from '../../../test/fakes/snapshot-fixture';
import { HistoryService } from '../history/history-service';
import { NetworkDrafts } from '../networks/network-drafts';
import { PlanService } from './plan-service';

const uuid = '0f0f0f0f-1111-4222-8333-444444444444';
const spec: AddressedSpec = {
  ...plainOptions, kind: 'nat', name: 'lab-web', bridge: 'virbr6',
  ipv4: { address: '10.20.30.1', prefix: 24, dhcp: { ranges: [{ start: '10.20.30.100', end: '10.20.30.199' }], hosts: [], bootp: null }, tftpRoot: null },
  ipv6: null, autostart: true,
};

function withRanges(draft: NetworkSpec, ...ranges: { start: string; end: string }[]): AddressedSpec {
  if (!isAddressed(draft) || !draft.ipv4) throw new Error('The draft has addresses');
  return { ...draft, ipv4: { ...draft.ipv4, dhcp: { ranges, hosts: [], bootp: null } } };
}
const create: Intent = { kind: 'network.create', uuid, spec, start: true };

let host: FakePlanHost;
let history: HistoryService;
let plans: PlanService;
let drafts: NetworkDrafts;
let now: number;
/** What happens while the engine waits. */
let meanwhile: () => void;

beforeEach(async () => {
  host = new FakePlanHost();
  host.networks.set(defaultUuid, { persistent: defaultXml, running: defaultXml, autostart: true });
  const kept = new Map<string, HistoryEntry>();
  history = new HistoryService({ load: async () => ({ entries: [...kept.values()], setAside: [] }), save: async (entry) => { kept.set(entry.id, entry); } });
  now = Date.parse('2026-01-01T12:00:00Z');
  meanwhile = () => undefined;
  let ids = 0;
  const hosts = { get: (id: string) => ({ name: id }), list: () => [{ id: 'attic', name: 'attic' }] };
  drafts = new NetworkDrafts({ inventory: host.inventory, hosts });
  plans = new PlanService({
    inventory: host.inventory, history,
    preflight: { facts: () => Promise.reject(new Error('No plan of networks asks for these')) },
    hosts,
    now: () => new Date(now), newId: () => `run-${(ids += 1)}`, sha256: (text) => createHash('sha256').update(text).digest('hex'),
    reconnectWaitMs: 5_000,
    sleep: async (ms) => { now += ms; meanwhile(); },
  });
});

async function apply(intent: Intent): Promise<PlanRun> {
  const plan = await plans.preview('attic', intent);
  const run = await plans.apply('attic', intent, plan.digest);
  return plans.finished(run.id);
}

const states = (run: PlanRun): string[] => run.steps.map((step) => step.state);
const writes = (): string[] => host.ran.filter((line) => /net-(?!dumpxml)|link set/.test(line));

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'no error', (error: unknown) => (error instanceof AppError ? error.code : String(error)));
}

describe('apply', () => {
  it('runs what was reviewed, verifies it, and undo brings the host back', async () => {
    const before = host.state();
    const plan = await plans.preview('attic', create);
    expect(plan.steps.map((step) => step.title)).toEqual([
      'Define the network lab-web, bridge virbr6, host address 10.20.30.1/24', 'Start lab-web with the host', 'Start lab-web',
    ]);
    const seen: string[] = [];
    plans.onProgress((run) => seen.push(run.phase));
    const run = await apply(create);
    expect(run).toMatchObject({ outcome: 'applied', phase: 'ended', error: null, cancelled: false });
    expect(states(run)).toEqual(['done', 'done', 'done']);
    expect(run.checks.map((check) => `${check.state} ${check.detail}`)).toEqual([
      'passed libvirt holds it as planned', 'passed libvirt says autostart is on', 'passed libvirt says it is active',
      'passed up, 10.20.30.1/24', 'passed by virbr6', 'passed dnsmasq listens on 0.0.0.0%virbr6:67', 'passed it answered a question (30 bytes)',
      'passed iptables translates 10.20.30.0/24',
    ]);
    expect(seen[0]).toBe('applying');
    expect(seen.at(-1)).toBe('ended');
    expect(plans.running()).toEqual([]);
    expect(history.list('attic')).toMatchObject([{ id: run.id, outcome: 'applied', undoRefusal: null }]);

    const undo = await apply({ kind: 'undo', historyId: run.id });
    expect(undo.outcome).toBe('applied');
    expect(undo.plan.title).toBe('Undo: Create the NAT network lab-web');
    expect(undo.plan.steps.map((step) => step.command.argv.slice(3).join(' '))).toEqual(['net-destroy lab-web', 'net-undefine lab-web']);
    expect(undo.checks.every((check) => check.state === 'passed')).toBe(true);
    expect(host.state()).toBe(before);
    expect(history.get(run.id).undoneBy).toBe(undo.id);
    expect(history.get(undo.id).undoes).toBe(run.id);
    expect(await codeOf(plans.preview('attic', { kind: 'undo', historyId: run.id }))).toBe('undo.refused');

    const redo = await apply({ kind: 'undo', historyId: undo.id });
    expect(redo.outcome).toBe('applied');
    expect(host.networks.get(uuid)).toMatchObject({ autostart: true, running: expect.stringContaining('lab-web') as unknown });
  });

  it('takes the finished steps back when one fails', async () => {
    const before = host.state();
    host.disturb = (line) => (line.includes('net-start') ? reply('', 'error: Failed to start network lab-web\nerror: internal error: Network is already in use by interface eno9\n', 1) : null);
    const run = await apply(create);
    expect(run).toMatchObject({ outcome: 'rolled-back', error: { code: 'libvirt.subnet-taken' } });
    expect(states(run)).toEqual(['undone', 'undone', 'failed']);
    expect(run.checks.every((check) => check.state === 'not-run')).toBe(true);
    expect(host.state()).toBe(before);
    expect(writes().slice(-2)).toEqual(['virsh -c qemu:///system net-autostart lab-web --disable', 'virsh -c qemu:///system net-undefine lab-web']);
    expect(await codeOf(plans.preview('attic', { kind: 'undo', historyId: run.id }))).toBe('undo.refused');
  });

  it('takes back a step that says it failed but is in force', async () => {
    const before = host.state();
    host.disturb = (line, carryOut) => {
      if (!line.includes('net-start')) return null;
      carryOut();
      throw new AppError('command.timeout', 'No answer', 'The command took more than 30 s.');
    };
    const run = await apply(create);
    expect(run).toMatchObject({ outcome: 'rolled-back', error: { code: 'command.timeout' } });
    expect(states(run)).toEqual(['undone', 'undone', 'undone']);
    expect(host.state()).toBe(before);
  });

  it('stops taking back where that fails, and says what is in force', async () => {
    host.disturb = (line) => (/net-start|--disable/.test(line) ? reply('', 'error: boom\n', 1) : null);
    const run = await apply(create);
    expect(run).toMatchObject({ outcome: 'half-done', error: { code: 'plan.rollback-failed' } });
    expect(states(run)).toEqual(['done', 'undo-failed', 'failed']);
    expect(run.steps[1]?.inverseOutcomes).toMatchObject([{ exitCode: 1 }]);
    host.disturb = () => null;
    const undo = await apply({ kind: 'undo', historyId: run.id });
    expect(undo.outcome).toBe('applied');
    expect(host.networks.has(uuid)).toBe(false);
  });

  it('cancels between steps and takes back what was done', async () => {
    const before = host.state();
    const plan = await plans.preview('attic', create);
    host.disturb = (line) => {
      if (line.includes('net-define')) plans.cancel(plans.running()[0]?.id ?? '');
      return null;
    };
    const run = await plans.finished((await plans.apply('attic', create, plan.digest)).id);
    expect(run).toMatchObject({ outcome: 'rolled-back', cancelled: true, error: null });
    expect(states(run)).toEqual(['undone', 'not-run', 'not-run']);
    expect(host.state()).toBe(before);
  });

  it('says what is known when the connection is lost for good', async () => {
    host.disturb = (line, carryOut) => (line.includes('net-autostart') ? (carryOut(), host.cut()) : null);
    const run = await apply(create);
    expect(run).toMatchObject({ outcome: 'half-done', error: { code: 'ssh.closed' } });
    expect(states(run)).toEqual(['done', 'unknown', 'not-run']);
    expect(history.get(run.id).after).toEqual([]);
    expect(history.list(null)[0]?.undoRefusal).toMatch(/connection was lost/);
    host.reconnect();
    expect(await codeOf(plans.preview('attic', { kind: 'undo', historyId: run.id }))).toBe('undo.refused');
    expect(await codeOf(plans.preview('attic', { kind: 'network.delete', uuid }))).toBe('no error');
  });

  it.each([true, false])('looks at the host when the session comes back (the lost step took effect: %s)', async (effect) => {
    const before = host.state();
    host.disturb = (line, carryOut) => {
      if (!line.endsWith('net-start lab-web')) return null;
      if (effect) carryOut();
      meanwhile = () => host.reconnect();
      return host.cut();
    };
    const run = await apply(create);
    expect(run).toMatchObject({ outcome: 'rolled-back', error: { code: 'ssh.closed' } });
    expect(states(run)).toEqual(['undone', 'undone', effect ? 'undone' : 'failed']);
    expect(host.state()).toBe(before);
  });

  it('refuses a plan that is not what was reviewed any more', async () => {
    const intent: Intent = { kind: 'network.stop', uuid: defaultUuid };
    const plan = await plans.preview('attic', intent);
    host.machines = [makeMachine('web1', 'default', 'vnet0')];
    host.taps.set('vnet0', 'virbr0');
    expect(await codeOf(plans.apply('attic', intent, plan.digest))).toBe('plan.stale');
    expect(writes()).toEqual([]);
    expect((await apply(intent)).outcome).toBe('applied');
  });

  it('runs one plan at a time on a host', async () => {
    const plan = await plans.preview('attic', create);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => { release = resolve; });
    host.disturb = (line, carryOut) => (line.includes('net-define') ? gate.then(carryOut) : null);
    const run = await plans.apply('attic', create, plan.digest);
    expect(plans.running()).toMatchObject([{ id: run.id, phase: 'applying' }]);
    expect(await codeOf(plans.apply('attic', create, plan.digest))).toBe('plan.busy');
    release();
    expect((await plans.finished(run.id)).outcome).toBe('applied');
    expect(await codeOf(plans.apply('attic', { kind: 'network.stop', uuid }, 'x'))).toBe('plan.stale');
  });

  it('refuses to write where the session may only read', async () => {
    host.privilege = 'read-only';
    const plan = await plans.preview('attic', create);
    expect(plan.notices[0]?.text).toMatch(/may only read/);
    expect(await codeOf(plans.apply('attic', create, plan.digest))).toBe('libvirt.denied');
  });

  it('reports failed and unknowable checks without calling them passes', async () => {
    host.dnsAnswers = 'silent';
    host.disturb = (line) => (/iptables-save|nft/.test(line) ? reply('', 'Permission denied (you must be root)\n', 4) : null);
    const run = await apply(create);
    const byKind = (kind: string): string | undefined => run.checks[run.plan.checks.findIndex((item) => item.check.kind === kind)]?.state;
    expect(byKind('nat-rules')).toBe('unknown');
    expect(byKind('dns-answers')).toBe('failed');
    expect(run.outcome).toBe('applied');
  });

  it('says so when DNS can only be seen to listen', async () => {
    host.dnsAnswers = 'refused';
    const run = await apply(create);
    expect(run.checks.find((check) => /listens; no question/.test(check.detail))?.state).toBe('passed');
  });
});

describe('edit of an active network', () => {
  const edited = async (): Promise<Intent> => {
    const { spec: draft } = await drafts.draft('attic', defaultUuid);
    return { kind: 'network.edit', uuid: defaultUuid, when: 'now', spec: withRanges(draft, { start: '192.168.122.50', end: '192.168.122.60' }) };
  };

  beforeEach(() => {
    host.machines = [makeMachine('web1', 'default', 'vnet0')];
    host.taps.set('vnet0', 'virbr0');
  });

  it('plugs running machines in again, and so does its undo', async () => {
    const before = host.state();
    const run = await apply(await edited());
    expect(run.outcome).toBe('applied');
    expect(run.plan.notices[0]?.text).toMatch(/^web1 has no network for about five seconds/);
    expect(run.plan.steps.at(-1)?.command.argv).toEqual(['ip', 'link', 'set', 'dev', 'vnet0', 'master', 'virbr0', 'up']);
    expect(host.taps.get('vnet0')).toBe('virbr0');
    expect(run.checks.every((check) => check.state === 'passed'), JSON.stringify(run.checks)).toBe(true);
    expect((await apply({ kind: 'undo', historyId: run.id })).outcome).toBe('applied');
    expect(host.state()).toBe(before);
  });

  it.each(['net-destroy', 'net-start', 'link set'])('brings everything back when %s fails', async (failing) => {
    const before = host.state();
    let failed = false;
    host.disturb = (line) => {
      if (failed || !line.includes(failing)) return null;
      failed = true;
      return reply('', 'error: boom\n', 1);
    };
    const run = await apply(await edited());
    expect(run.outcome).toBe('rolled-back');
    expect(host.state()).toBe(before);
  });

  it('waits for the next start without touching anything', async () => {
    const run = await apply({ ...await edited(), when: 'next-start' } as Intent);
    expect(run.plan.steps).toHaveLength(1);
    expect(host.networks.get(defaultUuid)?.running).toBe(defaultXml);
    expect((await apply({ kind: 'undo', historyId: run.id })).plan.steps).toHaveLength(1);
  });

  it('is refused where machines could not be plugged in again', async () => {
    const intent = await edited();
    host.privilege = 'libvirt-group';
    expect(await codeOf(plans.preview('attic', intent))).toBe('auth.no-privilege');
    host.machines = [];
    expect(await codeOf(plans.preview('attic', intent))).toBe('no error');
  });
});

describe('undo', () => {
  it('is refused when the host has moved on, with the reason', async () => {
    const run = await apply(create);
    const network = host.networks.get(uuid);
    if (!network) throw new Error('the network was created');
    const reason = async (): Promise<string> => plans.preview('attic', { kind: 'undo', historyId: run.id }).then(() => 'no error', (error: AppError) => error.data.detail);
    expect(await reason()).toBe('no error');
    network.running = null;
    expect(await reason()).toMatch(/lab-web was stopped in the meantime/);
    network.running = network.persistent;
    network.autostart = false;
    expect(await reason()).toMatch(/no longer start with the host/);
    network.autostart = true;
    network.persistent = `${network.persistent}`.replace('.199', '.150');
    expect(await reason()).toMatch(/definition of lab-web was changed/);
    host.networks.delete(uuid);
    expect(await reason()).toMatch(/lab-web was deleted in the meantime/);
  });

  it('brings a deleted network back with its machines', async () => {
    host.machines = [makeMachine('web1', 'default', 'vnet0'), makeMachine('db1', 'default', null)];
    host.taps.set('vnet0', 'virbr0');
    const before = host.state();
    const run = await apply({ kind: 'network.delete', uuid: defaultUuid });
    expect(run.outcome).toBe('applied');
    expect(run.plan.notices.map((notice) => notice.text)).toEqual([
      'web1 runs on default and loses this network at once.', 'db1 is configured for default and won\'t start without it.', 'The leases it handed out are forgotten.',
    ]);
    expect(host.networks.size).toBe(0);
    const undo = await apply({ kind: 'undo', historyId: run.id });
    expect(undo.outcome).toBe('applied');
    expect(host.state()).toBe(before);
  });
});
