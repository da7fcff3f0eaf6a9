import { setTimeout as delay } from 'node:timers/promises';
import type { BenchContext } from './bench-context';
import { changedNetwork, changeNetwork, changesInTurn, HostListener } from './host-changes';
import type { NetworkChange } from './host-changes';
import { median, noBaseline, spread } from './report';
import type { BenchmarkReport } from './report';
import { benchHostId, makeConnectedHome, openWindow, waitUntilConnected } from './window-environment';

const turns = 6;
const goalMs = 300;

/** What the network's row says after each change; null when there is no row. */
const wordAfter: Record<NetworkChange, string | null> = { define: 'inactive', start: 'active', destroy: 'inactive', undefine: null };

/** A promise in the page: the moment (ms since 1970) at which the row says so, beside its mark, and has been painted. */
function rowExpression(word: string | null): string {
  return `new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('The row did not change within 20 s: ' + (row()?.textContent ?? 'there is none'))), 20_000);
    const row = () => [...document.querySelectorAll('table[aria-label="Networks"] tr.row')].find((each) => each.cells[0].textContent.includes(${JSON.stringify(changedNetwork)}));
    const isSo = () => ${word === null ? '!row()' : `row()?.cells[1].textContent.replace(/[^a-z ]/g, '') === ${JSON.stringify(word)}`};
    const observer = new MutationObserver(() => look());
    const look = () => {
      if (!isSo()) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())));
    };
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    look();
  })`;
}

/** A change made on the host by virsh, until its row in the window shows it. */
export async function measureOutsideChange(context: BenchContext): Promise<BenchmarkReport> {
  const { lab } = await context.host();
  const window = await openWindow(context, await makeConnectedHome(context));
  let listener: HostListener | null = null;
  try {
    await waitUntilConnected(window);
    await window.evaluate(`location.hash = '#/hosts/${benchHostId}/networks'`);
    await window.waitFor('the networks', 'document.querySelectorAll(\'table[aria-label="Networks"] tr.row\').length > 10');
    listener = await HostListener.open(lab);
    await delay(4000);
    const tookMs: Record<NetworkChange, number[]> = { define: [], start: [], destroy: [], undefine: [] };
    for (let turn = 0; turn < turns; turn += 1) {
      for (const change of changesInTurn) {
        const shown = window.evaluate<number>(rowExpression(wordAfter[change]));
        await changeNetwork(lab, change);
        tookMs[change].push((await shown) - listener.lastAbout(changedNetwork)!);
        await delay(700);
      }
    }
    const all = Object.values(tookMs).flat();
    return {
      how: `The real window, connected to the same host, shows its networks; virsh on the host defines, starts, stops and undefines one, ${turns} times each. From libvirt's own announcement of the change (heard on the host by another virsh) to the second frame after the row in the table says so.`,
      measurements: [
        { what: 'outside change to visible row', ours: spread(all, 'ms'), ...noBaseline, goal: '≤ 300 ms', met: median(all) <= goalMs },
        ...changesInTurn.map((change) => ({ what: `– network ${change}`, ours: spread(tookMs[change], 'ms'), ...noBaseline, goal: '', met: null })),
      ],
    };
  } finally {
    await listener?.close();
    await window.close();
  }
}
