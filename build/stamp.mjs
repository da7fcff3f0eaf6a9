// @ts-check
/** Stamp files: they remember what a finished step was made from, so that it is not done twice. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { cacheDir, root } from './paths.mjs';

/** @param {string} name */
const stampPath = (name) => path.join(cacheDir, `${name}.stamp`);

/**
 * @param {string} name of the step
 * @param {string} value what the step would be made from now
 * @returns {boolean} whether the step was last finished with this very value
 */
export function isStamped(name, value) {
  try {
    return fs.readFileSync(stampPath(name), 'utf8') === value;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return false;
    throw error;
  }
}

/** @param {string} name @param {string} value */
export function writeStamp(name, value) {
  fs.mkdirSync(cacheDir, { recursive: true });
  fs.writeFileSync(stampPath(name), value);
}

/**
 * A digest of path, size and modification time of every file below the given files and folders. Contents are
 * not read: hashing them would cost more than a needless rebuild after a checkout. Tests are left out.
 * @param {string[]} inputs paths relative to the repository's root; missing ones count as empty
 * @returns {string} hexadecimal SHA-256
 */
export function digestOfSources(inputs) {
  const hash = createHash('sha256');
  /** @param {string} relative */
  const visit = (relative) => {
    const stat = fs.statSync(path.join(root, relative), { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      for (const name of fs.readdirSync(path.join(root, relative)).sort()) {
        if (name !== 'node_modules' && name !== 'generated' && !/\.test\.\w+$/.test(name)) visit(path.join(relative, name));
      }
    } else if (stat) {
      hash.update(`${relative}\0${stat.size}\0${stat.mtimeMs}\n`);
    }
  };
  inputs.forEach(visit);
  return hash.digest('hex');
}
