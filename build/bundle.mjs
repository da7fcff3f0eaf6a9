// @ts-check
/**
 * Bundles the app: `node build/bundle.mjs [--force] [target …]`. Each target is built only when its sources changed
 * since its last build; targets are built side by side.
 */
import fs from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { bundleTarget, bundleTargets } from './bundle-targets.mjs';
import { withBundleLock } from './bundle-lock.mjs';
import { fromRoot } from './paths.mjs';
import { digestOfSources, isStamped, writeStamp } from './stamp.mjs';

/** @typedef {import('./bundle-targets.mjs').TargetName} TargetName */
/** @typedef {import('./bundle-targets.mjs').BundleTarget} BundleTarget */

/** @param {BundleTarget} target @param {boolean} dev */
const stampValue = (target, dev) => `${dev ? 'dev ' : ''}${digestOfSources(target.inputs)}`;

/**
 * @param {TargetName[]} names
 * @param {boolean} [dev] whether bundles that load from the dev server are wanted
 * @returns {BundleTarget[]} those whose bundle is missing or older than its sources
 */
export function staleTargets(names, dev = false) {
  return names.map(bundleTarget).filter(
    (target) => !fs.existsSync(fromRoot(target.output)) || !isStamped(`bundle-${target.name}`, stampValue(target, dev)),
  );
}

/**
 * The Vite settings of one target. The modules behind are loaded on demand: each costs time, and a start with
 * nothing to build needs none.
 * @param {BundleTarget} target
 * @param {boolean} dev
 * @returns {Promise<import('vite').InlineConfig>}
 */
export async function viteConfig(target, dev) {
  if (target.name === 'renderer') {
    const { rendererBundleConfig } = await import('./renderer-bundle.mjs');
    return rendererBundleConfig({ dev });
  }
  const { nodeBundleConfig } = await import('./node-bundle.mjs');
  const { version } = JSON.parse(fs.readFileSync(fromRoot('package.json'), 'utf8'));
  return nodeBundleConfig(/** @type {Parameters<typeof nodeBundleConfig>[0]} */ (target), { dev, version });
}

/**
 * Builds what is stale.
 * @param {{ targets?: TargetName[], force?: boolean, dev?: boolean, say?: (line: string) => void }} [options]
 * @returns {Promise<TargetName[]>} what was built
 * @throws {Error} when a bundle cannot be made
 */
export async function bundle({ targets, force = false, dev = false, say = () => undefined } = {}) {
  const names = targets ?? bundleTargets.map((target) => target.name);
  if (!force && staleTargets(names, dev).length === 0) return [];
  return withBundleLock(async () => {
    // Another process may have built meanwhile.
    const stale = force ? names.map(bundleTarget) : staleTargets(names, dev);
    if (stale.length === 0) return [];
    say(`Building ${stale.map((target) => target.name).join(', ')} …`);
    const vite = await import('vite');
    await Promise.all(stale.map(async (target) => {
      // Taken before building: what is edited meanwhile is stale again.
      const value = stampValue(target, dev);
      await vite.build(await viteConfig(target, dev));
      writeStamp(`bundle-${target.name}`, value);
    }));
    return stale.map((target) => target.name);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const args = process.argv.slice(2);
  const startedAt = performance.now();
  const named = args.filter((arg) => !arg.startsWith('--')).map((name) => bundleTarget(/** @type {TargetName} */ (name)).name);
  const built = await bundle({ targets: named.length > 0 ? named : undefined, force: args.includes('--force'), say: console.log });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(built.length > 0 ? `Built ${built.join(', ')} in ${seconds} s.` : 'Everything is up to date.');
}
