import type { Elevation } from './launch-script';

/** How commands of a session get rights, asked anew for each: a password may be kept for a while only. */
export interface ElevationSource {
  /** For a command the user wants; may ask for the password again. @throws AppError `cancelled`, `auth.sudo-password` */
  obtain(): Promise<Elevation>;
  /** For ending what still runs; never asks anybody. */
  current(): Elevation;
}

/** The same rights for as long as the session lives. */
export function steadyElevation(elevation: Elevation): ElevationSource {
  return { obtain: () => Promise.resolve(elevation), current: () => elevation };
}

/**
 * sudo's password, forgotten `keptMs` after it was typed and then asked for once, however many commands wait for it.
 * @param askAgain resolves to a password that sudo has accepted.
 */
export class ForgottenPassword implements ElevationSource {
  #password: string | null = null;
  #asking: Promise<string> | null = null;

  constructor(password: string, private readonly keptMs: number, private readonly askAgain: () => Promise<string>) {
    this.#keep(password);
  }

  async obtain(): Promise<Elevation> {
    if (this.#password !== null) return { kind: 'sudo-with-password', password: this.#password };
    this.#asking ??= this.askAgain().then((password) => {
      this.#keep(password);
      return password;
    }).finally(() => {
      this.#asking = null;
    });
    return { kind: 'sudo-with-password', password: await this.#asking };
  }

  current(): Elevation {
    return this.#password === null ? { kind: 'sudo' } : { kind: 'sudo-with-password', password: this.#password };
  }

  #keep(password: string): void {
    this.#password = password;
    setTimeout(() => {
      this.#password = null;
    }, this.keptMs).unref();
  }
}
