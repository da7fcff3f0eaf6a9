import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CliContext } from '../../electron/cli/main';
import { TerminalAsker } from '../../electron/cli/terminal-asker';
import { createCore } from '../../electron/core';
import type { HostProfile } from '../../shared/domain/host';

export interface PracticeCli {
  /** Its data, and room for files. */
  folder: string;
  context: CliContext;
  host: HostProfile;
  /** What was printed, a text a call. */
  printed: string[];
  close(): Promise<void>;
}

/** What commands of `netwright` run in, with a practice host and a data folder of their own. */
export async function openPracticeCli(): Promise<PracticeCli> {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-cli-'));
  const core = await createCore({ folder, keychain: null, onProblem: (what, error) => { throw new Error(`${what}: ${String(error)}`); } });
  const printed: string[] = [];
  const context: CliContext = {
    core, asker: new TerminalAsker({ input: process.stdin, error: process.stderr }, null), tell: () => undefined,
    print: (text) => { printed.push(text); },
    connect: async (id) => { await core.sessions.connect(id); },
  };
  return {
    folder, context, printed, host: core.hosts.list().find((known) => known.connection.kind === 'practice')!,
    async close() {
      await core.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
