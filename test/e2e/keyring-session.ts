/** A session bus with an unlocked GNOME keyring, as a desktop gives one to its programs. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Of the keyring itself; a desktop takes the user's own at the login. */
const keyringPassword = 'keyring of the tests';

/**
 * Writes a program that starts another one in such a session, and ends the session with it. A keyring is made in the
 * user's home (~/.local/share/keyrings) if there is none, else opened (gnome-keyring-daemon(1)).
 *
 * @returns the argument vector that goes before the other program's
 */
export function writeKeyringSession(folder: string): string[] {
  const script = path.join(folder, 'keyring-session');
  writeFileSync(script, [
    '#!/bin/sh',
    `printf %s '${keyringPassword}' | gnome-keyring-daemon --unlock --components=secrets > /dev/null`,
    '"$@"',
    '',
  ].join('\n'), { mode: 0o755 });
  return ['dbus-run-session', '--', script];
}
