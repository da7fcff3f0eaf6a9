// @ts-check
/** release/, where `npm run dist` leaves the packages. */
import fs from 'node:fs';
import path from 'node:path';
import { fromRoot } from '../paths.mjs';

export const releaseFolder = fromRoot('release');

/** The unpacked app on Linux. */
export const unpackedFolder = path.join(releaseFolder, 'linux-unpacked');

/**
 * @param {string} ending
 * @returns {string} path of the one package that ends so
 * @throws {Error} when there is none, or more than one
 */
export function onlyFile(ending) {
  const found = fs.readdirSync(releaseFolder).filter((name) => name.endsWith(ending));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`In ${releaseFolder} there must be one file *${ending}, not ${found.length}.`);
  return path.join(releaseFolder, found[0]);
}
