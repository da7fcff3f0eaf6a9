import { randomBytes } from 'node:crypto';
import { quoteArgv } from '../../../shared/domain/shell-quote';
import type { TerminalSize } from '../../../shared/domain/terminal';
import { AppError } from '../../../shared/errors/app-error';
import { ChannelRefused, type Carrier } from '../carrier';
import { connectionClosed } from '../ssh/connection-errors';
import type { TerminalChannel, TerminalRequest } from '../terminal-channel';
import { beginElevatedTerminal, TerminalNotStarted } from './elevated-terminal';
import type { ElevationSource } from './elevation';
import { loginShellCommand, type Elevation } from './launch-script';
import type { ProcessSpawner } from './process-spawner';
import { explainNotStartedOutput } from './run-command';
import { buildTerminalLaunch } from './terminal-script';

/**
 * Places on the session's own connection that no terminal takes: virsh, the event streams, a plan's steps and what kills
 * them live there.
 */
const placesForWork = 6;

/** sshd frees a channel's place a moment after it closed. */
const refusalDelaysMs = [40, 120];

export interface TerminalOpenerParts {
  carrier: Carrier;
  spawner: ProcessSpawner;
  elevation: ElevationSource;
  hostLabel: string;
  /** Another connection to the same host; it may ask the user. @throws AppError */
  openAnother: () => Promise<Carrier>;
}

/** A connection for terminals alone. */
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
  readonly #further: Connection[] = [];
  readonly #terminals = new Set<TerminalChannel>();
  #onOwn = 0;
  #measuring: Promise<void> | null = null;
  #lastOpening: Promise<unknown> = Promise.resolve();

  constructor(parts: TerminalOpenerParts) {
    this.#parts = parts;
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
    for (const { carrier } of this.#further) carrier.end();
  }

  async #openLine(line: string | null, size: TerminalSize): Promise<TerminalChannel> {
    return await this.#openOnOwn(line, size) ?? this.#openOnFurther(line, size);
  }

  /** Null when the session's connection has no place for it. */
  async #openOnOwn(line: string | null, size: TerminalSize): Promise<TerminalChannel | null> {
    const { carrier, spawner, hostLabel } = this.#parts;
    if (!carrier.countsTerminals) return this.#track(await carrier.openPty(line, size), () => undefined);
    // Found out before the first: a terminal that took the last place would stop everything else, and could not be moved.
    this.#measuring ??= spawner.measureBudget();
    await this.#measuring;
    if (this.#onOwn >= spawner.budget.limit - placesForWork) return null;
    this.#onOwn++;
    for (const delayMs of [...refusalDelaysMs, null]) {
      try {
        return await this.#openInBudget(line, size);
      } catch (error) {
        if (!(error instanceof ChannelRefused)) {
          this.#onOwn--;
          throw error instanceof AppError ? error : connectionClosed(hostLabel);
        }
        if (delayMs !== null) await new Promise((resolve) => { setTimeout(resolve, delayMs); });
      }
    }
    this.#onOwn--;
    return null;
  }

  async #openInBudget(line: string | null, size: TerminalSize): Promise<TerminalChannel> {
    const { carrier, spawner } = this.#parts;
    const { terminal } = await spawner.budget.open(async () => {
      const opened = await carrier.openPty(line, size);
      let leave: () => void = () => undefined;
      const left = new Promise<void>((resolve) => { leave = resolve; });
      const tracked = this.#track(opened, () => {
        this.#onOwn--;
        leave();
      });
      return { terminal: tracked, onClose: (listener: () => void) => void left.then(listener) };
    }, { priority: 1, lasting: true });
    return terminal;
  }

  /** One after the other: only so is a refusal the answer to how many there are. */
  #openOnFurther(line: string | null, size: TerminalSize): Promise<TerminalChannel> {
    const opening = this.#lastOpening.then(() => this.#openNext(line, size));
    this.#lastOpening = opening.catch(() => undefined);
    return opening;
  }

  async #openNext(line: string | null, size: TerminalSize): Promise<TerminalChannel> {
    for (;;) {
      const connection = this.#further.find(({ open, limit }) => open < limit) ?? await this.#connectFurther();
      connection.open++;
      try {
        return this.#track(await connection.carrier.openPty(line, size), () => this.#release(connection));
      } catch (error) {
        connection.limit = connection.open - 1;
        this.#release(connection);
        if (!(error instanceof ChannelRefused)) throw error instanceof AppError ? error : connectionClosed(this.#parts.hostLabel);
        if (connection.limit === 0) {
          throw new AppError('ssh.channel-refused', 'The host opens no terminal', `${this.#parts.hostLabel} refused a terminal on a connection of its own.`, {
            hint: 'MaxSessions 0 or a restricted account forbid terminals.',
          });
        }
      }
    }
  }

  #track(terminal: TerminalChannel, ended: () => void): TerminalChannel {
    this.#terminals.add(terminal);
    return withEnd(terminal, () => {
      this.#terminals.delete(terminal);
      ended();
    });
  }

  #release(connection: Connection): void {
    connection.open--;
    if (connection.open > 0) return;
    this.#drop(connection);
    connection.carrier.end();
  }

  async #connectFurther(): Promise<Connection> {
    const carrier = await this.#parts.openAnother();
    const connection: Connection = { carrier, open: 0, limit: carrier.maxChannels };
    this.#further.push(connection);
    carrier.onEnd(() => this.#drop(connection));
    return connection;
  }

  #drop(connection: Connection): void {
    const index = this.#further.indexOf(connection);
    if (index >= 0) this.#further.splice(index, 1);
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
