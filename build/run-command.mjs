// @ts-check
/** Runs programs for the build scripts: argument vectors only, no shell (npm on Windows is the one exception). */
import { spawn } from 'node:child_process';
import os from 'node:os';

/**
 * @typedef {object} CommandResult
 * @property {number} code exit code; 128 when the program was ended by a signal
 * @property {string} stdout what was captured; empty when inherited
 * @property {string} stderr
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Passes a signal on to every program that is running, for when we are told to end. @param {NodeJS.Signals} signal */
export function signalRunningCommands(signal) {
  for (const child of running) child.kill(signal);
}

/**
 * Runs one program to its end. Never throws for a non-zero exit; throws when the program cannot be started.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, output?: 'capture' | 'inherit' | 'stderr', timeoutMs?: number, yields?: boolean }} [options]
 *   `output: 'stderr'` sends both streams to our standard error, for callers whose standard output is data; `yields`: takes
 *   only what other programs leave of the processors
 * @returns {Promise<CommandResult>}
 */
export function runCommand(program, args, options = {}) {
  const output = options.output ?? 'capture';
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: output === 'capture' ? ['ignore', 'pipe', 'pipe'] : ['ignore', output === 'stderr' ? 2 : 'inherit', 'inherit'],
      // npm is a .cmd file on Windows, which only a shell can start; its arguments are our own constants.
      shell: process.platform === 'win32' && program === 'npm',
      timeout: options.timeoutMs,
    });
    if (options.yields && child.pid !== undefined) os.setPriority(child.pid, os.constants.priority.PRIORITY_LOW);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk) => { stdout += chunk; });
    child.stderr?.setEncoding('utf8').on('data', (chunk) => { stderr += chunk; });
    running.add(child);
    child.on('error', (error) => {
      running.delete(child);
      reject(error);
    });
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code: code ?? 128, stdout, stderr });
    });
  });
}

/**
 * Runs one program and throws, with the end of its output, unless it exits with 0.
 * @param {string} program
 * @param {string[]} args
 * @param {Parameters<typeof runCommand>[2]} [options]
 * @returns {Promise<CommandResult>}
 */
export async function runOrThrow(program, args, options) {
  const result = await runCommand(program, args, options);
  if (result.code !== 0) {
    const tail = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-20).join('\n');
    throw new Error(`${program} ${args.join(' ')} ended with exit code ${result.code}${tail ? `\n${tail}` : ''}`);
  }
  return result;
}
