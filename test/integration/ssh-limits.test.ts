import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { CommandRunner, EventLine } from '../../electron/transport/command-runner';
import { LeftoverProcesses } from '../../electron/transport/process/leftover-processes';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import { SshDaemon, type SshDaemonOptions } from './support/ssh-daemon';
import { TcpRelay } from './support/tcp-relay';
import { waitFor } from './support/wait-for';

const fakeVirsh = readFileSync(fileURLToPath(new URL('support/fake-virsh.sh', import.meta.url)), 'utf8');

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startDaemon(options: SshDaemonOptions = {}): Promise<SshDaemon> {
  const daemon = await SshDaemon.start(options);
  daemon.install('virsh', fakeVirsh);
  cleanups.push(() => daemon.remove());
  return daemon;
}

async function open(daemon: SshDaemon, more: Parameters<SshDaemon['options']>[0] = {}): Promise<CommandRunner> {
  const runner = await openSshRunner(daemon.options(more));
  cleanups.push(() => runner.close());
  return runner;
}

function processes(words: string): string[] {
  try {
    return execFileSync('pgrep', ['-f', '--', words], { encoding: 'utf8' }).split('\n').filter(Boolean);
  } catch (error) {
    if ((error as { status?: number }).status === 1) return [];
    throw error;
  }
}

describe.each([1, 2, 3, 4])('a server that allows %i channels', (maxSessions) => {
  it('serves everything all the same, with events only where there is room', async () => {
    const daemon = await startDaemon({ config: `MaxSessions ${maxSessions}` });
    const runner = await open(daemon);
    const lines: EventLine[] = [];
    const [handle, gathered, replies, ...runs] = await Promise.all([
      runner.follow([{ name: 'tick', argv: ['sh', '-c', 'echo on; exec sleep 1000'] }], (line) => lines.push(line)),
      runner.gather([{ name: 'a', command: { kind: 'argv', argv: ['echo', 'gathered'] } }]),
      runner.virsh([['words', 'x'], ['uri'], ['fail']]),
      ...Array.from({ length: 6 }, (_unused, index) => runner.run({ argv: ['echo', `run ${index}`] })),
    ]);
    expect(gathered.get('a')?.stdout).toBe('gathered\n');
    expect(replies.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual([[0, '<x>\n'], [0, 'qemu:///system\n'], [1, '']]);
    expect(runs.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 6 }, (_unused, index) => `run ${index}\n`));
    await waitFor('the first line of the source, or word that there is none', () => lines.length > 0);
    if (maxSessions === 1) expect(lines).toEqual([{ source: 'tick', text: null }]);
    expect((await runner.virsh([['words', 'again']]))[0]?.stdout).toBe('<again>\n');
    await handle.close();
  });

  it('can kill a command that hangs', async () => {
    const daemon = await startDaemon({ config: `MaxSessions ${maxSessions}` });
    const runner = await open(daemon);
    const marker = `nw-${process.pid}-hang-${maxSessions}`;
    await expect(runner.run({ argv: ['sh', '-c', `sleep 1000; : ${marker}`] }, { timeoutMs: 1500 })).rejects.toMatchObject({ data: { code: 'command.timeout' } });
    await waitFor('the command to be gone', () => processes(marker).length === 0);
    expect((await runner.run({ argv: ['echo', 'on'] })).stdout).toBe('on\n');
  });
});

