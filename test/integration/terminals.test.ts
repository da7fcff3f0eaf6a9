import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandRunner } from '../../electron/transport/command-runner';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { TerminalChannel, TerminalEnd } from '../../electron/transport/terminal-channel';
import { SshDaemon } from './support/ssh-daemon';
import { waitFor } from './support/wait-for';

const size = { columns: 80, rows: 24 };

/** A home without start-up files: what the developer's own do is no part of these tests. */
const bareHome = 'SetEnv PATH=/usr/local/bin:/usr/bin:/bin HOME=/nonexistent';

interface Watched { terminal: TerminalChannel; text: () => string; bytes: () => number; ended: Promise<TerminalEnd> }

function watch(terminal: TerminalChannel): Watched {
  let text = '';
  let bytes = 0;
  terminal.onData((data) => {
    bytes += data.length;
    if (text.length < 100_000) text += Buffer.from(data).toString('latin1');
  });
  return { terminal, text: () => text, bytes: () => bytes, ended: new Promise((resolve) => { terminal.onEnd(resolve); }) };
}

let daemon: SshDaemon;
let runner: CommandRunner;
beforeAll(async () => {
  daemon = await SshDaemon.start({ config: bareHome });
  runner = await openSshRunner(daemon.options());
});
afterAll(async () => {
  await runner.close();
  await daemon.remove();
});

const open = async (script: string): Promise<Watched> => watch(await runner.openTerminal({ command: ['sh', '-c', script], size }));

describe('a terminal over SSH', () => {
  it('is the user\'s login shell, with a terminal of the right kind', async () => {
    const { terminal, text, ended } = watch(await runner.openTerminal({ command: null, size }));
    terminal.write('echo "<$TERM>"; tty; exit 4\r');
    expect(await ended).toEqual({ exitCode: 4, signal: null, error: null });
    expect(text()).toContain('<xterm-256color>');
    expect(text()).toContain('/dev/pts/');
  });

  it('shows its size, and new ones', async () => {
    const { terminal, text, ended } = await open('stty size; trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.05; done');
    await waitFor('the start', () => text().includes('ready'));
    terminal.resize({ columns: 132, rows: 43 });
    await ended;
    expect(text()).toContain('24 80');
    expect(text()).toContain('43 132');
  });

  it('gives bytes as they are, characters cut in two included', async () => {
    const { terminal, text } = await open('printf "\\303"; sleep 0.1; printf "\\251\\377"; printf " done"; read -r x');
    await waitFor('the output', () => text().includes(' done'));
    expect(text()).toBe('\xc3\xa9\xff done');
    terminal.close();
  });

  it('waits while paused, and loses nothing of 20 MB', async () => {
    const total = 20_000_000;
    const { terminal, bytes, ended } = await open(`stty -opost; head -c ${total} /dev/zero | tr '\\0' x; printf end`);
    for (let pauses = 0; pauses < 3; pauses++) {
      const seen = bytes();
      await waitFor('more', () => bytes() > seen);
      terminal.pause();
      let last = -1;
      // What was on its way still comes: the server may send a window's worth.
      await waitFor('silence', async () => {
        const still = bytes() === last;
        last = bytes();
        await new Promise((resolve) => { setTimeout(resolve, 60); });
        return still && bytes() === last;
      });
      expect(last).toBeLessThan(total);
      terminal.resume();
    }
    await ended;
    expect(bytes()).toBe(total + 3);
  }, 60_000);

  it('stops a flood by Ctrl+C', async () => {
    const { terminal, bytes, ended } = await open('exec yes');
    await waitFor('the flood', () => bytes() > 100_000);
    const startedAt = performance.now();
    terminal.write('\x03');
    expect(await ended).toMatchObject({ exitCode: null, signal: 'SIGINT' });
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('hangs up when it is closed', async () => {
    const { terminal, text, ended } = await open('echo "pid $$"; exec sleep 1000');
    await waitFor('its pid', () => text().includes('pid '));
    const pid = Number(/pid (\d+)/.exec(text())?.[1]);
    terminal.close();
    await ended;
    await waitFor('the process to go', async () => (await runner.run({ argv: ['kill', '-0', String(pid)] })).exitCode !== 0);
    terminal.write('too late');
    terminal.resize(size);
  });

  it('tells that the connection was lost', async () => {
    const other = await openSshRunner(daemon.options());
    const { text, ended } = watch(await other.openTerminal({ command: ['sh', '-c', 'echo up; sleep 1000'], size }));
    await waitFor('its start', () => text().includes('up'));
    await other.run({ argv: ['sh', '-c', 'kill -9 $PPID'] }).catch((error: unknown) => error);
    expect(await ended).toMatchObject({ exitCode: null, error: { data: { code: 'ssh.closed' } } });
  });
});

describe.each([1, 2, 4, 7, 10])('a server with MaxSessions %i', (count) => {
  it('has twenty terminals and goes on working', async () => {
    const small = await SshDaemon.start({ config: `MaxSessions ${count}\nMaxStartups 100\n${bareHome}` });
    try {
      const session = await openSshRunner(small.options());
      const terminals = (await Promise.all(Array.from({ length: 20 }, () => session.openTerminal({ command: ['sh', '-c', 'echo up; read -r x'], size })))).map(watch);
      await waitFor('all to be up', () => terminals.every(({ text }) => text().includes('up')));
      const results = await Promise.all(['a', 'b', 'c'].map((word) => session.run({ argv: ['echo', word] })));
      expect(results.map(({ stdout }) => stdout)).toEqual(['a\n', 'b\n', 'c\n']);
      for (const { terminal } of terminals) terminal.write('\r');
      await Promise.all(terminals.map(({ ended }) => ended));
      expect(watch(await session.openTerminal({ command: null, size }))).toBeDefined();
      await session.close();
    } finally {
      await small.remove();
    }
  }, 60_000);
});
