import { describe, expect, it } from 'vitest';
import { newHostProfile, type HostProfile, type SessionState } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import type { CommandRunner } from '../../transport/command-runner';
import { ActivityLog } from '../activity/activity-log';
import { SessionService, type OpenAttempt } from './session-service';

const attic = newHostProfile('h1', 'attic', {
  kind: 'ssh', address: '10.0.0.12', port: 22, user: 'root', auth: 'auto', keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin',
});
const refused = new AppError('ssh.refused', 'Refused', 'Nobody listens.');
const denied = new AppError('auth.failed', 'The server refused the login', 'No key was accepted.');
const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

function fakeRunner() {
  const closers: ((error: Error | null) => void)[] = [];
  const state = { closed: false, answers: true, pings: 0 };
  const runner = {
    privilege: 'root', onClose: (listener: (error: Error | null) => void) => closers.push(listener), close: async () => { state.closed = true; },
    ping: async () => { state.pings += 1; return state.answers; },
  } as unknown as CommandRunner;
  return { runner, state, drop: (error: Error | null = null) => closers.forEach((close) => close(error)) };
}

interface Options {
  attach?: () => Promise<void>;
  profile?: HostProfile;
}

function setUp(open: (attempt: OpenAttempt) => Promise<CommandRunner>, { attach = async () => undefined, profile = attic }: Options = {}) {
  const states: SessionState[] = [];
  const retries: { work: () => void; delayMs: number }[] = [];
  const inventory: string[] = [];
  const service = new SessionService({
    hosts: { get: () => profile, list: () => [profile] },
    opener: { open: (_profile, attempt) => open(attempt) },
    inventory: { attach: async () => { inventory.push('attach'); await attach(); }, detach: () => { inventory.push('detach'); } },
    activity: new ActivityLog(),
    now: () => 0,
    random: () => 0.5,
    schedule: (work, delayMs) => {
      const retry = { work, delayMs };
      retries.push(retry);
      return () => { retries.splice(retries.indexOf(retry), 1); };
    },
  });
  service.onChanged(([view]) => { if (view) states.push(view.session); });
  /** Lets the time of the next retry come; its delay, or null when none waits. */
  const retryIsDue = async (): Promise<number | null> => {
    const retry = retries.shift();
    retry?.work();
    await settled();
    return retry?.delayMs ?? null;
  };
  return { service, states, retries, inventory, retryIsDue };
}

/** A service whose session stood, and what the next attempts meet. */
async function lostSession(next: (attempt: OpenAttempt) => Promise<CommandRunner>) {
  const first = fakeRunner();
  let isFirst = true;
  const parts = setUp((attempt) => {
    if (!isFirst) return next(attempt);
    isFirst = false;
    return Promise.resolve(first.runner);
  });
  await parts.service.connect('h1');
  first.drop(refused);
  return { ...parts, first };
}