describe('a connection that ends', () => {
  it('tells what was running, and whoever asks later', async () => {
    const daemon = await startDaemon();
    const relay = await TcpRelay.open(daemon.port);
    cleanups.push(() => relay.close());
    const runner = await open(daemon, { port: relay.port });
    const closed = new Promise<Error | null>((resolve) => runner.onClose(resolve));
    const running = runner.run({ argv: ['sleep', '20'] }).catch((error: unknown) => error);
    const asked = runner.virsh([['hang']]).catch((error: unknown) => error);
    await runner.virsh([]).then(() => runner.run({ argv: ['true'] }));
    relay.cut();
    for (const error of [await running, await asked, await closed]) expect(error).toMatchObject({ data: { code: 'ssh.closed' } });
    await expect(runner.run({ argv: ['true'] })).rejects.toMatchObject({ data: { code: 'ssh.closed' } });
    await expect(runner.virsh([['uri']])).rejects.toMatchObject({ data: { code: 'ssh.closed' } });
    await expect(runner.gather([])).rejects.toMatchObject({ data: { code: 'ssh.closed' } });
    await expect(runner.follow([], () => undefined)).rejects.toMatchObject({ data: { code: 'ssh.closed' } });
    await expect(runner.connectTcp('127.0.0.1', 1)).rejects.toMatchObject({ data: { code: 'ssh.closed' } });
    await runner.close();
    for (const pid of processes('sleep 20')) process.kill(Number(pid));
  });

  it('is noticed by its silence', async () => {
    const daemon = await startDaemon();
    const relay = await TcpRelay.open(daemon.port);
    cleanups.push(() => relay.close());
    const runner = await open(daemon, { port: relay.port, keepaliveIntervalMs: 150, keepaliveCountMax: 2 });
    const closed = new Promise<Error | null>((resolve) => runner.onClose(resolve));
    relay.drop();
    expect(await closed).toMatchObject({ data: { code: 'ssh.closed', detail: expect.stringContaining('stopped answering') as string } });
  });

  it('is no error when we end it, and leaves nothing running', async () => {
    const daemon = await startDaemon();
    const runner = await openSshRunner(daemon.options());
    const closed = new Promise<Error | null>((resolve) => runner.onClose(resolve));
    const marker = `nw-${process.pid}-bye`;
    const [pid] = await runner.virsh([['pid']]);
    await runner.follow([{ name: 'a', argv: ['sh', '-c', `sleep 1000; : ${marker}-follow`] }], () => undefined);
    const running = runner.run({ argv: ['sh', '-c', `sleep 1000; : ${marker}-run`] }).catch((error: unknown) => error);
    await waitFor('both to run', () => processes(`${marker}-follow`).length > 0 && processes(`${marker}-run`).length > 0);
    await runner.close();
    await runner.close();
    expect(await closed).toBeNull();
    await running;
    await waitFor('everything to be gone', () => processes(marker).length === 0);
    await waitFor('virsh to be gone', () => processes('virsh').every((other) => other !== pid?.stdout.trim()));
  });

  it('has its virsh ended by the next connection', async () => {
    const daemon = await startDaemon();
    const relay = await TcpRelay.open(daemon.port);
    cleanups.push(() => relay.close());
    const leftovers = new LeftoverProcesses();
    const runner = await open(daemon, { port: relay.port, leftovers, keepaliveIntervalMs: 150, keepaliveCountMax: 2 });
    const closed = new Promise((resolve) => runner.onClose(resolve));
    const [reply] = await runner.virsh([['pid']]);
    const pid = Number(reply?.stdout);
    relay.drop();
    await closed;
    expect(() => process.kill(pid, 0)).not.toThrow();
    const second = await TcpRelay.open(daemon.port);
    cleanups.push(() => second.close());
    // The same host as before, as far as the registry is concerned.
    const again = new LeftoverProcesses();
    for (const leftover of leftovers.take(`${daemon.user}@127.0.0.1:${relay.port}`)) again.add(`${daemon.user}@127.0.0.1:${second.port}`, leftover);
    await open(daemon, { port: second.port, leftovers: again });
    await waitFor('the old virsh to be gone', () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    });
  });
});

it('needs few round trips from the login to virsh\'s second answer', async () => {
  const daemon = await startDaemon();
  const relay = await TcpRelay.open(daemon.port, { delayMs: 50 });
  cleanups.push(() => relay.close());
  let before = 0;
  const runner = await open(daemon, { port: relay.port, onStep: (step) => {
    if (step === 'reading') before = relay.roundTrips;
  } });
  await Promise.all([
    runner.gather([{ name: 'a', command: { kind: 'argv', argv: ['true'] } }]),
    runner.virsh([['words', 'list']]).then(() => runner.virsh([['words', 'dump']])),
    runner.follow([{ name: 'a', argv: ['sleep', '1000'] }], () => undefined),
  ]);
  expect(relay.roundTrips - before).toBeLessThanOrEqual(5);
});

describe('login shells', () => {
  const shells = ['/bin/sh', '/bin/dash', '/bin/bash', '/bin/busybox', '/bin/zsh', '/usr/bin/fish', '/bin/tcsh', '/bin/csh'].filter((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

  it.each(shells)('%s, also when it greets on both streams', async (file) => {
    const shell = file === '/bin/busybox' ? '/bin/busybox sh' : file;
    const daemon = await startDaemon({ config: `ForceCommand echo Welcome; echo Mind the gap >&2; exec ${shell} -c "$SSH_ORIGINAL_COMMAND"` });
    const runner = await open(daemon);
    const argv = ['printf', '%s|', 'a b', 'it\'s', '!x', '$HOME', '`id`', '\\n\\', 'new\nline', '~', '*', '{a,b}', '"', 'é'];
    expect(await runner.run({ argv })).toMatchObject({ exitCode: 0, stdout: argv.slice(2).map((word) => `${word}|`).join(''), stderr: '' });
    expect((await runner.gather([{ name: 'a', command: { kind: 'argv', argv: ['echo', '!!'] } }])).get('a')?.stdout).toBe('!!\n');
    expect((await runner.virsh([['words', 'a b']]))[0]?.stdout).toBe('<a b>\n');
    expect((await runner.run({ argv: ['cat'], stdin: { name: 'x', text: 'in' } })).stdout).toBe('in');
  });

  it('that run nothing are explained', async () => {
    const daemon = await startDaemon({ config: 'ForceCommand echo This account is not available; exit 1' });
    const runner = await open(daemon);
    const error = await runner.run({ argv: ['true'] }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ data: { code: 'command.failed', stderr: 'This account is not available\n' } });
  });
});
