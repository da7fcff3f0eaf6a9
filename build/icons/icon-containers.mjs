// @ts-check
/** Windows' and macOS' icon files: directories of PNGs of several sizes. */

/** @typedef {{ size: number, png: Buffer }} IconImage `size` in pixels, square */

/**
 * An .ico file of the images up to 256 pixels. Format: ICONDIR and ICONDIRENTRY of Microsoft's "Icons" article; PNG
 * entries are read since Windows Vista.
 * @param {IconImage[]} images
 * @returns {Buffer}
 */
export function icoFile(images) {
  const held = images.filter(({ size }) => size <= 256);
  const header = Buffer.alloc(6 + 16 * held.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(held.length, 4);
  let offset = header.length;
  held.forEach(({ size, png }, index) => {
    const entry = 6 + 16 * index;
    // One byte each; 0 means 256.
    header.writeUInt8(size % 256, entry);
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(png.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...held.map(({ png }) => png)]);
}

/** Type codes of PNG entries by size in pixels; a size may serve as another's double resolution too. */
const icnsTypes = /** @type {[number, string][]} */ ([
  [16, 'icp4'], [32, 'icp5'], [32, 'ic11'], [64, 'ic12'], [128, 'ic07'],
  [256, 'ic08'], [256, 'ic13'], [512, 'ic09'], [512, 'ic14'], [1024, 'ic10'],
]);

/**
 * An .icns file. Format: big-endian type and length before each image, and before them all (as `iconutil` writes it).
 * @param {IconImage[]} images
 * @returns {Buffer}
 */
export function icnsFile(images) {
  /** @param {string} type @param {Buffer} content */
  const chunk = (type, content) => {
    const header = Buffer.from(`${type}\0\0\0\0`, 'latin1');
    header.writeUInt32BE(content.length + 8, 4);
    return Buffer.concat([header, content]);
  };
  const chunks = icnsTypes.flatMap(([wanted, type]) => images.filter(({ size }) => size === wanted).map(({ png }) => chunk(type, png)));
  return chunk('icns', Buffer.concat(chunks));
}
