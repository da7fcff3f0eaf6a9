import { BaseAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import { unlockKeyFile, type KeyFile } from './key-file';
import type { AskHere } from './ssh-runner-options';

export interface KeyFileAgentEvents {
  /** The server wanted this key and got a signature of it. */
  onSigned: () => void;
  onFailure: (error: unknown) => void;
}

/**
 * A key file in the role of an agent that holds one key. So the server is asked first whether it wants this key at all,
 * and a passphrase is asked for only when it does, as ssh(1) does.
 */
export class KeyFileAgent extends BaseAgent<ParsedKey> {
  readonly #file: KeyFile;
  readonly #ask: AskHere;
  readonly #events: KeyFileAgentEvents;

  constructor(file: KeyFile, ask: AskHere, events: KeyFileAgentEvents) {
    super();
    this.#file = file;
    this.#ask = ask;
    this.#events = events;
  }

  override getIdentities(callback: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    callback(null, this.#file.publicKey ? [this.#file.publicKey] : []);
  }

  override sign(
    _publicKey: ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, callback?: SignCallback,
  ): void {
    const answer = typeof options === 'function' ? options : callback;
    const hash = typeof options === 'function' ? undefined : options.hash;
    unlockKeyFile(this.#file, this.#ask)
      .then((key) => key.sign(data, hash))
      .then((signature) => {
        if (signature instanceof Error) throw signature;
        this.#events.onSigned();
        answer?.(null, signature);
      })
      .catch((error: unknown) => {
        this.#events.onFailure(error);
        answer?.(error instanceof Error ? error : new Error(String(error)));
      });
  }
}
