import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Settings } from '../../shared/contract/app';
import { newHostProfile } from '../../shared/domain/host';
import { LabHost, labKeyPath } from '../lab/lab';
import type { BenchContext } from './bench-context';
import type { BenchWindow } from './bench-window';
import { noBaseline, spread } from './report';
import type { BenchmarkReport } from './report';
import { invokeExpression, makeHome, openWindow } from './window-environment';
import type { WindowHome } from './window-environment';

const hostCount = 20;
const rounds = 3;
const goalMs = 50;
/** The loop is looked at once in a millisecond: a delay is that much longer than the block behind it. */
const resolutionMs = 1;
const probe = fileURLToPath(new URL('main-thread-probe/probe.cjs', import.meta.url));

/** A home that knows twenty hosts: all of them one lab host under different names. `atStart`: connects to them by itself. */
async function makeManyHostsHome(context: BenchContext, lab: LabHost, atStart: boolean): Promise<WindowHome> {
  const home = makeHome(context, 'app');
  const profiles = Array.from({ length: hostCount }, (_, number) => newHostProfile(`host-${number}`, `host ${number}`, {
    kind: 'ssh', address: lab.address, port: 22, user: 'root', auth: 'key', keyPath: labKeyPath, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin',
  }));
  const settings: Partial<Settings> = { connectAtStart: atStart ? profiles.map(({ id }) => id) : [], lastHostId: 'host-0' };
  writeFileSync(path.join(home.folder, 'data/hosts.json'), JSON.stringify({ version: 1, hosts: profiles }));
  writeFileSync(path.join(home.folder, 'data/settings.json'), JSON.stringify(settings));
  mkdirSync(path.join(home.folder, '.ssh'), { mode: 0o700 });
  writeFileSync(path.join(home.folder, '.ssh/known_hosts'), await lab.knownHostsLine());
  return home;
}

interface Round {
  /** Longest blocks once the window had its first picture. */
  mainMs: number;
  pageMs: number;
  /** From the first picture until all sessions stood. */
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

async function measureRound(context: BenchContext, lab: LabHost, atStart: boolean): Promise<Round> {
  const delays = path.join(context.newFolder('delays'), 'delays');
  const window = await openWindow(context, await makeManyHostsHome(context, lab, atStart), { NODE_OPTIONS: `--require ${probe}`, NETWRIGHT_BENCH_DELAYS: delays });
  try {
    await window.waitFor('its first picture', usefulAt);
    const useful = await window.evaluate<number>(usefulAt);
    await window.evaluate('window.longTasks = []; new PerformanceObserver((list) => window.longTasks.push(...list.getEntries())).observe({ type: "longtask", buffered: true })');
    const deadline = performance.now() + 120_000;
    while (atStart && (await connectedCount(window)) < hostCount) {
      if (performance.now() > deadline) throw new Error('Not all hosts were connected to within two minutes.');
      await delay(200);
    }
    const connectedAt = performance.timeOrigin + performance.now();
    // Leases, health and the saved snapshots come after the connecting.
    await delay(atStart ? 6_000 : 10_000);
    const lines = readFileSync(delays, 'utf8').trim().split('\n').map((line) => line.split(' ').map(Number) as [number, number]);
    const mainMs = Math.max(...lines.filter(([at]) => at - 100 >= useful).map(([, nanoseconds]) => nanoseconds / 1e6)) - resolutionMs;
    const pageMs = await window.evaluate<number>(`Math.max(0, ...window.longTasks.filter((task) => performance.timeOrigin + task.startTime >= ${useful}).map((task) => task.duration))`);
    return { mainMs, pageMs, allConnectedMs: connectedAt - useful };
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
    const busy: Round[] = [];
    const idle: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      idle.push(await measureRound(context, lab, false));
      busy.push(await measureRound(context, lab, true));
    }
    const column = (list: Round[], key: keyof Round): number[] => list.map((each) => each[key]);
    const row = (what: string, key: 'mainMs' | 'pageMs'): BenchmarkReport['measurements'][number] => ({
      what, ours: spread(column(busy, key), 'ms'), baseline: spread(column(idle, key), 'ms'), ratio: '–', goal: `≤ ${goalMs} ms`, met: Math.max(...column(busy, key)) <= goalMs,
    });
    return {
      how: `The real window starts with ${hostCount} hosts to connect to (all one lab host, which runs on the same processors), ${rounds} times; from its first picture until 6 s after the last session stood. Main process: the longest delay of its event loop (perf_hooks), looked at every millisecond. Page: the longest task that Chromium reports (those from 50 ms on; 0: none). Baseline: the same window, which knows the hosts but connects to none, for 10 s. The goal is on the longest of all rounds.`,
      measurements: [
        row(`${hostCount} hosts at start: longest block of the main process`, 'mainMs'),
        row(`${hostCount} hosts at start: longest task of the page`, 'pageMs'),
        { what: `${hostCount} hosts at start: all connected and read`, ours: spread(column(busy, 'allConnectedMs'), 'ms'), ...noBaseline, goal: '', met: null },
      ],
    };
  } finally {
    await lab.down();
  }
}
