import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Transaction } from '../../../shared/domain/conversion/transaction';
import type { HostTransactionState } from '../../../shared/domain/conversion/host-transaction';
import { newHostProfile, type HostProfile } from '../../../shared/domain/host';
import type { Command } from '../../../shared/domain/plan';
import { AppError } from '../../../shared/errors/app-error';
import type { CommandResult, CommandRunner, RunOptions } from '../../transport/command-runner';
import { ActivityLog } from '../activity/activity-log';
import { ConversionService } from './conversion-service';

const transaction: Transaction = {
  stack: 'ifupdown', kind: 'linux', nic: 'eno1', bridge: 'br0', needsBootGuard: false, expectedGap: 1, files: [], protects: [], apply: [], commit: [], revert: [],
};
const profile = newHostProfile('h', 'attic', {
  kind: 'ssh', address: '10.0.0.7', port: 22, user: 'ada', auth: 'agent', keyPath: null, sshConfigAlias: null, useSudo: true, proxyJump: null, client: 'builtin',
});
const gone = () => new AppError('ssh.unreachable', 'The host can\'t be reached', 'No route to host.');

/** Stands for the engine: goes through its states as it is read and spoken to. */
class FakeHost {
  id = '';
  state: HostTransactionState | null = null;
  /** What it goes through by itself, one at each read. */
  next: HostTransactionState[] = [];
  /** So many reads more it has the lock when it has ended. */
  clearing = 0;
  readonly journal: string[] = [];
  /** Word or engine command, and the connection it came over: 1, 2, … */
  readonly heard: string[] = [];
  readonly openedAs: { sudo: boolean; interactive: boolean; state: HostTransactionState | null; reachAt: string | undefined }[] = [];
  open = 0;
  unreachable: (connection: number) => boolean = () => false;

  connect(as: HostProfile, interactive: boolean, reachAt?: string): CommandRunner {
    const number = this.openedAs.push({ sudo: as.connection.kind === 'ssh' && as.connection.useSudo, interactive, state: this.state, reachAt });
    if (this.unreachable(number)) throw gone();
    this.open += 1;
    return { run: async (command: Command, options?: RunOptions) => this.run(number, command, options), close: async () => { this.open -= 1; } } as unknown as CommandRunner;
  }

  enter(state: HostTransactionState, text = 'so it is'): void {
    this.state = state;
    this.journal.push(`>2026-11-27T04:00:00Z ${state} ${text}`);
  }

  private isPending(): boolean {
    if (!/DONE|REVERTED/.test(this.state ?? '')) return this.state !== 'REVERTING';
    this.clearing -= 1;
    return this.clearing >= 0;
  }

  private run(connection: number, { argv, stdin }: Command, options?: RunOptions): CommandResult {
    const ok = (stdout = ''): CommandResult => ({ exitCode: 0, stdout, stderr: '', durationMs: 1 });
    if (this.unreachable(connection)) throw gone();
    const word = argv[1] === '-c' && argv.length === 5 ? argv[4]! : argv.at(-1)!;
    if (word === '-s') {
      this.id = /dir=\S+\/(\S+)\n/.exec(stdin!.text)![1]!;
      this.enter('STAGED');
    } else if (word === 'arm') this.enter('ARMED');
    else if (word === 'go') this.next = ['APPLYING', 'TRIAL'];
    else if (word === 'verified' && this.state === 'TRIAL') this.next = ['VERIFIED'];
    else if (word === 'confirm') this.next = ['COMMITTING', 'DONE'];
    else if (argv.join(' ').includes('SSH_CONNECTION')) return ok('1000\n10.0.0.2 1 10.0.0.7 22\n');
    else if (options?.elevate === false && word.includes('settings')) {
      const reply = this.state === null ? '' : `@\n=id=${this.id}\n=bridge=br0\n=state=${this.state}\n=pending=${this.isPending() ? 'yes' : ''}\n${this.journal.join('\n')}\n`;
      const next = this.next.shift();
      if (next) this.enter(next);
      return ok(reply);
    }
    this.heard.push(`${connection} ${word === '-s' ? 'stage' : word}`);
    return ok();
  }
}

let host: FakeHost;
let service: ConversionService;
let time: number;

