import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Settings } from '../../shared/contract/app';
import { newHostProfile } from '../../shared/domain/host';
import { LabHost, labKeyPath } from '../lab/lab';
import type { BenchContext } from './bench-context';
import type { BenchWindow } from './bench-window';
import { median, spread } from './report';
import type { BenchmarkReport } from './report';
import { invokeExpression, makeHome, openWindow } from './window-environment';
import type { WindowHome } from './window-environment';

const hostCount = 20;
const rounds = 3;
const goalMs = 50;
const probe = fileURLToPath(new URL('main-thread-probe/probe.cjs', import.meta.url));

/** A home that knows twenty hosts, all of them one lab host under different names, and connects to the first `count` at start. */
async function makeManyHostsHome(context: BenchContext, lab: LabHost, count: number): Promise<WindowHome> {
  const home = makeHome(context, 'app');
  const profiles = Array.from({ length: hostCount }, (_, number) => newHostProfile(`host-${number}`, `host ${number}`, {
    kind: 'ssh', address: lab.address, port: 22, user: 'root', auth: 'key', keyPath: labKeyPath, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin',
  }));
  const settings: Partial<Settings> = { connectAtStart: profiles.slice(0, count).map(({ id }) => id), lastHostId: 'host-0' };
  writeFileSync(path.join(home.folder, 'data/hosts.json'), JSON.stringify({ version: 1, hosts: profiles }));
  writeFileSync(path.join(home.folder, 'data/settings.json'), JSON.stringify(settings));
  mkdirSync(path.join(home.folder, '.ssh'), { mode: 0o700 });
  writeFileSync(path.join(home.folder, '.ssh/known_hosts'), await lab.knownHostsLine());
  return home;
}

interface Round {
  /** Longest turns of the main process' loop: of its own processor time, and as time went by. */
  mainMs: number;
  mainElapsedMs: number;
  /** The page's longest task once it had its first picture. */
  pageMs: number;
  /** From the start of the program to its first picture, and from there until all sessions stood. */
  pictureMs: number;
  allConnectedMs: number;
}

/** Milliseconds since 1970 at which the first picture was painted. */
const usefulAt = 'performance.getEntriesByName("netwright:useful").length > 0 && performance.timeOrigin + performance.getEntriesByName("netwright:useful")[0].startTime';

async function connectedCount(window: BenchWindow): Promise<number> {
  const views = await window.evaluate<{ session: { phase: string; error?: { title: string } } }[]>(invokeExpression('hosts.list', undefined));
  const failed = views.find((view) => view.session.phase === 'failed');
  if (failed) throw new Error(`A session does not stand: ${JSON.stringify(failed.session)}`);
  return views.filter((view) => view.session.phase === 'connected').length;
}

async function measureRound(context: BenchContext, lab: LabHost, count: number): Promise<Round> {
  const delays = path.join(context.newFolder('delays'), 'delays');
  const window = await openWindow(context, await makeManyHostsHome(context, lab, count), { NODE_OPTIONS: `--require ${probe}`, NETWRIGHT_BENCH_DELAYS: delays });
  try {
    await window.waitFor('its first picture', usefulAt);
    const useful = await window.evaluate<number>(usefulAt);
    await window.evaluate('void (window.longTasks = [], new PerformanceObserver((list) => window.longTasks.push(...list.getEntries())).observe({ type: "longtask", buffered: true }))');
    const deadline = performance.now() + 120_000;
    while ((await connectedCount(window)) < count) {
      if (performance.now() > deadline) throw new Error('Not all hosts were connected to within two minutes.');
      await delay(200);
    }
    const connectedAt = performance.timeOrigin + performance.now();
    // Leases, health and the saved snapshots come after the connecting.
    await delay(6_000);
    const lines = readFileSync(delays, 'utf8').trim().split('\n').map((line) => line.split(' ').map(Number) as [number, number, number]);
    const whileConnecting = lines.filter(([at]) => at - 100 >= useful);
    const longest = (column: 1 | 2): number => Math.max(...whileConnecting.map((line) => line[column])) / 1e6;
    const pageMs = await window.evaluate<number>(`Math.max(0, ...window.longTasks.filter((task) => performance.timeOrigin + task.startTime >= ${useful}).map((task) => task.duration))`);
    return { mainMs: longest(2), mainElapsedMs: longest(1), pageMs, pictureMs: useful - window.startedAt, allConnectedMs: connectedAt - useful };
  } finally {
    await window.close();
  }
}

/** Twenty hosts at start: how long the window stands still for it. */
export async function measureManyHosts(context: BenchContext): Promise<BenchmarkReport> {
  const lab = await LabHost.up('bench-many');
  try {
    // One sshd stands for twenty here: by itself it would turn some of so many logins at once away (MaxStartups 10:30:100).
    await lab.execOrThrow('echo "MaxStartups 100" > /etc/ssh/sshd_config.d/many.conf && systemctl reload ssh');
    const many: Round[] = [];
    const one: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      one.push(await measureRound(context, lab, 1));
      many.push(await measureRound(context, lab, hostCount));
    }
    const column = (list: Round[], key: keyof Round): number[] => list.map((each) => each[key]);
    const row = (what: string, key: keyof Round, goal: boolean): BenchmarkReport['measurements'][number] => ({
      what, ours: spread(column(many, key), 'ms'), baseline: spread(column(one, key), 'ms'), ratio: '–',
      goal: goal ? `≤ ${goalMs} ms` : '', met: goal ? median(column(many, key)) <= goalMs : null,
    });
    return {
      how: `The real window starts with ${hostCount} hosts to connect to (all one lab host, which runs on the same processors), ${rounds} times, by turns with the baseline: the same window with one of them. From its first picture until 6 s after the last session stood. Main process: the longest turn of its event loop, by the main thread's own processor time, and as time went by (perf_hooks), which counts too what other programs took of the processors. Page: the longest task that Chromium reports (from 50 ms on; 0: none), the map of the first host included.`,
      measurements: [
        row(`${hostCount} hosts at start: longest block of the main process`, 'mainMs', true),
        row('– as time went by', 'mainElapsedMs', false),
        row(`${hostCount} hosts at start: longest task of the page`, 'pageMs', false),
        row('– from the start to the first picture', 'pictureMs', false),
        row('– from there until all are connected and read', 'allConnectedMs', false),
      ],
    };
  } finally {
    await lab.down();
  }
}
