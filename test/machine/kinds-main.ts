/** What `node test/matrix/full-machine-kinds.mjs` runs on the lab's LAN. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fromRoot } from '../../build/paths.mjs';
import { bandwidthRows } from './bandwidth-rows';
import { functionRows } from './function-rows';
import { KindsLab } from './kinds-lab';
import { kindsPage, type KindResult } from './kinds-page';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { to: { type: 'string', default: fromRoot('docs', 'full-machine-kinds.md') }, prefix: { type: 'string', default: 'machine' } },
});
const commit = execFileSync('git', ['log', '-1', '--format=%h', '--', 'electron', 'shared', 'test/machine'], { cwd: fromRoot(), encoding: 'utf8' }).trim();
const groups = [bandwidthRows, functionRows].filter(({ title }) => positionals.length === 0 || positionals.some((word) => title.includes(word)));

async function main(): Promise<void> {
  const lab = await KindsLab.up(`${values.prefix}-kinds`);
  const results: KindResult[] = [];
  try {
    const machine = await lab.about();
    console.warn(machine);
    for (const group of groups) {
      for (const row of group.rows) {
        const startedAt = performance.now();
        const outcome = await row.run(lab).then((seen) => ({ seen, problem: null }), (error: unknown) => ({ seen: '', problem: (error as Error).message }));
        const seconds = Math.round((performance.now() - startedAt) / 1000);
        results.push({ group, row, seconds, ...outcome });
        console.warn(`${outcome.problem === null ? '✓' : '✕'} ${row.name} (${seconds} s): ${outcome.problem ?? outcome.seen}`);
        writeFileSync(values.to, kindsPage(results, { machine, commit, at: new Date() }));
      }
    }
  } finally {
    await lab.down();
  }
  const wrong = results.filter(({ problem }) => problem !== null).length;
  console.warn(`${results.length - wrong} of ${results.length} as expected.`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

void main();