/** An app that knows nothing of what another start of it has begun. */
function openApp(): ConversionService {
  return new ConversionService({
    hosts: { get: () => profile }, opener: { open: async (as, { interactive, reachAt }) => host.connect(as, interactive, reachAt) }, activity: new ActivityLog(),
    clock: { now: () => new Date(time), sleep: async (ms) => { time += ms; } },
    randomHex: (bytes) => 'ab'.repeat(bytes),
  });
}

beforeEach(() => {
  host = new FakeHost();
  time = 0;
  service = openApp();
});

describe('a conversion', () => {
  it('takes a second connection to begin, and one made after the trial began to say that the host was reached', async () => {
    expect((await service.convert('h', transaction)).state).toBe('DONE');
    const at = (word: string): number => Number(host.heard.find((line) => line.endsWith(word))!.split(' ')[0]);
    expect([at('stage'), at('arm'), at('go')]).toEqual([1, 1, 2]);
    expect(host.openedAs[at('verified') - 1]!.state).toBe('TRIAL');
    expect(at('confirm')).toBeGreaterThan(at('verified'));
    expect(host.open).toBe(0);
  });

  it('is over when the host has cleared everything away, and is ready for the next one', async () => {
    host.clearing = 3;
    expect(await service.convert('h', transaction)).toMatchObject({ state: 'DONE', pending: false });
    host.clearing = 2;
    expect(await service.confirm('h')).toMatchObject({ state: 'DONE', pending: false });
  });

  it('does not wait for ever where nobody clears away', async () => {
    host.clearing = Infinity;
    expect(await service.convert('h', transaction)).toMatchObject({ state: 'DONE', pending: true });
    expect(time).toBeLessThan(30_000);
  });

  it('is over as well when the host is gone while it clears away', async () => {
    host.clearing = Infinity;
    service.onProgress(({ transaction: { state } }) => { if (state === 'DONE') host.unreachable = () => true; });
    expect((await service.convert('h', transaction)).state).toBe('DONE');
  });

  it('wants root and somebody to ask for staging only', async () => {
    await service.convert('h', transaction);
    expect(host.openedAs.map(({ sudo }) => sudo)).toEqual([true, ...host.openedAs.slice(1).map(() => false)]);
    expect(host.openedAs[1]).toMatchObject({ interactive: false });
  });

  it('is called off when no second connection can be made', async () => {
    host.unreachable = (connection) => connection > 1;
    await expect(service.convert('h', transaction)).rejects.toMatchObject({ code: 'ssh.unreachable' });
    expect(host.heard).toEqual(['1 stage', '1 arm', '1 revert']);
  });

  it('waits for the user where it is to be held', async () => {
    expect((await service.convert('h', transaction, { hold: true })).state).toBe('VERIFIED');
    expect(host.heard.some((line) => line.endsWith('confirm'))).toBe(false);
  });

  it('says why the host went back', async () => {
    service.onProgress(({ transaction: { state } }) => {
      if (state !== 'APPLYING') return;
      host.next = [];
      host.enter('REVERTING', 'the gateway 10.0.0.1 does not answer through br0');
      host.enter('REVERTED', 'the old network is back');
    });
    await expect(service.convert('h', transaction)).rejects.toMatchObject({ code: 'conversion.reverted', data: { detail: 'The change did not last: the gateway 10.0.0.1 does not answer through br0.' } });
  });

  it('keeps trying a host out of reach, tells so, and gives up when the host must long have gone back', async () => {
    const told: (string | null)[] = [];
    service.onProgress(({ reached, problem }) => { if (!reached) told.push(problem); });
    host.unreachable = (connection) => connection > 2;
    await expect(service.convert('h', transaction)).rejects.toMatchObject({ code: 'conversion.lost' });
    expect(time).toBeGreaterThan(180_000);
    expect(told.length).toBeGreaterThan(100);
    expect(told[0]).toContain('No route to host');
    expect(host.open).toBe(0);
  });
});

