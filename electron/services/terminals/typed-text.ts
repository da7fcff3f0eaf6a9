/** A shell that prints no prompt, or has not printed for so long, is typed to all the same. */
const patienceMs = 500;

// eslint-disable-next-line no-control-regex -- that is what these sequences begin with
const escapeSequence = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Za-z0-9]|[=>78])/g;

/**
 * Text to be put on a new shell's command line, not run. It is typed once the shell shows a prompt, which is output that
 * does not end with a line; earlier the line would be echoed twice, before the prompt and behind it.
 */
export class TypedText {
  private timer: NodeJS.Timeout | null;
  private done = false;

  constructor(private readonly text: string, private readonly write: (text: string) => void) {
    this.timer = setTimeout(() => this.type(), patienceMs);
  }

  /** Told of everything the shell prints. */
  sawOutput(data: Uint8Array): void {
    if (this.done) return;
    const printed = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1').replace(escapeSequence, '');
    const lastLine = printed.slice(printed.lastIndexOf('\n') + 1).replaceAll('\r', '');
    if (lastLine.trim() !== '') this.type();
    else this.timer?.refresh();
  }

  /** The process ended, or the user was faster. */
  cancel(): void {
    this.done = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private type(): void {
    if (this.done) return;
    this.cancel();
    this.write(this.text);
  }
}
