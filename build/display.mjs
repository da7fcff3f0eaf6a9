// @ts-check
/** A screen in memory (Xvfb) for machines without one. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * @typedef {object} VirtualDisplay
 * @property {{ DISPLAY: string, XAUTHORITY: string }} env what programs on this screen need
 * @property {string} framebufferFile the screen's contents, in XWD format, always current
 * @property {() => Promise<void>} stop ends the X server and removes its files
 */

/** @returns {boolean} whether the user has a screen already; macOS and Windows always do */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * An Xauthority file (Xau library: big-endian 16-bit family and counted strings) with one cookie for every display.
 * @param {Buffer} cookie 16 bytes
 */
function authorityFile(cookie) {
  const familyWild = 0xffff;
  const parts = ['', '', 'MIT-MAGIC-COOKIE-1', cookie].map((part) => {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  });
  const family = Buffer.alloc(2);
  family.writeUInt16BE(familyWild);
  return Buffer.concat([family, ...parts]);
}

/** @param {string} socketPath @returns {Promise<boolean>} whether a server accepts connections there */
function doesAnswer(socketPath) {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

/**
 * Starts Xvfb on a free display number. It dies with this process.
 * @param {{ width?: number, height?: number }} [size] pixels
 * @returns {Promise<VirtualDisplay>}
 * @throws {Error} when Xvfb cannot be started
 */
export async function startVirtualDisplay({ width = 1280, height = 800 } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'netwright-display-'));
  const authority = path.join(folder, 'authority');
  fs.writeFileSync(authority, authorityFile(randomBytes(16)), { mode: 0o600 });
  // Numbers are tried in turn rather than left to `-displayfd`: only a number asked for by name is guarded by a lock
  // file, and without it a server in another network namespace would take over our socket.
  const first = 90 + Math.floor(Math.random() * 400);
  for (let number = first; number < first + 50; number += 1) {
    const display = await tryDisplay({ number, folder, authority, width, height });
    if (display) return display;
  }
  fs.rmSync(folder, { recursive: true, force: true });
  throw new Error('No display number was free for Xvfb.');
}

/**
 * @param {{ number: number, folder: string, authority: string, width: number, height: number }} options
 * @returns {Promise<VirtualDisplay | undefined>} undefined when the number is taken
 */
async function tryDisplay({ number, folder, authority, width, height }) {
  const xvfb = [
    'Xvfb', `:${number}`, '-screen', '0', `${width}x${height}x24`, '-fbdir', folder,
    '-auth', authority, '-nolisten', 'tcp', '-noreset', '-nocursor',
  ];
  const server = spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...xvfb], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let errors = '';
  server.stderr.setEncoding('utf8').on('data', (chunk) => { errors += chunk; });
  /** @type {Error | undefined} */
  let failure;
  server.on('error', (error) => { failure = error; });
  const ended = new Promise((resolve) => { server.once('close', resolve); });
  const socketPath = `/tmp/.X11-unix/X${number}`;
  while (server.exitCode === null && failure === undefined) {
    // Our own server's socket only: another one's would answer as well, but then ours is about to end.
    if (await doesAnswer(socketPath) && server.exitCode === null && fs.existsSync(path.join(folder, 'Xvfb_screen0'))) {
      return {
        env: { DISPLAY: `:${number}`, XAUTHORITY: authority },
        framebufferFile: path.join(folder, 'Xvfb_screen0'),
        stop: async () => {
          server.kill('SIGTERM');
          await ended;
          fs.rmSync(folder, { recursive: true, force: true });
        },
      };
    }
    await delay(15);
  }
  if (/already active|Cannot establish any listening/.test(errors)) return undefined;
  fs.rmSync(folder, { recursive: true, force: true });
  throw new Error(`Xvfb could not be started: ${failure?.message ?? errors.trim()}`);
}
