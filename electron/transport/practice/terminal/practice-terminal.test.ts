import { Terminal as Screen } from '@xterm/headless';
import { afterEach, describe, expect, it } from 'vitest';
import type { TerminalChannel, TerminalEnd } from '../../terminal-channel';
import { createDefaultPracticeHost } from '../default-host';
import { openPracticeRunner } from '../open-practice-runner';

const closers: (() => unknown)[] = [];
afterEach(() => { for (const close of closers.splice(0)) close(); });

/** A practice terminal behind a real terminal emulator: what is tested is what a person sees. */
async function openTerminal(options: { columns?: number; command?: readonly string[] } = {}) {
  const host = createDefaultPracticeHost();
  const runner = openPracticeRunner(host);
  closers.push(() => host.dispose());
  const size = { columns: options.columns ?? 100, rows: 40 };
  const screen = new Screen({ cols: size.columns, rows: size.rows, allowProposedApi: true });
  const channel: TerminalChannel = await runner.openTerminal({ command: options.command ?? null, size });
  let end: TerminalEnd | null = null;
  channel.onData((data) => screen.write(data));
  channel.onEnd((ended) => { end = ended; });

  const lines = async (): Promise<string[]> => {
    await new Promise<void>((resolve) => { screen.write('', resolve); });
    const { active } = screen.buffer;
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '').filter((line, at, all) => line !== '' || at < all.length - 1);
  };
  const text = async (): Promise<string> => (await lines()).join('\n').trimEnd();
  return {
    host, runner, channel, text,
    type: (keys: string) => channel.write(keys),
    /** Runs a line and gives what is on the screen once the next prompt is there. */
    async run(line: string): Promise<string> {
      channel.write('\x0c');
      channel.write(`${line}\r`);
      await expect.poll(text).toMatch(/~# $|~#$/);
      await expect.poll(async () => (await text()).split('\n').length > 1 && /~#\s*$/.test(await text())).toBe(true);
      return text();
    },
    lastLine: async () => (await text()).split('\n').at(-1),
    cursor: async () => { await text(); return screen.buffer.active.cursorX; },
    end: () => end,
  };
}

describe('the practice host\'s shell', () => {
  it('says what it is, and prompts', async () => {
    const { text } = await openTerminal();
    await expect.poll(text).toMatch(/make[s]? up[^]*root@\S+:~#$/);
  });

  it('runs the host\'s tools with quoted words, and says what it does not know', async () => {
    const { run } = await openTerminal();
    expect(await run('virsh net-list --name')).toContain('default');
    expect(await run('\'ip\' -br "addr"')).toMatch(/^lo /m);
    expect(await run('cat /etc/os-release')).toContain('Debian');
    expect(await run('vim x')).toContain('vim: not found');
    expect(await run('ip a | less')).toContain('knows no “|”');
    expect(await run('echo "open')).toContain('not closed');
  });

  it('edits the line: Backspace, arrows, Home, End, Ctrl-U, Ctrl-W, history', async () => {
    const { type, lastLine, run } = await openTerminal();
    type('virsh lisx\x7ft');
    expect(await lastLine()).toMatch(/# virsh list$/);
    type('\x1b[H\x1b[C\x1b[3~\x1b[F --all');
    expect(await lastLine()).toMatch(/# vrsh list --all$/);
    type('\x17\x17');
    expect(await lastLine()).toMatch(/# vrsh/);
    type('\x15');
    await run('echo one');
    await run('echo two');
    type('draft\x1b[A\x1b[A');
    expect(await lastLine()).toMatch(/# echo one$/);
    type('\x1b[B\x1b[B');
    expect(await lastLine()).toMatch(/# draft$/);
  });

  it('edits a line longer than the screen is wide', async () => {
    const { type, text, cursor } = await openTerminal({ columns: 40 });
    const long = 'abcdefghij'.repeat(9);
    type(long);
    type('\x1b[H');
    const atStart = await cursor();
    type('X\x1b[F');
    expect((await text()).replaceAll('\n', '')).toContain(`# X${long}`);
    type('\x1b[H');
    expect(await cursor()).toBe(atStart);
    type('\x1b[3~');
    expect((await text()).replaceAll('\n', '')).toContain(`# ${long}`);
  });

  it('takes a key whose bytes come apart, and text pasted in several lines', async () => {
    const { type, text } = await openTerminal();
    type('echo ab\x1b');
    type('[');
    type('Dx\recho done\r');
    await expect.poll(text).toMatch(/\naxb\n[^]*\ndone\n/);
  });

  it('gives up a line with Ctrl-C, and a command that does not answer', async () => {
    const { host, type, lastLine, text } = await openTerminal();
    type('nonsense\x03');
    expect(await lastLine()).toMatch(/~#$/);
    host.faults.add({ match: /virsh/, what: { kind: 'hang' } });
    type('virsh list\r');
    type('echo after\r');
    type('\x03');
    await expect.poll(text).toMatch(/virsh list\n\^C\n[^]*\nafter\n/);
  });

  it('follows events until Ctrl-C', async () => {
    const { runner, type, text, lastLine } = await openTerminal();
    type('virsh net-event --event lifecycle --loop\r');
    await runner.run({ argv: ['virsh', 'net-destroy', 'default'] });
    await expect.poll(text).toContain('event \'lifecycle\' for network default: Stopped');
    type('\x03');
    await expect.poll(lastLine).toMatch(/~#$/);
  });

  it('ends with exit, with Ctrl-D, and with the connection', async () => {
    const first = await openTerminal();
    first.type('false\r');
    first.type('exit\r');
    await expect.poll(first.end).toEqual({ exitCode: 1, signal: null, error: null });
    const second = await openTerminal();
    second.type('\x04');
    expect(second.end()).toEqual({ exitCode: 0, signal: null, error: null });
    const third = await openTerminal();
    third.host.cutConnections();
    expect(third.end()).toMatchObject({ exitCode: null, error: { code: 'ssh.closed' } });
    const fourth = await openTerminal();
    fourth.channel.close();
    expect(fourth.end()).toEqual({ exitCode: null, signal: 'SIGHUP', error: null });
  });

  it('waits while nobody reads', async () => {
    const { channel, type, text } = await openTerminal();
    channel.pause();
    type('echo held back\r');
    expect(await text()).not.toContain('held back');
    channel.resume();
    await expect.poll(text).toMatch(/\nheld back\n/);
  });
});

describe('the practice host\'s consoles', () => {
  it('connects, says that nobody answers, and is left by Ctrl+]', async () => {
    const { host, type, text, lastLine } = await openTerminal();
    const running = host.state.machines.find((machine) => machine.running);
    type(`virsh console ${running?.name ?? ''}\r`);
    await expect.poll(text).toContain(`Connected to domain '${running?.name ?? ''}'`);
    type('hello');
    expect(await text()).not.toContain('hello');
    type('\x1d');
    await expect.poll(lastLine).toMatch(/~#$/);
  });

  it('ends with its machine, and opens none of a machine that is off', async () => {
    const probe = createDefaultPracticeHost();
    const running = probe.state.machines.find((machine) => machine.running);
    const off = probe.state.machines.find((machine) => !machine.running);
    probe.dispose();
    const open = (uuid = ''): ReturnType<typeof openTerminal> => openTerminal({ command: ['virsh', '-c', 'qemu:///system', 'console', uuid] });
    const first = await open(running?.uuid);
    await first.runner.run({ argv: ['virsh', 'destroy', running?.uuid ?? ''] });
    await expect.poll(first.end).toMatchObject({ exitCode: 0 });
    const second = await open(off?.uuid);
    await expect.poll(second.end).toMatchObject({ exitCode: 1 });
    expect(await second.text()).toContain('The domain is not running');
  });
});
