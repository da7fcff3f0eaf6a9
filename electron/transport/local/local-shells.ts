import { access, constants, readFile, realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TerminalSize } from '../../../shared/domain/terminal';
import { AppError } from '../../../shared/errors/app-error';
import type { TerminalChannel } from '../terminal-channel';
import { terminalLocale } from '../terminal-locale';
import { localEnvironment } from './local-environment';
import { openPtyProcess } from './pty-process';

export interface LocalShell {
  /** "bash", "PowerShell 7". */
  name: string;
  path: string;
}

/** Named in /etc/shells, or as a user's shell, to keep people out. */
const noShells = new Set(['nologin', 'false', 'true', 'git-shell', 'sync', 'shutdown', 'halt', 'rssh', 'scponly']);

/** Shells of this computer, the user's own first: `$SHELL` or the account's, then those of shells(5); on Windows PowerShell 7, Windows PowerShell, cmd. */
export async function listLocalShells(platform: NodeJS.Platform = process.platform, environment: NodeJS.ProcessEnv = process.env, shellsFile = '/etc/shells'): Promise<LocalShell[]> {
  if (platform === 'win32') return windowsShells(environment);
  const own = [environment.SHELL, os.userInfo().shell].filter((shell): shell is string => Boolean(shell));
  const listed = (await readFile(shellsFile, 'utf8').catch(() => '')).split('\n').map((line) => line.trim()).filter((line) => line.startsWith('/'));
  const shells: LocalShell[] = [];
  const seen = new Set<string>();
  for (const candidate of [...own, ...listed, '/bin/sh']) {
    const name = path.basename(candidate);
    if (noShells.has(name) || !await isExecutable(candidate)) continue;
    // /bin/bash and /usr/bin/bash are one; sh and bash may be one file, too, and are two shells all the same.
    const key = `${name} ${await realpath(candidate)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    shells.push({ name, path: candidate });
  }
  return shells;
}

async function windowsShells(environment: NodeJS.ProcessEnv): Promise<LocalShell[]> {
  const system = environment.SystemRoot ?? 'C:\\Windows';
  const onPath = (environment.PATH ?? environment.Path ?? '').split(';').filter(Boolean).map((folder) => path.win32.join(folder, 'pwsh.exe'));
  const candidates: [string, string[]][] = [
    ['PowerShell 7', [path.win32.join(environment.ProgramFiles ?? 'C:\\Program Files', 'PowerShell', '7', 'pwsh.exe'), ...onPath]],
    ['Windows PowerShell', [path.win32.join(system, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe')]],
    ['Command Prompt', [environment.ComSpec ?? path.win32.join(system, 'System32', 'cmd.exe')]],
  ];
  const shells: LocalShell[] = [];
  for (const [name, paths] of candidates) {
    for (const candidate of paths) {
      if (!await isExecutable(candidate)) continue;
      shells.push({ name, path: candidate });
      break;
    }
  }
  return shells;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(() => true, () => false);
}

/** Where a shell begins: at home, or at the root where there is no such folder. */
export async function homeFolder(): Promise<string> {
  const home = os.homedir();
  return access(home, constants.X_OK).then(() => home, () => path.parse(process.cwd()).root);
}

/**
 * A shell of this computer in a terminal.
 * @param shell a path of `listLocalShells`; null: the first of them.
 * @throws AppError `not-found` (no such shell), `command.failed`
 */
export async function openLocalTerminal(shell: string | null, size: TerminalSize): Promise<TerminalChannel> {
  const shells = await listLocalShells();
  const chosen = shell === null ? shells[0] : shells.find((candidate) => candidate.path === shell);
  if (!chosen) {
    throw new AppError('not-found', 'There is no such shell', shell === null ? 'This computer names no shell for you.' : `${shell} is not one of this computer's shells.`);
  }
  // macOS' terminals start login shells: its PATH is made by their start-up files.
  const args = process.platform === 'darwin' ? ['-l'] : [];
  return openPtyProcess({ file: chosen.path, args, cwd: await homeFolder(), env: terminalEnvironment(), size });
}

/** The user's environment, for programs in a terminal of ours. */
export function terminalEnvironment(): Record<string, string> {
  const environment = localEnvironment();
  if (process.platform === 'win32') return environment;
  return { ...environment, TERM: 'xterm-256color', COLORTERM: 'truecolor', ...(environment.LC_ALL || environment.LC_CTYPE ? {} : { LANG: terminalLocale() }) };
}
