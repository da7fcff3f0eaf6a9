// @ts-check
/**
 * `node test/matrix/run.mjs [--to FILE] [--client builtin|system] [--parallel N] [NAME …]`: tries every way into a host
 * on lab hosts (needs root; test/lab/README.md), prints what came of each, and writes docs/ways-in.md when all were tried.
 * NAME is one of the ways, `way07`. Ends with 1 when one failed.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { bundle } from '../../build/bundle.mjs';
import { fromRoot } from '../../build/paths.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { to: { type: 'string', default: fromRoot('docs', 'ways-in.md') }, client: { type: 'string' }, parallel: { type: 'string', default: '3' } },
});

/** @template T @param {string} name @returns {Promise<T>} */
const load = async (name) => (/** @type {{ module: T }} */ (await runnerImport(fromRoot('test', 'matrix', name)))).module;
const { planWays } = /** @type {typeof import('./ways')} */ (await load('ways.ts'));
const { openWaysLab } = /** @type {typeof import('./ways-lab')} */ (await load('ways-lab.ts'));
const { runWay } = /** @type {typeof import('./run-way')} */ (await load('run-way.ts'));
const { writeWaysTable } = /** @type {typeof import('./ways-table')} */ (await load('ways-table.ts'));

const ways = planWays().filter(({ name, client }) => (positionals.length === 0 || positionals.includes(name)) && (values.client === undefined || client === values.client));
await bundle({ targets: ['cli'], say: (line) => console.log(line) });
const folder = mkdtempSync(path.join(os.tmpdir(), 'netwright-ways-'));
// A copy: what is built meanwhile is not what is being tried.
const cli = path.join(folder, 'cli', 'netwright.cjs');
mkdirSync(path.dirname(cli));
copyFileSync(fromRoot('dist', 'cli', 'netwright.cjs'), cli);
const lab = await openWaysLab(ways, folder, process.env['LAB'] ?? fromRoot('.lab'));
try {
  /** @type {import('./run-way').WayResult[]} */
  const results = [];
  const left = [...ways];
  await Promise.all(Array.from({ length: Number(values.parallel) }, async () => {
    for (let way = left.shift(); way; way = left.shift()) {
      const result = await runWay(way, lab, cli, folder);
      results.push(result);
      const what = [way.authentication, way.privilege, way.shell, way.path, way.client].join(' · ');
      console.log(`${result.problem === null ? '✓' : '✕'} ${way.name} ${what} (${result.seconds.toFixed(1)} s)${result.problem === null ? '' : `\n    ${result.problem}`}`);
    }
  }));
  results.sort((one, other) => one.way.number - other.way.number);
  const failed = results.filter(({ problem }) => problem !== null);
  console.log(`${results.length - failed.length} of ${results.length} ways worked.`);
  if (positionals.length === 0) {
    const versions = (await lab.host.execOrThrow('. /etc/os-release; echo "$PRETTY_NAME"; ssh -V 2>&1 | cut -d" " -f1; echo "libvirt $(virsh --version)"')).trim().split('\n').join(', ');
    writeFileSync(values.to, writeWaysTable(results, versions));
  }
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
}
