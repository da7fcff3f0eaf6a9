import type { TerminalSize } from '../../shared/domain/terminal';

export interface TerminalRequest {
  /** Null: the user's login shell. */
  command: readonly string[] | null;
  size: TerminalSize;
  /** Run the command with the rights the session has (sudo, doas, pkexec). Default false; a login shell is always the user's own. */
  elevate?: boolean;
}

/** How a terminal's process ended. `error`: the connection under it was lost, and nothing is known of the process. */
export interface TerminalEnd {
  /** Null when a signal ended it, or when it is not known. */
  exitCode: number | null;
  /** `SIGHUP`, where a signal ended it. */
  signal: string | null;
  error: Error | null;
}

/**
 * A process behind a pseudo-terminal. Bytes go through as they are: a character may be split over two chunks, and only
 * the terminal emulator puts it together. Nothing rejects: writing to a terminal that has ended does nothing.
 */
export interface TerminalChannel {
  /** Keys and pasted text, as UTF-8. */
  write(text: string): void;
  resize(size: TerminalSize): void;
  /** Stops reading the process, so that it waits; what had already arrived may still come. */
  pause(): void;
  resume(): void;
  /** One listener. What was printed before it is handed over at once. */
  onData(listener: (data: Uint8Array) => void): void;
  /** Called once, after the last data; at once when it has already ended. */
  onEnd(listener: (end: TerminalEnd) => void): void;
  /** Hangs up (SIGHUP for the process). `onEnd` follows. */
  close(): void;
}
