import { readFileSync, existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandRunner } from '../command-runner';
import { openLocalRunner } from './open-local-runner';

/** A process that has ended and that its new parent has not noticed yet counts as gone (proc(5), state Z). */
function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

let runner: CommandRunner;
beforeAll(async () => {
  runner = await openLocalRunner({ rights: 'none', askSecret: () => Promise.reject(new Error('nobody to ask')) });
});
afterAll(() => runner.close());

describe('a runner of this computer', () => {
  it('gives output, errors and exit codes apart', async () => {
    expect(await runner.run({ argv: ['sh', '-c', 'cat; echo err >&2; exit 7'], stdin: { name: 'text', text: 'ünicode\n' } })).toMatchObject({ exitCode: 7, stdout: 'ünicode\n', stderr: 'err\n' });
    expect((await runner.run({ argv: ['no-such-command-here'] })).exitCode).toBe(127);
    expect((await runner.run({ argv: ['sh', '-c', 'kill -9 $$'] })).exitCode).toBeNull();
  });

  it('gives a stdin that can be opened by its name', async () => {
    expect((await runner.run({ argv: ['sh', '-c', 'cat /dev/stdin'], stdin: { name: 'text', text: 'opened\n' } })).stdout).toBe('opened\n');
    expect((await runner.run({ argv: ['cat', '/dev/stdin'] })).stdout).toBe('');
    expect((await runner.run({ argv: ['true'], stdin: { name: 'text', text: 'x'.repeat(1_000_000) } })).exitCode).toBe(0);
  });

  it('runs many commands at a time', async () => {
    const results = await Promise.all(Array.from({ length: 40 }, (_unused, index) => runner.run({ argv: ['printf', '%s', String(index)] })));
    expect(results.map(({ stdout }) => Number(stdout))).toEqual(Array.from({ length: 40 }, (_unused, index) => index));
  });

  it('gathers in one script', async () => {
    const replies = await runner.gather([{ name: 'kernel', command: { kind: 'argv', argv: ['uname', '-s'] } }, { name: 'hostname', command: { kind: 'files', globs: ['/proc/sys/kernel/ostype'] } }]);
    expect(replies.get('kernel')?.stdout).toBe('Linux\n');
    expect(replies.get('hostname')?.stdout).toContain('Linux');
  });

  it('kills what takes too long, with its children', async () => {
    const work = runner.run({ argv: ['sh', '-c', 'sleep 1000 & echo $!; wait'] }, { timeoutMs: 300 });
    await expect(work).rejects.toMatchObject({ data: { code: 'command.timeout' } });
  });

  it('hands nothing of the app to its programs', async () => {
    process.env.ELECTRON_RUN_AS_NODE = '1';
    try {
      expect((await runner.run({ argv: ['sh', '-c', 'echo "<$ELECTRON_RUN_AS_NODE>"'] })).stdout).toBe('<>\n');
    } finally {
      delete process.env.ELECTRON_RUN_AS_NODE;
    }
  });

  it('reaches ports from here, and says when nothing answers', async () => {
    await expect(runner.connectTcp('127.0.0.1', 1)).rejects.toMatchObject({ data: { code: 'ssh.channel-refused', detail: expect.stringContaining('ECONNREFUSED') as string } });
  });

  it('has no answer for a look that its end cut short', async () => {
    const other = await openLocalRunner({ rights: 'none', askSecret: () => Promise.resolve(null) });
    const looking = other.gather([{ name: 'slow', command: { kind: 'argv', argv: ['sleep', '100'] } }]).catch((error: unknown) => error);
    await other.run({ argv: ['true'] });
    await other.close();
    expect(await looking).toMatchObject({ data: { code: 'ssh.closed' } });
  });

  it('leaves nothing running when it is closed', async () => {
    const other = await openLocalRunner({ rights: 'none', askSecret: () => Promise.resolve(null) });
    const started = other.run({ argv: ['sh', '-c', 'echo $$ >/dev/null; exec sleep 1000'] }).catch((error: unknown) => error);
    const follow = await other.follow([{ name: 'ticks', argv: ['sh', '-c', 'while :; do echo $$; sleep 0.05; done'] }], (line) => { if (line.text) pid = Number(line.text); });
    let pid = 0;
    await expect.poll(() => pid).toBeGreaterThan(0);
    expect(readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe('sh\n');
    await other.close();
    await started;
    await follow.close();
    await expect.poll(() => isRunning(pid)).toBe(false);
    await expect(other.run({ argv: ['true'] })).rejects.toMatchObject({ data: { code: 'ssh.closed' } });
  });
});
