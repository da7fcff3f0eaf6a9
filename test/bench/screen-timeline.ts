import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Every eighth line of pixels is looked at: no line of text is lower than that. */
const lineStep = 8;
const sampleEveryMs = 4;
/** The screen counts as finished when it stood still for so long. */
const settledMs = 700;

interface Frame {
  /** Milliseconds since 1970, with fractions. */
  at: number;
  pixels: Uint32Array;
}

/** Reads a grid of pixels from Xvfb's framebuffer (XWD version 7; build/framebuffer-picture.mjs knows the format). */
class PixelGrid {
  readonly #file: number;
  readonly #firstLine: number;
  readonly #bytesPerLine: number;
  readonly #lines: number;

  constructor(framebufferFile: string) {
    this.#file = openSync(framebufferFile, 'r');
    const header = Buffer.alloc(100);
    readSync(this.#file, header, 0, header.length, 0);
    const field = (index: number): number => header.readUInt32BE(index * 4);
    this.#firstLine = field(0) + field(19) * 12;
    this.#bytesPerLine = field(12);
    this.#lines = Math.floor(field(5) / lineStep);
  }

  read(): Uint32Array {
    const bytes = Buffer.alloc(this.#lines * this.#bytesPerLine);
    for (let line = 0; line < this.#lines; line += 1) {
      readSync(this.#file, bytes, line * this.#bytesPerLine, this.#bytesPerLine, this.#firstLine + line * lineStep * this.#bytesPerLine);
    }
    return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }

  close(): void {
    closeSync(this.#file);
  }
}

const isSame = (a: Uint32Array, b: Uint32Array): boolean => Buffer.compare(Buffer.from(a.buffer, a.byteOffset, a.byteLength), Buffer.from(b.buffer, b.byteOffset, b.byteLength)) === 0;

/** Indexes of what is drawn: all pixels that don't have the picture's most frequent colour. */
function inkOf(pixels: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const [ground] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most));
  return [...pixels.keys()].filter((index) => pixels[index] !== ground);
}

/**
 * Watches the screen until it has changed and then stood still, and resolves to the moment (ms since 1970) at which 95 %
 * of what is drawn in the last picture were there: a caret that blinks later does not count, a mere background neither.
 */
export async function watchScreen(framebufferFile: string, limitMs = 60_000): Promise<number> {
  const grid = new PixelGrid(framebufferFile);
  try {
    const before = grid.read();
    const frames: Frame[] = [];
    let last = before;
    const deadline = performance.now() + limitMs;
    for (;;) {
      await delay(sampleEveryMs);
      const pixels = grid.read();
      const at = performance.timeOrigin + performance.now();
      if (!isSame(pixels, last)) {
        frames.push({ at, pixels });
        last = pixels;
      } else if (frames.length > 0 && at - frames[frames.length - 1]!.at > settledMs && inkOf(last).length > 0) {
        break;
      }
      if (performance.now() > deadline) throw new Error(`The screen did not come to rest within ${limitMs} ms.`);
    }
    const ink = inkOf(last);
    const isThere = ({ pixels }: Frame): boolean => ink.filter((index) => pixels[index] === last[index]).length >= ink.length * 0.95;
    return frames.find(isThere)!.at;
  } finally {
    grid.close();
  }
}
