// @ts-check
/** Whether the tests on lab hosts can run here, and what they need made first. */
import fs from 'node:fs';
import { isDebian, isRoot } from '../debian-packages.mjs';
import { fromRoot } from '../paths.mjs';
import { runCommand } from '../run-command.mjs';

/** @returns {string | undefined} why they are left out; undefined when they run */
export function whyNoLab() {
  if (process.env.NETWRIGHT_TEST_LAB === 'off') return 'NETWRIGHT_TEST_LAB=off';
  if (process.platform !== 'linux' || !isDebian()) return 'lab hosts need Debian';
  if (!isRoot()) return 'lab hosts need root';
  return undefined;
}

/** @returns {string[]} Debian packages that the lab needs on this machine */
export function labPackages() {
  return fs.readFileSync(fromRoot('test', 'lab', 'packages.txt'), 'utf8').split('\n').filter((line) => line !== '');
}

/**
 * Makes the hosts' root file system and the tiny guest, once per content of their scripts. Here and not in the first test
 * that needs them: the tests run inside the lab's own network, from which no package can be downloaded.
 *
 * @param {(line: string) => void} say
 */
export async function buildLab(say) {
  const startedAt = performance.now();
  for (const script of ['lab-build', 'make-guest']) {
    const { code, stdout, stderr } = await runCommand(fromRoot('test', 'lab', script), []);
    if (code !== 0) throw new Error(`test/lab/${script} failed with exit code ${code}:\n${stdout}${stderr}`);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  if (seconds > 5) say(`Made the root file system of the lab hosts in ${seconds.toFixed(0)} s; it is kept in .lab/.`);
}
