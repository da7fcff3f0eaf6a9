import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configFile, conversionFacts, nicFacts } from '../../../test/fakes/conversion-facts';
import type { ConversionRun } from '../../../shared/domain/conversion/conversion-run';
import type { ConversionFacts } from '../../../shared/domain/conversion/facts';
import { hasEnded, type ConversionProgress, type HostTransaction, type HostTransactionState } from '../../../shared/domain/conversion/host-transaction';
import { planConversion } from '../../../shared/domain/conversion/plan-conversion';
import type { ConversionPlan } from '../../../shared/domain/conversion/planned';
import { planReaddress } from '../../../shared/domain/conversion/readdress/plan-readdress';
import { newHostProfile, type HostView } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import { BegunConversions } from '../../storage/begun-conversions';
import { ConversionDesk } from './conversion-desk';

const request = { kind: 'convert', nic: 'eno1', bridge: 'br0', switch: 'linux' } as const;
const plainFacts = (): ConversionFacts => conversionFacts({
  networkd: { eno1: { state: 'configured', file: '/etc/systemd/network/20-wired.network' } },
  files: [configFile('/etc/systemd/network/20-wired.network', '[Match]\nName=eno1\n\n[Network]\nDHCP=yes\n')],
});
const bridgedFacts = (): ConversionFacts => ({
  ...plainFacts(), links: [nicFacts({ controller: 'br0', addresses: [] }), nicFacts({ name: 'br0', kind: 'bridge' })],
  routes: [{ family: 'ipv4', destination: 'default', gateway: '192.168.1.1', device: 'br0', metric: 100, table: 'main', protocol: 'dhcp', type: 'unicast' }],
});
const inState = (state: HostTransactionState, id = '20261127-aa'): HostTransaction => ({
  id, state, pending: !/DONE|REVERTED$/.test(state), stack: 'systemd-networkd', kind: 'linux', nic: 'eno1', bridge: 'br0', secondsLeft: null, journal: [],
});

/** Stands for ConversionService: every wait is ended by the test. */
class FakeConversions {
  readonly calls: string[] = [];
  private readonly listeners = new Set<(progress: ConversionProgress) => void>();
  private readonly waits = new Map<string, { resolve(transaction: HostTransaction): void; reject(error: Error): void }>();

  onProgress(listener: (progress: ConversionProgress) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  tell(state: HostTransactionState, over: Partial<ConversionProgress> = {}): void {
    for (const listener of [...this.listeners]) listener({ hostId: 'h', transaction: inState(state), reached: true, problem: null, ...over });
  }
  /** Ends a wait, and lets what follows from it happen. */
  async end(verb: string, result: HostTransaction | AppError): Promise<void> {
    const wait = this.waits.get(verb);
    if (!wait) throw new Error(`Nobody waits for ${verb}`);
    this.waits.delete(verb);
    if (result instanceof AppError) wait.reject(result);
    else wait.resolve(result);
    await settled();
  }
  private readonly wait = (verb: string): Promise<HostTransaction> => {
    this.calls.push(verb);
    return new Promise((resolve, reject) => { this.waits.set(verb, { resolve, reject }); });
  };
  readonly convert = (): Promise<HostTransaction> => this.wait('convert');
  /** What a host that has moved says at either address. */
  readonly found: { reply: HostTransaction[] | null } = { reply: null };
  readonly seek = async (_hostId: string, movesTo: string): Promise<HostTransaction[]> => {
    this.calls.push(`seek ${movesTo}`);
    if (this.found.reply === null) throw new AppError('ssh.unreachable', 'The host can\'t be reached', 'No route to host.');
    return this.found.reply;
  };
  readonly resume = (): Promise<HostTransaction> => this.wait('resume');
  readonly follow = (): Promise<HostTransaction> => this.wait('follow');
  readonly confirm = (): Promise<HostTransaction> => this.wait('confirm');
  readonly revert = (): Promise<HostTransaction> => this.wait('revert');
  readonly extend = async (_hostId: string, seconds: number, id?: string): Promise<void> => { this.calls.push(`extend ${seconds} ${id ?? ''}`); };
}

/** Everything that waits for nothing but promises has happened. */
const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
/** It is on disk that this app has begun one. */
const noted = (): Promise<void> => vi.waitFor(async () => {
  const another = new BegunConversions(folder);
  await another.load();
  expect(another.of('h')).not.toBeNull();
});
const reverted = new AppError('conversion.reverted', 'The old network is back', 'The change did not last.');

let folder: string;
let begun: BegunConversions;
let fake: FakeConversions;
let desk: ConversionDesk;
let facts: () => ConversionFacts;
let planned: () => ConversionPlan;
let onHost: HostTransaction[];
let isConnected: boolean;
const problems: unknown[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netwright-desk-'));
  [facts, onHost, isConnected] = [plainFacts, [], true];
  planned = () => planConversion(facts(), { nic: 'eno1', bridge: 'br0', kind: 'linux' });
  problems.length = 0;
  openApp();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  expect(problems).toEqual([]);
});

