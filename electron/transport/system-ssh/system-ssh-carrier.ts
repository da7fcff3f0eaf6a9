import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { TerminalSize } from '../../../shared/domain/terminal';
import { AppError } from '../../../shared/errors/app-error';
import { ChannelRefused, type Carrier, type ProcessChannel, type ProcessExit } from '../carrier';
import { ChildProcessChannel, signalGroup, whenSpawned, type PipedChild } from '../local/child-process-channel';
import { localEnvironment } from '../local/local-environment';
import { homeFolder, terminalEnvironment } from '../local/local-shells';
import { openPtyProcess } from '../local/pty-process';
import { connectionClosed } from '../ssh/connection-errors';
import type { TerminalChannel } from '../terminal-channel';
import { lastOpenFailure, readableLines } from './explain-ssh';
import { OpenedChannel } from './opened-channel';
import { beginSshTerminal } from './ssh-terminal-start';
import { channelArguments, type ChannelPurpose, type SystemSshTarget } from './ssh-arguments';
import type { SshMaster } from './ssh-master';

/** sshd's default for MaxSessions. */
const maxSessions = 10;
/** Without a master each channel is a login of its own; sshd lets ten at most be under way (MaxStartups). */
const maxLogins = 4;
/** ssh's own failure; also what it gives for a process that a signal ended. */
const sshFailed = 255;
/** How long the end of the master may follow the end of its channels. */
const masterGraceMs = 300;

/** The computer's own ssh(1): one process holds the connection, one more for each channel. */
export class SystemSshCarrier implements Carrier {
  readonly maxChannels: number;
  readonly countsTerminals: boolean;
  readonly #master: SshMaster;
  readonly #target: SystemSshTarget;
  readonly #socket: string | null;
  readonly #hostLabel: string;
  /** For channels without a master, which log in by themselves. */
  readonly #environment: Record<string, string>;

  constructor(master: SshMaster, target: SystemSshTarget, socket: string | null, hostLabel: string) {
    this.#master = master;
    this.#target = target;
    this.#socket = socket;
    this.#hostLabel = hostLabel;
    this.#environment = localEnvironment();
    this.countsTerminals = socket !== null;
    this.maxChannels = socket === null ? maxLogins : maxSessions;
  }

  async exec(command: string): Promise<ProcessChannel> {
    const child = await this.#spawn({ kind: 'exec', command });
    const readExit = (exit: ProcessExit): ProcessExit | null | Promise<ProcessExit | null> => (exit.exitCode === sshFailed || exit.signal !== null ? this.#afterFailure(exit) : exit);
    if (this.#socket === null) return new ChildProcessChannel(child, readExit);
    const stderr = new OpenedChannel(child.stderr);
    const channel = new ChildProcessChannel(child, readExit, (listener) => stderr.onData(listener));
    await this.#whenOpened(stderr);
    return channel;
  }

  async openPty(command: string | null, size: TerminalSize): Promise<TerminalChannel> {
    this.#refuseWhenEnded();
    const terminal = await openPtyProcess({
      file: process.platform === 'win32' ? 'ssh.exe' : 'ssh', args: channelArguments(this.#target, this.#socket, { kind: 'pty', command }),
      cwd: await homeFolder(), env: terminalEnvironment(), size,
    });
    return beginSshTerminal(terminal, () => this.#master.lost);
  }

  async connectTcp(address: string, port: number, timeoutMs: number): Promise<Duplex> {
    const target = `${address.includes(':') ? `[${address}]` : address}:${port}`;
    const child = await this.#spawn({ kind: 'forward', address, port });
    child.stdin.on('error', () => child.stdin.destroy());
    const stderr = new OpenedChannel(child.stderr);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        signalGroup(child, 'SIGTERM');
        reject(new AppError('command.timeout', 'No answer', `${target} did not answer ${this.#hostLabel} within ${Math.round(timeoutMs / 1000)} s.`));
      }, timeoutMs);
    });
    try {
      await Promise.race([stderr.opened, late]);
    } catch (error) {
      if (error instanceof AppError) throw error;
      const said = error instanceof Error ? error.message : String(error);
      this.#refuseWhenEnded();
      throw new AppError('ssh.channel-refused', 'The connection was refused', `${this.#hostLabel} could not connect to ${target}: ${this.#socket === null ? lastOpenFailure(said) : this.#master.lastOpenFailure}.`);
    } finally {
      clearTimeout(timer);
    }
    stderr.onData(() => undefined);
    const stream = Duplex.from({ writable: child.stdin, readable: child.stdout });
    stream.once('close', () => signalGroup(child, 'SIGTERM'));
    return stream;
  }

  /** A connection that every server refuses or makes: its answer is one round trip, and no process there. */
  async ping(timeoutMs: number): Promise<boolean> {
    if (this.#master.lost) return false;
    const answered = await this.connectTcp('127.0.0.1', 1, timeoutMs).then((stream) => {
      stream.destroy();
      return true;
    }, (error: unknown) => error instanceof AppError && error.code === 'ssh.channel-refused');
    return answered && this.#master.lost === null;
  }

  onEnd(listener: (error: AppError) => void): void {
    this.#master.onEnd(listener);
  }

  end(): void {
    this.#master.end();
  }

  destroy(): void {
    this.#master.destroy();
  }

  async #spawn(purpose: ChannelPurpose): Promise<PipedChild> {
    this.#refuseWhenEnded();
    try {
      return await whenSpawned(spawn('ssh', channelArguments(this.#target, this.#socket, purpose), { detached: true, env: this.#environment, stdio: 'pipe' }));
    } catch (error) {
      throw new ChannelRefused(error instanceof Error ? error.message : String(error));
    }
  }

  async #whenOpened(stderr: OpenedChannel): Promise<void> {
    try {
      await stderr.opened;
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      if (/session request failed|Session open refused/i.test(said)) throw new ChannelRefused(readableLines(said).split('\n')[0] ?? '');
      await this.#masterGone();
      throw this.#master.lost ? connectionClosed(this.#hostLabel) : new ChannelRefused(readableLines(said));
    }
  }

  /** An ssh that lost its connection knows nothing of the process. */
  async #afterFailure(exit: ProcessExit): Promise<ProcessExit | null> {
    await this.#masterGone();
    return this.#master.lost ? null : exit;
  }

  async #masterGone(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, masterGraceMs);
    });
    await Promise.race([this.#master.ended, grace]);
    clearTimeout(timer);
  }

  #refuseWhenEnded(): void {
    if (this.#master.lost) throw connectionClosed(this.#hostLabel);
  }
}
