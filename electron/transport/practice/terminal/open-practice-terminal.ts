import type { TerminalChannel, TerminalEnd, TerminalRequest } from '../../terminal-channel';
import type { PracticeHost } from '../practice-host';
import { openPracticeConsole } from './console';
import type { PracticeProgram, ProgramEvents } from './program';
import { openPracticeShell, type ShellOptions } from './shell';
import { splitKeys } from './split-keys';

/** A terminal of the practice host: its shell, a machine's console, or one command to its end. */
export function openPracticeTerminal(host: PracticeHost, request: TerminalRequest, run: ShellOptions['run']): PracticeTerminal {
  return new PracticeTerminal((events) => {
    const { command, size } = request;
    if (command === null) return openPracticeShell({ host, columns: size.columns, run }, events);
    const consoleAt = command[0] === 'virsh' ? command.indexOf('console') : -1;
    if (consoleAt > 0) return openPracticeConsole(host, command.slice(consoleAt + 1), events);
    const abort = new AbortController();
    run(command, abort.signal).then(
      ({ stdout, stderr, exitCode }) => {
        events.print((stdout + stderr).replace(/\r?\n/g, '\r\n'));
        events.end(exitCode ?? 128);
      },
      () => events.end(130),
    );
    return { key: (key) => { if (key === '\x03') abort.abort(); }, resize: () => undefined, close: () => abort.abort() };
  });
}

export class PracticeTerminal implements TerminalChannel {
  private readonly program: PracticeProgram;
  private readonly printed: Uint8Array[] = [];
  private ended: TerminalEnd | null = null;
  private paused = false;
  private unfinishedKey = '';
  private dataListener: ((data: Uint8Array) => void) | null = null;
  private endListener: ((end: TerminalEnd) => void) | null = null;

  constructor(start: (events: ProgramEvents) => PracticeProgram) {
    this.program = start({
      print: (text) => {
        if (text === '' || this.ended) return;
        this.printed.push(Buffer.from(text, 'utf8'));
        this.deliver();
      },
      end: (exitCode) => this.finish({ exitCode, signal: null, error: null }),
    });
  }

  write(text: string): void {
    if (this.ended) return;
    const { keys, rest } = splitKeys(this.unfinishedKey + text);
    this.unfinishedKey = rest;
    for (const key of keys) this.program.key(key);
  }

  resize({ columns }: { columns: number }): void {
    this.program.resize(columns);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.deliver();
  }

  onData(listener: (data: Uint8Array) => void): void {
    this.dataListener = listener;
    this.deliver();
  }

  onEnd(listener: (end: TerminalEnd) => void): void {
    this.endListener = listener;
    this.deliver();
  }

  close(): void {
    this.finish({ exitCode: null, signal: 'SIGHUP', error: null });
  }

  /** The connection under it is gone. */
  lose(error: Error | null): void {
    this.finish({ exitCode: null, signal: null, error });
  }

  private finish(end: TerminalEnd): void {
    if (this.ended) return;
    this.ended = end;
    this.program.close();
    this.deliver();
  }

  private deliver(): void {
    if (this.dataListener && !this.paused) for (const data of this.printed.splice(0)) this.dataListener(data);
    if (!this.ended || !this.endListener || this.printed.length > 0) return;
    const listener = this.endListener;
    this.endListener = null;
    listener(this.ended);
  }
}
