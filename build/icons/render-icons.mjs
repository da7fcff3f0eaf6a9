// @ts-check
/**
 * Draws the app's icons from the two SVG files beside this script: PNGs for Linux, an .ico for Windows, an .icns for
 * macOS. They are made when a package is, never kept. By hand: `node build/icons/render-icons.mjs FOLDER`.
 */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { fromRoot } from '../paths.mjs';
import { icnsFile, icoFile } from './icon-containers.mjs';

/** Pixels; the sizes of the hicolor theme, and 1024 for macOS. */
export const iconSizes = [16, 24, 32, 48, 64, 96, 128, 256, 512, 1024];

/** Up to this size the simpler drawing is the clearer one. */
const largestSmall = 48;

/** @param {number} size pixels @returns {Buffer} a PNG */
function renderIcon(size) {
  const drawing = size <= largestSmall ? 'netwright-small.svg' : 'netwright.svg';
  const svg = fs.readFileSync(fromRoot('build', 'icons', drawing), 'utf8');
  return new Resvg(svg, { fitTo: { mode: 'width', value: size }, font: { loadSystemFonts: false } }).render().asPng();
}

/**
 * Writes `NxN.png` of every size, `icon.ico` and `icon.icns`.
 * @param {string} folder is emptied first
 */
export function renderIcons(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const images = iconSizes.map((size) => ({ size, png: renderIcon(size) }));
  for (const { size, png } of images) fs.writeFileSync(path.join(folder, `${size}x${size}.png`), png);
  fs.writeFileSync(path.join(folder, 'icon.ico'), icoFile(images));
  fs.writeFileSync(path.join(folder, 'icon.icns'), icnsFile(images));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error('usage: render-icons FOLDER');
  renderIcons(path.resolve(folder));
}
