import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandRunner, EventLine } from '../../electron/transport/command-runner';
import { encodeScript } from '../../electron/transport/process/launch-script';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import { quoteArgv } from '../../shared/domain/shell-quote';
import { SshDaemon } from './support/ssh-daemon';
import { waitFor } from './support/wait-for';

const fakeVirsh = readFileSync(fileURLToPath(new URL('support/fake-virsh.sh', import.meta.url)), 'utf8');

let daemon: SshDaemon;
let runner: CommandRunner;
beforeAll(async () => {
  daemon = await SshDaemon.start();
  daemon.install('virsh', fakeVirsh);
  runner = await openSshRunner(daemon.options());
});
afterAll(async () => {
  await runner.close();
  await daemon.remove();
});

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

async function rejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(() => null, (error: unknown) => error);
}

const words = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }).filter((word) => !word.includes('\0')), { minLength: 1, maxLength: 5 });

describe('quoting', () => {
  it('reaches programs unchanged through a real sh', () => {
    fc.assert(fc.property(words, (argv) => {
      const line = quoteArgv(['printf', '%s\\0', ...argv]);
      expect(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' })).toBe(argv.map((word) => `${word}\0`).join(''));
    }), { numRuns: 60 });
  });

  it('is undone by printf %b', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }).filter((text) => !text.includes('\0')), (text) => {
      expect(execFileSync('/bin/sh', ['-c', 'printf %b "$1"', 'sh', encodeScript(text)], { encoding: 'utf8' })).toBe(text);
    }), { numRuns: 60 });
  });

  it('reaches programs unchanged over SSH', async () => {
    await fc.assert(fc.asyncProperty(words, async (argv) => {
      const { stdout, exitCode } = await runner.run({ argv: ['printf', '%s\\n', ...argv] });
      expect(exitCode).toBe(0);
      expect(stdout).toBe(argv.map((word) => `${word}\n`).join(''));
    }), { numRuns: 25 });
  });
});

