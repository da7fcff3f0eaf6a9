// @ts-check
/**
 * `node test/matrix/reach.mjs [--to FILE] [NAME …]`: makes a network of every kind on a lab host (needs root;
 * test/lab/README.md), has guests send packets, prints where the app's reach table is wrong, and writes docs/reach.md when all
 * were tried. Ends with 1 when one was wrong. Run it inside the lab's LAN: test/lab/in-client node test/matrix/reach.mjs
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { fromRoot } from '../../build/paths.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { to: { type: 'string', default: fromRoot('docs', 'reach.md') } } });

/** @template T @param {string} name @returns {Promise<T>} */
const load = async (name) => (/** @type {{ module: T }} */ (await runnerImport(fromRoot('test', name)))).module;
const { LabHost } = /** @type {typeof import('../lab/lab')} */ (await load('lab/lab.ts'));
const { reachCases } = /** @type {typeof import('./reach-cases')} */ (await load('matrix/reach-cases.ts'));
const { runReach } = /** @type {typeof import('./run-reach')} */ (await load('matrix/run-reach.ts'));
const { writeReachTable } = /** @type {typeof import('./reach-table')} */ (await load('matrix/reach-table.ts'));

const cases = reachCases.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const host = await LabHost.up('reach', { nics: 2 });
try {
  await host.execOrThrow('virsh -q net-start default; ip link set enp2s0 up');
  /** @type {import('./run-reach').ReachResult[]} */
  const results = [];
  for (const reachCase of cases) {
    const result = await runReach(reachCase, host);
    results.push(result);
    console.log(`${result.problem === null ? '✓' : '✕'} ${reachCase.name} (${result.seconds.toFixed(1)} s)${result.problem === null ? '' : `\n    ${result.problem}`}`);
  }
  const wrong = results.filter(({ problem }) => problem !== null);
  console.log(`${results.length - wrong.length} of ${results.length} as claimed.`);
  if (positionals.length === 0) {
    const versions = (await host.execOrThrow('. /etc/os-release; echo "$PRETTY_NAME"; echo "libvirt $(virsh --version)"; ovs-vsctl --version | head -n 1')).trim().split('\n').join(', ');
    writeFileSync(values.to, writeReachTable(results, versions));
  }
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await host.down();
}
