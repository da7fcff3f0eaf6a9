import type { AppError } from '../../../shared/errors/app-error';
import { ChannelRefused } from '../carrier';
import type { TerminalChannel, TerminalEnd } from '../terminal-channel';

const refusalStart = 'mux_client_request_session';
/** A program that prints nothing at first is taken as begun after this. */
const silenceMs = 1500;
const sshFailed = 255;

/**
 * ssh says nothing when a terminal is let in, and a sentence when it isn't: resolves at the first other output.
 * Rejects with ChannelRefused when the server has no session to spare.
 */
export function beginSshTerminal(inner: TerminalChannel, lost: () => AppError | null): Promise<TerminalChannel> {
  return new Promise((resolve, reject) => {
    let held: Uint8Array[] = [];
    let onData: ((data: Uint8Array) => void) | null = null;
    let onEnd: ((end: TerminalEnd) => void) | null = null;
    let ended: TerminalEnd | null = null;
    let begun = false;
    const terminal: TerminalChannel = {
      write: (text) => inner.write(text),
      resize: (size) => inner.resize(size),
      pause: () => inner.pause(),
      resume: () => inner.resume(),
      close: () => inner.close(),
      onData: (listener) => {
        onData = listener;
        for (const data of held.splice(0)) listener(data);
      },
      onEnd: (listener) => {
        if (ended) listener(ended);
        else onEnd = listener;
      },
    };
    const begin = (): void => {
      if (begun) return;
      begun = true;
      clearTimeout(timer);
      resolve(terminal);
    };
    const timer = setTimeout(begin, silenceMs);
    const text = (): string => Buffer.concat(held).toString('utf8');
    inner.onData((data) => {
      if (onData) onData(data);
      else held.push(data);
      if (!begun && !refusalStart.startsWith(text().slice(0, refusalStart.length))) begin();
    });
    inner.onEnd((end) => {
      clearTimeout(timer);
      if (!begun && end.exitCode === sshFailed && text().startsWith(refusalStart)) {
        held = [];
        reject(new ChannelRefused('The server opens no more sessions.'));
        return;
      }
      const finish = (): void => {
        ended = end.exitCode === sshFailed && lost() ? { exitCode: null, signal: null, error: lost() } : end;
        onEnd?.(ended);
      };
      begin();
      // The master's own end may be a moment behind.
      if (end.exitCode === sshFailed && !lost()) setTimeout(finish, 300);
      else finish();
    });
  });
}
