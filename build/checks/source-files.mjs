// @ts-check
/** Lists files in the checkout without git, so that an unpacked archive can be checked as well. */
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../paths.mjs';

const skippedFolders = new Set(['node_modules', 'generated', 'dist', 'fixtures']);

/**
 * @param {string[]} folders relative to the repository's root
 * @returns {string[]} files below them, relative to the root, with `/` between the parts
 */
export function filesBelow(folders) {
  return folders.flatMap((folder) => {
    const absolute = path.join(root, folder);
    if (!fs.existsSync(absolute)) return [];
    return fs.readdirSync(absolute, { withFileTypes: true }).flatMap((entry) => {
      const relative = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : filesBelow([relative]);
      return entry.isFile() ? [relative] : [];
    });
  });
}
