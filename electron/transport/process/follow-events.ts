import { StringDecoder } from 'node:string_decoder';
import type { EventSource } from '../../commands/command';
import type { EventLine, FollowHandle } from '../command-runner';
import { buildFollowScript, heartbeatMs, parseFollowLine } from './follow-script';
import type { ProcessKiller } from './process-killer';
import type { ProcessSpawner } from './process-spawner';
import type { RemoteProcess } from './remote-process';
import type { Elevation } from './launch-script';
import { AppError } from '../../../shared/errors/app-error';

/** Lines longer than this are no events of any tool we follow. */
const maxBufferedCharacters = 1024 * 1024;

/**
 * Follows the sources until `close`. Where the server has no channel to spare (MaxSessions 1 or 2), there are no events:
 * the handle is there all the same, and every source is reported as ended once (`text: null`), which asks for a reread.
 * The same happens when the stream is ended to make room, or dies on the host.
 * @throws AppError `ssh.closed`
 */
export async function followEvents(
  spawner: ProcessSpawner, killer: ProcessKiller, elevation: Elevation, sources: readonly EventSource[],
  onLine: (line: EventLine) => void,
): Promise<FollowHandle> {
  const absent = (): void => {
    for (const { name } of sources) onLine({ source: name, text: null });
  };
  const process = spawner.budget.canHold ? await openIfFree(spawner, elevation, sources) : null;
  if (!process) {
    // Never from inside the call: the caller has no handle yet.
    queueMicrotask(absent);
    return { close: () => Promise.resolve() };
  }

  let closed = false;
  const release = spawner.budget.hold(() => process.end());
  const decoder = new StringDecoder('utf8');
  let buffered = '';
  process.onStdout((chunk) => {
    buffered += decoder.write(chunk);
    const lines = buffered.split('\n');
    buffered = lines.pop() ?? '';
    if (buffered.length > maxBufferedCharacters) buffered = '';
    for (const line of lines) {
      const event = closed ? null : parseFollowLine(line);
      if (event) onLine(event);
    }
  });
  process.onStderr(() => undefined);
  const heartbeat = setInterval(() => process.write('\n'), heartbeatMs);
  heartbeat.unref();
  const ended = process.ended.then(() => {
    clearInterval(heartbeat);
    release();
    if (!closed) absent();
  });
  return {
    close: async () => {
      closed = true;
      process.end();
      await killer.killUnlessEnded(process, 3000);
      await ended;
    },
  };
}

async function openIfFree(spawner: ProcessSpawner, elevation: Elevation, sources: readonly EventSource[]): Promise<RemoteProcess | null> {
  try {
    return await spawner.spawn({ script: buildFollowScript(sources) }, elevation, { optional: true });
  } catch (error) {
    if (error instanceof AppError && error.code === 'ssh.channel-refused') return null;
    throw error;
  }
}