/** A start of the app, on the same folder. */
function openApp(): void {
  begun = new BegunConversions(folder);
  fake = new FakeConversions();
  const asConnected = <T>(value: T): Promise<T> => (isConnected ? Promise.resolve(value) : Promise.reject(new AppError('host.not-connected', 'The host is not connected', 'Connect first.')));
  desk = new ConversionDesk({
    conversions: fake, begun, sha256: (text) => String(text.length), onProblem: (error) => problems.push(error),
    plan: () => asConnected({ facts: facts(), planned: planned() }), readFacts: () => asConnected(facts()), readTransactions: () => asConnected(onHost),
  });
}

const run = (): ConversionRun | undefined => desk.running()[0];
const views = (phase: 'connected' | 'disconnected'): HostView[] => [{
  profile: newHostProfile('h', 'attic', { kind: 'practice' }), session: phase === 'connected' ? { phase, since: '', privilege: 'root' } : { phase },
}];

async function start(keep: ConversionRun['keep'] = 'verified'): Promise<void> {
  const { digest } = await desk.preview('h', request);
  const started = desk.start('h', request, digest, { keep, rebootIfLost: false });
  await settled();
  fake.tell('ARMED');
  expect((await started).transaction?.state).toBe('ARMED');
  await noted();
}

describe('a conversion that is begun in the window', () => {
  it('is kept as soon as the host was reached, and reports what has become of the addresses', async () => {
    await start();
    fake.tell('TRIAL');
    expect(run()).toMatchObject({ phase: 'watching', isOwn: true, before: { device: 'eno1', addresses: ['192.168.1.20/24'] }, after: null });
    await fake.end('convert', inState('VERIFIED'));
    expect(fake.calls).toEqual(['convert', 'confirm']);
    facts = bridgedFacts;
    fake.tell('DONE');
    await fake.end('confirm', inState('DONE'));
    expect(run()).toMatchObject({ phase: 'ended', after: { device: 'br0', addresses: ['192.168.1.20/24'], gateways: ['192.168.1.1, metric 100'] } });
  });

  it('waits for the user where they chose so, and looks on meanwhile', async () => {
    await start('asked');
    fake.tell('VERIFIED');
    await fake.end('convert', inState('VERIFIED'));
    expect(fake.calls).toEqual(['convert', 'follow']);
    const confirmed = desk.confirm('h');
    expect(run()?.told).toBe('keep');
    fake.tell('DONE');
    await fake.end('confirm', inState('DONE'));
    await confirmed;
    expect(run()).toMatchObject({ phase: 'ended', told: null });
  });

  it('counts connections in vain, and forgets them when the host answers', async () => {
    await start();
    fake.tell('APPLYING', { reached: false, problem: 'No answer' });
    fake.tell('APPLYING', { reached: false, problem: 'No answer' });
    expect(run()).toMatchObject({ reached: false, attempts: 2, problem: 'No answer', phase: 'watching' });
    fake.tell('TRIAL');
    expect(run()).toMatchObject({ reached: true, attempts: 0 });
  });

  it('that went back is told by the host\'s journal alone', async () => {
    await start();
    fake.tell('REVERTED');
    await fake.end('convert', reverted);
    expect(run()).toMatchObject({ phase: 'ended', error: null, transaction: { state: 'REVERTED' }, after: { device: 'eno1' } });
  });

  it('is of unknown end when the host stays out of reach, until it is looked at again', async () => {
    await start();
    isConnected = false;
    await fake.end('convert', new AppError('conversion.lost', 'The host is out of reach', 'It has not answered.'));
    expect(run()).toMatchObject({ phase: 'unknown', error: { code: 'conversion.lost' } });
    await expect(desk.state('h')).rejects.toMatchObject({ code: 'host.not-connected' });
    [isConnected, onHost] = [true, [inState('REVERTED')]];
    desk.followSessions(views('connected'));
    await settled();
    expect(run()).toMatchObject({ phase: 'ended', isOwn: true, transaction: { state: 'REVERTED' } });
  });

  it('is refused where the host is not what was reviewed, and leaves nothing behind', async () => {
    const gone: string[] = [];
    desk.onGone(({ hostId }) => gone.push(hostId));
    const { digest } = await desk.preview('h', request);
    facts = bridgedFacts;
    await expect(desk.start('h', request, digest, { keep: 'verified', rebootIfLost: false })).rejects.toMatchObject({ code: 'plan.stale' });
    expect([desk.running(), gone, fake.calls]).toEqual([[], ['h'], []]);
  });

  it('that can\'t be armed says so to who began it, and is forgotten', async () => {
    const { digest } = await desk.preview('h', request);
    const started = desk.start('h', request, digest, { keep: 'verified', rebootIfLost: false });
    await settled();
    const refused = expect(started).rejects.toMatchObject({ code: 'conversion.not-armed' });
    await fake.end('convert', new AppError('conversion.not-armed', 'Nothing would bring the network back', 'So nothing was changed.'));
    await refused;
    expect(desk.running()).toEqual([]);
    expect(begun.of('h')).toBeNull();
  });

  it('is the only one on its host', async () => {
    await start();
    await expect(desk.start('h', request, 'x', { keep: 'verified', rebootIfLost: false })).rejects.toMatchObject({ code: 'conversion.busy' });
  });

  it('can be made longer, and is not put aside while it goes on', async () => {
    await start();
    await desk.extend('h', 300);
    expect(fake.calls.at(-1)).toBe('extend 300 20261127-aa');
    await desk.dismiss('h');
    expect(desk.running()).toHaveLength(1);
  });

  it('keeps what was said until the host has heard it, and tells what else went wrong', async () => {
    await start();
    const reverting = desk.revert('h');
    const failed = expect(reverting).rejects.toMatchObject({ code: 'auth.sudo-password' });
    expect(run()?.told).toBe('revert');
    await fake.end('revert', new AppError('auth.sudo-password', 'The password is wrong', 'Three tries.'));
    await failed;
    expect(run()?.told).toBeNull();
  });
});

