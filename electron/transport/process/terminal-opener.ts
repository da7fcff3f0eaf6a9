import { randomBytes } from 'node:crypto';
import { quoteArgv } from '../../../shared/domain/shell-quote';
import type { TerminalSize } from '../../../shared/domain/terminal';
import { AppError } from '../../../shared/errors/app-error';
import { ChannelRefused, type Carrier } from '../carrier';
import type { TerminalChannel, TerminalRequest } from '../terminal-channel';
import { beginElevatedTerminal, TerminalNotStarted } from './elevated-terminal';
import type { ElevationSource } from './elevation';
import { loginShellCommand, type Elevation } from './launch-script';
import { explainNotStartedOutput } from './run-command';
import { buildTerminalLaunch } from './terminal-script';

/**
 * Places on the session's own connection that no terminal takes: virsh, the event streams, a plan's steps and what kills
 * them live there.
 */
const placesForWork = 6;

export interface TerminalOpenerParts {
  carrier: Carrier;
  elevation: ElevationSource;
  hostLabel: string;
  /** Another connection to the same host; it may ask the user. @throws AppError */
  openAnother: () => Promise<Carrier>;
}

interface Connection {
  carrier: Carrier;
  open: number;
  /** How many terminals it may hold; learned from refusals. */
  limit: number;
}

/**
 * Terminals of one host. As many as fit go over the session's own connection; where MaxSessions leaves no room, further
 * connections are made for terminals alone, and closed with their last one.
 */
export class TerminalOpener {
  readonly #parts: TerminalOpenerParts;
  readonly #connections: Connection[];
  readonly #terminals = new Set<TerminalChannel>();
  #opening: Promise<Connection> | null = null;

  constructor(parts: TerminalOpenerParts) {
    this.#parts = parts;
    this.#connections = [{ carrier: parts.carrier, open: 0, limit: Math.max(0, parts.carrier.maxChannels - placesForWork) }];
  }

  /** @throws AppError `ssh.*`, `auth.*`, `cancelled` */
  async open({ command, size, elevate = false }: TerminalRequest): Promise<TerminalChannel> {
    if (command === null) return this.#openLine(null, size);
    const elevation: Elevation = elevate ? await this.#parts.elevation.obtain() : { kind: 'none' };
    const launch = buildTerminalLaunch(command, elevation, randomBytes(9).toString('hex'));
    const line = loginShellCommand(launch.script);
    if (line === null) throw new AppError('input.invalid', 'The command is too long', 'A terminal\'s command has at most 100 kB.');
    const terminal = await this.#openLine(line, size);
    if (launch.beginMark === null) return terminal;
    try {
      return await beginElevatedTerminal(terminal, { ...launch, beginMark: launch.beginMark }, elevation.kind === 'sudo-with-password' ? elevation.password : null);
    } catch (error) {
      if (!(error instanceof TerminalNotStarted)) throw error;
      if (error.end.error instanceof AppError) throw error.end.error;
      throw explainNotStartedOutput(error.output, error.end.exitCode, { elevation, hostLabel: this.#parts.hostLabel }, quoteArgv(command));
    }
  }

  closeAll(): void {
    for (const terminal of this.#terminals) terminal.close();
    for (const { carrier } of this.#connections.slice(1)) carrier.end();
  }

  async #openLine(line: string | null, size: TerminalSize): Promise<TerminalChannel> {
    for (;;) {
      const connection = this.#connections.find(({ open, limit }) => open < limit) ?? await this.#connectAnother();
      connection.open++;
      try {
        return this.#track(await connection.carrier.openPty(line, size), connection);
      } catch (error) {
        this.#release(connection);
        if (!(error instanceof ChannelRefused)) throw error instanceof AppError ? error : new AppError('ssh.closed', 'The connection is gone', `No terminal could be opened on ${this.#parts.hostLabel}.`);
        connection.limit = connection.open;
        const isOwn = connection.carrier === this.#parts.carrier;
        if (!isOwn && connection.limit === 0) {
          throw new AppError('ssh.channel-refused', 'The host opens no terminal', `${this.#parts.hostLabel} refused a terminal on a connection of its own.`, {
            hint: 'MaxSessions 0 or a restricted account forbid terminals.',
          });
        }
      }
    }
  }

  #track(terminal: TerminalChannel, connection: Connection): TerminalChannel {
    this.#terminals.add(terminal);
    return withEnd(terminal, () => {
      this.#terminals.delete(terminal);
      this.#release(connection);
    });
  }

  #release(connection: Connection): void {
    connection.open--;
    if (connection.open === 0 && connection.carrier !== this.#parts.carrier) connection.carrier.end();
  }

  /** Two that come at once share one new connection. */
  #connectAnother(): Promise<Connection> {
    this.#opening ??= this.#parts.openAnother().then((carrier) => {
      const connection: Connection = { carrier, open: 0, limit: carrier.maxChannels };
      this.#connections.push(connection);
      carrier.onEnd(() => {
        const index = this.#connections.indexOf(connection);
        if (index > 0) this.#connections.splice(index, 1);
      });
      return connection;
    }).finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }
}

/** The same terminal; `ended` is called when it ends, whoever listens. */
function withEnd(terminal: TerminalChannel, ended: () => void): TerminalChannel {
  let listener: Parameters<TerminalChannel['onEnd']>[0] | null = null;
  let end: Parameters<Parameters<TerminalChannel['onEnd']>[0]>[0] | null = null;
  terminal.onEnd((how) => {
    end = how;
    ended();
    listener?.(how);
  });
  return {
    write: (text) => terminal.write(text),
    resize: (size) => terminal.resize(size),
    pause: () => terminal.pause(),
    resume: () => terminal.resume(),
    onData: (onData) => terminal.onData(onData),
    onEnd: (onEnd) => {
      if (end) onEnd(end);
      else listener = onEnd;
    },
    close: () => terminal.close(),
  };
}
