import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '../../shared/contract/app';
import { practiceHostId } from '../../shared/domain/practice-host-id';
import type { BenchContext } from './bench-context';
import type { BenchWindow } from './bench-window';
import { longHostState } from './long-host-state';
import { median, noBaseline, spread } from './report';
import type { BenchmarkReport, Measurement } from './report';
import { makeHome, openWindow, waitUntilConnected } from './window-environment';

const count = 1000;
const openings = 5;
const scrolledFrames = 240;
/** The screen of Xvfb, as Chromium takes it: 60 frames a second. */
const frameMs = 1000 / 60;
/** The last ones leave no row at all, and then bring the others back. */
const searches = ['0', '09', '099', '1', '1z', '1'];
const goals = { firstRowsMs: 200, keyMs: 50 };

interface List {
  what: 'networks' | 'machines';
  label: string;
  placeholder: string;
}

const lists: readonly List[] = [
  { what: 'networks', label: 'Networks', placeholder: 'Search networks' },
  { what: 'machines', label: 'Machines and their NICs', placeholder: 'Search machines' },
];

const rowsOf = ({ label }: List): string => `document.querySelectorAll('table[aria-label="${label}"] tr.row').length`;
const pageOf = ({ what }: List): string => `#/hosts/${practiceHostId}/${what}`;

/** The real window, connected to the practice host with so many networks and machines. */
async function openPractice(context: BenchContext, size: number): Promise<BenchWindow> {
  const home = makeHome(context, 'app');
  const settings: Partial<Settings> = { connectAtStart: [practiceHostId], lastHostId: practiceHostId };
  writeFileSync(path.join(home.folder, 'data/settings.json'), JSON.stringify(settings));
  writeFileSync(path.join(home.folder, 'data/practice.json'), JSON.stringify(longHostState(size)));
  const window = await openWindow(context, home);
  try {
    await waitUntilConnected(window, practiceHostId);
    return window;
  } catch (error) {
    await window.close();
    throw error;
  }
}

/** Leaves for another page of the host, and comes back: milliseconds until rows stand in the document and have been painted. */
async function openList(window: BenchWindow, list: List): Promise<number> {
  await window.evaluate(`location.hash = '#/hosts/${practiceHostId}/history'`);
  await window.waitFor('another page', `${rowsOf(list)} === 0`);
  await delay(500);
  return window.evaluate<number>(`new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('No rows within 20 s')), 20_000);
    const startedAt = performance.now();
    const painted = () => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => resolve(performance.now() - startedAt); port2.postMessage(0); });
    const observer = new MutationObserver(() => { if (${rowsOf(list)} > 0) { observer.disconnect(); painted(); } });
    observer.observe(document.body, { subtree: true, childList: true });
    location.hash = '${pageOf(list)}';
  })`);
}

interface Scrolling {
  dropped: number;
  worstMs: number;
  scrolledPx: number;
}

/** Frames that came more than half a frame late, while the list (or, where there is none, nothing) is scrolled by two rows a frame. */
async function scroll(window: BenchWindow, list: List): Promise<Scrolling> {
  const { gaps, scrolledPx } = await window.evaluate<{ gaps: number[]; scrolledPx: number }>(`new Promise((resolve) => {
    const scroller = document.querySelector('table[aria-label="${list.label}"]')?.parentElement ?? null;
    const gaps = [];
    let last = null;
    const frame = (at) => {
      if (last !== null) gaps.push(at - last);
      last = at;
      if (gaps.length < ${scrolledFrames}) {
        if (scroller) scroller.scrollTop += 58;
        return void requestAnimationFrame(frame);
      }
      resolve({ gaps, scrolledPx: scroller?.scrollTop ?? 0 });
    };
    requestAnimationFrame(frame);
  })`);
  return { dropped: gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / frameMs) - 1), 0), worstMs: Math.max(...gaps), scrolledPx };
}

/** Types words into the search, a key at a time: milliseconds from each key until the list it leaves has been painted. */
async function type(window: BenchWindow, list: List): Promise<number[]> {
  const tookMs: number[] = [];
  for (const search of searches) {
    await window.evaluate(`(() => {
      const field = document.querySelector('input[placeholder="${list.placeholder}"]');
      field.focus();
      field.select();
      window.benchKeys = [];
      if (!window.benchListens) {
        window.benchListens = true;
        document.addEventListener('input', (event) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => window.benchKeys.push(performance.now() - event.timeStamp); port2.postMessage(0); }), true);
      }
    })()`);
    for (const [at, key] of [...search].entries()) {
      await window.press(key);
      await window.waitFor('the key', `window.benchKeys.length > ${at}`);
    }
    tookMs.push(...await window.evaluate<number[]>('window.benchKeys'));
  }
  return tookMs;
}

/** The lists of networks and machines of a host that has a thousand of each, in the real window. */
export async function measureLongLists(context: BenchContext): Promise<BenchmarkReport> {
  const measurements: Measurement[] = [];
  const empty = await openPractice(context, 0);
  const idle: Partial<Record<List['what'], Scrolling>> = {};
  try {
    for (const list of lists) {
      await empty.evaluate(`location.hash = '${pageOf(list)}'`);
      await delay(1500);
      idle[list.what] = await scroll(empty, list);
    }
  } finally {
    await empty.close();
  }
  const window = await openPractice(context, count);
  try {
    for (const list of lists) {
      await window.evaluate(`location.hash = '${pageOf(list)}'`);
      await window.waitFor(`the ${list.what}`, `${rowsOf(list)} > 10`);
      const firstRows: number[] = [];
      for (let opening = 0; opening < openings; opening += 1) firstRows.push(await openList(window, list));
      await delay(1500);
      const scrolled = await scroll(window, list);
      if (scrolled.scrolledPx < 10_000) throw new Error(`The list of ${list.what} was scrolled by no more than ${scrolled.scrolledPx} px.`);
      const keys = await type(window, list);
      const [dropped, baseline] = [scrolled.dropped, idle[list.what]?.dropped ?? 0];
      measurements.push(
        { what: `${count} ${list.what}: first rows`, ours: spread(firstRows, 'ms'), ...noBaseline, goal: '≤ 200 ms', met: median(firstRows) <= goals.firstRowsMs },
        {
          what: `${count} ${list.what}: frames dropped of ${scrolledFrames} while scrolling`, ours: String(dropped), baseline: `${baseline} (empty list)`, ratio: '–',
          goal: 'no more than the empty list', met: dropped <= baseline,
        },
        { what: `– longest gap between two frames`, ours: `${Math.round(scrolled.worstMs)} ms`, baseline: `${Math.round(idle[list.what]?.worstMs ?? 0)} ms`, ratio: '–', goal: '', met: null },
        { what: `${count} ${list.what}: a key in the search, median and worst`, ours: spread(keys, 'ms'), ...noBaseline, goal: '≤ 50 ms, each', met: Math.max(...keys) <= goals.keyMs },
      );
    }
  } finally {
    await window.close();
  }
  return {
    how: `The real window with the practice host, which holds ${count} networks and ${count} machines. First rows: from leaving another page, the snapshot being there, to the first painted frame with rows, ${openings} times. Scrolling: by two rows a frame over ${scrolledFrames} frames, against as many frames of the same page of a host that has none. Keys: from the key to the first painted frame of the list it leaves.`,
    measurements,
  };
}
