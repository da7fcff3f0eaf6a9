// @ts-check
/** Starts Electron on the built app and sees to it that nothing of it stays behind. */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { isRoot } from './debian-packages.mjs';
import { root } from './paths.mjs';

/** How long the app may take to close after it was asked to, before it is ended by force. */
const closeLimitMs = 5000;

/**
 * @typedef {object} RunningApp
 * @property {Promise<number>} ended resolves with the exit code; 128 when a signal ended it
 * @property {() => Promise<void>} stop closes the app; resolves when all its processes are gone
 */

/**
 * @param {{ executable: string, env?: NodeJS.ProcessEnv, args?: string[] }} options
 * @returns {RunningApp}
 */
export function launchElectron({ executable, env = process.env, args = [] }) {
  // Chromium refuses to run its sandbox as root; everyone else keeps it.
  const sandboxArgs = isRoot() ? ['--no-sandbox'] : [];
  // Chromium's own log below "fatal": without a session bus or a graphics card it is a page of harmless errors.
  const logArgs = ['--log-level=3'];
  // A process group of its own: Ctrl+C reaches us alone, and we end the group as a whole.
  const hasGroup = process.platform !== 'win32';
  const child = spawn(executable, [...sandboxArgs, ...logArgs, ...args, root], { env, stdio: ['ignore', 'inherit', 'inherit'], detached: hasGroup });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 128));
  });

  /** @param {NodeJS.Signals} signal @returns {boolean} whether any process of the group was there to get it */
  const signalGroup = (signal) => {
    if (child.pid === undefined) return false;
    try {
      return hasGroup ? process.kill(-child.pid, signal) : child.kill(signal);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return false;
      throw error;
    }
  };

  return {
    ended,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        // Only the main process is asked: it closes its helpers in order.
        child.kill('SIGTERM');
        await Promise.race([ended, delay(closeLimitMs, undefined, { ref: false })]);
      }
      signalGroup('SIGKILL');
      await ended;
    },
  };
}
