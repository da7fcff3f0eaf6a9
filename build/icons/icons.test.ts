import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { iconSizes, renderIcons } from './render-icons.mjs';

it('draws every size, and an .ico and an .icns of them', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'netwright-icons-'));
  try {
    renderIcons(folder);
    const png = (size: number) => readFileSync(path.join(folder, `${size}x${size}.png`));
    for (const size of iconSizes) {
      // PNG: width and height are the first two numbers of IHDR.
      expect([png(size).readUInt32BE(16), png(size).readUInt32BE(20)]).toEqual([size, size]);
    }

    const ico = readFileSync(path.join(folder, 'icon.ico'));
    const held = iconSizes.filter((size) => size <= 256);
    expect(ico.readUInt16LE(4)).toBe(held.length);
    held.forEach((size, index) => {
      const [length, offset] = [ico.readUInt32LE(6 + 16 * index + 8), ico.readUInt32LE(6 + 16 * index + 12)];
      expect(ico.subarray(offset, offset + length).equals(png(size))).toBe(true);
    });

    const icns = readFileSync(path.join(folder, 'icon.icns'));
    expect(icns.toString('latin1', 0, 4)).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const types = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) types.push(icns.toString('latin1', at, at + 4));
    expect(types).toEqual(['icp4', 'icp5', 'ic11', 'ic12', 'ic07', 'ic08', 'ic13', 'ic09', 'ic14', 'ic10']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
