import type { Duplex } from 'node:stream';
import type { Command } from '../../shared/domain/plan';
import type { Privilege } from '../../shared/domain/snapshot';
import type { EventSource, GatherSection } from '../commands/command';
import type { TerminalChannel, TerminalRequest } from './terminal-channel';

/**
 * The only door to a host. Implemented over ssh2, and by the practice host; the contract suite runs the same cases
 * against both. All methods reject with AppError: `ssh.closed` when the connection is gone, `command.timeout`,
 * `cancelled` when `signal` fires. A command that ran and failed is a result, not a rejection.
 */
export interface CommandRunner {
  /** How this session gets rights; known once the runner is open. */
  readonly privilege: Privilege;

  /** One process. Rejects with `command.not-found`-like results never: exit code 127 and stderr tell. */
  run(command: Command, options?: RunOptions): Promise<CommandResult>;

  /** Many read-only commands in one round trip; keyed by section name. A missing tool gives exit code 127. */
  gather(sections: readonly GatherSection[], options?: RunOptions): Promise<ReadonlyMap<string, CommandResult>>;

  /**
   * libvirt reads through one persistent virsh: argument vectors without the leading `virsh`, sent together, answered
   * in order. `exitCode` is 0 or 1 (virsh's prompt has no other). Rejects with `virsh.gone` when the virsh process
   * died, `libvirt.missing`, `libvirt.denied`, `auth.sudo-password` when it couldn't be started.
   */
  virsh(argvs: readonly (readonly string[])[], options?: RunOptions): Promise<CommandResult[]>;

  /** Follows the host's event streams until closed; `onLine` gets single lines of each source's own output. */
  follow(sources: readonly EventSource[], onLine: (line: EventLine) => void): Promise<FollowHandle>;

  /** A TCP connection made from the host (SSH direct-tcpip), for checks such as "does dnsmasq answer". */
  connectTcp(address: string, port: number, options?: { timeoutMs?: number }): Promise<Duplex>;

  /**
   * A process behind a pseudo-terminal (TERM=xterm-256color). Rejects with `ssh.channel-refused` where the host gives
   * no terminal, `ssh.closed` when the connection is gone.
   */
  openTerminal(request: TerminalRequest): Promise<TerminalChannel>;

  /** Whether the host still answers, in one round trip without a process there. False after `timeoutMs`; never rejects. */
  ping(timeoutMs: number): Promise<boolean>;

  /** Called once when the connection ends, with the reason unless `close` was called. */
  onClose(listener: (error: Error | null) => void): void;

  close(): Promise<void>;
}

export interface RunOptions {
  /** Default 30 s. The process is killed on the host, and the promise rejects with `command.timeout`. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** False: run as the plain user even where sudo is available. Default true. */
  elevate?: boolean;
  /** Told of what a command that runs for long prints, in pieces and while it runs. Only `run` does so. */
  onOutput?: (text: string) => void;
}

export interface CommandResult {
  /** Null when a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  durationMs: number;
}

export interface EventLine {
  source: string;
  /** One line as the tool printed it; null when the source ended by itself (its tool died and was started again: reread). */
  text: string | null;
}

export interface FollowHandle {
  close(): Promise<void>;
}
