import { randomBytes } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import { AppError } from '../../../shared/errors/app-error';
import { ChannelBudget, isOpenFailure, type OpenChannelOptions } from './channel-budget';
import { keepExit } from './channel-exit';
import { connectionClosed } from './connection-errors';
import { buildLaunch, encodeScript, loginShellCommand, waitingShell, type Elevation, type RemoteProgram } from './launch-script';
import { RemoteProcess } from './remote-process';

/** A shell that is already open on the host, waiting for its script: it saves the two round trips of opening a channel. */
const warmIdleMs = 10_000;

/** Starts processes on the host over channels of one connection. */
export class ProcessSpawner {
  readonly budget = new ChannelBudget();
  /** Every process that has not ended. */
  readonly running = new Set<RemoteProcess>();
  readonly #client: Client;
  readonly #hostLabel: string;
  readonly #warm: ClientChannel[] = [];
  #closed = false;

  constructor(client: Client, hostLabel: string) {
    this.#client = client;
    this.#hostLabel = hostLabel;
    // A shell that waits for work must not keep a place from work that waits.
    this.budget.onScarcity = () => this.closeWarm();
    client.once('close', () => {
      this.#closed = true;
    });
  }

  /**
   * Starts a process. Resolves when its channel is open and its first input is under way; `started` of the process
   * tells whether it runs.
   * @throws AppError `ssh.closed`, `ssh.channel-refused`
   */
  async spawn(program: RemoteProgram, elevation: Elevation, options: OpenChannelOptions = {}): Promise<RemoteProcess> {
    const mark = randomBytes(9).toString('hex');
    const { script, stdin } = buildLaunch(program, elevation, mark);
    const warm = this.#takeWarm();
    const inline = warm ? null : loginShellCommand(script);
    const channel = warm ?? await this.#open(inline ?? waitingShell, options);
    const process = new RemoteProcess(channel, mark, elevation.kind !== 'none');
    this.running.add(process);
    process.ended.then(() => this.running.delete(process), () => undefined);
    if (inline === null) process.write(`${encodeScript(script)}\n`);
    if (stdin !== '') process.write(stdin);
    return process;
  }

  /**
   * Opens shells ahead of need, as far as the server allows. Those that nobody takes end by themselves.
   */
  warmUp(count: number): void {
    for (let index = 0; index < count; index++) {
      this.#open(waitingShell, { optional: true }).then((channel) => {
        if (this.budget.waiting > 0) {
          endUnused(channel);
          return;
        }
        this.#warm.push(channel);
        channel.once('close', () => this.#dropWarm(channel));
        setTimeout(() => {
          if (this.#dropWarm(channel)) endUnused(channel);
        }, warmIdleMs).unref();
      }, () => undefined /* a server with few channels: the process then opens its own */);
    }
  }

  /** A channel outside the budget, for killing what fills it. Rejects with ssh2's error when the server refuses. */
  async spawnBesideBudget(program: RemoteProgram, elevation: Elevation): Promise<RemoteProcess> {
    const mark = randomBytes(9).toString('hex');
    const { script, stdin } = buildLaunch(program, elevation, mark);
    const warm = this.#takeWarm();
    const channel = warm ?? await this.#exec(loginShellCommand(script) ?? waitingShell);
    const process = new RemoteProcess(channel, mark, elevation.kind !== 'none');
    if (warm) process.write(`${encodeScript(script)}\n`);
    if (stdin !== '') process.write(stdin);
    return process;
  }

  closeWarm(): void {
    for (const channel of this.#warm.splice(0)) endUnused(channel);
  }

  async #open(command: string, options: OpenChannelOptions): Promise<ClientChannel> {
    try {
      return await this.budget.open(() => this.#exec(command), options);
    } catch (error) {
      if (this.#closed) throw connectionClosed(this.#hostLabel);
      if (isOpenFailure(error) || (error instanceof Error && error.message === 'Unable to exec')) {
        throw new AppError('ssh.channel-refused', 'The host opens no more channels', `${this.#hostLabel} refused to start a command over this connection.`, {
          hint: 'MaxSessions in the server\'s sshd_config limits it: 10 is the default, 4 or more is comfortable, 1 is enough.',
        });
      }
      throw connectionClosed(this.#hostLabel);
    }
  }

  #exec(command: string): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(connectionClosed(this.#hostLabel));
        return;
      }
      // Throws when the socket is already gone: then the promise rejects with that.
      this.#client.exec(command, (error, channel) => {
        if (error) {
          reject(error);
          return;
        }
        keepExit(channel);
        resolve(channel);
      });
    });
  }

  #takeWarm(): ClientChannel | undefined {
    return this.#warm.shift();
  }

  #dropWarm(channel: ClientChannel): boolean {
    const index = this.#warm.indexOf(channel);
    if (index < 0) return false;
    this.#warm.splice(index, 1);
    return true;
  }
}

/** End of file is what a waiting shell ends at; its (empty) streams are read so that the channel can close. */
function endUnused(channel: ClientChannel): void {
  channel.resume();
  channel.stderr.resume();
  channel.end();
}
