import { spawn } from 'node:child_process';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { TerminalSize } from '../../../shared/domain/terminal';
import { AppError } from '../../../shared/errors/app-error';
import { ChannelRefused, type Carrier, type ProcessChannel } from '../carrier';
import type { TerminalChannel } from '../terminal-channel';
import { ChildProcessChannel, signalGroup, whenSpawned, type PipedChild } from './child-process-channel';
import { localEnvironment } from './local-environment';
import { homeFolder, listLocalShells, terminalEnvironment } from './local-shells';
import { openPtyProcess } from './pty-process';
import { readShellExit, throughPipe } from './through-pipe';
import type { RootHelper } from './root-helper';

/** The computer itself: processes are started side by side, as many as are wanted. */
export class LocalCarrier implements Carrier {
  readonly maxChannels = Infinity;
  readonly countsTerminals = false;
  readonly execAsRoot?: (script: string) => Promise<ProcessChannel>;
  readonly #helper: RootHelper | null;
  readonly #children = new Set<PipedChild>();
  readonly #listeners: ((error: AppError) => void)[] = [];
  #ended: AppError | null = null;

  constructor(helper: RootHelper | null = null) {
    this.#helper = helper;
    if (helper) this.execAsRoot = (script) => helper.exec(script);
  }

  async exec(command: string): Promise<ProcessChannel> {
    if (this.#ended) throw this.#ended;
    return new ChildProcessChannel(await this.#spawn(command), readShellExit);
  }

  async openPty(command: string | null, size: TerminalSize): Promise<TerminalChannel> {
    if (this.#ended) throw this.#ended;
    const [cwd, shells] = await Promise.all([homeFolder(), command === null ? listLocalShells() : []]);
    const program = command === null ? { file: shells[0]?.path ?? '/bin/sh', args: [] } : { file: '/bin/sh', args: ['-c', command] };
    return openPtyProcess({ ...program, cwd, env: terminalEnvironment(), size });
  }

  connectTcp(address: string, port: number, timeoutMs: number): Promise<Duplex> {
    const target = `${address.includes(':') ? `[${address}]` : address}:${port}`;
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host: address, port });
      const timer = setTimeout(() => {
        socket.destroy();
        reject(new AppError('command.timeout', 'No answer', `${target} did not answer this computer within ${Math.round(timeoutMs / 1000)} s.`));
      }, timeoutMs);
      const fail = (error: NodeJS.ErrnoException): void => {
        clearTimeout(timer);
        reject(new AppError('ssh.channel-refused', 'The connection was refused', `This computer could not connect to ${target}: ${error.code ?? error.message}.`));
      };
      socket.once('error', fail);
      socket.once('connect', () => {
        clearTimeout(timer);
        socket.off('error', fail);
        resolve(socket);
      });
    });
  }

  ping(): Promise<boolean> {
    return Promise.resolve(this.#ended === null);
  }

  onEnd(listener: (error: AppError) => void): void {
    if (this.#ended) listener(this.#ended);
    else this.#listeners.push(listener);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = new AppError('ssh.closed', 'The connection is closed', 'This computer is not being looked after any more.');
    this.#helper?.end();
    for (const child of this.#children) signalGroup(child, 'SIGTERM');
    for (const listener of this.#listeners.splice(0)) listener(this.#ended);
  }

  destroy(): void {
    this.end();
  }

  async #spawn(command: string): Promise<PipedChild> {
    const cwd = await homeFolder();
    try {
      const child = await whenSpawned(spawn('/bin/sh', ['-c', `exec 4<&0; ${throughPipe('<&4', 'exec 4<&-; exec /bin/sh -c "$1"')}`, 'sh', command], { cwd, env: localEnvironment(), detached: true, stdio: 'pipe' }));
      this.#children.add(child);
      child.once('exit', () => this.#children.delete(child));
      return child;
    } catch (error) {
      // EAGAIN, ENOMEM: the computer is full for now.
      throw new ChannelRefused(error instanceof Error ? error.message : String(error));
    }
  }
}
