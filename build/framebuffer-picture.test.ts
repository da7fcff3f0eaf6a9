import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodePng, isBlank, readXwd } from './framebuffer-picture.mjs';

/** An XWD file of 2 × 2 pixels: header, one colour map entry, pixels as 0xXXRRGGBB in little-endian order. */
function smallXwd(pixels: number[]): Buffer {
  const header = Buffer.alloc(100);
  const fields: Record<number, number> = { 0: 100, 1: 7, 3: 24, 4: 2, 5: 2, 7: 0, 11: 32, 12: 8, 19: 1 };
  for (const [index, value] of Object.entries(fields)) header.writeUInt32BE(value, Number(index) * 4);
  const data = Buffer.alloc(16);
  pixels.forEach((pixel, index) => data.writeUInt32LE(pixel, index * 4));
  return Buffer.concat([header, Buffer.alloc(12), data]);
}

describe('readXwd', () => {
  it('reads size and colours', () => {
    const picture = readXwd(smallXwd([0xff0000, 0x00ff00, 0x0000ff, 0x102030]));
    expect([picture.width, picture.height, [...picture.rgb]]).toEqual([2, 2, [255, 0, 0, 0, 255, 0, 0, 0, 255, 16, 32, 48]]);
  });

  it('refuses other formats', () => {
    const wrong = smallXwd([0, 0, 0, 0]);
    wrong.writeUInt32BE(8, 12);
    expect(() => readXwd(wrong)).toThrow('Not a 24-bit XWD picture');
  });
});

describe('isBlank', () => {
  it('tells an empty screen from a painted one', () => {
    expect(isBlank(readXwd(smallXwd([7, 7, 7, 7].map((grey) => grey * 0x010101))))).toBe(true);
    expect(isBlank(readXwd(smallXwd([0, 0, 0, 1])))).toBe(false);
  });
});

describe('encodePng', () => {
  it('writes a picture that decodes to the same pixels', () => {
    const picture = readXwd(smallXwd([0xff0000, 0x00ff00, 0x0000ff, 0x102030]));
    const png = encodePng(picture);
    expect(png.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'));
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([2, 2, 8, 2]);
    const dataStart = png.indexOf('IDAT') + 4;
    const rows = inflateSync(png.subarray(dataStart, dataStart + png.readUInt32BE(dataStart - 8)));
    expect([...rows]).toEqual([0, 255, 0, 0, 0, 255, 0, 0, 0, 0, 255, 16, 32, 48]);
  });
});
