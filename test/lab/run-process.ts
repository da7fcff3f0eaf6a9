import { spawn } from 'node:child_process';

/** How a process ended. `code` is -1 when a signal ended it. */
export interface ProcessResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface ProcessOptions {
  /** Written to stdin; stdin is empty without it. */
  input?: string;
  /** The process is killed after this many milliseconds, and the promise rejects. Default: 120 s. */
  timeoutMs?: number;
}

/**
 * Runs a local process to its end and collects its output as UTF-8.
 * Rejects when it cannot be started or does not end in time, never for its exit code.
 */
export function runProcess(argv: readonly string[], options: ProcessOptions = {}): Promise<ProcessResult> {
  const [file, ...args] = argv;
  if (file === undefined) throw new TypeError('argv is empty');
  const timeoutMs = options.timeoutMs ?? 120_000;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'pipe' });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${argv.join(' ')} did not end in ${timeoutMs} ms; stderr: ${Buffer.concat(stderr).toString()}`));
    }, timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A process that ends without reading its input closes the pipe: the exit code tells the story, not EPIPE.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
    child.stdin.end(options.input ?? '');
  });
}

/** As runProcess, but rejects with the process' stderr when it fails. Returns stdout. */
export async function runProcessOrThrow(argv: readonly string[], options: ProcessOptions = {}): Promise<string> {
  const result = await runProcess(argv, options);
  if (result.code !== 0) {
    throw new Error(`${argv.join(' ')} ended with ${result.code}: ${result.stderr.trim() || result.stdout.trim()}`);
  }
  return result.stdout;
}

/**
 * Asks `condition` every 50 ms until it returns something other than undefined or false, and resolves to that.
 * Rejects after `timeoutMs`, naming `what` was awaited.
 */
export async function waitFor<T>(
  what: string,
  timeoutMs: number,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
