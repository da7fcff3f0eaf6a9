import { StringDecoder } from 'node:string_decoder';
import { describeCommand } from '../../../shared/domain/shell-quote';
import type { Command } from '../../../shared/domain/plan';
import { AppError } from '../../../shared/errors/app-error';
import type { CommandResult, RunOptions } from '../command-runner';
import { cancelled } from '../ssh/connection-errors';
import { explainDoasFailure } from './doas-errors';
import { explainPkexecFailure } from './pkexec-errors';
import type { Elevation, RemoteProgram } from './launch-script';
import type { ProcessKiller } from './process-killer';
import type { ProcessSpawner } from './process-spawner';
import { NotStarted, type RemoteProcess } from './remote-process';
import { explainSudoFailure } from './sudo-errors';

export const defaultTimeoutMs = 30_000;
/** More output than this is no answer to anything the app asks. */
export const maxOutputBytes = 64 * 1024 * 1024;

export interface RunParts {
  spawner: ProcessSpawner;
  killer: ProcessKiller;
  elevation: Elevation;
  hostLabel: string;
  /** Why the connection is gone; null while it stands. */
  lost: () => AppError | null;
}

/** Output of a process as bytes: the gather parser counts them. */
export interface RawResult {
  exitCode: number | null;
  stdout: Buffer;
  stderr: Buffer;
  durationMs: number;
}

/** One command to its end. @throws AppError `input.invalid`, `command.timeout`, `cancelled`, `ssh.*`, `auth.sudo-password` */
export async function runCommand(parts: RunParts, command: Command, options: RunOptions = {}): Promise<CommandResult> {
  if (command.argv.length === 0 || command.argv.some((word) => word.includes('\0'))) {
    throw new AppError('input.invalid', 'Not a command', 'A command needs a name, and no argument may hold a NUL character.');
  }
  const raw = await runProgram(parts, { argv: command.argv }, command.stdin?.text ?? '', describeCommand(command), options);
  return { exitCode: raw.exitCode, stdout: raw.stdout.toString('utf8'), stderr: raw.stderr.toString('utf8'), durationMs: raw.durationMs };
}

/** The same for any program. The time limit counts from the moment its channel is open. */
export async function runProgram(
  parts: RunParts, program: RemoteProgram, stdin: string, description: string, options: RunOptions = {},
): Promise<RawResult> {
  const { signal, timeoutMs = defaultTimeoutMs } = options;
  if (signal?.aborted) throw cancelled(`${description} was not started.`);
  const process = await parts.spawner.spawn(program, parts.elevation);
  const startedAt = performance.now();
  const output = new Collector(process, options.onOutput);
  process.end(stdin);
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(timeoutError(description, timeoutMs, parts.hostLabel)), timeoutMs);
    onAbort = (): void => reject(cancelled(`${description} was stopped.`));
    signal?.addEventListener('abort', onAbort);
    output.onOverflow = (): void => reject(new AppError('reply.unreadable', 'Far too much output', `${description} printed more than ${maxOutputBytes / 1024 / 1024} MB and was stopped.`, { command: description }));
  });
  try {
    if (signal?.aborted) onAbort?.();
    const end = await Promise.race([process.started.then(() => process.ended), interrupted]);
    if (end.exitCode === null && end.signal === null) throw parts.lost() ?? lostMeanwhile(parts.hostLabel, description);
    return { exitCode: end.exitCode, stdout: output.stdout(), stderr: output.stderr(), durationMs: performance.now() - startedAt };
  } catch (error) {
    if (error instanceof NotStarted) throw parts.lost() ?? explainNotStarted(error, parts, description);
    await parts.killer.kill(process);
    throw error;
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener('abort', onAbort);
  }
}

/** Why a process never began, for the user. */
export function explainNotStarted(error: NotStarted, parts: Pick<RunParts, 'elevation' | 'hostLabel'>, description: string): AppError {
  return explainNotStartedOutput(error.output, error.end.exitCode, parts, description);
}

/** @param output what was printed instead. */
export function explainNotStartedOutput(
  output: string, exitCode: number | null, { elevation, hostLabel }: Pick<RunParts, 'elevation' | 'hostLabel'>, description: string,
): AppError {
  switch (elevation.kind) {
    case 'sudo':
    case 'sudo-with-password': return explainSudoFailure(output, hostLabel);
    case 'doas': return explainDoasFailure(output, hostLabel);
    case 'carrier': return explainPkexecFailure(output, exitCode);
    case 'none': return new AppError('command.failed', 'The host starts no commands', `The login shell of ${hostLabel} ended (exit code ${exitCode ?? 'none'}) before the command ran.`, {
      command: description, stderr: output.slice(0, 4096),
      hint: 'The user needs an ordinary login shell: a restricted shell, nologin or a forced command can\'t be used.',
    });
  }
}

function timeoutError(description: string, timeoutMs: number, hostLabel: string): AppError {
  return new AppError('command.timeout', 'The command took too long', `${description} did not end within ${Math.round(timeoutMs / 1000)} s and was stopped on ${hostLabel}.`, {
    command: description,
  });
}

function lostMeanwhile(hostLabel: string, description: string): AppError {
  return new AppError('ssh.closed', 'The connection is gone', `It is not known how ${description} ended on ${hostLabel}.`, { command: description });
}

class Collector {
  readonly #out: Buffer[] = [];
  readonly #err: Buffer[] = [];
  #bytes = 0;
  onOverflow: (() => void) | null = null;

  constructor(process: RemoteProcess, onOutput?: (text: string) => void) {
    const follow = (list: Buffer[]) => {
      // A character may be cut in two.
      const decoder = onOutput ? new StringDecoder('utf8') : null;
      return (chunk: Buffer): void => {
        this.#take(list, chunk);
        if (decoder) onOutput?.(decoder.write(chunk));
      };
    };
    process.onStdout(follow(this.#out));
    process.onStderr(follow(this.#err));
  }

  stdout(): Buffer {
    return Buffer.concat(this.#out);
  }

  stderr(): Buffer {
    return Buffer.concat(this.#err);
  }

  #take(list: Buffer[], chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= maxOutputBytes) list.push(chunk);
    else this.onOverflow?.();
  }
}
