// check-picture FILE: ends with 0 when FILE is a PNG of at least 640 × 400 pixels that shows something (more than 16
// colours), as a screenshot of a window does and that of a blank one does not. Prints size and colours.
// Format: the PNG specification (https://www.w3.org/TR/png/): 8 bits a channel, not interlaced, as Chromium and
// Xvfb tools write them.
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

const SIGNATURE = '89504e470d0a1a0a';
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Header and pixel data of a PNG. Throws a sentence when it is none, or a kind not read here. */
function readPng(bytes) {
  if (bytes.subarray(0, 8).toString('hex') !== SIGNATURE) throw new Error('not a PNG');
  const data = [];
  let header;
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = content;
    if (type === 'IDAT') data.push(content);
    at += length + 12;
  }
  if (header === undefined) throw new Error('a PNG without a header');
  const [depth, colourType, , , interlace] = header.subarray(8);
  if (depth !== 8 || interlace !== 0) throw new Error('a PNG with other than 8 bits a channel, or interlaced');
  const pixelBytes = CHANNELS[colourType];
  return { width: header.readUInt32BE(0), height: header.readUInt32BE(4), pixelBytes, data: inflateSync(Buffer.concat(data)) };
}

/** The Paeth predictor of filter type 4: whichever of left, above and upper left is nearest to left + above - upper left. */
function paeth(left, above, upperLeft) {
  const estimate = left + above - upperLeft;
  const [a, b, c] = [left, above, upperLeft].map((value) => Math.abs(estimate - value));
  if (a <= b && a <= c) return left;
  return b <= c ? above : upperLeft;
}

/** Counts the different pixel values, up to `limit`. */
function countColours({ width, height, pixelBytes, data }, limit) {
  const stride = width * pixelBytes;
  const colours = new Set();
  let previous = new Uint8Array(stride);
  for (let row = 0; row < height; row++) {
    const filter = data[row * (stride + 1)];
    const line = Uint8Array.from(data.subarray(row * (stride + 1) + 1, (row + 1) * (stride + 1)));
    for (let i = 0; i < stride; i++) {
      const left = i >= pixelBytes ? line[i - pixelBytes] : 0;
      const upperLeft = i >= pixelBytes ? previous[i - pixelBytes] : 0;
      const above = previous[i];
      line[i] += [0, left, above, (left + above) >> 1, filter === 4 ? paeth(left, above, upperLeft) : 0][filter];
    }
    for (let i = 0; i < stride; i += pixelBytes) {
      colours.add(line.subarray(i, i + pixelBytes).join());
      if (colours.size >= limit) return colours.size;
    }
    previous = line;
  }
  return colours.size;
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: check-picture FILE');
const picture = readPng(readFileSync(file));
const colours = countColours(picture, 1000);
console.log(`${file}: ${picture.width} × ${picture.height}, ${colours}${colours >= 1000 ? ' or more' : ''} colours`);
process.exitCode = picture.width >= 640 && picture.height >= 400 && colours > 16 ? 0 : 1;
