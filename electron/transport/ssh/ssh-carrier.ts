import type { Duplex } from 'node:stream';
import type { Client, ClientCallback, ClientChannel } from 'ssh2';
import type { TerminalSize } from '../../../shared/domain/terminal';
import { AppError } from '../../../shared/errors/app-error';
import { ChannelRefused, type Carrier, type ProcessChannel } from '../carrier';
import type { TerminalChannel } from '../terminal-channel';
import { terminalLocale } from '../terminal-locale';
import { connectTcp, isOpenFailure } from './connect-tcp';
import { connectionClosed, connectionLost } from './connection-errors';
import { cutClient } from './cut-client';
import { pingServer } from './ping-server';
import { SshProcessChannel } from './ssh-process-channel';
import { SshTerminal } from './ssh-terminal';

/** sshd's default for MaxSessions (sshd_config(5)). */
const defaultMaxSessions = 10;

/** A logged-in connection of ssh2. */
export class SshCarrier implements Carrier {
  readonly maxChannels = defaultMaxSessions;
  readonly countsTerminals = true;
  readonly #client: Client;
  readonly #hostLabel: string;
  readonly #listeners: ((error: AppError) => void)[] = [];
  #lost: AppError | null = null;

  constructor(client: Client, hostLabel: string) {
    this.#client = client;
    this.#hostLabel = hostLabel;
    let cause: Error | null = null;
    client.on('error', (error) => {
      cause ??= error;
    });
    client.once('close', () => {
      this.#lost = connectionLost(hostLabel, cause);
      for (const listener of this.#listeners.splice(0)) listener(this.#lost);
    });
  }

  exec(command: string): Promise<ProcessChannel> {
    return this.#open((opened) => this.#client.exec(command, opened), (channel) => new SshProcessChannel(channel));
  }

  openPty(command: string | null, size: TerminalSize): Promise<TerminalChannel> {
    const pty = { term: 'xterm-256color', cols: size.columns, rows: size.rows };
    const env = { LANG: terminalLocale() };
    return this.#open(
      (opened) => (command === null ? this.#client.shell(pty, { env }, opened) : this.#client.exec(command, { pty, env }, opened)),
      (channel) => new SshTerminal(channel, () => this.#lost),
    );
  }

  connectTcp(address: string, port: number, timeoutMs: number): Promise<Duplex> {
    return connectTcp(this.#client, this.#hostLabel, address, port, timeoutMs);
  }

  ping(timeoutMs: number): Promise<boolean> {
    return pingServer(this.#client, timeoutMs);
  }

  onEnd(listener: (error: AppError) => void): void {
    if (this.#lost) listener(this.#lost);
    else this.#listeners.push(listener);
  }

  end(): void {
    this.#client.end();
  }

  destroy(): void {
    cutClient(this.#client);
  }

  #open<T>(ask: (opened: ClientCallback) => void, make: (channel: ClientChannel) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#lost) {
        reject(connectionClosed(this.#hostLabel));
        return;
      }
      // Throws when the socket is already gone: then the promise rejects with that.
      ask((error, channel) => {
        if (!error) resolve(make(channel));
        else if (isOpenFailure(error)) reject(new ChannelRefused(error.message));
        else if (/^Unable to (exec|shell|start|request)/.test(error.message)) reject(refusedCommand(error.message, this.#hostLabel));
        else reject(error);
      });
    });
  }
}

function refusedCommand(message: string, hostLabel: string): AppError {
  return new AppError('ssh.channel-refused', 'The host starts no commands', `${hostLabel} refused to start a command over this connection (${message}).`, {
    hint: 'The user needs an ordinary login shell; PermitTTY no in the server\'s sshd_config forbids terminals.',
  });
}
