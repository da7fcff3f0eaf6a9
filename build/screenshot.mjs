// @ts-check
/** Takes the picture of a virtual display once the app has painted. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { encodePng, isBlank, readXwd } from './framebuffer-picture.mjs';

const settledMs = 400;

/**
 * Waits until something is on the screen, then until it has stood still for a moment, and writes it as PNG.
 * @param {{ framebufferFile: string, to: string, limitMs: number }} options
 * @returns {Promise<{ paintedAfterMs: number }>} time until the first paint was seen
 * @throws {Error} when the screen stays empty for `limitMs`
 */
export async function screenshotWhenPainted({ framebufferFile, to, limitMs }) {
  const startedAt = performance.now();
  let paintedAfterMs = -1;
  let last = Buffer.alloc(0);
  let unchangedSince = 0;
  while (performance.now() - startedAt < limitMs) {
    const frame = fs.readFileSync(framebufferFile);
    const now = performance.now();
    if (!frame.equals(last)) {
      last = frame;
      unchangedSince = now;
      if (paintedAfterMs < 0 && !isBlank(readXwd(frame))) paintedAfterMs = now - startedAt;
    }
    // A blinking caret or a progress bar never stands still: two seconds after the first paint will do.
    if (paintedAfterMs >= 0 && (now - unchangedSince >= settledMs || now - startedAt - paintedAfterMs > 2000)) {
      fs.mkdirSync(path.dirname(to), { recursive: true });
      fs.writeFileSync(to, encodePng(readXwd(last)));
      return { paintedAfterMs };
    }
    await delay(50);
  }
  throw new Error(`The window painted nothing within ${limitMs / 1000} s.`);
}