it('a change of addresses is known by where the host goes, also after a restart of the app', async () => {
  const moved = { kind: 'readdress', device: 'eno1', address: '192.168.1.30/24' } as const;
  planned = () => planReaddress(facts(), moved);
  const { digest, plan } = await desk.preview('h', moved);
  expect(plan).toMatchObject({ goal: 'address', nic: 'eno1', reachedAddress: '192.168.1.30' });
  const started = desk.start('h', moved, digest, { keep: 'asked', rebootIfLost: false });
  await settled();
  fake.tell('ARMED');
  expect(await started).toMatchObject({ goal: 'address', nic: 'eno1', movesTo: '192.168.1.30' });
  await noted();
  onHost = [{ ...inState('TRIAL'), goal: 'address', bridge: 'eno1' }];
  openApp();
  await begun.load();
  desk.followSessions(views('connected'));
  await settled();
  expect(run()).toMatchObject({ phase: 'watching', goal: 'address', movesTo: '192.168.1.30' });
});

describe('the next start of the app, while a host moves', () => {
  const moved = { kind: 'readdress', device: 'eno1', address: '192.168.1.30/24' } as const;
  const moving = (state: HostTransactionState): HostTransaction => ({ ...inState(state), goal: 'address', bridge: 'eno1' });
  async function closeAndOpen(reply: HostTransaction[] | null): Promise<void> {
    planned = () => planReaddress(facts(), moved);
    const { digest } = await desk.preview('h', moved);
    const started = desk.start('h', moved, digest, { keep: 'verified', rebootIfLost: false });
    await settled();
    fake.tell('ARMED');
    await started;
    await noted();
    openApp();
    await begun.load();
    // Its session looks for it at the old address, where nobody is.
    isConnected = false;
    fake.found.reply = reply;
    desk.takeUpMoves();
    await settled();
  }

  it('finds it without a session, and keeps the change as was agreed', async () => {
    await closeAndOpen([moving('TRIAL')]);
    expect(run()).toMatchObject({ phase: 'watching', isOwn: true, goal: 'address', movesTo: '192.168.1.30', keep: 'verified' });
    await fake.end('resume', moving('VERIFIED'));
    expect(fake.calls).toEqual(['seek 192.168.1.30', 'resume', 'confirm']);
  });

  it('says how it ended there', async () => {
    await closeAndOpen([moving('DONE')]);
    expect(run()).toMatchObject({ phase: 'ended', movesTo: '192.168.1.30', transaction: { state: 'DONE' } });
    expect(fake.calls).toEqual(['seek 192.168.1.30']);
  });

  it('leaves it to a session where it is at neither address, and troubles nobody', async () => {
    await closeAndOpen(null);
    expect(run()).toBeUndefined();
    [isConnected, onHost] = [true, [moving('REVERTED')]];
    desk.followSessions(views('connected'));
    await settled();
    expect(run()).toMatchObject({ phase: 'ended', transaction: { state: 'REVERTED' } });
  });
});

