import type { Duplex } from 'node:stream';
import type { TerminalSize } from '../../shared/domain/terminal';
import type { AppError } from '../../shared/errors/app-error';
import type { TerminalChannel } from './terminal-channel';

export interface ProcessExit {
  /** Null when a signal ended it. */
  exitCode: number | null;
  /** `SIGTERM`, where a signal ended it. */
  signal: string | null;
}

/** One process that a carrier started, and its three streams. */
export interface ProcessChannel {
  /** Null while it runs, and when the channel closed without telling: then the connection was lost. */
  readonly exit: ProcessExit | null;
  /** What the process no longer reads is dropped: its exit code and stderr tell. */
  write(text: string): void;
  /** Ends its stdin. */
  end(text?: string): void;
  /** One listener each; both streams are to be read, or the channel never closes. */
  onStdout(listener: (chunk: Buffer) => void): void;
  onStderr(listener: (chunk: Buffer) => void): void;
  /** At once when it is known. Output may still be on its way. */
  onExit(listener: () => void): void;
  /** Nothing comes any more. */
  onClose(listener: () => void): void;
  /** `TERM`, `KILL`… as far as the carrier can: kill by pid where it matters. */
  signal(name: string): void;
  /** Gives the channel up. The process may live on. */
  close(): void;
}

/** No channel could be opened, though the connection stands: one may be free later. */
export class ChannelRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ChannelRefused';
  }
}

/**
 * What brings processes to a host: an SSH connection of our own, one of the system's ssh(1), or the computer itself.
 * Everything above it (launch scripts, gathering, virsh, events) is the same on each.
 */
export interface Carrier {
  /** How many processes may run at a time, as far as is known at first. Infinity: it is no concern. */
  readonly maxChannels: number;

  /** Whether a terminal takes one of those places. */
  readonly countsTerminals: boolean;

  /** Starts a command line of the user's login shell. Rejects with ChannelRefused, AppError, or whatever the lost connection gave. */
  exec(command: string): Promise<ProcessChannel>;

  /** The same as root, where the carrier itself has a way to (pkexec). */
  readonly execAsRoot?: (script: string) => Promise<ProcessChannel>;

  /** The login shell (null), or a command line for it, behind a pseudo-terminal. Rejects as `exec` does. */
  openPty(command: string | null, size: TerminalSize): Promise<TerminalChannel>;

  /** A TCP connection made from the host. Rejects with AppError `ssh.channel-refused`, `command.timeout`, `ssh.closed`. */
  connectTcp(address: string, port: number, timeoutMs: number): Promise<Duplex>;

  /** Whether the other side still answers, without a process there. Never rejects. */
  ping(timeoutMs: number): Promise<boolean>;

  /** Called once, when it is gone for whatever reason. */
  onEnd(listener: (error: AppError) => void): void;

  /** Says goodbye; `onEnd` follows. */
  end(): void;

  /** Cuts it off without waiting for the other side. */
  destroy(): void;
}
