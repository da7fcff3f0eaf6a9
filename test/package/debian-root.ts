/** The minimal Debian of package-root, from tests: commands in it, and what files it holds. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runProcess } from '../lab/run-process';
import type { ProcessOptions, ProcessResult } from '../lab/run-process';

const script = fileURLToPath(new URL('package-root', import.meta.url));
const labFolder = process.env['LAB'] ?? fileURLToPath(new URL('../../.lab', import.meta.url));

/** The root's folder on this machine. */
export const rootFolder = path.join(labFolder, 'package', 'root');
/** Home of the ordinary user, inside. */
export const userHome = '/home/alice';

export type RootUser = 'root' | 'alice';

const argv = (user: RootUser, command: readonly string[]): string[] => [script, 'run', ...(user === 'root' ? [] : ['--as-user']), ...command];

/** Runs a command inside to its end. A string is a line for `sh -c`. nspawn adds a line of its own to stderr. */
export function runInside(user: RootUser, command: string | readonly string[], options?: ProcessOptions): Promise<ProcessResult> {
  return runProcess(argv(user, typeof command === 'string' ? ['sh', '-c', command] : command), { timeoutMs: 120_000, ...options });
}

/** As runInside, but rejects when the command fails. Resolves to its stdout. */
export async function runInsideOrThrow(user: RootUser, command: string | readonly string[], options?: ProcessOptions): Promise<string> {
  const { code, stdout, stderr } = await runInside(user, command, options);
  if (code !== 0) throw new Error(`${String(command)} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** Starts a command inside and returns at once. One command runs there at a time. */
export function startInside(user: RootUser, command: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  const [program, ...args] = argv(user, command);
  return spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Ends whatever runs inside. */
export async function stopInside(): Promise<void> {
  await runProcess([script, 'stop']);
}

/**
 * Folders whose contents are the package manager's own notes, or nobody's (logs, caches, what users and processes keep);
 * and /opt itself, which dpkg removes with the last package that has something in it.
 */
const passing = /^\/(opt$|(dev|home|proc|root|run|sys|tmp|var\/(cache|lib\/(apt|dpkg)|log|tmp))(\/|$))/;

/** Every file and folder of the root that an installed package could have left there; paths as inside, sorted. */
export function filesInside(): string[] {
  return execFileSync('find', [rootFolder, '-xdev', '-printf', '/%P\n'], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .filter((file) => file.length > 1 && !passing.test(file))
    .sort();
}
