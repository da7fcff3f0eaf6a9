import { setTimeout as delay } from 'node:timers/promises';
import type { ActivityEntry } from '../../shared/domain/activity';
import type { LabHost } from '../lab/lab';
import type { BenchContext } from './bench-context';
import { noBaseline } from './report';
import type { BenchmarkReport } from './report';
import { benchHostId, invokeExpression, makeConnectedHome, openWindow, waitUntilConnected } from './window-environment';

const watchedMs = 60_000;
/** After connecting everything is read once more, and the hints of leases run out. */
const settleMs = 8_000;

/** The host has its own process ids: a new one's is the number of those before it. */
async function newProcessId(lab: LabHost): Promise<number> {
  return Number(await lab.execOrThrow(['sh', '-c', 'echo $$']));
}

/** How many processes and threads started on the host during the time, but for those that ask. */
async function startedOnHost(lab: LabHost): Promise<number> {
  const before = await newProcessId(lab);
  await delay(watchedMs);
  return (await newProcessId(lab)) - before - 1;
}

/** What runs on a host that is connected, shown, and left alone. */
export async function measureIdle(context: BenchContext): Promise<BenchmarkReport> {
  const { lab } = await context.host();
  const alone = await startedOnHost(lab);
  const window = await openWindow(context, await makeConnectedHome(context));
  try {
    await waitUntilConnected(window);
    await delay(settleMs);
    const activity = (): Promise<ActivityEntry[]> => window.evaluate(invokeExpression('activity.list', { hostId: benchHostId }));
    const before = new Set((await activity()).map((entry) => entry.id));
    const watched = await startedOnHost(lab);
    const since = (await activity()).filter((entry) => !before.has(entry.id));
    if (since.length > 0) context.say(`Commands while idle: ${since.map((entry) => entry.argv.join(' ')).join('; ')}`);
    return {
      how: `The window is connected to the same host and shows its map; nothing is touched for ${watchedMs / 1000} s. Commands are those of the Activity log, which has every one. Processes are counted by the host's own process ids, threads included; the event stream's guard against orphans starts two every 15 s. Baseline: the same host with nobody connected.`,
      measurements: [
        { what: `commands in ${watchedMs / 1000} s of idleness`, ours: String(since.length), ...noBaseline, goal: '0', met: since.length === 0 },
        { what: '– processes and threads started on the host', ours: String(watched), baseline: String(alone), ratio: '', goal: '', met: null },
      ],
    };
  } finally {
    await window.close();
  }
}
