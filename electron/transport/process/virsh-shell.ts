import { StringDecoder } from 'node:string_decoder';
import { AppError } from '../../../shared/errors/app-error';
import type { CommandResult, RunOptions } from '../command-runner';
import { cancelled } from '../ssh/connection-errors';
import type { RemoteProcess } from './remote-process';
import { defaultTimeoutMs, maxOutputBytes } from './run-command';
import { frameLines, virshLine, VirshReplies, type VirshReply } from './virsh-frames';

/** An idle virsh keeps a socket-activated libvirtd alive, so it goes after this. */
const idleMs = 5 * 60_000;

/** virsh(1) without a terminal: no history file, no start-up file of readline, names in UTF-8. */
export function virshArgv(readOnly: boolean): string[] {
  return [
    'env', 'LC_ALL=C.UTF-8', 'TERM=dumb', 'INPUTRC=/dev/null', 'XDG_CACHE_HOME=/dev/null',
    'virsh', '-q', ...(readOnly ? ['-r'] : []), '-c', 'qemu:///system',
  ];
}

export interface VirshShellEvents {
  /** Its process ended, or is not to be used any more. */
  onGone: () => void;
  /** Ends the process on the host: a hung libvirtd can only be left that way. */
  kill: (process: RemoteProcess) => Promise<void>;
  explainNotStarted: (error: unknown) => AppError;
  lost: () => AppError | null;
}

interface Waiting {
  id: string;
  startedAt: number;
  resolve: (reply: VirshReply & { durationMs: number }) => void;
  reject: (error: AppError) => void;
}

/** One running virsh that answers many commands. When it is gone, it is gone: its owner starts another. */
export class VirshShell {
  readonly process: RemoteProcess;
  readonly #events: VirshShellEvents;
  readonly #replies = new VirshReplies();
  readonly #waiting: Waiting[] = [];
  readonly #ready: Promise<AppError | null>;
  #count = 0;
  #gone: AppError | null = null;
  #retired = false;
  #idleTimer: NodeJS.Timeout | null = null;

  constructor(process: RemoteProcess, events: VirshShellEvents) {
    this.process = process;
    this.#events = events;
    const out = new StringDecoder('utf8');
    const err = new StringDecoder('utf8');
    process.onStdout((chunk) => {
      this.#replies.pushStdout(out.write(chunk));
      this.#deliver();
    });
    process.onStderr((chunk) => {
      this.#replies.pushStderr(err.write(chunk));
      this.#deliver();
    });
    process.started.catch((error: unknown) => this.#end(events.lost() ?? events.explainNotStarted(error)));
    void process.ended.then((end) => this.#end(events.lost() ?? explainDeath(end.exitCode, this.#replies.rest)));
    // Sent with the first commands, so it costs no trip: without a connection to libvirt everything fails alike.
    this.#ready = this.#send('uri').then((reply) => (reply.ok ? null : explainNoConnection(reply.stderr)), (error: AppError) => error);
  }

  /** False once it is gone or about to go. */
  get usable(): boolean {
    return this.#gone === null && !this.#retired;
  }

  /**
   * Sends all commands together; they are answered in order.
   * @throws AppError `input.invalid`, `libvirt.*`, `virsh.gone`, `command.timeout`, `cancelled`, `ssh.closed`
   */
  async run(argvs: readonly (readonly string[])[], options: RunOptions = {}): Promise<CommandResult[]> {
    const lines = argvs.map(virshLine);
    if (options.signal?.aborted) throw cancelled('virsh was not asked.');
    const replies = Promise.all(lines.map((line) => this.#send(line)));
    // Whoever loses the race below must not be an unhandled rejection.
    replies.catch(() => undefined);
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#end(new AppError('virsh.gone', 'virsh was stopped', 'libvirt did not answer another question in time, and virsh had to be stopped.'));
    }, timeoutMs);
    let onAbort: (() => void) | undefined;
    const interrupted = new Promise<never>((_resolve, reject) => {
      // Reads that nobody waits for any more do no harm; virsh stays.
      onAbort = (): void => reject(cancelled('The answers of virsh are not waited for.'));
      options.signal?.addEventListener('abort', onAbort);
    });
    try {
      const problem = await Promise.race([this.#ready, interrupted]);
      if (problem && !timedOut) this.#discard(problem);
      if (problem) throw problem;
      return (await Promise.race([replies, interrupted])).map(({ stdout, stderr, ok, durationMs }) => ({ exitCode: ok ? 0 : 1, stdout, stderr, durationMs }));
    } catch (error) {
      if (!timedOut) throw error;
      await this.#events.kill(this.process);
      throw new AppError('command.timeout', 'libvirt does not answer', `virsh gave no answer within ${Math.round(timeoutMs / 1000)} s and was stopped.`, {
        hint: 'libvirtd may hang: systemctl status libvirtd on the host tells more.',
      });
    } finally {
      clearTimeout(timer);
      if (onAbort) options.signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Lets it answer what it was asked, then ends it. Resolves when the process is gone. */
  async close(): Promise<void> {
    this.#retire();
    await this.process.ended;
  }

  #retire(): void {
    if (this.#retired) return;
    this.#retired = true;
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.process.end();
    this.#events.onGone();
  }

  #send(line: string): Promise<VirshReply & { durationMs: number }> {
    if (this.#gone) return Promise.reject(this.#gone);
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    const id = `${this.process.mark}.${this.#count++}.`;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, startedAt: performance.now(), resolve, reject });
      this.process.write(frameLines(line, id));
    });
  }

  #deliver(): void {
    try {
      if (this.#replies.pending > maxOutputBytes) {
        throw new AppError('reply.unreadable', 'Far too much output', 'virsh printed more than 64 MB for one command.');
      }
      for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
        const reply = this.#replies.take(first.id);
        if (!reply) return;
        this.#waiting.shift();
        first.resolve({ ...reply, durationMs: performance.now() - first.startedAt });
      }
      this.#rest();
    } catch (error) {
      const problem = error instanceof AppError ? error : new AppError('virsh.gone', 'virsh can\'t be understood', String(error));
      this.#discard(problem);
    }
  }

