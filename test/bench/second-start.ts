import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from '../../build/paths.mjs';
import type { BenchContext } from './bench-context';
import { median, noBaseline, spread } from './report';
import type { BenchmarkReport } from './report';
import { makeHome } from './window-environment';
import type { WindowHome } from './window-environment';

const rounds = 5;
const goalMs = 3000;

/** Milliseconds from `npm start` to the line that says that the window is open. */
async function npmStart(home: WindowHome): Promise<number> {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const startedAt = performance.now();
  const child = spawn('npm', ['start', '--', '--once'], {
    cwd: root, env: { ...env, NETWRIGHT_DATA: `${home.folder}/data` }, stdio: ['ignore', 'pipe', 'pipe'], detached: true,
  });
  let said = '';
  let openAfterMs: number | null = null;
  const listen = (chunk: Buffer): void => {
    said += chunk.toString();
    if (openAfterMs === null && said.includes('The window is open')) openAfterMs = performance.now() - startedAt;
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 120_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  if (code !== 0 || openAfterMs === null) throw new Error(`npm start ended with ${code}:\n${said}`);
  return openAfterMs;
}

/** A start that finds everything installed and built. */
export async function measureSecondStart(context: BenchContext): Promise<BenchmarkReport> {
  const home = makeHome(context, 'app');
  await npmStart(home);
  const starts: number[] = [];
  for (let round = 0; round < rounds; round += 1) starts.push(await npmStart(home));
  return {
    how: `From \`npm start\` to its line “The window is open”, with everything installed and built; without a screen, so that starting Xvfb and waiting for a picture that stands still (0.4 s) is in it. ${rounds} starts after one to warm up.`,
    measurements: [{ what: 'a second `npm start` to the open window', ours: spread(starts, 'ms'), ...noBaseline, goal: '≤ 3 s', met: median(starts) <= goalMs }],
  };
}
