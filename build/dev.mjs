// @ts-check
/**
 * `npm run dev`: the app with the window served by Vite's dev server, which replaces edited modules in place; an edit
 * of the main process or the preload script builds them again and restarts the app. Ctrl+C ends it all.
 */
import net from 'node:net';
import process from 'node:process';
import { bundleTarget } from './bundle-targets.mjs';
import { viteConfig } from './bundle.mjs';
import { ensureDebianPackages, packagesFor } from './debian-packages.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { ensureElectron, trialNotice } from './electron-runtime.mjs';
import { launchElectron } from './launch.mjs';

/** @typedef {import('./launch.mjs').RunningApp} RunningApp */

/** @param {string} line */
const say = (line) => console.log(line);

/**
 * Builds main and preload, again on every edit.
 * @param {() => void} onBuilt called after each build once both have been built
 * @returns {Promise<() => Promise<void>>} stops watching
 */
async function watchMainProcess(onBuilt) {
  const vite = await import('vite');
  const built = new Set();
  const watchers = await Promise.all(/** @type {const} */ (['main', 'preload']).map(async (name) => {
    const config = await viteConfig(bundleTarget(name), true);
    const watcher = await vite.build({ ...config, build: { ...config.build, watch: {} } });
    if (!('on' in watcher)) throw new Error('Vite did not start watching.');
    watcher.on('event', (event) => {
      if (event.code === 'ERROR') say(`${name} could not be built: ${event.error.message}`);
      if (event.code !== 'BUNDLE_END') return;
      built.add(name);
      if (built.size === 2) onBuilt();
    });
    return watcher;
  }));
  return async () => { await Promise.all(watchers.map((watcher) => watcher.close())); };
}

/** @returns {Promise<number>} a TCP port that was free on the loopback interface just now */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** @returns {Promise<{ address: string, close: () => Promise<void> }>} */
async function serveRenderer() {
  const vite = await import('vite');
  const config = await viteConfig(bundleTarget('renderer'), true);
  const port = await freePort();
  const server = await vite.createServer({
    ...config,
    // The page's origin is app://netwright, from which Vite cannot tell where to send its notices: it is told in full.
    server: { host: '127.0.0.1', port, strictPort: true, hmr: { host: '127.0.0.1', clientPort: port, protocol: 'ws' }, cors: false },
  });
  await server.listen();
  return { address: `http://127.0.0.1:${port}`, close: () => server.close() };
}

async function main() {
  await ensureDependencies(say);
  await ensureDebianPackages({ packages: packagesFor(hasDisplay() ? ['window'] : ['window', 'display']), why: 'show a window', say });
  const runtime = await ensureElectron(say);
  if (runtime.isTrial) say(trialNotice);
  const display = hasDisplay() ? undefined : await startVirtualDisplay();
  const renderer = await serveRenderer();
  say(`The window's sources are served at ${renderer.address}.`);

  /** @type {RunningApp | undefined} */
  let app;
  let isEnding = false;
  let turn = Promise.resolve();
  const restart = async () => {
    await app?.stop();
    if (isEnding) return;
    const started = launchElectron({
      executable: runtime.executable,
      env: { ...process.env, ...display?.env, NETWRIGHT_DEV_SERVER: renderer.address },
    });
    app = started;
    say('The app is running.');
    // Closed by its user, not by a restart: then we are done.
    void started.ended.then(() => { if (app === started && !restarting) void end(); });
  };
  let restarting = false;
  const stopWatching = await watchMainProcess(() => {
    // Two bundles finish close together: restarts queue up instead of running into each other.
    turn = turn.then(async () => {
      restarting = true;
      await restart();
      restarting = false;
    });
  });
  async function end() {
    if (isEnding) return;
    isEnding = true;
    await turn;
    // The app first: its open connections would keep the server from closing.
    await app?.stop();
    await display?.stop();
    await stopWatching();
    await renderer.close();
    process.exit(0);
  }
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => void end());
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
