import { setTimeout as delay } from 'node:timers/promises';
import type { BenchContext } from './bench-context';
import type { BenchWindow } from './bench-window';
import { treePssMib } from './process-tree';
import { median, spread, times } from './report';
import type { BenchmarkReport } from './report';
import { makeConnectedHome, makeHome, openWindow, waitUntilConnected } from './window-environment';

const rounds = 3;

/** PSS once it has stood still, within 1 %, for five seconds; after 40 s as it is. */
async function restingPssMib(window: BenchWindow): Promise<number> {
  let reference = treePssMib(window.pid);
  let stillFor = 0;
  for (let second = 0; second < 40 && stillFor < 5; second += 1) {
    await delay(1000);
    const now = treePssMib(window.pid);
    stillFor = Math.abs(now - reference) <= reference * 0.01 ? stillFor + 1 : 0;
    if (stillFor === 0) reference = now;
  }
  return treePssMib(window.pid);
}

/** Memory of all processes of the app while it shows a full host, against an empty window. */
export async function measureMemory(context: BenchContext): Promise<BenchmarkReport> {
  const [appHome, emptyHome] = [await makeConnectedHome(context), makeHome(context, 'empty')];
  const ours: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bare = await openWindow(context, emptyHome);
    try {
      await bare.waitFor('its page', 'document.querySelector("h1")');
      empty.push(await restingPssMib(bare));
    } finally {
      await bare.close();
    }
    const app = await openWindow(context, appHome);
    try {
      await waitUntilConnected(app);
      await app.waitFor('the map', 'document.querySelectorAll(".vue-flow__node").length > 10');
      ours.push(await restingPssMib(app));
    } finally {
      await app.close();
    }
  }
  const ratio = median(ours) / median(empty);
  return {
    how: `PSS (/proc/PID/smaps_rollup) of the main process and all below it, once it has stood still for 5 s: the app connected to the host with 100 networks and 100 machines, its map shown, and the empty window; ${rounds} starts each, by turns.`,
    measurements: [{ what: 'memory (PSS of all processes)', ours: spread(ours, 'MiB'), baseline: spread(empty, 'MiB'), ratio: times(ratio), goal: '≤ 1.5 ×', met: ratio <= 1.5 }],
  };
}
