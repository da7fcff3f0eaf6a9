import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the app keeps hosts, settings and history: the same folder for the window and the command line.
 * `NETWRIGHT_DATA` overrides it (tests, portable use). Sources: XDG Base Directory Specification; the platforms' own
 * conventions, which Electron's `app.getPath('userData')` follows too.
 */
export function dataFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env.NETWRIGHT_DATA) return env.NETWRIGHT_DATA;
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Netwright');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Netwright');
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'Netwright');
}
