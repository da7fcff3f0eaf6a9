import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { waitFor } from '../lab/run-process';
import { labKeyPath } from '../lab/lab';

const everyMs = 5;

/** One SSH session on which something is said all the time and comes back: what a person at a terminal would notice of the network. */
export class LiveSession {
  /** When something came back, performance.now(). */
  readonly #heard: number[] = [];
  readonly #child;
  readonly #timer;

  private constructor(address: string) {
    this.#child = spawn('ssh', ['-i', labKeyPath, '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-o', 'ServerAliveInterval=0', `root@${address}`, 'cat'], { stdio: 'pipe' });
    this.#child.stdout.on('data', () => this.#heard.push(performance.now()));
    // A session that was cut off is told by its silence.
    this.#child.stdin.on('error', () => undefined);
    this.#timer = setInterval(() => this.#child.stdin.write('.'), everyMs);
  }

  static async open(address: string): Promise<LiveSession> {
    const session = new LiveSession(address);
    await waitFor('the session to answer', 20_000, () => session.#heard.length > 20 || undefined);
    return session;
  }

  /** Forgets what was heard so far. */
  begin(): void {
    this.#heard.splice(0, this.#heard.length, performance.now());
  }

  /** The longest silence since `begin`, ms; the one that still lasts counts too. */
  longestSilence(): number {
    const times = [...this.#heard, performance.now()];
    return Math.max(...times.slice(1).map((at, index) => at - times[index]!));
  }

  /** Resolves when it has been answering for a while; false: it did not within `patienceMs`. */
  async answersAgain(patienceMs: number): Promise<boolean> {
    const isLive = (): true | undefined => this.#heard.filter((at) => at > performance.now() - 300).length > 20 || undefined;
    return waitFor('the session to go on', patienceMs, isLive).then(() => true, () => false);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
