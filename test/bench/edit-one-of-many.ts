import { InventoryService } from '../../electron/services/inventory/inventory-service';
import type { CommandRunner } from '../../electron/transport/command-runner';
import { createDefaultPracticeHost } from '../../electron/transport/practice/default-host';
import { openPracticeRunner } from '../../electron/transport/practice/open-practice-runner';
import { defineNetwork } from '../../shared/domain/planning/network-commands';
import { noBaseline, times } from './report';
import type { BenchmarkReport } from './report';

const networkCount = 500;

const uuidOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const xmlOf = (number: number, bridge: string): string => `<network><name>many-${number}</name><uuid>${uuidOf(number)}</uuid><bridge name='${bridge}'/></network>`;

/** What was asked of a host: libvirt's reads, of them those of a network's XML, and trips. */
interface Asked {
  reads: number;
  networks: number;
  trips: number;
}

/** A runner whose reads are counted. */
function counted(runner: CommandRunner): { runner: CommandRunner; take(): Asked } {
  let asked: Asked = { reads: 0, networks: 0, trips: 0 };
  const counting: CommandRunner = {
    privilege: runner.privilege,
    run: (command, options) => { asked.trips += 1; return runner.run(command, options); },
    gather: (sections, options) => { asked.trips += 1; asked.reads += sections.length; return runner.gather(sections, options); },
    virsh: (argvs, options) => {
      asked.trips += 1;
      asked.reads += argvs.length;
      asked.networks += new Set(argvs.filter(([verb]) => verb === 'net-dumpxml').map((argv) => argv.at(-1))).size;
      return runner.virsh(argvs, options);
    },
    follow: (sources, listener) => runner.follow(sources, listener),
    connectTcp: (address, port, options) => runner.connectTcp(address, port, options),
    openTerminal: (request) => runner.openTerminal(request),
    ping: (timeoutMs) => runner.ping(timeoutMs),
    onClose: (listener) => runner.onClose(listener),
    close: () => runner.close(),
  };
  return { runner: counting, take: () => { const taken = asked; asked = { reads: 0, networks: 0, trips: 0 }; return taken; } };
}

/** What is read when one of many networks was changed by somebody else, beside a read of everything. */
export async function measureEditOfOne(): Promise<BenchmarkReport> {
  const host = createDefaultPracticeHost({ latencyMs: 0 });
  const outside = openPracticeRunner(host);
  for (let number = 1; number <= networkCount; number += 1) {
    const { exitCode, stderr } = await outside.run(defineNetwork(`many-${number}`, xmlOf(number, `vm${number}`)));
    if (exitCode !== 0) throw new Error(`The practice host did not take network ${number}: ${stderr}`);
  }
  const ours = counted(openPracticeRunner(host));
  // Following events begins with one more reading of everything, which is waited for.
  const inventory = new InventoryService({ timing: { debounceMs: 1, settleMs: 5 } });
  try {
    await inventory.attach('practice', ours.runner);
    await inventory.refresh('practice', 'all');
    ours.take();
    await inventory.refresh('practice', 'all');
    const whole = ours.take();
    const seen = new Promise<void>((resolve) => {
      const stop = inventory.onChanged(() => {
        if (!inventory.get('practice')?.snapshot.networks.some(({ bridge }) => bridge?.name === 'after')) return;
        stop();
        resolve();
      });
    });
    await outside.run(defineNetwork('many-250', xmlOf(250, 'after')));
    await seen;
    const one = ours.take();
    const row = (what: string, key: keyof Asked) => ({ what, ours: String(one[key]), baseline: String(whole[key]), ratio: times(one[key] / whole[key]) });
    return {
      how: `The practice host with ${networkCount} networks more, of which somebody else redefines one: what the app has asked until its snapshot shows the change. The baseline is one reading of everything on the same host. Counted, not timed.`,
      measurements: [
        { ...row(`networks read again after an edit of one of ${networkCount}`, 'networks'), goal: '1', met: one.networks === 1 },
        { ...row('– libvirt\'s and the host\'s reads, lists among them', 'reads'), goal: '', met: null },
        { what: '– trips to the host', ours: String(one.trips), ...noBaseline, baseline: String(whole.trips), goal: '', met: null },
      ],
    };
  } finally {
    inventory.detach('practice');
    await Promise.all([ours.runner.close(), outside.close()]);
  }
}
