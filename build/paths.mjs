// @ts-check
/** Where things are in a checkout. Every other build script takes its paths from here. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder, absolute. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** What the bundler writes: main/, preload/, cli/ and renderer/. */
export const distDir = path.join(root, 'dist');

/** Stamps, locks, reports and screenshots; safe to delete. */
export const cacheDir = path.join(root, '.cache');

/** The fallback Electron runtime, unpacked. */
export const fallbackRuntimeDir = path.join(root, '.electron', 'dist');

/** @param {string[]} parts @returns {string} an absolute path below the repository's root */
export function fromRoot(...parts) {
  return path.join(root, ...parts);
}
