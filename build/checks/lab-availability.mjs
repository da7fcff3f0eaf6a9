// @ts-check
/** Whether the tests on lab hosts can run here. */
import fs from 'node:fs';
import { isDebian, isRoot } from '../debian-packages.mjs';
import { fromRoot } from '../paths.mjs';

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
