// @ts-check
/**
 * The dependency rules of .dependency-cruiser.cjs. dependency-cruiser reads a fraction of the modules, and says nothing,
 * when it does not get on with the installed TypeScript; so this check also fails when a source file was not read.
 */
import { fromRoot } from '../paths.mjs';
import { runCommand } from '../run-command.mjs';
import { filesBelow } from './source-files.mjs';
import { besideTests, checkOfFaults } from './stage.mjs';

const folders = ['shared', 'electron', 'renderer'];

/**
 * @param {string[]} onDisk source files
 * @param {{ source: string, dependencies: unknown[] }[]} modules what the tool read
 * @returns {string[]} source files it did not read
 */
export function unreadFiles(onDisk, modules) {
  const read = new Set(modules.map((module) => module.source));
  return onDisk.filter((file) => !read.has(file));
}

/** @returns {Promise<import('./stage.mjs').StageResult>} */
export async function checkLayers() {
  const command = await runCommand(process.execPath, [
    fromRoot('node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
    '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders,
  ], besideTests);
  if (!command.stdout.startsWith('{')) return checkOfFaults([`dependency-cruiser failed:\n${command.stderr || command.stdout}`]);
  const { modules, summary } = JSON.parse(command.stdout);
  const sources = filesBelow(folders).filter((file) => /\.(ts|vue|mjs)$/.test(file));
  /** @type {{ from: string, to: string, rule: { name: string } }[]} */
  const violations = summary.violations;
  return checkOfFaults([
    ...violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`),
    ...unreadFiles(sources, modules).map((file) => `not read by dependency-cruiser: ${file}`),
  ]);
}
