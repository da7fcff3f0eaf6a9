import { setTimeout as delay } from 'node:timers/promises';
import type { BenchContext } from './bench-context';
import { changedNetwork, changeNetwork, changesInTurn } from './host-changes';
import type { NetworkChange } from './host-changes';
import { median, noBaseline, spread } from './report';
import type { BenchmarkReport } from './report';
import { closeInventory, openInventory } from './ssh-session';
import type { InventorySession } from './ssh-session';
import { benchHostId } from './window-environment';

const turns = 6;
const goalMs = 50;

/** What a snapshot says of the network after each change: null when it is not in it. */
const activeAfter: Record<NetworkChange, boolean | null> = { define: false, start: true, destroy: false, undefine: null };

function isActive({ inventory }: InventorySession): boolean | null {
  return inventory.get(benchHostId)?.snapshot.networks.find(({ name }) => name === changedNetwork)?.active ?? null;
}

/** Resolves at the moment a snapshot is published that shows the change. */
function published(session: InventorySession, expected: boolean | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { stop(); reject(new Error('The change was not seen within 20 s.')); }, 20_000);
    const stop = session.inventory.onChanged(() => {
      if (isActive(session) !== expected) return;
      const at = performance.now();
      clearTimeout(timer);
      stop();
      resolve(at);
    });
  });
}

/** From libvirt's event line reaching us to the snapshot that shows it. */
export async function measureRefresh(context: BenchContext): Promise<BenchmarkReport> {
  const { lab } = await context.host();
  let heardAt: number | null = null;
  const session = await openInventory({ address: lab.address, port: 22 }, context.newFolder('known-hosts'), (line) => {
    if (line.source === 'network' && line.text?.includes(` ${changedNetwork}: `)) heardAt ??= performance.now();
  });
  try {
    // Following events begins with one more reading of everything.
    await delay(4000);
    const tookMs: Record<NetworkChange, number[]> = { define: [], start: [], destroy: [], undefine: [] };
    for (let turn = 0; turn < turns; turn += 1) {
      for (const change of changesInTurn) {
        heardAt = null;
        const seen = published(session, activeAfter[change]);
        await changeNetwork(lab, change);
        tookMs[change].push((await seen) - heardAt!);
        // Links and leases of the change before come to rest.
        await delay(700);
      }
    }
    const all = Object.values(tookMs).flat();
    return {
      how: `On the same host, networks defined, started, stopped and undefined by virsh past us, ${turns} times each: from libvirt's event line reaching the app to the published snapshot that shows the change. In it is the wait of 25 ms for further events that are then read together.`,
      measurements: [
        { what: 'refresh after an event', ours: spread(all, 'ms'), ...noBaseline, goal: '≤ 50 ms', met: median(all) <= goalMs },
        ...changesInTurn.map((change) => ({ what: `– network ${change}`, ours: spread(tookMs[change], 'ms'), ...noBaseline, goal: '', met: null })),
      ],
    };
  } finally {
    await closeInventory(session);
  }
}
