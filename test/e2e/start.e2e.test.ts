import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheDir, fromRoot } from '../../build/paths.mjs';

const picture = path.join(cacheDir, 'netwright-screenshot.png');

/** Processes, zombies aside, that were started with this mark in their environment. */
function processesMarked(mark: string): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark);
    } catch (error) {
      // It ended meanwhile, or is another user's.
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return false;
      throw error;
    }
  });
}

/** Whether a process runs still; a zombie that nobody waited for does not. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Runs `node build/start.mjs` on a machine without a screen; `onLine` sees each line it prints. */
function start(args: string[], onLine: (line: string, stop: (signal: NodeJS.Signals) => void) => void = () => undefined) {
  const mark = `NETWRIGHT_TEST_MARK=${randomUUID()}`;
  const [name, value] = mark.split('=') as [string, string];
  const folder = mkdtempSync(path.join(tmpdir(), 'nw-start-'));
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: folder, [name]: value };
  const child = spawn(process.execPath, [fromRoot('build', 'start.mjs'), ...args, `--user-data-dir=${folder}/data`], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter(Boolean)) {
        lines.push(line);
        onLine(line, (signal) => child.kill(signal));
      }
    });
  }
  return new Promise<{ code: number | null; output: string; left: number[] }>((resolve) => {
    child.once('close', (code) => {
      rmSync(folder, { recursive: true, force: true });
      resolve({ code, output: lines.join('\n'), left: processesMarked(value) });
    });
  });
}

describe.runIf(process.platform === 'linux')('npm start without a screen', () => {
  it('opens the window in memory, leaves a picture of it, and nothing else with --once', async () => {
    rmSync(picture, { force: true });
    const { code, output, left } = await start(['--once']);
    expect(output).toContain(`its picture: ${picture}`);
    expect(code).toBe(0);
    expect(left).toEqual([]);
    expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG');
    // A blank screen of this size packs to some 5 kB.
    expect(statSync(picture).size).toBeGreaterThan(8_000);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('runs until %s, and then leaves no process behind', async (signal) => {
    const { code, left } = await start([], (line, stop) => { if (line.startsWith('Press Ctrl+C')) stop(signal); });
    expect(code).toBe(0);
    expect(left).toEqual([]);
  });

  it('takes the screen in memory down even when it is killed itself', async () => {
    const { left } = await start([], (line, stop) => { if (line.startsWith('Press Ctrl+C')) stop('SIGKILL'); });
    await expect.poll(() => left.filter((pid) => isAlive(pid)), { timeout: 20_000 }).toEqual([]);
  });
});
