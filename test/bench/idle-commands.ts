import { setTimeout as delay } from 'node:timers/promises';
import type { ActivityEntry } from '../../shared/domain/activity';
import type { BenchContext } from './bench-context';
import { noBaseline } from './report';
import type { BenchmarkReport } from './report';
import { processesStarted } from './session-processes';
import { benchHostId, invokeExpression, makeConnectedHome, openWindow, waitUntilConnected } from './window-environment';

const watchedMs = 60_000;
/** After connecting everything is read once more, and the hints of leases run out. */
const settleMs = 8_000;

/** What runs on a host that is connected, shown, and left alone. */
export async function measureIdle(context: BenchContext): Promise<BenchmarkReport> {
  const { lab } = await context.host();
  const window = await openWindow(context, await makeConnectedHome(context));
  try {
    await waitUntilConnected(window);
    await delay(settleMs);
    const activity = (): Promise<ActivityEntry[]> => window.evaluate(invokeExpression('activity.list', { hostId: benchHostId }));
    const before = new Set((await activity()).map((entry) => entry.id));
    const started = await processesStarted(lab.name, watchedMs);
    const commands = (await activity()).filter((entry) => !before.has(entry.id));
    const guards = started.filter((line) => /^(timeout \d+ )?\/bin\/sh -c read -r x$/.test(line));
    const others = started.filter((line) => !guards.includes(line));
    for (const line of [...commands.map((entry) => entry.argv.join(' ')), ...others]) context.say(`While idle: ${line}`);
    return {
      how: `The window is connected to the same host and shows its map; nothing is touched for ${watchedMs / 1000} s. Commands are those of the Activity log, which has every one. Processes are those that start in the app's SSH session, seen from outside the host every 5 ms; the event stream's guard against orphans is a \`timeout\` and a \`read\` every 15 s.`,
      measurements: [
        { what: `commands in ${watchedMs / 1000} s of idleness`, ours: String(commands.length), ...noBaseline, goal: '0', met: commands.length === 0 },
        { what: '– processes started, but for the guard of the event stream', ours: String(others.length), ...noBaseline, goal: '0', met: others.length === 0 },
        { what: '– processes of that guard', ours: String(guards.length), ...noBaseline, goal: '', met: null },
      ],
    };
  } finally {
    await window.close();
  }
}
