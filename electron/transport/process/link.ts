import type { AppError } from '../../../shared/errors/app-error';
import type { Carrier } from '../carrier';

/** The state of a connection that stood: why it ended, and who wants to know. */
export class Link {
  /** Null while it stands. */
  error: AppError | null = null;
  /** Set when we end it ourselves. */
  closing = false;
  readonly #listeners: ((error: AppError | null) => void)[] = [];
  readonly ended: Promise<void>;

  constructor(carrier: Carrier) {
    this.ended = new Promise((resolve) => {
      carrier.onEnd((error) => {
        this.error = error;
        for (const listener of this.#listeners.splice(0)) listener(this.closing ? null : error);
        resolve();
      });
    });
  }

  onEnd(listener: (error: AppError | null) => void): void {
    if (this.error) queueMicrotask(() => listener(this.closing ? null : this.error));
    else this.#listeners.push(listener);
  }
}
