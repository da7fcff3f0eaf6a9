// @ts-check
/**
 * `npm start`: from a bare machine to the open window. Installs what is missing, builds what changed, finds an Electron
 * and starts the app; a second start finds everything done. `--once` (for trials without a screen) closes the window
 * after its first picture. Further arguments go to the app.
 */
import path from 'node:path';
import process from 'node:process';
import { bundle } from './bundle.mjs';
import { ensureDebianPackages, isRoot, packagesFor } from './debian-packages.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { ensureElectron, trialNotice } from './electron-runtime.mjs';
import { launchElectron } from './launch.mjs';
import { cacheDir } from './paths.mjs';
import { screenshotWhenPainted } from './screenshot.mjs';

const screenshotFile = path.join(cacheDir, 'netwright-screenshot.png');
const paintLimitMs = 60_000;

/** @param {string} line */
const say = (line) => console.log(line);

/** @returns {Promise<string>} path of the Electron to run */
async function prepare() {
  await ensureDependencies(say);
  await ensureDebianPackages({
    packages: packagesFor(hasDisplay() ? ['window'] : ['window', 'display']),
    why: hasDisplay() ? 'show a window' : 'show a window (there is no screen here, so one in memory is used)',
    say,
  });
  await bundle({ targets: ['main', 'preload', 'renderer'], say });
  const runtime = await ensureElectron(say);
  if (runtime.isTrial) say(trialNotice);
  if (isRoot()) say('Note: running as root, so Chromium\'s sandbox is off (--no-sandbox). Start as an ordinary user to have it on.');
  return runtime.executable;
}

/** @param {string} executable @param {{ once: boolean, appArgs: string[]}} options */
async function run(executable, { once, appArgs }) {
  const display = hasDisplay() ? undefined : await startVirtualDisplay();
  const app = launchElectron({ executable, env: { ...process.env, ...display?.env }, args: appArgs });
  let isStopping = false;
  const stop = () => {
    isStopping = true;
    return app.stop();
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => void stop());
  try {
    if (display) {
      const picture = screenshotWhenPainted({ framebufferFile: display.framebufferFile, to: screenshotFile, limitMs: paintLimitMs });
      const first = await Promise.race([picture, app.ended]);
      if (typeof first === 'object') {
        const seconds = process.uptime().toFixed(1);
        say(`There is no screen here. The window is open on a screen in memory (${display.env.DISPLAY}), after ${seconds} s; its picture: ${screenshotFile}`);
        if (once) await stop();
        else say('Press Ctrl+C to close it.');
      }
    }
    const code = await app.ended;
    return isStopping ? 0 : code;
  } finally {
    await app.stop();
    await display?.stop();
  }
}

const args = process.argv.slice(2);
try {
  const executable = await prepare();
  process.exitCode = await run(executable, { once: args.includes('--once'), appArgs: args.filter((arg) => arg !== '--once') });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
