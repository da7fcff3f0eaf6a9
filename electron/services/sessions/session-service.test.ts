import { describe, expect, it } from 'vitest';
import { newHostProfile } from '../../../shared/domain/host';
import type { SessionState } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import type { CommandRunner } from '../../transport/command-runner';
import { ActivityLog } from '../activity/activity-log';
import { SessionService, type OpenAttempt } from './session-service';

const attic = newHostProfile('h1', 'attic', { kind: 'ssh', address: '10.0.0.12', port: 22, user: 'root', auth: 'auto', keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin',
});
const refused = new AppError('ssh.refused', 'Refused', 'Nobody listens.');
const tick = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

function fakeRunner() {
  const closers: ((error: Error | null) => void)[] = [];
  let closed = false;
  const runner = {
    privilege: 'root', onClose: (listener: (error: Error | null) => void) => closers.push(listener), close: async () => { closed = true; },
  } as unknown as CommandRunner;
  return { runner, drop: (error: Error | null = null) => closers.forEach((close) => close(error)), isClosed: () => closed };
}

function setUp(open: (attempt: OpenAttempt) => Promise<CommandRunner>, attach: () => Promise<void> = async () => undefined) {
  const states: SessionState[] = [];
  const retries: { work: () => void; delayMs: number }[] = [];
  const inventory: string[] = [];
  const service = new SessionService({
    hosts: { get: () => attic, list: () => [attic] },
    opener: { open: (_profile, attempt) => open(attempt) },
    inventory: { attach: async () => { inventory.push('attach'); await attach(); }, detach: () => { inventory.push('detach'); } },
    activity: new ActivityLog(),
    now: () => 0,
    schedule: (work, delayMs) => {
      const retry = { work, delayMs };
      retries.push(retry);
      return () => { retries.splice(retries.indexOf(retry), 1); };
    },
  });
  service.onChanged(([view]) => { if (view) states.push(view.session); });
  return { service, states, retries, inventory };
}

describe('SessionService', () => {
  it('connects through its steps and reads the host before it says connected', async () => {
    const { runner } = fakeRunner();
    const { service, states, inventory } = setUp(async (attempt) => { attempt.onStep('authenticating'); return runner; });
    await service.connect('h1');
    expect(states.map((state) => (state.phase === 'connecting' ? state.step : state.phase))).toEqual(['reaching', 'authenticating', 'reading', 'connected']);
    expect(inventory).toEqual(['attach']);
  });

  it('waits for the user when a first attempt fails', async () => {
    const { service, retries } = setUp(() => Promise.reject(refused));
    await service.connect('h1');
    expect(service.stateOf('h1')).toMatchObject({ phase: 'failed', error: { code: 'ssh.refused' } });
    expect(retries).toEqual([]);
  });

  it('reconnects with growing waits after a lost session, without asking questions', async () => {
    const first = fakeRunner();
    const asked: boolean[] = [];
    let up = true;
    const { service, retries } = setUp(async (attempt) => {
      asked.push(attempt.interactive);
      if (!up) throw refused;
      return first.runner;
    });
    await service.connect('h1');
    up = false;
    first.drop(refused);
    expect(service.stateOf('h1')).toMatchObject({ phase: 'reconnecting', attempt: 1 });
    for (const delayMs of [1_000, 2_000, 4_000]) {
      const retry = retries.shift();
      expect(retry?.delayMs).toBe(delayMs);
      retry?.work();
      await tick();
    }
    up = true;
    retries.shift()?.work();
    await tick();
    expect(service.stateOf('h1').phase).toBe('connected');
    expect(asked).toEqual([true, false, false, false, false]);
  });

  it('stops reconnecting at trouble that needs the user, such as a changed host key', async () => {
    const first = fakeRunner();
    let error: AppError | null = null;
    const { service, retries } = setUp(async () => { if (error) throw error; return first.runner; });
    await service.connect('h1');
    error = new AppError('hostkey.changed', 'The host key changed', 'It is another machine, or it was set up anew.');
    first.drop();
    retries.shift()?.work();
    await tick();
    expect(service.stateOf('h1')).toMatchObject({ phase: 'failed', error: { code: 'hostkey.changed' } });
    expect(retries).toEqual([]);
  });

  it('closes what it opened when the user gives up while connecting', async () => {
    const late = fakeRunner();
    let finish: (runner: CommandRunner) => void = () => undefined;
    let aborted = false;
    const { service } = setUp((attempt) => {
      attempt.signal.addEventListener('abort', () => { aborted = true; });
      return new Promise((resolve) => { finish = resolve; });
    });
    const connecting = service.connect('h1');
    await service.disconnect('h1');
    finish(late.runner);
    await connecting;
    expect(aborted).toBe(true);
    expect(late.isClosed()).toBe(true);
    expect(service.stateOf('h1').phase).toBe('disconnected');
  });

  it('does not call a session connected that ended while the host was read', async () => {
    const { runner, drop } = fakeRunner();
    const { service } = setUp(async () => runner, async () => drop(new AppError('ssh.closed', 'Ended', 'Gone.')));
    await service.connect('h1');
    expect(service.stateOf('h1')).toMatchObject({ phase: 'failed', error: { code: 'ssh.closed' } });
  });

  it('retries at once when told to, and drops the waiting retry', async () => {
    const { runner, drop } = fakeRunner();
    const { service, retries } = setUp(async () => runner);
    await service.connect('h1');
    drop();
    expect(retries).toHaveLength(1);
    await service.retryNow('h1');
    expect(retries).toHaveLength(0);
    expect(service.stateOf('h1').phase).toBe('connected');
  });
});
