import { closeSync, openSync, readSync } from 'node:fs';

/** Single pixels and rows of Xvfb's framebuffer (XWD version 7), as they are at the moment. */
export class ScreenPixels {
  readonly #file: number;
  readonly #firstRow: number;
  readonly #bytesPerRow: number;
  readonly width: number;

  constructor(framebufferFile: string) {
    this.#file = openSync(framebufferFile, 'r');
    const header = Buffer.alloc(100);
    readSync(this.#file, header, 0, header.length, 0);
    const field = (index: number): number => header.readUInt32BE(index * 4);
    this.#firstRow = field(0) + field(19) * 12;
    this.#bytesPerRow = field(12);
    this.width = field(4);
  }

  /** Four bytes a pixel: blue, green, red, none. */
  row(y: number): Buffer {
    const bytes = Buffer.alloc(this.#bytesPerRow);
    readSync(this.#file, bytes, 0, bytes.length, this.#firstRow + y * this.#bytesPerRow);
    return bytes;
  }

  /** `0xRRGGBB` */
  pixel(x: number, y: number): number {
    const bytes = Buffer.alloc(4);
    readSync(this.#file, bytes, 0, 4, this.#firstRow + y * this.#bytesPerRow + x * 4);
    return bytes.readUInt32LE(0) & 0xffffff;
  }

  close(): void {
    closeSync(this.#file);
  }
}
