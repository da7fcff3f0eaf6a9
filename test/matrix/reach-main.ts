/** What `node test/matrix/reach.mjs` runs on the lab's LAN. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fromRoot } from '../../build/paths.mjs';
import { LabHost } from '../lab/lab';
import { reachCases } from './reach-cases';
import { writeReachTable } from './reach-table';
import { runReach } from './run-reach';
import type { ReachResult } from './run-reach';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { to: { type: 'string', default: fromRoot('docs', 'reach.md') } } });
  const cases = reachCases.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const host = await LabHost.up('reach', { nics: 2 });
  try {
    await host.execOrThrow('virsh -q net-start default; ip link set enp2s0 up');
    const results: ReachResult[] = [];
    for (const reachCase of cases) {
      const result = await runReach(reachCase, host);
      results.push(result);
      console.warn(`${result.problem === null ? '✓' : '✕'} ${reachCase.name} (${result.seconds.toFixed(1)} s)${result.problem === null ? '' : `\n    ${result.problem}`}`);
    }
    const wrong = results.filter(({ problem }) => problem !== null);
    console.warn(`${results.length - wrong.length} of ${results.length} as claimed.`);
    if (positionals.length === 0) {
      const versions = (await host.execOrThrow('. /etc/os-release; echo "$PRETTY_NAME"; echo "libvirt $(virsh --version)"; ovs-vsctl --version | head -n 1')).trim().split('\n').join(', ');
      writeFileSync(values.to, writeReachTable(results, versions));
    }
    process.exitCode = wrong.length === 0 ? 0 : 1;
  } finally {
    await host.down();
  }
}

void main();
