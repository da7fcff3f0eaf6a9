import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';

/** What Node's own loader gives a CommonJS module, and how it compiles one; not in Node's types. */
interface LoadedModule {
  exports: unknown;
  require(id: string): unknown;
}
type Compile = (this: LoadedModule, source: string, file: string, ...rest: unknown[]) => unknown;
type Wrapper = (exports: unknown, require: (id: string) => unknown, module: LoadedModule, file: string, folder: string) => unknown;

/**
 * Keeps the compiled code of the bundles that main loads, as Chromium does for pages: compiling them takes half of the time
 * in which main gets its services. A file is named after what was compiled, for V8 itself compares no more than its length;
 * it refuses what another V8 has made (https://nodejs.org/api/vm.html#scriptcreatecacheddata), and the source is compiled.
 */
export class ScriptCache {
  readonly #kept = new Set<string>();
  readonly #fresh = new Map<string, Script>();

  /**
   * @param scripts absolute path of the folder whose modules are kept; others are none of its business
   * @param folder absolute path of the cache's own folder, made when there is something to keep
   */
  constructor(private readonly scripts: string, private readonly folder: string) {}

  /** From now on, modules of the folder are compiled by what is kept of them. Returns what ends it. */
  install(): () => void {
    const { prototype } = Module as unknown as { prototype: { _compile: Compile } };
    const compile = prototype._compile;
    const compileKept = (module: LoadedModule, source: string, file: string): unknown => this.#compile(module, source, file);
    const isKept = (file: string): boolean => path.dirname(file) === this.scripts;
    prototype._compile = function (source, file, ...rest) {
      return isKept(file) ? compileKept(this, source, file) : compile.call(this, source, file, ...rest);
    };
    return () => { prototype._compile = compile; };
  }

  /** Keeps what was compiled anew, with the functions that have run since, and of nothing else that lies there. */
  save(): void {
    if (this.#fresh.size === 0) return;
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    for (const [kept, script] of this.#fresh) {
      const unfinished = `${kept}.${process.pid}`;
      writeFileSync(unfinished, script.createCachedData(), { mode: 0o600 });
      renameSync(unfinished, kept);
    }
    this.#fresh.clear();
    for (const name of readdirSync(this.folder)) {
      const file = path.join(this.folder, name);
      if (!this.#kept.has(file)) rmSync(file, { force: true });
    }
  }

  #compile(module: LoadedModule, source: string, file: string): unknown {
    const kept = path.join(this.folder, `${path.basename(file)}-${createHash('sha256').update(source).digest('hex')}`);
    this.#kept.add(kept);
    const cachedData = readIfThere(kept);
    const script = new Script(Module.wrap(source), { filename: file, cachedData });
    if (cachedData === undefined || script.cachedDataRejected) this.#fresh.set(kept, script);
    const run = script.runInThisContext() as Wrapper;
    return run.call(module.exports, module.exports, (id) => module.require(id), module, file, path.dirname(file));
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    // Not kept yet, or not to be read: then it is compiled.
    return undefined;
  }
}
