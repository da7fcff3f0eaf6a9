// @ts-check
/** All stages of `npm test`, in order. */
import { fromRoot } from '../paths.mjs';
import { runCommand } from '../run-command.mjs';
import { checkLayers } from './layer-check.mjs';
import { checkShellScripts } from './shell-check.mjs';
import { besideTests, singleCheck } from './stage.mjs';
import { runVitestProject } from './vitest-stage.mjs';

/** @typedef {import('./stage.mjs').Stage} Stage */

/** Runs a tool from node_modules with this Node. @param {string} script @param {string[]} args */
const tool = async (script, ...args) =>
  singleCheck(await runCommand(process.execPath, [fromRoot('node_modules', script), ...args], besideTests));

/** @param {string} folder @returns {Stage} */
const types = (folder) => ({ name: `types-${folder}`, run: () => tool('typescript/bin/tsc', '-p', folder) });

/**
 * Checks that read the sources only; they run beside the tests, in the time these wait for hosts and windows.
 * @param {{ hasShellcheck: boolean }} options
 * @returns {Stage[]}
 */
export function staticStages({ hasShellcheck }) {
  return [
    { name: 'lint', run: () => tool('eslint/bin/eslint.js', '.', '--max-warnings', '0') },
    { name: 'types-renderer', run: () => tool('vue-tsc/bin/vue-tsc.js', '-p', 'renderer') },
    types('test'), types('electron'), types('shared'), types('build'),
    { name: 'layers', run: checkLayers },
    { name: 'unused', run: () => tool('knip/bin/knip.js') },
    ...(hasShellcheck ? [{ name: 'shell', run: checkShellScripts }] : []),
  ];
}

/**
 * The tests. `quick` ones wait for nothing but processors, and never for all of them: two stages at a time. `slow` ones have hosts and
 * windows that answer within their time: one after the other.
 * @param {{ hasLab: boolean, displayEnv: NodeJS.ProcessEnv }} options
 * @returns {{ quick: Stage[], slow: Stage[] }}
 */
export function testStages({ hasLab, displayEnv }) {
  // Vite's build() leaves NODE_ENV=production behind; with it, Vue would be tested without what the tests look into.
  const env = { ...process.env, NODE_ENV: 'test', NETWRIGHT_TEST_LAB: hasLab ? 'on' : 'off' };
  // On the lab's LAN, where its hosts can be reached.
  const wrapper = hasLab ? [fromRoot('test', 'lab', 'in-client')] : [];
  return {
    quick: ['unit', 'renderer', 'integration'].map((name) => ({ name, run: () => runVitestProject(name, { env }) })),
    slow: [
      ...(hasLab ? [{ name: 'lab', run: () => runVitestProject('lab', { env, wrapper }) }] : []),
      { name: 'e2e', run: () => runVitestProject('e2e', { env: { ...env, ...displayEnv }, wrapper }) },
    ],
  };
}