  #rest(): void {
    if (this.#retired || this.#gone) return;
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.#retire(), idleMs);
    this.#idleTimer.unref();
  }

  /** It is no use: nobody shall ask it again, and its process goes. */
  #discard(problem: AppError): void {
    this.#end(problem);
    void this.#events.kill(this.process);
  }

  #end(error: AppError): void {
    if (this.#gone) return;
    this.#gone = error;
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    if (!this.#retired) this.#events.onGone();
  }
}

function explainDeath(exitCode: number | null, output: string): AppError {
  if (exitCode === 127 || exitCode === 126) return libvirtMissing();
  if (/^error:/m.test(output)) return explainNoConnection(output);
  return new AppError('virsh.gone', 'virsh ended', `virsh on the host ended (${exitCode === null ? 'by a signal' : `exit code ${exitCode}`}) while it was being asked.`, {
    stderr: output.slice(0, 4096), hint: 'It is started again at the next question.',
  });
}

export function libvirtMissing(): AppError {
  return new AppError('libvirt.missing', 'There is no libvirt', 'virsh is not installed on this host.', {
    hint: 'On Debian and Ubuntu: sudo apt install libvirt-daemon-system libvirt-clients. On Fedora: sudo dnf install @virtualization.',
  });
}

/** virsh's words when it has no connection to libvirtd. */
export function explainNoConnection(stderr: string): AppError {
  const more = { stderr: stderr.slice(0, 4096) };
  if (/authentication (unavailable|failed)|polkit|permission denied|access denied/i.test(stderr)) {
    return new AppError('libvirt.denied', 'libvirt refuses this user', 'The user may not manage virtual machines and networks here.', {
      ...more, hint: 'Add the user to the group libvirt (sudo usermod -aG libvirt NAME, then log in again), or use sudo.',
    });
  }
  if (/failed to connect|connection refused|no such file/i.test(stderr)) {
    return new AppError('libvirt.not-running', 'libvirt is not running', 'virsh can\'t reach libvirtd on this host.', {
      ...more, hint: 'sudo systemctl start libvirtd (or virtqemud and virtnetworkd) on the host.',
    });
  }
  return new AppError('libvirt.not-running', 'libvirt does not answer', 'virsh has no connection to libvirtd.', more);
}
