/** What `node test/matrix/reach.mjs` runs on the lab's LAN. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fromRoot } from '../../build/paths.mjs';
import { LabHost } from '../lab/lab';
import { reachCases } from './reach-cases';
import type { ReachCase } from './reach-cases';
import { writeReachTable } from './reach-table';
import { lanes, runReach } from './run-reach';
import type { ReachResult } from './run-reach';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true, options: { to: { type: 'string', default: fromRoot('docs', 'reach.md') }, parallel: { type: 'string', default: '2' } },
  });
  const cases = reachCases.filter(({ name }) => positionals.length === 0 || positionals.some((start) => name.startsWith(start)));
  const names = Array.from({ length: Math.min(lanes, cases.length, Number(values.parallel)) }, (_none, lane) => `reach-${lane + 1}`);
  const hosts = await Promise.all(names.map((name) => LabHost.up(name, { nics: 3 })));
  try {
    for (const host of hosts) await host.execOrThrow('virsh -q net-start default; ip link set enp2s0 up; ip link set enp3s0 up');
    const left = [...cases];
    const results = new Map<ReachCase, ReachResult>();
    await Promise.all(hosts.map(async (host, lane) => {
      for (let reachCase = left.shift(); reachCase; reachCase = left.shift()) {
        const result = await runReach(reachCase, host, lane);
        results.set(reachCase, result);
        console.warn(`${result.problem === null ? '✓' : '✕'} ${reachCase.name} (${result.seconds.toFixed(1)} s)${result.problem === null ? '' : `\n    ${result.problem}`}`);
      }
    }));
    const inOrder = cases.flatMap((reachCase) => results.get(reachCase) ?? []);
    const wrong = inOrder.filter(({ problem }) => problem !== null);
    console.warn(`${inOrder.length - wrong.length} of ${inOrder.length} as claimed.`);
    const versions = (await hosts[0]!.execOrThrow('. /etc/os-release; echo "$PRETTY_NAME"; echo "libvirt $(virsh --version)"; ovs-vsctl --version | sed -n "1s/.*(Open vSwitch)/Open vSwitch/p"')).trim().split('\n').join(', ');
    writeFileSync(values.to, writeReachTable(inOrder, reachCases.map(({ name }) => name), existsSync(values.to) ? readFileSync(values.to, 'utf8') : '', versions, new Date()));
    process.exitCode = wrong.length === 0 ? 0 : 1;
  } finally {
    await Promise.all(hosts.map((host) => host.down()));
  }
}

void main();
