import { describe, expect, it } from 'vitest';
import { newHostProfile, type HostProfile, type HostView, type SessionState } from '../../../shared/domain/host';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import type { Terminal, TerminalTarget } from '../../../shared/domain/terminal';
import { AppError } from '../../../shared/errors/app-error';
import { FakeTerminalChannel } from '../../../test/fakes/fake-terminal-channel';
import type { CommandRunner } from '../../transport/command-runner';
import type { TerminalRequest } from '../../transport/terminal-channel';
import { ActivityLog } from '../activity/activity-log';
import { TerminalService } from './terminal-service';

const size = { columns: 80, rows: 24 };
const attic = newHostProfile('h1', 'attic', { kind: 'practice' });
const shell: TerminalTarget = { kind: 'host', hostId: 'h1' };
const uuid = '11111111-2222-3333-4444-555555555555';
const console1: TerminalTarget = { kind: 'console', hostId: 'h1', machineUuid: uuid };
const tick = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

const connectedState: SessionState = { phase: 'connected', since: '2026-11-24T10:00:00Z', privilege: 'root' };

function setUp({ machineState = 'running', privilege = 'root' } = {}) {
  const channels: FakeTerminalChannel[] = [];
  const requests: TerminalRequest[] = [];
  let refuse: AppError | null = null;
  let gate: Promise<void> = Promise.resolve();
  let connected = true;
  const openChannel = (): FakeTerminalChannel => {
    const channel = new FakeTerminalChannel();
    channels.push(channel);
    return channel;
  };
  const runner = {
    privilege,
    openTerminal: async (request: TerminalRequest) => {
      requests.push(request);
      await gate;
      if (refuse) throw refuse;
      return openChannel();
    },
  } as unknown as CommandRunner;
  const snapshot = { machines: [{ uuid, name: 'web1', state: machineState }] } as unknown as HostSnapshot;
  const listeners = new Set<(views: HostView[]) => void>();
  const tell = (views: HostView[]): void => { for (const listener of [...listeners]) listener(views); };
  let held: SessionState = connectedState;
  /** Hosts that were to be connected to. */
  const asked: string[] = [];
  let unusable: AppError | null = null;
  const activity = new ActivityLog();
  let ids = 0;
  const localOpened: (string | null)[] = [];
  const service = new TerminalService({
    hosts: { get: () => attic },
    sessions: {
      onChanged: (listener) => { listeners.add(listener); return () => listeners.delete(listener); },
      stateOf: () => held,
      connect: async (hostId) => { asked.push(hostId); if (unusable) throw unusable; },
    },
    inventory: {
      runner: () => {
        if (!connected) throw new AppError('host.not-connected', 'The host is not connected', 'Connect first.');
        return runner;
      },
      get: () => ({ snapshot }),
    },
    local: {
      listShells: () => Promise.resolve([{ name: 'bash', path: '/bin/bash' }, { name: 'fish', path: '/usr/bin/fish' }]),
      open: (path) => { localOpened.push(path); return Promise.resolve(openChannel()); },
    },
    activity, newId: () => `t${++ids}`, now: () => new Date(2026, 10, 24, 14, 3),
  });
  const output = new Map<string, string>();
  service.onOutput(({ terminalId, data }) => {
    output.set(terminalId, (output.get(terminalId) ?? '') + Buffer.from(data).toString());
    return true;
  });
  const announced: Terminal[][] = [];
  service.onChanged((terminals) => announced.push(terminals));
  return {
    service, channels, requests, output, announced, activity, localOpened,
    refuseWith: (error: AppError | null) => { refuse = error; },
    hold: () => { let open = (): void => undefined; gate = new Promise((resolve) => { open = resolve; }); return () => open(); },
    session: (session: SessionState, profile: HostProfile = attic) => {
      connected = session.phase === 'connected';
      held = session;
      tell([{ profile, session }]);
    },
    asked, disableHost: () => { unusable = new AppError('host.disabled', 'attic is disabled', 'It is never connected to.'); },
    removeHost: () => tell([]),
    stateOf: (id: string) => service.list().find((terminal) => terminal.id === id)?.state,
  };
}
const lostError = { code: 'ssh.closed' as const, title: 'The connection was lost', detail: 'The host closed it.' };

