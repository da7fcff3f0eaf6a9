// @ts-check
/**
 * `npm run test:package`: makes the packages as `npm run dist` does, installs the .deb in a minimal Debian, starts it there
 * as an ordinary user, works with it on a lab host, purges it; unpacks the .tar.gz; reads the .rpm. Needs Debian and root,
 * as the lab hosts do. --keep uses the packages that lie in release/.
 */
import process from 'node:process';
import { buildLab, labPackages, whyNoLab } from '../checks/lab-availability.mjs';
import { runVitestProject } from '../checks/vitest-stage.mjs';
import { ensureDebianPackages, packagesFor } from '../debian-packages.mjs';
import { ensureDependencies } from '../dependencies.mjs';
import { fromRoot } from '../paths.mjs';
import { runOrThrow } from '../run-command.mjs';
import { onlyFile } from './release-folder.mjs';

/** @param {string} line */
const say = (line) => console.log(line);

/** @template T @param {string} what @param {() => Promise<T>} work @returns {Promise<T>} */
async function timed(what, work) {
  const startedAt = performance.now();
  const result = await work();
  say(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${what}`);
  return result;
}

async function main() {
  const reason = whyNoLab();
  if (reason !== undefined) throw new Error(`The packages can't be tested here: ${reason}.`);
  await ensureDependencies(say);
  await ensureDebianPackages({ packages: [...labPackages(), ...packagesFor(['display', 'dist'])], why: 'make packages and install them in a minimal Debian', say });
  await timed('lab hosts', () => buildLab(say));
  if (!process.argv.includes('--keep')) {
    const targets = ['dir', 'tar.gz', 'deb', 'rpm'].flatMap((name) => ['--target', name]);
    await timed('packages made', () => runOrThrow(process.execPath, [fromRoot('build', 'packaging', 'dist.mjs'), '--allow-trial-runtime', ...targets], { cwd: fromRoot() }));
  }
  const deb = onlyFile('.deb');
  const packageRoot = fromRoot('test', 'package', 'package-root');
  await timed('minimal Debian with what the .deb depends on', () => runOrThrow(packageRoot, ['make', deb]));
  try {
    const env = { ...process.env, NODE_ENV: 'test' };
    const result = await timed('tests', () => runVitestProject('package', { env, wrapper: [fromRoot('test', 'lab', 'in-client')] }));
    say(result.output);
    say(`\n${result.passed} passed, ${result.failed} failed`);
    process.exitCode = result.failed > 0 || result.skipped > 0 ? 1 : 0;
  } finally {
    await runOrThrow(packageRoot, ['remove']);
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
