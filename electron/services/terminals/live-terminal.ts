import type { Terminal, TerminalSize, TerminalState, TerminalTarget } from '../../../shared/domain/terminal';
import { toErrorData } from '../../../shared/errors/app-error';
import type { AppErrorData } from '../../../shared/errors/app-error-data';
import type { TerminalChannel, TerminalEnd } from '../../transport/terminal-channel';
import { OutputFlow, type OutputChunk } from './output-flow';
import { dimLine, dimLineBelow, divider } from './screen-notes';
import { TypedText } from './typed-text';

/** How many of a process's last bytes are looked at for why it ended. */
const lastWordsBytes = 2048;

/** How a terminal gets its process, the first time and at every reopening. */
export interface ProcessOpener {
  open(size: TerminalSize): Promise<TerminalChannel>;
  /** The app's own line above the output; null: none. */
  greeting: string | null;
  /** The app's own line after a process that failed with these last words (null: none); null where all of them speak for themselves. */
  explainEnd: ((lastWords: string) => string | null) | null;
}

export interface LiveTerminalEvents {
  /** False: there is no window. */
  output(chunk: OutputChunk): boolean;
  changed(): void;
  now(): Date;
}

/** "14:03", by this computer's clock. */
const clock = (date: Date): string => date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

/** One terminal through its whole life: one after another, several processes may stand behind it. */
export class LiveTerminal {
  private state: TerminalState = { phase: 'opening' };
  private channel: TerminalChannel | null = null;
  private typed: TypedText | null = null;
  /** Keys pressed before the process is there. */
  private early = '';
  private lastWords = Buffer.alloc(0);
  /** Tells the process that is awaited from those that were given up. */
  private opening = 0;
  private readonly flow: OutputFlow;

  constructor(
    readonly id: string, readonly target: TerminalTarget, public title: string, private size: TerminalSize, private readonly events: LiveTerminalEvents,
  ) {
    this.flow = new OutputFlow((chunk) => events.output(chunk));
  }

  describe(): Terminal {
    return { id: this.id, target: this.target, title: this.title, state: this.state };
  }

  get isLive(): boolean {
    return this.state.phase === 'open' || this.state.phase === 'opening';
  }

  /** Starts a process. Rejects with the opener's error, the terminal then being lost with the same. */
  async start(opener: ProcessOpener, size: TerminalSize, typed: string | null): Promise<void> {
    const before = this.flow.printed();
    const wasLost = this.state.phase === 'lost' || this.state.phase === 'waiting';
    this.size = size;
    this.setState({ phase: 'opening' });
    const attempt = ++this.opening;
    let channel: TerminalChannel;
    try {
      channel = await opener.open(size);
    } catch (error) {
      if (attempt === this.opening) this.lose(toErrorData(error));
      throw error;
    }
    if (attempt !== this.opening) return channel.close();
    if (before.length > 0) this.flow.push(divider(before, this.size.columns, `${clock(this.events.now())} ${wasLost ? 'connected again' : 'started again'}`));
    if (opener.greeting !== null) this.flow.push(dimLine(opener.greeting));
    if (this.size !== size) channel.resize(this.size);
    this.run(channel, opener, typed);
  }

  write(data: string): void {
    if (this.state.phase === 'opening') this.early += data;
    else this.channel?.write(data);
  }

  resize(size: TerminalSize): void {
    this.size = size;
    this.channel?.resize(size);
  }

  acknowledge(bytes: number): void {
    this.flow.acknowledge(bytes);
  }

  attach(): OutputChunk {
    return this.flow.replay();
  }

  /** The connection under it went, or will not come. The process, if there still is one, is hung up. */
  lose(error: AppErrorData): void {
    this.release();
    this.setState({ phase: 'lost', error });
  }

  /** It is to go on as soon as its host is connected. */
  waitForHost(): void {
    this.setState({ phase: 'waiting' });
  }

  get isWaiting(): boolean {
    return this.state.phase === 'waiting';
  }

  /** For good: hangs up and sends nothing more. */
  close(): void {
    this.release();
    this.flow.stop();
  }

  private run(channel: TerminalChannel, opener: ProcessOpener, typed: string | null): void {
    this.channel = channel;
    this.lastWords = Buffer.alloc(0);
    this.flow.connect(channel);
    if (this.early !== '') channel.write(this.early);
    else if (typed !== null && typed !== '') this.typed = new TypedText(typed, (text) => channel.write(text));
    this.early = '';
    this.setState({ phase: 'open' });
    channel.onData((data) => {
      if (this.channel !== channel) return;
      this.flow.push(data);
      this.typed?.sawOutput(data);
      if (opener.explainEnd) this.lastWords = Buffer.concat([this.lastWords, data]).subarray(-lastWordsBytes);
    });
    channel.onEnd((end) => { if (this.channel === channel) this.end(end, opener); });
  }

  private end({ exitCode, signal, error }: TerminalEnd, opener: ProcessOpener): void {
    this.channel = null;
    if (error) return this.lose(toErrorData(error));
    const note = exitCode === 0 ? null : opener.explainEnd?.(this.lastWords.toString('utf8')) ?? null;
    if (note !== null) this.flow.push(dimLineBelow(note));
    this.release();
    this.setState({ phase: 'ended', exitCode, signal });
  }

  private release(): void {
    this.opening += 1;
    this.typed?.cancel();
    this.typed = null;
    this.early = '';
    const { channel } = this;
    this.channel = null;
    this.flow.flush();
    this.flow.connect(null);
    channel?.close();
  }

  private setState(state: TerminalState): void {
    this.state = state;
    this.events.changed();
  }
}
