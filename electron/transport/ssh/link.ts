import type { Client } from 'ssh2';
import type { AppError } from '../../../shared/errors/app-error';
import { connectionLost } from './connection-errors';

/** The state of a connection after the login: why it ended, and who wants to know. */
export class Link {
  /** Null while it stands. */
  error: AppError | null = null;
  /** Set when we end it ourselves. */
  closing = false;
  readonly #listeners: ((error: AppError | null) => void)[] = [];
  #ended = false;
  readonly ended: Promise<void>;

  constructor(client: Client, hostLabel: string) {
    let cause: Error | null = null;
    client.on('error', (error) => {
      cause ??= error;
    });
    this.ended = new Promise((resolve) => {
      client.once('close', () => {
        this.#ended = true;
        this.error = connectionLost(hostLabel, cause);
        for (const listener of this.#listeners.splice(0)) listener(this.closing ? null : this.error);
        resolve();
      });
    });
  }

  onEnd(listener: (error: AppError | null) => void): void {
    if (this.#ended) queueMicrotask(() => listener(this.closing ? null : this.error));
    else this.#listeners.push(listener);
  }
}
