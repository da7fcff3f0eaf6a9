// @ts-check
/** Runs shellcheck over every shell script of the repository. */
import fs from 'node:fs';
import { fromRoot } from '../paths.mjs';
import { runCommand } from '../run-command.mjs';
import { filesBelow } from './source-files.mjs';
import { besideTests, checkOfFaults, singleCheck } from './stage.mjs';

/** @returns {string[]} files that are named *.sh or start with a shell's #! line */
export function shellScripts() {
  return filesBelow(['.ci', 'build', 'electron', 'shared', 'test']).filter((file) => {
    if (file.endsWith('.sh')) return true;
    if (/\.\w+$/.test(file)) return false;
    return /^#! ?\/(usr\/)?bin\/(env )?(ba|da)?sh\b/.test(fs.readFileSync(fromRoot(file), 'utf8').slice(0, 40));
  });
}

/** @returns {Promise<import('./stage.mjs').StageResult>} */
export async function checkShellScripts() {
  const scripts = shellScripts();
  if (scripts.length === 0) return checkOfFaults(['no shell script was found to check']);
  return singleCheck(await runCommand('shellcheck', ['--external-sources', ...scripts], besideTests));
}