describe('connecting', () => {
  it('goes through its steps and reads the host before it says connected', async () => {
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

  it('closes what it opened when the user gives up meanwhile', async () => {
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
    expect([aborted, late.state.closed]).toEqual([true, true]);
    expect(service.stateOf('h1').phase).toBe('disconnected');
  });

  it('does not call a session connected that ended while the host was read', async () => {
    const { runner, drop } = fakeRunner();
    const { service } = setUp(async () => runner, { attach: async () => drop(new AppError('ssh.closed', 'Ended', 'Gone.')) });
    await service.connect('h1');
    expect(service.stateOf('h1')).toMatchObject({ phase: 'failed', error: { code: 'ssh.closed' } });
  });

  it('refuses a disabled host with the reason, and never opens it', async () => {
    let opened = 0;
    const { service } = setUp(async () => { opened += 1; return fakeRunner().runner; }, { profile: { ...attic, disabled: true } });
    await expect(service.connect('h1')).rejects.toMatchObject({ data: { code: 'host.disabled', title: 'attic is disabled' } });
    expect([opened, service.stateOf('h1').phase]).toEqual([0, 'disconnected']);
  });
});

describe('reconnecting', () => {
  it('comes after growing waits, without asking questions', async () => {
    const asked: boolean[] = [];
    let up = false;
    const { service, retryIsDue } = await lostSession(async (attempt) => {
      asked.push(attempt.interactive);
      if (!up) throw refused;
      return fakeRunner().runner;
    });
    expect(service.stateOf('h1')).toMatchObject({ phase: 'reconnecting', attempt: 1 });
    expect([await retryIsDue(), await retryIsDue(), await retryIsDue()]).toEqual([1_000, 2_000, 4_000]);
    up = true;
    expect(await retryIsDue()).toBe(8_000);
    expect(service.stateOf('h1').phase).toBe('connected');
    expect(asked).toEqual([false, false, false, false]);
  });

  it.each(['hostkey.changed', 'hostkey.rejected', 'auth.no-privilege', 'auth.wrong-passphrase'] as const)('stops at trouble that needs the user: %s', async (code) => {
    const { service, retries, retryIsDue } = await lostSession(() => Promise.reject(new AppError(code, 'No', 'Not so.')));
    await retryIsDue();
    expect(service.stateOf('h1')).toMatchObject({ phase: 'failed', error: { code } });
    expect(retries).toEqual([]);
  });

  it('bears with a host that refuses keys while it boots, but not for ever', async () => {
    const { service, retryIsDue } = await lostSession(() => Promise.reject(denied));
    const waits: (number | null)[] = [];
    while (service.stateOf('h1').phase === 'reconnecting') waits.push(await retryIsDue());
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000]);
    expect(service.stateOf('h1')).toMatchObject({ phase: 'failed', error: { code: 'auth.failed' } });
  });

  it('never sends a refused password a second time', async () => {
    let sent = 0;
    const { service, retries, retryIsDue } = await lostSession(async (attempt) => {
      attempt.onPasswordSent();
      sent += 1;
      throw denied;
    });
    await retryIsDue();
    expect(service.stateOf('h1')).toMatchObject({ phase: 'failed', error: { code: 'auth.failed' } });
    expect([sent, retries]).toEqual([1, []]);
  });

  it('happens at once when the user wants it, and goes on waiting when that fails', async () => {
    const asked: boolean[] = [];
    const { service, retries } = await lostSession(async (attempt) => { asked.push(attempt.interactive); throw refused; });
    await service.retryNow('h1');
    expect(asked).toEqual([true]);
    expect(service.stateOf('h1')).toMatchObject({ phase: 'reconnecting', attempt: 1, error: { code: 'ssh.refused' } });
    expect(retries).toHaveLength(1);
  });

  it('is taken over by the user who wants to be asked', async () => {
    const attempts: OpenAttempt[] = [];
    const { service, retryIsDue } = await lostSession((attempt) => new Promise((resolve, reject) => {
      attempts.push(attempt);
      if (attempt.interactive) resolve(fakeRunner().runner);
      else attempt.signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled', '')));
    }));
    await retryIsDue();
    await service.retryNow('h1');
    expect(attempts.map((attempt) => [attempt.interactive, attempt.signal.aborted])).toEqual([[false, true], [true, false]]);
    expect(service.stateOf('h1').phase).toBe('connected');
  });

  it('ends when the user disconnects', async () => {
    const { service, retries } = await lostSession(() => Promise.reject(refused));
    await service.disconnect('h1');
    expect([service.stateOf('h1').phase, retries]).toEqual(['disconnected', []]);
  });
});

describe('waking up', () => {
  it('leaves a session alone that still answers', async () => {
    const { runner, state } = fakeRunner();
    const { service } = setUp(async () => runner);
    await service.connect('h1');
    await service.checkAll();
    expect([state.pings, state.closed, service.stateOf('h1').phase]).toEqual([1, false, 'connected']);
  });

  it('makes a session anew at once that no longer answers', async () => {
    const dead = fakeRunner();
    const fresh = fakeRunner();
    const runners = [dead.runner, fresh.runner];
    const interactive: boolean[] = [];
    const { service, retries } = setUp(async (attempt) => { interactive.push(attempt.interactive); return runners.shift()!; });
    await service.connect('h1');
    dead.state.answers = false;
    await service.checkAll();
    expect([service.stateOf('h1').phase, dead.state.closed, interactive, retries]).toEqual(['connected', true, [true, false], []]);
    dead.drop();
    expect(service.stateOf('h1').phase).toBe('connected');
  });

  it('waits as ever when the host is still away', async () => {
    const dead = fakeRunner();
    let isFirst = true;
    const { service } = setUp(async () => {
      if (!isFirst) throw refused;
      isFirst = false;
      return dead.runner;
    });
    await service.connect('h1');
    dead.state.answers = false;
    await service.checkAll();
    expect(service.stateOf('h1')).toMatchObject({ phase: 'reconnecting', attempt: 1, error: { code: 'ssh.refused' } });
  });

  it('cuts a wait short', async () => {
    const { service, retries } = await lostSession(async () => fakeRunner().runner);
    expect(retries).toHaveLength(1);
    await service.checkAll();
    expect([retries, service.stateOf('h1').phase]).toEqual([[], 'connected']);
  });

  it('touches neither hosts that nobody wants nor those that wait for the user', async () => {
    let opened = 0;
    const { service } = setUp(async () => { opened += 1; throw denied; });
    await service.checkAll();
    await service.connect('h1');
    await service.checkAll();
    expect([opened, service.stateOf('h1').phase]).toEqual([1, 'failed']);
  });
});
