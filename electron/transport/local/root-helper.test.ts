import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalCarrier } from './local-carrier';
import { RootHelper } from './root-helper';
import { steadyElevation } from '../process/elevation';
import { LeftoverProcesses } from '../process/leftover-processes';
import { openCarrierRunner } from '../process/open-carrier-runner';
import type { CommandRunner } from '../command-runner';

/** Stands in for pkexec(1), which asks a person: the processes then run as whoever runs the tests. */
let folder: string;
const runtimeFolder = process.env.XDG_RUNTIME_DIR;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netwright-helper-test-'));
  process.env.XDG_RUNTIME_DIR = folder;
});
afterEach(() => {
  if (runtimeFolder === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = runtimeFolder;
  rmSync(folder, { recursive: true, force: true });
});

function fakePkexec(script: string): string[] {
  const file = path.join(folder, 'pkexec');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return [file];
}

async function openRunner(): Promise<CommandRunner> {
  const carrier = new LocalCarrier(await RootHelper.start(undefined, fakePkexec('exec env AS_ROOT=yes "$@"')));
  return openCarrierRunner(carrier, {
    hostLabel: 'this computer', target: 'test', user: 'tester', useSudo: false, warmShells: 0, loginPassword: null, leftovers: new LeftoverProcesses(),
    rights: { privilege: 'pkexec', elevation: steadyElevation({ kind: 'carrier' }) },
    askSecret: () => Promise.resolve(null), openSilently: null, openAnother: () => Promise.resolve(new LocalCarrier()),
  });
}

const folders = (): string[] => readdirSync(folder).filter((name) => name.startsWith('netwright-root-'));

describe('the privileged shell', () => {
  it('runs processes side by side with their own streams, stdin and exit codes', async () => {
    const runner = await openRunner();
    const text = 'é<xml/>\n'.repeat(100_000);
    const [mixed, counted, plain, killed] = await Promise.all([
      runner.run({ argv: ['sh', '-c', 'echo "$AS_ROOT"; echo err >&2; exit 3'] }),
      runner.run({ argv: ['wc', '-c'], stdin: { name: 'doc', text } }),
      runner.run({ argv: ['sh', '-c', 'echo "<$AS_ROOT>"'] }, { elevate: false }),
      runner.run({ argv: ['sh', '-c', 'kill -9 $$'] }),
    ]);
    expect(mixed).toMatchObject({ exitCode: 3, stdout: 'yes\n', stderr: 'err\n' });
    expect(Number(counted.stdout)).toBe(Buffer.byteLength(text));
    expect(plain.stdout).toBe('<>\n');
    expect(killed.exitCode).toBeNull();
    await runner.close();
  });

  it('takes large output whole, stdin that nobody reads, and forty processes at once', async () => {
    const runner = await openRunner();
    expect((await runner.run({ argv: ['head', '-c', '5000000', '/dev/zero'] })).stdout).toHaveLength(5_000_000);
    expect((await runner.run({ argv: ['sh', '-c', 'cat /dev/stdin'], stdin: { name: 'text', text: 'opened\n' } })).stdout).toBe('opened\n');
    expect(await runner.run({ argv: ['true'], stdin: { name: 'doc', text: 'x'.repeat(1_000_000) } })).toMatchObject({ exitCode: 0, stderr: '' });
    const results = await Promise.all(Array.from({ length: 40 }, (_unused, index) => runner.run({ argv: ['printf', '%s', String(index)] })));
    expect(results.map(({ stdout }) => Number(stdout))).toEqual(Array.from({ length: 40 }, (_unused, index) => index));
    await runner.close();
  });

  it('ends one process by its group and nothing else; leaves no file behind', async () => {
    const runner = await openRunner();
    const lines: string[] = [];
    await runner.follow([{ name: 'ticks', argv: ['sh', '-c', 'while :; do echo tick; sleep 0.05; done'] }], (line) => lines.push(line.text ?? ''));
    await expect(runner.run({ argv: ['sh', '-c', 'sleep 1000 & wait'] }, { timeoutMs: 300 })).rejects.toMatchObject({ data: { code: 'command.timeout' } });
    expect((await runner.run({ argv: ['echo', 'still here'] })).stdout).toBe('still here\n');
    await expect.poll(() => lines.length).toBeGreaterThan(2);
    expect(folders()).toHaveLength(1);
    await runner.close();
    await expect.poll(folders).toEqual([]);
  });
});

describe('pkexec that gives no root', () => {
  it.each([
    ['echo "Error creating textual authentication agent: polkit-error-quark" >&2; exit 127', 'auth.no-privilege', 'sudo'],
    ['echo "Error executing command as another user: Not authorized" >&2; exit 127', 'auth.no-privilege', 'asked again'],
    ['exit 126', 'cancelled', undefined],
    ['echo "something else" >&2; exit 1', 'auth.no-privilege', 'sudo'],
  ])('%s is %s', async (script, code, hint) => {
    const failure: unknown = await RootHelper.start(undefined, fakePkexec(script)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ data: { code, ...(hint ? { hint: expect.stringContaining(hint) as string } : {}) } });
  });

  it('is not there', async () => {
    await expect(RootHelper.start(undefined, ['/no/such/pkexec'])).rejects.toMatchObject({ data: { code: 'auth.no-privilege', title: 'There is no pkexec' } });
  });

  it('is given up while it asks', async () => {
    const controller = new AbortController();
    const starting = RootHelper.start(controller.signal, fakePkexec('sleep 1000'));
    setTimeout(() => controller.abort(), 50);
    await expect(starting).rejects.toMatchObject({ data: { code: 'cancelled' } });
  });
});
