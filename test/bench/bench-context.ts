import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startVirtualDisplay } from '../../build/display.mjs';
import { ensureElectron } from '../../build/electron-runtime.mjs';
import { CrowdedHost } from './crowded-host';

type Display = Awaited<ReturnType<typeof startVirtualDisplay>>;

/** What benchmarks share: a folder, a screen, a runtime and a lab host, each made when first asked for. */
export class BenchContext {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'netwright-bench-'));
  #display: Promise<Display> | null = null;
  #host: Promise<CrowdedHost> | null = null;
  #folders = 0;

  constructor(readonly say: (line: string) => void) {}

  /** A screen in memory of 1280 × 800; our own even where there is another, for its pixels are looked at. */
  display(): Promise<Display> {
    this.#display ??= startVirtualDisplay({ width: 1280, height: 800 });
    return this.#display;
  }

  /** Path of the Electron that `npm start` takes too. */
  async electron(): Promise<string> {
    return (await ensureElectron(this.say)).executable;
  }

  /** A lab host with 100 networks and 100 machines. */
  host(): Promise<CrowdedHost> {
    this.#host ??= CrowdedHost.up(this.say);
    return this.#host;
  }

  /** A new folder below the run's own. */
  newFolder(name: string): string {
    this.#folders += 1;
    const folder = path.join(this.folder, `${this.#folders}-${name}`);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Takes everything down; also after a failure, and when called twice. */
  async close(): Promise<void> {
    const [display, host] = [this.#display, this.#host];
    this.#display = null;
    this.#host = null;
    // What failed to start has said so already, to whoever asked for it.
    const parts = await Promise.allSettled([display?.then((each) => each.stop()), host?.then((each) => each.down())]);
    rmSync(this.folder, { recursive: true, force: true });
    for (const part of parts) if (part.status === 'rejected') this.say(String(part.reason));
  }
}
