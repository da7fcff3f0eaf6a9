// @ts-check
/** Which libraries an ELF file asks the loader for (elf(5): section .dynamic, DT_NEEDED), as `readelf -d` shows them. */
import fs from 'node:fs';
import path from 'node:path';

const sectionTypeDynamic = 6;
const tagNull = 0n;
const tagNeeded = 1n;

/**
 * @param {string} file
 * @returns {string[] | undefined} sonames; undefined when the file is no 64-bit little-endian ELF file
 */
export function neededLibraries(file) {
  const handle = fs.openSync(file, 'r');
  try {
    /** @param {number} position @param {number} length */
    const read = (position, length) => {
      const buffer = Buffer.alloc(length);
      return buffer.subarray(0, fs.readSync(handle, buffer, 0, length, position));
    };
    const header = read(0, 64);
    if (header.length < 64 || header.toString('latin1', 0, 4) !== '\x7fELF' || header[4] !== 2 || header[5] !== 1) return undefined;
    const tableOffset = Number(header.readBigUInt64LE(40));
    const entrySize = header.readUInt16LE(58);
    const table = read(tableOffset, entrySize * header.readUInt16LE(60));
    /** @param {number} index */
    const section = (index) => {
      const entry = table.subarray(index * entrySize, (index + 1) * entrySize);
      return {
        type: entry.readUInt32LE(4),
        offset: Number(entry.readBigUInt64LE(24)),
        size: Number(entry.readBigUInt64LE(32)),
        link: entry.readUInt32LE(40),
      };
    };
    const count = table.length / entrySize;
    const dynamic = Array.from({ length: count }, (_, index) => section(index)).find(({ type }) => type === sectionTypeDynamic);
    if (dynamic === undefined) return [];
    const names = section(dynamic.link);
    const strings = read(names.offset, names.size);
    const entries = read(dynamic.offset, dynamic.size);
    const needed = [];
    for (let at = 0; at + 16 <= entries.length; at += 16) {
      const tag = entries.readBigInt64LE(at);
      if (tag === tagNull) break;
      if (tag !== tagNeeded) continue;
      const start = Number(entries.readBigUInt64LE(at + 8));
      needed.push(strings.toString('latin1', start, strings.indexOf(0, start)));
    }
    return needed;
  } finally {
    fs.closeSync(handle);
  }
}

/**
 * What the ELF files below a folder need and the folder does not hold: what a package of it must depend on.
 * @param {string} folder
 * @returns {Set<string>} sonames
 */
export function librariesFromOutside(folder) {
  const held = new Set();
  const needed = new Set();
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    held.add(entry.name);
    neededLibraries(path.join(entry.parentPath, entry.name))?.forEach((soname) => needed.add(soname));
  }
  return new Set([...needed].filter((soname) => !held.has(soname)));
}
