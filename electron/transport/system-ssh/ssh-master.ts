import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { AppError } from '../../../shared/errors/app-error';
import { signalGroup, whenSpawned } from '../local/child-process-channel';
import { cancelled, connectionLost } from '../ssh/connection-errors';
import { explainSshFailure, lastOpenFailure, readableLines, sshMissing } from './explain-ssh';
import { masterArguments, type SystemSshTarget } from './ssh-arguments';

export interface SshMasterOptions {
  target: SystemSshTarget;
  /** Where others join; null where ssh can't do that (Windows). */
  socket: string | null;
  interactive: boolean;
  environment: Record<string, string>;
  hostLabel: string;
  signal?: AbortSignal;
  onStep?: (step: 'reaching' | 'host-key' | 'authenticating') => void;
}

/**
 * ssh ends with the app, however that ends: when the other side of stdin is gone, the whole group goes, questions
 * included. (Windows has no sh; there a console's children end with it.)
 */
const tiedToUs = 'exec 3<&0; { cat <&3; kill -TERM 0; } >/dev/null 2>&1 & exec ssh "$@" </dev/null 3<&-';

const maxLogCharacters = 64 * 1024;
/** The socket appears without a word on some versions: it is looked for so often. */
const socketCheckMs = 100;

/** The ssh(1) that holds the connection. It speaks to us by its -v lines. */
export class SshMaster {
  readonly #child: ChildProcess & { stderr: Readable };
  readonly #hostLabel: string;
  readonly #listeners: ((error: AppError) => void)[] = [];
  #log = '';
  #lost: AppError | null = null;
  readonly ended: Promise<void>;

  private constructor(child: ChildProcess & { stderr: Readable }, hostLabel: string) {
    this.#child = child;
    this.#hostLabel = hostLabel;
    child.stderr.on('data', (chunk: Buffer) => {
      this.#log = `${this.#log}${chunk.toString('utf8')}`.slice(-maxLogCharacters);
    });
    this.ended = new Promise((resolve) => {
      child.once('close', () => {
        const said = readableLines(this.#log).split('\n').pop();
        this.#lost = connectionLost(hostLabel, said ? new Error(said.replace(/\.$/, '')) : null);
        for (const listener of this.#listeners.splice(0)) listener(this.#lost);
        resolve();
      });
    });
  }

  /**
   * Connects and logs in. Resolves when channels can be opened.
   * @throws AppError `ssh.*`, `hostkey.*`, `auth.*`, `cancelled`, `command.not-found`
   */
  static async connect(options: SshMasterOptions): Promise<SshMaster> {
    const { target, socket, interactive, environment, hostLabel, signal } = options;
    if (signal?.aborted) throw cancelled(`Connecting to ${hostLabel} was cancelled.`);
    options.onStep?.('reaching');
    let child;
    try {
      const words = masterArguments(target, socket, interactive);
      const [file, args] = process.platform === 'win32' ? ['ssh', words] : ['/bin/sh', ['-c', tiedToUs, 'sh', ...words]];
      child = await whenSpawned(spawn(file, args, { detached: true, env: environment, stdio: ['pipe', 'ignore', 'pipe'] }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw sshMissing();
      throw error;
    }
    const master = new SshMaster(child, hostLabel);
    await master.#ready(options);
    return master;
  }

  /** Why it is gone; null while it stands. */
  get lost(): AppError | null {
    return this.#lost;
  }

  /** What the server said last when it would not connect somewhere: "connect failed: Connection refused". */
  get lastOpenFailure(): string {
    return lastOpenFailure(this.#log);
  }

  onEnd(listener: (error: AppError) => void): void {
    if (this.#lost) listener(this.#lost);
    else this.#listeners.push(listener);
  }

  end(): void {
    signalGroup(this.#child, 'SIGTERM');
  }

  destroy(): void {
    signalGroup(this.#child, 'SIGKILL');
  }

  #ready({ socket, signal, onStep }: SshMasterOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error: AppError | null): void => {
        clearInterval(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#child.stderr.off('data', look);
        if (error) reject(error);
        else resolve();
      };
      const look = (): void => {
        if (/^debug1: Server host key/m.test(this.#log)) onStep?.('host-key');
        if (/^debug1: Authentications that can continue/m.test(this.#log)) onStep?.('authenticating');
        if (socket === null ? /^debug1: Entering interactive session/m.test(this.#log) : existsSync(socket)) settle(null);
      };
      const onAbort = (): void => {
        this.destroy();
        settle(cancelled(`Connecting to ${this.#hostLabel} was cancelled.`));
      };
      const timer = setInterval(look, socketCheckMs);
      signal?.addEventListener('abort', onAbort);
      this.#child.stderr.on('data', look);
      this.#child.once('close', () => settle(/: ssh: not found/.test(this.#log) ? sshMissing() : explainSshFailure(this.#log, this.#hostLabel)));
    });
  }
}
