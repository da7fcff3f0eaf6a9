// @ts-check
/**
 * Reads Xvfb's framebuffer file and writes it as PNG, without any tool. Formats: XWD version 7 (X11/XWDFile.h) and
 * PNG (W3C Portable Network Graphics, third edition).
 */
import { crc32, deflateSync } from 'node:zlib';

/**
 * @typedef {object} Picture
 * @property {number} width pixels
 * @property {number} height
 * @property {Buffer} rgb three bytes a pixel, row by row
 */

/**
 * @param {Buffer} xwd a 24-bit TrueColor XWD file, as `Xvfb -fbdir` keeps it
 * @returns {Picture}
 */
export function readXwd(xwd) {
  /** @param {number} index of a 32-bit header field */
  const field = (index) => xwd.readUInt32BE(index * 4);
  const [headerSize, version, depth, width, height] = [field(0), field(1), field(3), field(4), field(5)];
  const [bitsPerPixel, bytesPerLine, colours] = [field(11), field(12), field(19)];
  if (version !== 7 || bitsPerPixel !== 32 || depth !== 24) throw new Error('Not a 24-bit XWD picture.');
  const isLittleEndian = field(7) === 0;
  const pixels = headerSize + colours * 12;
  const rgb = Buffer.alloc(width * height * 3);
  const [red, green, blue] = isLittleEndian ? [2, 1, 0] : [1, 2, 3];
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0, from = pixels + y * bytesPerLine; x < width; x += 1, from += 4, to += 3) {
      rgb[to] = xwd[from + red] ?? 0;
      rgb[to + 1] = xwd[from + green] ?? 0;
      rgb[to + 2] = xwd[from + blue] ?? 0;
    }
  }
  return { width, height, rgb };
}

/** @param {Picture} picture @returns {boolean} whether all of it is one colour: nothing was painted yet */
export function isBlank({ rgb }) {
  for (let index = 3; index < rgb.length; index += 1) if (rgb[index] !== rgb[index - 3]) return false;
  return true;
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}


/** @param {Picture} picture @returns {Buffer} a PNG file */
export function encodePng({ width, height, rgb }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a sample, RGB, and the only compression, filter set and (no) interlacing there is.
  header.set([8, 2, 0, 0, 0], 8);
  const rowBytes = width * 3;
  const rows = Buffer.alloc((rowBytes + 1) * height);
  for (let y = 0; y < height; y += 1) rgb.copy(rows, y * (rowBytes + 1) + 1, y * rowBytes, (y + 1) * rowBytes);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
