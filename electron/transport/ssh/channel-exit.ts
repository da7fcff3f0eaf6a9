import type { ClientChannel } from 'ssh2';

export interface ChannelExit {
  /** Null when a signal ended the process. */
  code: number | null;
  signal: string | null;
}

const exits = new WeakMap<ClientChannel, ChannelExit>();

/**
 * Keeps the exit of a channel's process for those who ask later. To be called in ssh2's own callback: a quick command's
 * start, output and exit can arrive in one piece of data, and the event is over before any promise goes on.
 */
export function keepExit(channel: ClientChannel): void {
  channel.once('exit', (code: number | null, signal?: string) => exits.set(channel, { code, signal: signal ?? null }));
}

/** Null while the process runs, or when its channel closed without telling. */
export function exitOf(channel: ClientChannel): ChannelExit | null {
  return exits.get(channel) ?? null;
}
