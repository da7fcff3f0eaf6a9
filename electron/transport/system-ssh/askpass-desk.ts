import { constants, watch, type FSWatcher } from 'node:fs';
import { open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { askpassScript } from './askpass-script';

export interface AskpassQuestion {
  /** `notice`: nothing is answered, it goes by itself ("Confirm user presence for key …"). */
  kind: 'question' | 'confirm' | 'notice';
  text: string;
}

/** Resolves to the answer, or null to refuse. `gone` fires when ssh waits for it no longer. */
export type AnswerAskpass = (question: AskpassQuestion, gone: AbortSignal) => Promise<string | null>;

/** ssh kills the program of a notice that is over; nothing tells of it, so it is looked at so often. */
const livenessMs = 200;
const retryMs = 10;

/** Takes ssh's questions from the folder and brings the answers. */
export class AskpassDesk {
  readonly #folder: string;
  readonly #answer: AnswerAskpass;
  readonly #seen = new Set<string>();
  readonly #open = new Set<AbortController>();
  #watcher: FSWatcher | null = null;
  #closed = false;

  private constructor(folder: string, answer: AnswerAskpass) {
    this.#folder = folder;
    this.#answer = answer;
  }

  /** @param folder private (0700), and not on a file system mounted noexec. */
  static async open(folder: string, answer: AnswerAskpass): Promise<AskpassDesk> {
    const desk = new AskpassDesk(folder, answer);
    await writeFile(desk.#script, askpassScript, { mode: 0o700 });
    desk.#watcher = watch(folder, () => void desk.#look());
    return desk;
  }

  /** For ssh(1). A version before 8.4 knows no SSH_ASKPASS_REQUIRE; it asks this way when it has no terminal and DISPLAY is set. */
  get environment(): Record<string, string> {
    return { SSH_ASKPASS: this.#script, SSH_ASKPASS_REQUIRE: 'force', NETWRIGHT_ASKPASS: this.#folder, DISPLAY: process.env.DISPLAY || ':0' };
  }

  close(): void {
    this.#closed = true;
    this.#watcher?.close();
    for (const controller of this.#open) controller.abort();
  }

  get #script(): string {
    return path.join(this.#folder, 'askpass');
  }

  async #look(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) {
      const pid = /^q\.(\d+)$/.exec(name)?.[1];
      if (pid === undefined || this.#seen.has(name) || this.#closed) continue;
      this.#seen.add(name);
      void this.#ask(name, Number(pid)).finally(() => this.#seen.delete(name));
    }
  }

  async #ask(name: string, pid: number): Promise<void> {
    const gone = new AbortController();
    this.#open.add(gone);
    const watching = setInterval(() => {
      if (!isAlive(pid)) gone.abort();
    }, livenessMs);
    try {
      // A look that began before an answer may still name the question that is gone by now.
      const text = await readFile(path.join(this.#folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      if (text === null) return;
      const lineEnd = text.indexOf('\n');
      const hint = text.slice(0, lineEnd);
      const answer = await this.#answer({ kind: hint === 'none' ? 'notice' : hint === 'confirm' ? 'confirm' : 'question', text: text.slice(lineEnd + 1) }, gone.signal);
      await this.#reply(pid, answer === null ? '-' : `+${answer}`, gone.signal);
    } finally {
      clearInterval(watching);
      this.#open.delete(gone);
      await Promise.all(['q', 'a'].map((kind) => rm(path.join(this.#folder, `${kind}.${pid}`), { force: true })));
    }
  }

  /** Without blocking: the reader may have been killed, and nobody would ever come. */
  async #reply(pid: number, line: string, gone: AbortSignal): Promise<void> {
    while (!gone.aborted) {
      try {
        const pipe = await open(path.join(this.#folder, `a.${pid}`), constants.O_WRONLY | constants.O_NONBLOCK);
        await pipe.write(`${line}\n`).finally(() => pipe.close());
        return;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'EPIPE') return;
        // ENXIO: it has not opened its end yet.
        if (code !== 'ENXIO') throw error;
        await new Promise((resolve) => { setTimeout(resolve, retryMs); });
      }
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
