import { BaseAgent, createAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';

/** How long an agent may take to list its keys: some ask for a master password first. */
const patienceMs = 15_000;

/** What the environment names, else on Windows the agent that comes with it. Null where there is none. */
export function usualAgent(): string | null {
  return process.env.SSH_AUTH_SOCK || (process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : null);
}

/** The keys that an SSH agent holds, and its signatures. */
export class AgentKeys {
  private constructor(
    readonly socket: string,
    /** Those that ssh2 can use. */
    readonly keys: readonly ParsedKey[],
    /** Null when the agent answered. */
    readonly problem: string | null,
    private readonly agent: BaseAgent,
  ) {}

  /** Asks the agent; never rejects, as one that doesn't answer is one without keys. */
  static async load(socket: string): Promise<AgentKeys> {
    const agent = createAgent(socket);
    const answer = await new Promise<ParsedKey[] | string>((resolve) => {
      const timer = setTimeout(() => resolve('it did not answer in time'), patienceMs);
      agent.getIdentities((error, keys) => {
        clearTimeout(timer);
        resolve(error || !keys ? 'it did not answer' : keys.filter((key): key is ParsedKey => typeof key === 'object' && 'getPublicSSH' in key));
      });
    });
    return typeof answer === 'string' ? new AgentKeys(socket, [], answer, agent) : new AgentKeys(socket, answer, null, agent);
  }

  find(publicKey: Buffer): ParsedKey | undefined {
    return this.keys.find((key) => key.getPublicSSH().equals(publicKey));
  }

  /** The agent as one that holds only these keys, in this order. */
  offering(keys: readonly ParsedKey[], events: OfferEvents): BaseAgent<ParsedKey> {
    return new OfferedKeys(this.agent, keys, events);
  }

  /**
   * Types of keys that the agent holds and ssh2 passes over in silence: FIDO keys, certificates. Asked of the agent
   * itself (draft-ietf-sshm-ssh-agent, REQUEST_IDENTITIES), and only to say why a login failed.
   */
  async unusableTypes(): Promise<string[]> {
    const { agent } = this;
    if (this.problem !== null || !agent.getStream) return [];
    const reply = await new Promise<Buffer>((resolve) => {
      const timer = setTimeout(() => resolve(Buffer.alloc(0)), patienceMs);
      agent.getStream?.((error, stream) => {
        let received = Buffer.alloc(0);
        const finish = (): void => {
          clearTimeout(timer);
          stream?.destroy();
          resolve(received);
        };
        if (error || !stream) {
          finish();
          return;
        }
        stream.on('data', (chunk: Buffer) => {
          received = Buffer.concat([received, chunk]);
          if (received.length >= 4 && received.length >= 4 + received.readUInt32BE(0)) finish();
        }).on('error', finish).on('close', finish);
        stream.write(Buffer.from([0, 0, 0, 1, 11]));
      });
    });
    const usable = new Set(this.keys.map((key) => key.getPublicSSH().toString('base64')));
    return listIdentities(reply).filter((blob) => !usable.has(blob.toString('base64'))).map(typeOfBlob);
  }
}

export interface OfferEvents {
  /** The server wanted one of the keys; the signature may need a person (a touch, a confirmation). */
  onSigning: (work: Promise<unknown>) => void;
  onSigned: () => void;
  /** The agent would not sign: locked, refused, or the key is gone. */
  onRefused: (key: ParsedKey) => void;
}

class OfferedKeys extends BaseAgent<ParsedKey> {
  constructor(private readonly agent: BaseAgent, private readonly keys: readonly ParsedKey[], private readonly events: OfferEvents) {
    super();
  }

  override getIdentities(callback: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    callback(null, [...this.keys]);
  }

  override sign(publicKey: ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, callback?: SignCallback): void {
    const answer = typeof options === 'function' ? options : callback;
    const signing = new Promise<void>((resolve) => {
      const done: SignCallback = (error, signature) => {
        if (error) this.events.onRefused(publicKey);
        else this.events.onSigned();
        resolve();
        answer?.(error, signature);
      };
      if (typeof options === 'function') this.agent.sign(publicKey, data, done);
      else this.agent.sign(publicKey, data, options, done);
    });
    this.events.onSigning(signing);
  }
}

/** Key blobs of an IDENTITIES_ANSWER; none when the message is anything else. */
function listIdentities(message: Buffer): Buffer[] {
  if (message.length < 9 || message[4] !== 12) return [];
  const blobs: Buffer[] = [];
  let offset = 9;
  for (let left = message.readUInt32BE(5) * 2; left > 0 && offset + 4 <= message.length; left--) {
    const end = offset + 4 + message.readUInt32BE(offset);
    if (end > message.length) break;
    if (left % 2 === 0) blobs.push(message.subarray(offset + 4, end));
    offset = end;
  }
  return blobs;
}

const typeOfBlob = (blob: Buffer): string => (blob.length < 4 ? 'unknown' : blob.toString('latin1', 4, Math.min(blob.length, 4 + blob.readUInt32BE(0))));
