import type { TerminalSize } from '../../shared/domain/terminal';
import type { TerminalChannel, TerminalEnd } from '../../electron/transport/terminal-channel';

/** A process behind a terminal that does what a test says. */
export class FakeTerminalChannel implements TerminalChannel {
  readonly written: string[] = [];
  readonly sizes: TerminalSize[] = [];
  paused = false;
  closed = false;
  private dataListener: ((data: Uint8Array) => void) | null = null;
  private endListener: ((end: TerminalEnd) => void) | null = null;

  print(output: string | Uint8Array): void {
    this.dataListener?.(typeof output === 'string' ? Buffer.from(output, 'utf8') : output);
  }

  end(end: Partial<TerminalEnd> = {}): void {
    this.endListener?.({ exitCode: 0, signal: null, error: null, ...end });
  }

  write(text: string): void {
    this.written.push(text);
  }

  resize(size: TerminalSize): void {
    this.sizes.push(size);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  onData(listener: (data: Uint8Array) => void): void {
    this.dataListener = listener;
  }

  onEnd(listener: (end: TerminalEnd) => void): void {
    this.endListener = listener;
  }

  close(): void {
    this.closed = true;
  }
}