describe('run', () => {
  it('gives output, errors and exit codes apart', async () => {
    expect(await runner.run({ argv: ['sh', '-c', 'echo out; echo err >&2; exit 7'] })).toMatchObject({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  it('reports a missing command by exit code', async () => {
    const result = await runner.run({ argv: ['no-such-command-here'] });
    expect(result.exitCode).toBe(127);
    expect(result.stderr).toContain('not found');
  });

  it('reports a signal as no exit code', async () => {
    expect((await runner.run({ argv: ['sh', '-c', 'kill -9 $$'] })).exitCode).toBeNull();
  });

  it('writes stdin whole, and minds no program that doesn\'t read it', async () => {
    const text = 'é<xml/>\n'.repeat(300_000);
    const { stdout } = await runner.run({ argv: ['wc', '-c'], stdin: { name: 'doc', text } });
    expect(Number(stdout)).toBe(Buffer.byteLength(text));
    expect(await runner.run({ argv: ['true'], stdin: { name: 'doc', text } })).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('finds the sbin folders, libvirt\'s system daemon and plain English', async () => {
    const { stdout } = await runner.run({ argv: ['sh', '-c', 'echo "$PATH $LC_ALL $LIBVIRT_DEFAULT_URI"'] });
    expect(stdout).toMatch(/:\/usr\/local\/sbin:\/usr\/sbin:\/sbin C\.UTF-8 qemu:\/\/\/system\n$/);
  });

  it('kills what takes too long, with its children', async () => {
    const marker = `nw-${process.pid}-slow`;
    const error = await rejection(runner.run({ argv: ['sh', '-c', `sh -c 'sleep 1000; : ${marker}' & wait`] }, { timeoutMs: 300 }));
    expect(error).toMatchObject({ data: { code: 'command.timeout' } });
    await waitFor('the children to be gone', () => !isRunning(marker));
  });

  it('kills what ignores a polite request', async () => {
    const marker = `nw-${process.pid}-deaf`;
    await rejection(runner.run({ argv: ['sh', '-c', `trap '' TERM; while :; do sleep 1; done; : ${marker}`] }, { timeoutMs: 300 }));
    expect(isRunning(marker)).toBe(false);
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    const marker = `nw-${process.pid}-cancel`;
    const work = rejection(runner.run({ argv: ['sh', '-c', `sleep 1000; : ${marker}`] }, { signal: controller.signal }));
    await waitFor('the command to run', () => isRunning(marker));
    controller.abort();
    expect(await work).toMatchObject({ data: { code: 'cancelled' } });
    expect(isRunning(marker)).toBe(false);
    expect(await rejection(runner.run({ argv: ['true'] }, { signal: AbortSignal.abort() }))).toMatchObject({ data: { code: 'cancelled' } });
  });

  it('stops a command that floods', async () => {
    const error = await rejection(runner.run({ argv: ['yes', `nw-${process.pid}-flood`.repeat(50)] }, { timeoutMs: 60_000 }));
    expect(error).toMatchObject({ data: { code: 'reply.unreadable' } });
    expect(isRunning(`nw-${process.pid}-flood`)).toBe(false);
  }, 60_000);

  it('refuses what is no command', async () => {
    expect(await rejection(runner.run({ argv: [] }))).toMatchObject({ data: { code: 'input.invalid' } });
    expect(await rejection(runner.run({ argv: ['echo', 'a\0b'] }))).toMatchObject({ data: { code: 'input.invalid' } });
  });
});

describe('gather', () => {
  it('reads all sections in one trip', async () => {
    const reply = await runner.gather([
      { name: 'echo', command: { kind: 'argv', argv: ['printf', '%s', 'it\'s "$(x)"'] } },
      { name: 'fails', command: { kind: 'argv', argv: ['sh', '-c', 'echo bad >&2; exit 4'] } },
      { name: 'missing', command: { kind: 'argv', argv: ['no-such-command-here'] } },
      { name: 'files', command: { kind: 'files', globs: ['/proc/sys/kernel/ostype', '/nonexistent/*', `${daemon.folder}/host_*.pub`] } },
      { name: 'tools', command: { kind: 'tools', names: ['virsh', 'no-such-command-here'] } },
      { name: 'sysctls', command: { kind: 'sysctls', keys: ['kernel.ostype', 'no.such.key'] } },
      { name: 'nothing', command: { kind: 'files', globs: [] } },
    ]);
    const hostKey = readFileSync(`${daemon.folder}/host_ed25519.pub`, 'utf8');
    expect(reply.get('echo')).toMatchObject({ exitCode: 0, stdout: 'it\'s "$(x)"', stderr: '' });
    expect(reply.get('fails')).toMatchObject({ exitCode: 4, stdout: '', stderr: 'bad\n' });
    expect(reply.get('missing')?.exitCode).toBe(127);
    expect(reply.get('files')?.stdout).toBe(`F 0 6 /proc/sys/kernel/ostype\nLinux\nF 0 ${hostKey.length} ${daemon.folder}/host_ed25519.pub\n${hostKey}`);
    expect(reply.get('tools')?.stdout).toBe(`virsh\t${daemon.folder}/bin/virsh\nno-such-command-here\t\n`);
    expect(reply.get('sysctls')?.stdout).toBe('kernel.ostype=Linux\n');
    expect(reply.get('nothing')).toMatchObject({ exitCode: 0, stdout: '' });
    expect((await runner.gather([])).size).toBe(0);
  });

  it('leaves no files behind', async () => {
    const before = execFileSync('sh', ['-c', 'ls -d /tmp/tmp.* 2>/dev/null | wc -l'], { encoding: 'utf8' });
    await runner.gather([{ name: 'a', command: { kind: 'argv', argv: ['true'] } }]);
    expect(execFileSync('sh', ['-c', 'ls -d /tmp/tmp.* 2>/dev/null | wc -l'], { encoding: 'utf8' })).toBe(before);
  });
});

describe('virsh', () => {
  it('answers many commands in order from one process', async () => {
    const replies = await runner.virsh([['pid'], ['words', 'a b', 'it\'s', '', '"'], ['fail'], ['nonsense'], ['pid']]);
    expect(replies.map(({ exitCode }) => exitCode)).toEqual([0, 0, 1, 1, 0]);
    expect(replies[1]?.stdout).toBe('<a b><it\'s><><">\n');
    expect(replies[2]).toMatchObject({ stdout: '', stderr: 'error: it failed\n' });
    expect(replies[4]?.stdout).toBe(replies[0]?.stdout);
    expect((await runner.virsh([['pid']]))[0]?.stdout).toBe(replies[0]?.stdout);
    expect(await runner.virsh([])).toEqual([]);
  });

  it('keeps callers at the same time apart', async () => {
    await Promise.all(Array.from({ length: 40 }, async (_unused, index) => {
      const [reply] = await runner.virsh([['words', `n${index}`]]);
      expect(reply?.stdout).toBe(`<n${index}>\n`);
    }));
  });

  it('takes long replies whole', async () => {
    const [reply] = await runner.virsh([['big', '3000000']]);
    expect(reply?.stdout.length).toBe(3_000_001);
  });

  it('refuses control characters before they reach the prompt', async () => {
    expect(await rejection(runner.virsh([['words', 'a\tb']]))).toMatchObject({ data: { code: 'input.invalid' } });
    expect((await runner.virsh([['words', 'ok']]))[0]?.stdout).toBe('<ok>\n');
  });

  it('notices that virsh died, and starts another', async () => {
    const [before] = await runner.virsh([['pid']]);
    const waiting = [runner.virsh([['die'], ['words', 'never']]), runner.virsh([['words', 'never either']])];
    for (const work of waiting) expect(await rejection(work)).toMatchObject({ data: { code: 'virsh.gone' } });
    const [after] = await runner.virsh([['pid']]);
    expect(after?.stdout).not.toBe(before?.stdout);
  });

  it('kills a virsh that hangs', async () => {
    const [before] = await runner.virsh([['pid']]);
    expect(await rejection(runner.virsh([['hang']], { timeoutMs: 300 }))).toMatchObject({ data: { code: 'command.timeout' } });
    expect(isAlive(Number(before?.stdout))).toBe(false);
    expect((await runner.virsh([['uri']]))[0]?.exitCode).toBe(0);
  });
});

describe('follow', () => {
  it('gives lines of all sources, starts one that ended again, and leaves out a missing tool', async () => {
    const lines: EventLine[] = [];
    const handle = await runner.follow([
      { name: 'steady', argv: ['sh', '-c', 'echo one; echo "two  \\x "; exec sleep 1000'] },
      { name: 'short', argv: ['sh', '-c', 'echo hello; echo noise >&2'] },
      { name: 'none', argv: ['no-such-command-here'] },
    ], (line) => lines.push(line));
    await waitFor('the short one to start again', () => lines.filter(({ source, text }) => source === 'short' && text === 'hello').length >= 2);
    expect(lines.filter(({ source }) => source === 'steady')).toEqual([{ source: 'steady', text: 'one' }, { source: 'steady', text: 'two  \\x ' }]);
    expect(lines.filter(({ source }) => source === 'short').slice(0, 3)).toEqual([
      { source: 'short', text: 'hello' }, { source: 'short', text: null }, { source: 'short', text: 'hello' },
    ]);
    expect(lines.some(({ source }) => source === 'none')).toBe(false);
    await handle.close();
  });

  it('leaves nothing on the host when it is closed', async () => {
    const marker = `nw-${process.pid}-follow`;
    const handle = await runner.follow([{ name: 'a', argv: ['sh', '-c', `sleep 1000; : ${marker}`] }], () => undefined);
    await waitFor('the source to run', () => isRunning(marker));
    await handle.close();
    await waitFor('the source to be gone', () => !isRunning(marker));
  });
});

describe('connectTcp', () => {
  it('connects from the host, and says what was refused', async () => {
    const server = net.createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = (server.address() as net.AddressInfo).port;
    const stream = await runner.connectTcp('127.0.0.1', port);
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    expect(text).toBe('hello');
    await new Promise((resolve) => server.close(resolve));
    expect(await rejection(runner.connectTcp('127.0.0.1', port))).toMatchObject({ data: { code: 'ssh.channel-refused', detail: expect.stringContaining('refused') as string } });
  });
});

/** Whether a process holds these words in its command line. */
function isRunning(words: string): boolean {
  try {
    execFileSync('pgrep', ['-f', '--', words]);
    return true;
  } catch (error) {
    if ((error as { status?: number }).status === 1) return false;
    throw error;
  }
}
