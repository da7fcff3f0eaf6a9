import { BaseAgent, createAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';

type Identity = string | Buffer | ParsedKey;

/**
 * An SSH agent that tells what came of it: whether it answered, how many keys it holds, and whether the server accepted
 * one (it is asked to sign only then). ssh2 itself reports none of this to the authentication handler.
 */
export class ObservedAgent extends BaseAgent<Identity> {
  readonly #agent: BaseAgent<Identity>;
  readonly #onKeys: (count: number) => void;
  /** Null until the agent answered. */
  keyCount: number | null = null;
  signed = false;

  /** @param onKeys called with the number of keys when the agent answered. */
  constructor(socket: string, onKeys: (count: number) => void) {
    super();
    this.#agent = createAgent(socket);
    this.#onKeys = onKeys;
  }

  override getIdentities(callback: (error?: Error | null, keys?: Identity[]) => void): void {
    this.#agent.getIdentities((error, keys) => {
      if (keys) {
        this.keyCount = keys.length;
        this.#onKeys(keys.length);
      }
      // A failing agent is one without keys: ssh2 would report its error as the connection's.
      callback(null, error ? [] : keys as Identity[] | undefined);
    });
  }

  override sign(
    publicKey: Identity, data: Buffer, options: SigningRequestOptions | SignCallback, callback?: SignCallback,
  ): void {
    this.signed = true;
    if (typeof options === 'function') this.#agent.sign(publicKey, data, options);
    else this.#agent.sign(publicKey, data, options, callback);
  }
}
