import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { AppError } from '../../../shared/errors/app-error';
import { ChannelRefused, type ProcessChannel } from '../carrier';
import { encodeScript } from '../process/launch-script';
import { explainPkexecFailure } from '../process/pkexec-errors';
import { cancelled } from '../ssh/connection-errors';
import { ChildProcessChannel, signalGroup, whenSpawned, type PipedChild } from './child-process-channel';
import { localEnvironment } from './local-environment';
import { readShellExit, throughPipe } from './through-pipe';

/**
 * What runs as root, started once by pkexec: it reads one line a process, `NAME SCRIPT` (encoded), from a stdin that
 * nobody but the app can write to, and joins the process to the pipes in the folder NAME. Each process gets a session of
 * its own, so that its group can be ended alone. The end of stdin ends it; its processes see theirs end, too.
 */
const helperScript = `umask 077
cd "$1" || exit 1
echo @ready
while IFS=' ' read -r n l; do
  case $n in ''|*[!a-z0-9]*) continue ;; esac
  ( cd "$n" || exit; ${throughPipe('<i', 'exec setsid /bin/sh -c "$(printf %b "$l")" >o 2>e')}; echo $? >x ) </dev/null >/dev/null 2>&1 &
done`;

/**
 * The user's own end of one process: makes the pipes, says so on its descriptor 3, and passes everything on. It ends with
 * the process' exit code; a daemon that keeps the output open is waited for two seconds.
 */
const frontScript = `umask 077
cd "$1" && mkfifo i o e x || exit 1
exec 4<&0
cat o & o=$!
cat e >&2 & e=$!
cat <&4 >i 2>/dev/null & i=$!
echo >&3; exec 3>&- 4<&-
read -r r <x
{ sleep 2; kill $o $e; } </dev/null >/dev/null 2>&1 & t=$!
wait $o $e 2>/dev/null
kill $i $t 2>/dev/null
exit "$r"`;

/**
 * Root's processes without a question for each: pkexec(1) is asked once, for a shell that starts the others. (polkit's
 * action for pkexec keeps no authorization, so that every process would ask anew.)
 */
export class RootHelper {
  readonly #child: PipedChild;
  readonly #folder: string;
  #over = false;

  private constructor(child: PipedChild, folder: string) {
    this.#child = child;
    this.#folder = folder;
    child.once('exit', () => {
      this.#over = true;
      void rm(folder, { recursive: true, force: true });
    });
    child.stdin.on('error', () => child.stdin.destroy());
  }

  /**
   * Asks for the administrator's password by polkit's own dialog.
   * @param pkexec the program and its first words; tests give their own.
   * @throws AppError `auth.no-privilege`, `cancelled`
   */
  static async start(signal?: AbortSignal, pkexec: readonly string[] = ['pkexec']): Promise<RootHelper> {
    const folder = await mkdtemp(path.join(process.env.XDG_RUNTIME_DIR || os.tmpdir(), 'netwright-root-'));
    const [file = 'pkexec', ...words] = pkexec;
    try {
      const child = await whenSpawned(spawn(file, [...words, '/bin/sh', '-c', helperScript, 'sh', folder], {
        cwd: '/', env: { ...localEnvironment(), LC_ALL: 'C' }, detached: true, stdio: 'pipe',
      }));
      await ready(child, signal);
      return new RootHelper(child, folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw explainPkexecFailure('pkexec: not found', null);
      throw error;
    }
  }

  /** Starts a script of /bin/sh as root. @throws ChannelRefused */
  async exec(script: string): Promise<ProcessChannel> {
    if (this.#over) throw new ChannelRefused('The privileged shell has ended.');
    const name = randomBytes(9).toString('hex');
    const folder = path.join(this.#folder, name);
    await mkdir(folder, { mode: 0o700 });
    const front = await whenSpawned(spawn('/bin/sh', ['-c', frontScript, 'sh', folder], {
      env: localEnvironment(), detached: true, stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    })) as unknown as PipedChild;
    const channel = new ChildProcessChannel(front, readShellExit);
    channel.onClose(() => void rm(folder, { recursive: true, force: true }));
    const pipesMade = front.stdio[3] as Readable;
    await new Promise<void>((resolve, reject) => {
      pipesMade.once('data', () => resolve());
      front.once('exit', () => reject(new ChannelRefused('The pipes to the privileged shell could not be made.')));
    });
    this.#child.stdin.write(`${name} ${encodeScript(script)}\n`);
    return channel;
  }

  end(): void {
    this.#child.stdin.end();
  }
}

function ready(child: PipedChild, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const settle = (error: AppError | null): void => {
      signal?.removeEventListener('abort', onAbort);
      if (error) reject(error);
      else resolve();
    };
    const onAbort = (): void => {
      // pkexec itself is the user's own until it has become root.
      signalGroup(child, 'SIGTERM');
      child.stdin.destroy();
      settle(cancelled('Becoming root on this computer was given up.'));
    };
    signal?.addEventListener('abort', onAbort);
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes('@ready')) settle(null);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.once('close', (exitCode) => settle(explainPkexecFailure(output, exitCode)));
  });
}
