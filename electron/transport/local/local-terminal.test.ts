import { describe, expect, it } from 'vitest';
import type { TerminalChannel, TerminalEnd } from '../terminal-channel';
import { openPtyProcess } from './pty-process';
import { openLocalTerminal } from './local-shells';

const size = { columns: 80, rows: 24 };

async function shell(script: string): Promise<{ terminal: TerminalChannel; text: () => string; bytes: () => number; ended: Promise<TerminalEnd> }> {
  const terminal = await openPtyProcess({ file: '/bin/sh', args: ['-c', script], cwd: '/', env: { PATH: process.env.PATH, TERM: 'xterm-256color' }, size });
  let text = '';
  let bytes = 0;
  terminal.onData((data) => {
    bytes += data.length;
    if (text.length < 100_000) text += Buffer.from(data).toString('latin1');
  });
  return { terminal, text: () => text, bytes: () => bytes, ended: new Promise((resolve) => { terminal.onEnd(resolve); }) };
}

describe('a local terminal', () => {
  it('echoes, and tells how its process ended', async () => {
    const { terminal, text, ended } = await shell('read -r line; echo "got $line"; exit 5');
    terminal.write('hello\r');
    expect(await ended).toEqual({ exitCode: 5, signal: null, error: null });
    expect(text()).toContain('hello\r\n');
    expect(text()).toContain('got hello');
  });

  it('shows its size, and new ones', async () => {
    const { terminal, text, ended } = await shell('stty size; trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.05; done');
    await expect.poll(text).toContain('ready');
    terminal.resize({ columns: 132, rows: 43 });
    await ended;
    expect(text()).toContain('24 80');
    expect(text()).toContain('43 132');
  });

  it('gives bytes as they are, characters cut in two included', async () => {
    const { terminal, text } = await shell('printf "\\303"; sleep 0.1; printf "\\251\\377"; printf " done"; read -r x');
    await expect.poll(text).toContain(' done');
    expect(text()).toBe('\xc3\xa9\xff done');
    terminal.close();
  });

  it('loses no last words', async () => {
    const total = 60_000;
    for (let round = 0; round < 10; round++) {
      const { bytes, ended } = await shell(`stty -opost; head -c ${total} /dev/zero | tr '\\0' x; printf end`);
      await ended;
      expect(bytes()).toBe(total + 3);
    }
  });

  it('waits while paused, and loses nothing of 20 MB', async () => {
    const total = 20_000_000;
    const { terminal, text, bytes } = await shell(`stty -opost; head -c ${total} /dev/zero | tr '\\0' x; printf end; read -r x`);
    let pauses = 0;
    for (let seen = 0; seen < total;) {
      await expect.poll(bytes, { timeout: 20_000, interval: 5 }).toBeGreaterThan(seen);
      seen = bytes();
      if (pauses === 3) continue;
      pauses++;
      terminal.pause();
      // What was on its way may still come; then it stands still.
      await expect.poll(async () => {
        const before = bytes();
        await new Promise((resolve) => { setTimeout(resolve, 40); });
        return bytes() - before;
      }).toBe(0);
      seen = bytes();
      expect(seen).toBeLessThan(total);
      terminal.resume();
    }
    await expect.poll(bytes).toBe(total + 3);
    expect(text().startsWith('xxx')).toBe(true);
    terminal.close();
  }, 60_000);

  it('stops a flood by Ctrl+C', async () => {
    const { terminal, bytes, ended } = await shell('exec yes');
    await expect.poll(bytes).toBeGreaterThan(100_000);
    terminal.write('\x03');
    expect(await ended).toMatchObject({ exitCode: null, signal: 'SIGINT' });
  });

  it('hangs up when it is closed, paused or not', async () => {
    const { terminal, ended, text } = await shell('echo up; sleep 1000');
    await expect.poll(text).toContain('up');
    terminal.pause();
    terminal.close();
    expect(await ended).toMatchObject({ exitCode: null, signal: 'SIGHUP' });
    terminal.write('too late');
    terminal.resize(size);
  });
});

describe('openLocalTerminal', () => {
  it('starts only shells that the computer names', async () => {
    await expect(openLocalTerminal('/usr/bin/env', size)).rejects.toMatchObject({ data: { code: 'not-found' } });
  });

  it('starts the user\'s own shell', async () => {
    // The developer's own start-up files are no part of this.
    const home = process.env.HOME;
    process.env.HOME = '/';
    const terminal = await openLocalTerminal(null, size);
    process.env.HOME = home;
    let text = '';
    terminal.onData((data) => { text += Buffer.from(data).toString('utf8'); });
    terminal.write('echo "term=$TERM"\r');
    await expect.poll(() => text).toContain('term=xterm-256color');
    const ended = new Promise((resolve) => { terminal.onEnd(resolve); });
    terminal.write('exit\r');
    await ended;
  });
});
