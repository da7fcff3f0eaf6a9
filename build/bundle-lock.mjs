// @ts-check
/** One bundler at a time per checkout: `npm start`, `npx netwright` and the tests may run side by side. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheDir } from './paths.mjs';

const lockFile = path.join(cacheDir, 'bundle.lock');

/** @returns {boolean} whether the lock's owner is still alive */
function isOwnerAlive() {
  try {
    const pid = Number(fs.readFileSync(lockFile, 'utf8'));
    process.kill(pid, 0);
    return true;
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (code === 'ESRCH' || code === 'ENOENT') return false;
    if (code === 'EPERM') return true;
    throw error;
  }
}

/** @returns {boolean} */
function tryLock() {
  try {
    fs.writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  }
}

/**
 * Runs `work` while holding the lock; waits for another process' bundling to end first.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withBundleLock(work) {
  fs.mkdirSync(cacheDir, { recursive: true });
  while (!tryLock()) {
    if (!isOwnerAlive()) fs.rmSync(lockFile, { force: true });
    else await delay(100);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(lockFile, { force: true });
  }
}
