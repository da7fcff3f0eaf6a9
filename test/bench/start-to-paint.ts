import type { BenchContext } from './bench-context';
import { median, spread, times } from './report';
import type { BenchmarkReport } from './report';
import { watchScreen } from './screen-timeline';
import { makeHome, openWindow } from './window-environment';
import type { WindowHome } from './window-environment';

const rounds = 25;

interface Start {
  /** The picture stands on the screen, ms after the process was started. */
  onScreenMs: number;
  /** The page answers to the user. */
  readyMs: number;
}

/** Both pages: their first paint of content; the app's says by a mark when its first screen is mounted and painted. */
const readyExpression = `(() => {
  const at = (name) => performance.getEntriesByName(name)[0]?.startTime;
  return performance.timeOrigin + Math.max(at('first-contentful-paint') ?? NaN, document.querySelector('#app') ? at('netwright:useful') ?? NaN : 0);
})()`;

async function startOnce(context: BenchContext, home: WindowHome): Promise<Start> {
  const { framebufferFile } = await context.display();
  const window = await openWindow(context, home);
  try {
    const onScreen = await watchScreen(framebufferFile);
    const ready = await window.evaluate<number | undefined>(readyExpression);
    if (ready === undefined || Number.isNaN(ready)) throw new Error('The page has not marked its first useful paint.');
    return { onScreenMs: onScreen - window.startedAt, readyMs: ready - window.startedAt };
  } finally {
    await window.close();
  }
}

const usefulMs = (start: Start): number => Math.max(start.onScreenMs, start.readyMs);

/** Start to first useful paint, against an empty window. */
export async function measureStartToPaint(context: BenchContext): Promise<BenchmarkReport> {
  const homes = { empty: makeHome(context, 'empty'), app: makeHome(context, 'app') };
  const starts: Record<keyof typeof homes, Start[]> = { empty: [], app: [] };
  // The first start of each fills Chromium's caches, and is not counted.
  for (let round = -1; round < rounds; round += 1) {
    for (const kind of round % 2 === 0 ? (['empty', 'app'] as const) : (['app', 'empty'] as const)) {
      const start = await startOnce(context, homes[kind]);
      if (round >= 0) starts[kind].push(start);
    }
  }
  const [ours, empty] = [starts.app.map(usefulMs), starts.empty.map(usefulMs)];
  const ratio = median(ours) / median(empty);
  const part = (what: string, read: (start: Start) => number): BenchmarkReport['measurements'][number] => ({
    what, ours: spread(starts.app.map(read), 'ms'), baseline: spread(starts.empty.map(read), 'ms'),
    ratio: times(median(starts.app.map(read)) / median(starts.empty.map(read))), goal: '', met: null,
  });
  return {
    how: `From the start of the process until both are true: 95 % of what is drawn in the final picture is on the screen (Xvfb's framebuffer, looked at every 4 ms), and the page has painted and answers (the app's own mark; the empty page's first contentful paint). Baseline: test/bench/empty-window, a page with a line of text in the same runtime with the same flags on the same screen. ${rounds} starts each, by turns, after one to fill the caches.`,
    measurements: [
      { what: 'start to first useful paint (welcome page)', ours: spread(ours, 'ms'), baseline: spread(empty, 'ms'), ratio: times(ratio), goal: '≤ 1.5 ×', met: ratio <= 1.5 },
      part('– on the screen', (start) => start.onScreenMs),
      part('– page painted and ready', (start) => start.readyMs),
    ],
  };
}

