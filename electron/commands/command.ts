/**
 * Shapes that pure commands are made of. A command file exports `build…` (argument vector), `parse…` (its output) and,
 * where failures have names, `explain…` (result → AppError). No I/O here: CommandRunner runs them.
 */

/** One section of the gather script: a read-only command named so that its output can be found in the reply. */
export interface GatherSection {
  /** `[a-z0-9-]+`, unique within one gather. */
  name: string;
  /**
   * An argument vector, or a builtin of the gather script: `files` prints whole files (with `glob` patterns),
   * `tools` prints where each tool is, `sysctls` prints `key=value` lines.
   */
  command:
    | { kind: 'argv'; argv: readonly string[] }
    | { kind: 'files'; globs: readonly string[] }
    | { kind: 'tools'; names: readonly string[] }
    | { kind: 'sysctls'; keys: readonly string[] };
}

/** A long-running command whose every output line is an event. Restarted by the runner when it ends. */
export interface EventSource {
  /** `[a-z]+` */
  name: string;
  argv: readonly string[];
}
