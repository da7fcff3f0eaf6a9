import { randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error';
import { ChannelRefused, type Carrier, type ProcessChannel } from '../carrier';
import { connectionClosed } from '../ssh/connection-errors';
import { ChannelBudget, type OpenChannelOptions } from './channel-budget';
import { buildLaunch, encodeScript, loginShellCommand, waitingShell, type Elevation, type RemoteProgram } from './launch-script';
import { RemoteProcess } from './remote-process';

/** A shell that is already open on the host, waiting for its script: it saves the two round trips of opening a channel. */
const warmIdleMs = 10_000;

/** Starts processes on the host over one carrier. */
export class ProcessSpawner {
  readonly budget: ChannelBudget;
  /** Every process that has not ended. */
  readonly running = new Set<RemoteProcess>();
  readonly #carrier: Carrier;
  readonly #hostLabel: string;
  readonly #warm: ProcessChannel[] = [];
  #closed = false;

  constructor(carrier: Carrier, hostLabel: string) {
    this.#carrier = carrier;
    this.budget = new ChannelBudget(carrier.maxChannels);
    this.#hostLabel = hostLabel;
    // A shell that waits for work must not keep a place from work that waits.
    this.budget.onScarcity = () => this.closeWarm();
    carrier.onEnd(() => {
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
    if (elevation.kind === 'carrier') return this.#track(await this.#spawnAsRoot(script, mark));
    const warm = this.#takeWarm();
    const inline = warm ? null : loginShellCommand(script);
    const channel = warm ?? await this.#open(inline ?? waitingShell, options);
    const process = this.#track(new RemoteProcess(channel, mark, elevation.kind !== 'none'));
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
        // The news of scarcity may have come first.
        if (this.budget.waiting > 0 || this.budget.limit < this.#carrier.maxChannels) {
          endUnused(channel);
          return;
        }
        this.#warm.push(channel);
        channel.onClose(() => this.#dropWarm(channel));
        setTimeout(() => {
          if (this.#dropWarm(channel)) endUnused(channel);
        }, warmIdleMs).unref();
      }, () => undefined /* a server with few channels: the process then opens its own */);
    }
  }

  /**
   * Finds out how many channels the server opens, by asking for as many as there may be; those it gave are let go again.
   * The budget learns from the first refusal.
   */
  async measureBudget(): Promise<void> {
    const asked = Array.from({ length: this.budget.free }, () => this.#open(waitingShell, { optional: true }).then(endUnused, () => undefined /* refused: now it is known */));
    await Promise.all(asked);
  }

  /** A channel outside the budget, for killing what fills it. Rejects with ChannelRefused when the server refuses. */
  async spawnBesideBudget(program: RemoteProgram, elevation: Elevation): Promise<RemoteProcess> {
    const mark = randomBytes(9).toString('hex');
    const { script, stdin } = buildLaunch(program, elevation, mark);
    if (elevation.kind === 'carrier') return this.#spawnAsRoot(script, mark);
    const warm = this.#takeWarm();
    const channel = warm ?? await this.#carrier.exec(loginShellCommand(script) ?? waitingShell);
    const process = new RemoteProcess(channel, mark, elevation.kind !== 'none');
    if (warm) process.write(`${encodeScript(script)}\n`);
    if (stdin !== '') process.write(stdin);
    return process;
  }

  closeWarm(): void {
    for (const channel of this.#warm.splice(0)) endUnused(channel);
  }

  #track(process: RemoteProcess): RemoteProcess {
    this.running.add(process);
    process.ended.then(() => this.running.delete(process), () => undefined);
    return process;
  }

  async #spawnAsRoot(script: string, mark: string): Promise<RemoteProcess> {
    if (!this.#carrier.execAsRoot) throw new Error('This carrier has no way to root of its own.');
    return new RemoteProcess(await this.#carrier.execAsRoot(script), mark, true);
  }

  async #open(command: string, options: OpenChannelOptions): Promise<ProcessChannel> {
    try {
      return await this.budget.open(() => this.#carrier.exec(command), options);
    } catch (error) {
      if (this.#closed) throw connectionClosed(this.#hostLabel);
      if (error instanceof AppError) throw error;
      if (error instanceof ChannelRefused) {
        throw new AppError('ssh.channel-refused', 'The host opens no more channels', `${this.#hostLabel} refused to start a command over this connection.`, {
          hint: 'MaxSessions in the server\'s sshd_config limits it: 10 is the default, 4 or more is comfortable, 1 is enough.',
        });
      }
      throw connectionClosed(this.#hostLabel);
    }
  }

  #takeWarm(): ProcessChannel | undefined {
    return this.#warm.shift();
  }

  #dropWarm(channel: ProcessChannel): boolean {
    const index = this.#warm.indexOf(channel);
    if (index < 0) return false;
    this.#warm.splice(index, 1);
    return true;
  }
}

/** End of file is what a waiting shell ends at; its (empty) streams are read so that the channel can close. */
function endUnused(channel: ProcessChannel): void {
  channel.onStdout(() => undefined);
  channel.onStderr(() => undefined);
  channel.end();
}