describe('the next start of the app', () => {
  it('looks for no host that stays where it is', async () => {
    await start();
    openApp();
    await begun.load();
    desk.takeUpMoves();
    expect(fake.calls).toEqual([]);
  });

  async function restart(state: HostTransactionState, id?: string): Promise<void> {
    onHost = [inState('DONE', '20250101-old'), inState(state, id)];
    openApp();
    await begun.load();
    desk.followSessions(views('disconnected'));
    expect(desk.running()).toEqual([]);
    desk.followSessions(views('connected'));
    await settled();
  }

  it('takes up what it began, and keeps it as was agreed', async () => {
    await start();
    await restart('TRIAL');
    expect(run()).toMatchObject({ phase: 'watching', isOwn: true, keep: 'verified', before: { device: 'eno1' } });
    await fake.end('resume', inState('VERIFIED'));
    expect(fake.calls).toEqual(['resume', 'confirm']);
  });

  it('says how it ended, until the user has seen it', async () => {
    await start();
    await restart('REVERTED');
    expect(run()).toMatchObject({ phase: 'ended', transaction: { state: 'REVERTED' } });
    expect(fake.calls).toEqual([]);
    await desk.dismiss('h');
    await restart('REVERTED');
    expect(run()).toBeUndefined();
  });

  it('looks on at what somebody else began, and lets the user decide', async () => {
    await restart('TRIAL');
    expect(run()).toMatchObject({ phase: 'watching', isOwn: false, keep: 'asked' });
    expect(fake.calls).toEqual(['follow']);
  });

  it('forgets what the host knows nothing of', async () => {
    await start();
    await restart('DONE', 'another');
    expect(run()).toBeUndefined();
    expect(begun.of('h')).toBeNull();
    expect(hasEnded(onHost[1]!)).toBe(true);
  });
});