describe('TerminalService', () => {
  it('opens a login shell over the session, tells its states in order, and notes one line in the activity', async () => {
    const { service, requests, announced, activity } = setUp();
    const terminal = await service.open(shell, size, null);
    await tick();
    expect(terminal).toEqual({ id: 't1', target: shell, title: 'attic', state: { phase: 'open' } });
    expect(requests).toEqual([{ command: null, size }]);
    expect(announced.map((list) => list.map(({ state }) => state.phase))).toEqual([['opening'], ['open']]);
    expect(activity.list('h1').map(({ argv }) => argv)).toEqual([['Terminal opened']]);
  });

  it('carries keys, sizes and output, and keeps terminals in the order they were opened', async () => {
    const { service, channels, output } = setUp();
    await service.open(shell, size, null);
    await service.open(shell, size, null);
    expect(service.list().map(({ title }) => title)).toEqual(['attic', 'attic 2']);
    service.write('t2', 'ls\r');
    service.resize('t2', { columns: 100, rows: 30 });
    channels[1]!.print('file\r\n');
    expect(channels[1]).toMatchObject({ written: ['ls\r'], sizes: [{ columns: 100, rows: 30 }] });
    expect(channels[0]!.written).toEqual([]);
    expect(output.get('t2')).toBe('file\r\n');
  });

  it('opens none and leaves none where the host refuses', async () => {
    const { service, refuseWith, session } = setUp();
    refuseWith(new AppError('ssh.channel-refused', 'The host gives no terminal', 'Refused.'));
    await expect(service.open(shell, size, null)).rejects.toMatchObject({ code: 'ssh.channel-refused' });
    session({ phase: 'disconnected' });
    await expect(service.open(shell, size, null)).rejects.toMatchObject({ code: 'host.not-connected' });
    expect(service.list()).toEqual([]);
  });

  it('keeps what is typed before the process is there', async () => {
    const { service, channels, hold } = setUp();
    const open = hold();
    const opening = service.open(shell, size, null);
    await tick();
    service.write('t1', 'who');
    service.resize('t1', { columns: 90, rows: 20 });
    open();
    await opening;
    expect(channels[0]).toMatchObject({ written: ['who'], sizes: [{ columns: 90, rows: 20 }] });
  });

  it('hangs up a process that comes after its terminal was closed', async () => {
    const { service, channels, hold } = setUp();
    const open = hold();
    const opening = service.open(shell, size, null);
    await tick();
    service.close('t1');
    open();
    await opening;
    expect(channels[0]!.closed).toBe(true);
    expect(service.list()).toEqual([]);
  });

  it('types a command behind the prompt, without a line end', async () => {
    const { service, channels } = setUp();
    await service.open(shell, size, 'virsh net-list --all');
    channels[0]!.print('Welcome\r\n');
    expect(channels[0]!.written).toEqual([]);
    channels[0]!.print('root@attic:~# ');
    expect(channels[0]!.written).toEqual(['virsh net-list --all']);
  });

  it('tells how a process ended, and starts another in place', async () => {
    const { service, channels, output, stateOf } = setUp();
    await service.open(shell, size, null);
    channels[0]!.print('$ exit\r\n');
    channels[0]!.end({ exitCode: 3 });
    expect(stateOf('t1')).toEqual({ phase: 'ended', exitCode: 3, signal: null });
    await service.reopen('t1', { columns: 120, rows: 40 });
    expect(stateOf('t1')).toEqual({ phase: 'open' });
    channels[1]!.print('$ ');
    await expect.poll(() => output.get('t1')).toMatch(/── 14:03 started again ─+[^]*\$ $/);
    channels[0]!.print('from the old one');
    expect(Buffer.from(service.attach('t1').replay).toString()).not.toContain('from the old one');
  });

  it('loses its terminals with the session and goes on in place after it', async () => {
    const { service, channels, session, stateOf } = setUp();
    await service.open(shell, size, null);
    channels[0]!.print('\x1b[?1049h\x1b[?25lvi');
    session({ phase: 'reconnecting', attempt: 1, retryAt: '2026-11-24T10:00:01Z', error: lostError });
    expect(stateOf('t1')).toEqual({ phase: 'lost', error: lostError });
    expect(channels[0]!.closed).toBe(true);
    session(connectedState);
    const before = service.attach('t1');
    await service.reopen('t1', size);
    expect(stateOf('t1')).toEqual({ phase: 'open' });
    const after = service.attach('t1');
    expect(after.position).toBeGreaterThan(before.position);
    const [vi, rest] = Buffer.from(after.replay).toString().split('lvi');
    expect(vi).toBe('\x1b[?1049h\x1b[?25');
    expect(rest).toMatch(/^.\[\?1049l[^]*\[\?25h[^]*14:03 connected again/);
  });

  it('has its host connected to when it is to go on, waits for it, and goes on by itself', async () => {
    const { service, session, stateOf, asked, channels } = setUp();
    await service.open(shell, size, null);
    session({ phase: 'reconnecting', attempt: 1, retryAt: '2026-11-24T10:00:01Z', error: lostError });
    const reopened = service.reopen('t1', size);
    await service.reopen('t1', size);
    expect(stateOf('t1')).toEqual({ phase: 'waiting' });
    expect(asked).toEqual(['h1']);
    session({ phase: 'connecting', step: 'reaching' });
    expect(stateOf('t1')).toEqual({ phase: 'waiting' });
    session(connectedState);
    await reopened;
    expect([stateOf('t1'), channels.length]).toEqual([{ phase: 'open' }, 2]);
  });

  it('stays lost, with the reason, where its host can\'t be connected to', async () => {
    const { service, session, stateOf, disableHost } = setUp();
    await service.open(shell, size, null);
    session({ phase: 'disconnected' });
    const reopened = service.reopen('t1', size);
    const refused = { code: 'auth.failed' as const, title: 'Refused', detail: 'The key is not accepted.' };
    session({ phase: 'failed', error: refused });
    await expect(reopened).rejects.toMatchObject({ code: 'auth.failed' });
    expect(stateOf('t1')).toEqual({ phase: 'lost', error: refused });
    disableHost();
    await expect(service.reopen('t1', size)).rejects.toMatchObject({ code: 'host.disabled' });
    expect(stateOf('t1')).toMatchObject({ phase: 'lost', error: { code: 'host.disabled' } });
  });

  it('doesn\'t come back when it was closed while it waited', async () => {
    const { service, session, channels } = setUp();
    await service.open(shell, size, null);
    session({ phase: 'disconnected' });
    const reopened = service.reopen('t1', size);
    service.close('t1');
    session(connectedState);
    await reopened;
    expect([service.list(), channels.length]).toEqual([[], 1]);
  });

  it('says so where the user disconnected, and where only the terminal\'s own connection went', async () => {
    const { service, channels, session, stateOf } = setUp();
    await service.open(shell, size, null);
    await service.open(shell, size, null);
    channels[1]!.end({ exitCode: null, error: AppError.fromData(lostError) });
    expect(stateOf('t2')).toEqual({ phase: 'lost', error: lostError });
    expect(stateOf('t1')).toEqual({ phase: 'open' });
    session({ phase: 'disconnected' });
    expect(stateOf('t1')).toMatchObject({ phase: 'lost', error: { code: 'host.not-connected', title: 'attic was disconnected' } });
  });

  it('closes terminals of a host that is removed, and all of them at the end', async () => {
    const { service, channels, removeHost } = setUp();
    await service.open(shell, size, null);
    await service.open({ kind: 'local', shell: null }, size, null);
    removeHost();
    expect(service.list().map(({ title }) => title)).toEqual(['bash']);
    service.closeAll();
    expect(channels.map(({ closed }) => closed)).toEqual([true, true]);
    expect(service.list()).toEqual([]);
  });

  it('stops the process while the window has too much to draw, and starts afresh for a reloaded one', async () => {
    const { service, channels } = setUp();
    await service.open(shell, size, null);
    const chunk = new Uint8Array(64 * 1024).fill(0x61);
    while (!channels[0]!.paused) channels[0]!.print(chunk);
    service.acknowledge('t1', 400 * 1024);
    expect(channels[0]!.paused).toBe(false);
    for (let count = 0; count < 16; count++) channels[0]!.print(chunk);
    expect(channels[0]!.paused).toBe(true);
    expect(service.attach('t1').replay.length).toBe(1024 * 1024);
    expect(channels[0]!.paused).toBe(false);
  });

  it('opens the console of a running machine with the session\'s rights and says how to leave it', async () => {
    const { service, requests, output, channels, stateOf } = setUp({ privilege: 'sudo' });
    const terminal = await service.open(console1, size, null);
    expect(terminal.title).toBe('web1 console');
    expect(requests).toEqual([{ command: ['virsh', '-c', 'qemu:///system', 'console', uuid], size, elevate: true }]);
    expect(output.get('t1')).toContain('Ctrl+] leaves it');
    channels[0]!.print('error: operation failed: Active console session exists for this domain\r\n');
    channels[0]!.end({ exitCode: 1 });
    await expect.poll(() => output.get('t1')).toContain(`virsh -c qemu:///system console ${uuid} --force`);
    expect(stateOf('t1')).toEqual({ phase: 'ended', exitCode: 1, signal: null });
  });

  it('opens no console of a machine that is off, is not there, or may not be touched', async () => {
    await expect(setUp({ machineState: 'shut-off' }).service.open(console1, size, null)).rejects.toMatchObject({ code: 'libvirt.not-active' });
    await expect(setUp({ privilege: 'read-only' }).service.open(console1, size, null)).rejects.toMatchObject({ code: 'libvirt.denied' });
    const other = { ...console1, machineUuid: '99999999-2222-3333-4444-555555555555' };
    await expect(setUp().service.open(other, size, null)).rejects.toMatchObject({ code: 'libvirt.not-found' });
  });

  it('opens only shells that this computer offers', async () => {
    const { service, localOpened } = setUp();
    await service.open({ kind: 'local', shell: null }, size, null);
    await service.open({ kind: 'local', shell: '/usr/bin/fish' }, size, null);
    await expect(service.open({ kind: 'local', shell: '/tmp/evil' }, size, null)).rejects.toMatchObject({ code: 'not-found' });
    expect(localOpened).toEqual([null, '/usr/bin/fish']);
    expect(service.list().map(({ title }) => title)).toEqual(['bash', 'fish']);
  });

  it('renames a terminal, and takes keys for a closed one in silence', async () => {
    const { service, announced } = setUp();
    await service.open(shell, size, null);
    service.rename('t1', 'logs');
    await tick();
    expect(announced.at(-1)?.[0]?.title).toBe('logs');
    service.close('t1');
    service.write('t1', 'x');
    service.acknowledge('t1', 5);
    expect(() => service.attach('t1')).toThrow(AppError);
  });
});
