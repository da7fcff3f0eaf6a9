import { AppError } from '../../../shared/errors/app-error';

/**
 * The framing of a persistent virsh: each command is three lines, itself and two `echo` of a marker, one for each stream.
 * virsh prompts and echoes what it reads, also without a terminal; the quotes inside the marker keep its echo from being
 * taken for the marker. Proved in the design's notes; virsh(1), "echo".
 */
export interface VirshReply {
  stdout: string;
  stderr: string;
  /** No `error:` line, apart from notes about the connection that come at any time. */
  ok: boolean;
}

/**
 * One line for virsh's prompt. Control characters are refused: its line editor would carry them out (TAB completes, ^U
 * deletes), and a newline would be another command.
 * @throws AppError `input.invalid`
 */
export function virshLine(argv: readonly string[]): string {
  if (argv.length === 0 || argv[0] === '') throw new AppError('input.invalid', 'Not a virsh command', 'A virsh command needs a name.');
  // eslint-disable-next-line no-control-regex -- these are exactly what must not pass
  const bad = argv.find((word) => /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(word));
  if (bad !== undefined) {
    throw new AppError('input.invalid', 'A control character is not allowed here', `${JSON.stringify(bad)} can't be given to virsh.`);
  }
  return argv.map(quoteForVirsh).join(' ');
}

/** virsh's own rules are those of sh for single quotes (virsh(1), "NOTES"); everything but the plainest words is quoted. */
function quoteForVirsh(word: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll('\'', '\'\\\'\'')}'`;
}

/** The three lines of one command. `id` is `[a-z0-9.]+`, never used before in this virsh. */
export function frameLines(line: string, id: string): string {
  const [onErr, onOut] = markerEchoes(id);
  return `${line}\n${onErr}\n${onOut}\n`;
}

function markerEchoes(id: string): [string, string] {
  return [`echo --err '@''${id}'`, `echo '@''${id}'`];
}

/** What one virsh prints, cut into replies. Feed both streams; `take` gives a reply once both markers are there. */
export class VirshReplies {
  #out = '';
  #err = '';
  /** Where to go on looking, so that a long reply in many chunks isn't searched from its start each time. */
  #outFrom = 0;

  pushStdout(text: string): void {
    this.#out += text;
  }

  pushStderr(text: string): void {
    this.#err += text;
  }

  /** Bytes (UTF-16 units) waiting for a marker. */
  get pending(): number {
    return this.#out.length + this.#err.length;
  }

  /** What came so far without belonging to a reply: virsh's last words when it dies. */
  get rest(): string {
    return `${this.#out}${this.#err}`;
  }

  /**
   * The reply with this id, or null while it isn't complete.
   * @throws AppError `reply.unreadable` when the stream is not what virsh prints.
   */
  take(id: string): VirshReply | null {
    const marker = `@${id}`;
    // virsh's echo ends its line on stderr, but not on stdout: the next prompt follows at once.
    const outEnd = this.#out.indexOf(marker, Math.max(0, this.#outFrom));
    if (outEnd < 0) {
      this.#outFrom = this.#out.length - marker.length;
      return null;
    }
    this.#outFrom = outEnd;
    const errEnd = this.#err.indexOf(marker);
    if (errEnd < 0) return null;
    const stdout = cutEchoes(this.#out.slice(0, outEnd), id);
    const stderr = this.#err.slice(0, errEnd).replace(/error: $/, '');
    this.#out = this.#out.slice(outEnd + marker.length).replace(/^\n/, '');
    this.#err = this.#err.slice(errEnd + marker.length).replace(/^\n/, '');
    this.#outFrom = 0;
    return { stdout, stderr: withoutReconnectNotes(stderr), ok: !/^error:/m.test(withoutReconnectNotes(stderr)) };
  }
}

/** Takes the echoed command (the first line) and the echoed markers (the end) away. */
function cutEchoes(text: string, id: string): string {
  const [onErr, onOut] = markerEchoes(id);
  // The prompt is `virsh # `, or `virsh > ` on a read-only connection.
  const tails = ['#', '>'].map((sign) => `virsh ${sign} ${onErr}\nvirsh ${sign} ${onOut}\n`);
  const tail = tails.find((candidate) => text.endsWith(candidate));
  const firstLine = text.indexOf('\n');
  if (tail === undefined || firstLine < 0 || firstLine >= text.length - tail.length + 1) {
    throw new AppError('reply.unreadable', 'virsh answered in an unexpected way', `Its output could not be told apart: ${JSON.stringify(text.slice(-200))}.`, {
      hint: 'This version of virsh may be unknown to Netwright.',
    });
  }
  return text.slice(firstLine + 1, text.length - tail.length);
}

/** virsh says these on stderr whenever libvirtd restarted; they are news, not failures. */
function withoutReconnectNotes(stderr: string): string {
  return stderr.split('\n').filter((line) => !/^(error: )?(Disconnected from .* due to|Reconnected to) /.test(line)).join('\n');
}