describe('a change that moves the host', () => {
  const moving: Transaction = { ...transaction, goal: 'address', bridge: 'eno1', wants: { ipv4: ['10.0.0.9/24'], reachedAddress: '10.0.0.9' } };

  it('is confirmed at the new address only, whatever still answers at the old one', async () => {
    expect((await service.convert('h', moving)).state).toBe('DONE');
    const at = (word: string): string | undefined => host.openedAs[Number(host.heard.find((line) => line.endsWith(word))!.split(' ')[0]) - 1]!.reachAt;
    expect([at('stage'), at('go'), at('verified'), at('confirm')]).toEqual([undefined, undefined, '10.0.0.9', '10.0.0.9']);
    await service.list('h');
    expect(host.openedAs.at(-1)!.reachAt).toBe('10.0.0.9');
  });

  it('is looked for at the old address once it is taken back', async () => {
    // Never reached where it is to be.
    host.unreachable = (connection) => host.openedAs[connection - 1]!.reachAt !== undefined;
    let tries = 0;
    service.onProgress(({ transaction: { state } }) => {
      if (state !== 'TRIAL' || (tries += 1) < 3) return;
      host.next = [];
      host.enter('REVERTING', 'nobody confirmed in time');
      host.enter('REVERTED', 'the old network is back');
    });
    await expect(service.convert('h', moving)).rejects.toMatchObject({ code: 'conversion.reverted' });
    expect(host.heard.some((line) => line.endsWith('verified'))).toBe(false);
    await service.list('h');
    expect(host.openedAs.at(-1)!.reachAt).toBeUndefined();
  });

  it.each(['ARMED', 'APPLYING', 'TRIAL'] as const)('is found, verified and confirmed at the new address by an app that was closed in state %s', async (closedIn) => {
    let isClosed = false;
    service.onProgress(({ transaction: { state } }) => { isClosed ||= state === closedIn; });
    const isThere = (): boolean => ['TRIAL', 'VERIFIED', 'COMMITTING', 'DONE'].includes(host.state ?? '');
    // Of the first app no connection gets through any more; the host is at one address only.
    let first = true;
    host.unreachable = (connection) => (first && isClosed) || (host.openedAs[connection - 1]!.reachAt !== undefined) !== isThere();
    const dying = service.convert('h', moving).catch(() => undefined);
    await vi.waitUntil(() => isClosed);
    first = false;
    const again = openApp();
    // Nobody hears the first one: whatever it goes on to say is of another connection.
    const [known] = await again.seek('h', '10.0.0.9');
    expect(known?.id).toBe(host.id);
    expect(await again.resume('h')).toMatchObject({ state: 'VERIFIED' });
    expect((await again.confirm('h', host.id)).state).toBe('DONE');
    const confirmedAt = Number(host.heard.filter((line) => line.endsWith(' confirm')).at(-1)!.split(' ')[0]);
    expect(host.openedAs[confirmedAt - 1]!.reachAt).toBe('10.0.0.9');
    await dying;
  });

  it('is sought for as long as a trial can last, and not beyond', async () => {
    host.unreachable = () => true;
    await expect(service.seek('h', '10.0.0.9')).rejects.toMatchObject({ code: 'ssh.unreachable' });
    expect(time).toBeGreaterThanOrEqual(600_000);
    expect(time).toBeLessThan(610_000);
    expect(host.openedAs.some(({ interactive }) => interactive)).toBe(false);
  });

  it('is nowhere else once its user has put the new address into the settings', async () => {
    host.enter('DONE');
    host.id = '20261127040000-0badcafe';
    await service.seek('h', '10.0.0.7');
    expect(host.openedAs.map(({ reachAt }) => reachAt)).toEqual([undefined]);
  });

  it('is refused where the system\'s ssh would have to follow', async () => {
    profile.connection = { ...profile.connection, client: 'system' } as typeof profile.connection;
    await expect(service.convert('h', moving)).rejects.toMatchObject({ code: 'conversion.refused' });
    profile.connection = { ...profile.connection, client: 'builtin' } as typeof profile.connection;
    expect(host.heard).toEqual([]);
  });
});

describe('afterwards', () => {
  it('answers the same when it is asked again to confirm, and says nothing to the host', async () => {
    const { id } = await service.convert('h', transaction);
    const said = host.heard.length;
    expect((await service.confirm('h', id)).state).toBe('DONE');
    expect((await service.confirm('h')).state).toBe('DONE');
    expect(host.heard).toHaveLength(said);
  });

  it('can\'t take back what was confirmed, nor confirm what was taken back', async () => {
    await service.convert('h', transaction);
    await expect(service.revert('h')).rejects.toMatchObject({ code: 'conversion.refused' });
    host.enter('REVERTED');
    await expect(service.confirm('h')).rejects.toMatchObject({ code: 'conversion.reverted' });
  });

  it('has nothing to confirm on a host that was never converted', async () => {
    await expect(service.confirm('h')).rejects.toMatchObject({ code: 'not-found' });
  });
});
