import type { HostProfile } from '../../../shared/domain/host';
import type { ErrorCode } from '../../../shared/errors/app-error';

/** What can be done about a session that is not to be had; the first is the one that most likely helps. */
export type SessionAction =
  | { id: 'connect'; label: string }
  | { id: 'system-client' | 'use-sudo' | 'forget-and-connect' | 'edit'; label: string };

const edit: SessionAction = { id: 'edit', label: 'Edit the host…' };
const again: SessionAction = { id: 'connect', label: 'Try again' };

/** What the button that connects is called, where trying again is not all it does. */
const connectLabels: Partial<Record<ErrorCode, string>> = {
  'hostkey.changed': 'I have removed the old key: connect',
  'hostkey.unknown': 'Connect and compare the key',
  'hostkey.rejected': 'Connect and compare the key',
  'auth.secret-needed': 'Connect and log in',
};

/** Codes about which only another setting of the host helps. */
const wantsEdit = new Set<ErrorCode>(['auth.no-method', 'auth.key-unreadable', 'input.invalid']);
/** Keys, algorithms and options that OpenSSH may know though the built-in client does not. */
const systemClientMayHelp = new Set<ErrorCode>(['auth.key-unsupported', 'ssh.no-common-algorithm', 'ssh.config-unsupported']);

/** `hasKeptSecrets`: a password or passphrase is kept for the host, which may be the wrong one. */
export function sessionActions(code: ErrorCode, { connection }: Pick<HostProfile, 'connection'>, hasKeptSecrets: boolean): SessionAction[] {
  const label = connectLabels[code];
  const connect: SessionAction = label === undefined ? again : { id: 'connect', label };
  if (connection.kind === 'practice') return [connect];
  if (connection.kind === 'ssh') {
    if (systemClientMayHelp.has(code) && connection.client === 'builtin') return [{ id: 'system-client', label: 'Connect with the system’s ssh' }, again, edit];
    if (code === 'auth.no-privilege' && !connection.useSudo) return [{ id: 'use-sudo', label: 'Use sudo and connect' }, again, edit];
    if (hasKeptSecrets && (code === 'auth.failed' || code === 'auth.wrong-passphrase' || code === 'auth.sudo-password')) {
      return [connect, { id: 'forget-and-connect', label: 'Forget kept secrets and connect' }, edit];
    }
  }
  return wantsEdit.has(code) ? [edit, connect] : [connect, edit];
}
