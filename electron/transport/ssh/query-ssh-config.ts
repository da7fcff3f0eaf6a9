import { execFile, type ExecFileException } from 'node:child_process';
import { AppError } from '../../../shared/errors/app-error';
import type { ConfigValues } from './ssh-config-values';

export interface SshConfigQuery {
  /** What would stand after `ssh`: an alias, a name or an address. */
  name: string;
  /** As by `-l` and `-p`: they win over the files. Null: what the files say. */
  user: string | null;
  port: number | null;
  /** Instead of the user's and the system's configuration. */
  file?: string;
  /** The program; default `ssh`, found on PATH. */
  program?: string;
}

/** `Match exec` may run slow commands; one that hangs must not hang us. */
const patienceMs = 10_000;

/**
 * Asks ssh(1) what its configuration says of a host: `ssh -G` connects to nothing, but follows Match, Include, tokens and
 * canonical names, and runs the commands of `Match exec`, as each call of ssh does.
 * @returns null where there is no ssh.
 * @throws AppError `ssh.config-broken` with file and line.
 */
export async function querySshConfig(query: SshConfigQuery): Promise<ConfigValues | null> {
  const { name, user, port, file, program = 'ssh' } = query;
  const argv = [
    '-G', ...(file === undefined ? [] : ['-F', file]), ...(user === null ? [] : ['-l', user]), ...(port === null ? [] : ['-p', String(port)]), '--', name,
  ];
  const { error, stdout, stderr } = await new Promise<{ error: ExecFileException | null; stdout: string; stderr: string }>((resolve) => {
    execFile(program, argv, { timeout: patienceMs, maxBuffer: 4 * 1024 * 1024, windowsHide: true }, (failure, out, messages) => resolve({ error: failure, stdout: out, stderr: messages }))
      .stdin?.end();
  });
  if (!error) return parseQueryAnswer(stdout);
  if (error.code === 'ENOENT' || error.code === 'EACCES') return null;
  throw explainQueryFailure(name, stderr, error.killed === true);
}

/** One option a line, its value as it would stand in the file; several lines where every value counts. */
export function parseQueryAnswer(text: string): ConfigValues {
  const values = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const blank = line.indexOf(' ');
    if (blank <= 0) continue;
    const keyword = line.slice(0, blank).toLowerCase();
    const value = line.slice(blank + 1).trim();
    const before = values.get(keyword);
    if (before) before.push(value);
    else values.set(keyword, [value]);
  }
  return values;
}

/** `FILE line 7: …` or `FILE: line 7: …`, then how many there are. */
function explainQueryFailure(name: string, stderr: string, timedOut: boolean): AppError {
  if (timedOut) {
    return new AppError('ssh.config-broken', 'The SSH configuration gave no answer', `ssh -G ${name} did not end within ${patienceMs / 1000} s.`, {
      hint: 'A command of “Match exec” in ~/.ssh/config may hang.',
    });
  }
  const lines = stderr.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('Pseudo-terminal'));
  const located = lines.map((line) => /^(.+?):? line (\d+): (.*?)\.?$/.exec(line)).find((match) => match !== null);
  if (located) {
    const [, file, line, reason] = located;
    return new AppError('ssh.config-broken', 'The SSH configuration has a mistake', `${file}, line ${line}: ${reason}.`, {
      stderr, hint: 'ssh itself refuses such a file. Mend the line, or add the host by its address.',
    });
  }
  const said = (lines[0] ?? 'it gave no reason').replace(/\.$/, '');
  return new AppError('ssh.config-broken', 'The SSH configuration can\'t be used', `ssh -G ${name}: ${said}.`, {
    stderr, hint: /recursive/i.test(said) ? 'Files in ~/.ssh/config include each other: take one Include line away.' : 'ssh itself refuses it too. Mend ~/.ssh/config, or add the host by its address.',
  });
}
