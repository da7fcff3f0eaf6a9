import type { ErrorCode } from '../../shared/errors/app-error';
import type { AppErrorData } from '../../shared/errors/app-error-data';

export interface ErrorText {
  title: string;
  detail: string;
  /** What to do next. */
  hint: string;
  /** What the program printed, for errors that need it; empty otherwise. */
  output: string;
}

/** What to do about a code when the error itself brings no hint. */
const hints: Partial<Record<ErrorCode, string>> = {
  'ssh.unreachable': 'Is the host switched on, and is the address right? Try to ping it from this computer.',
  'ssh.refused': 'Nothing listens on that port. Is sshd running there, and on this port?',
  'ssh.timeout': 'A firewall may swallow the packets, or the host may be asleep.',
  'ssh.closed': 'It may be restarting. Netwright tries again by itself.',
  'ssh.channel-refused': 'Close terminals on this host, or raise MaxSessions in its sshd_config.',
  'ssh.no-common-algorithm': 'Connect with the system’s ssh, or allow current algorithms in the server’s sshd_config.',
  'ssh.config-unsupported': 'Connect with the system’s ssh, which follows every option of ~/.ssh/config.',
  'ssh.config-broken': 'Mend the line in ~/.ssh/config, then connect again.',
  'hostkey.unknown': 'Connect, and compare the fingerprint with the one on the host.',
  'hostkey.revoked': 'Ask whoever looks after the host: its key was declared lost, and must be replaced there.',
  'hostkey.file': 'Mend the file, or its permissions, and connect again.',
  'hostkey.changed': 'If you know why it changed, remove the old key with ssh-keygen -R and connect again.',
  'hostkey.rejected': 'Connect again when you have compared the fingerprint.',
  'auth.failed': 'Check the user name and the key, or choose another way to log in.',
  'auth.no-method': 'Choose another way to log in: a key file, an agent, or a password.',
  'auth.agent': 'Start ssh-agent and add a key with ssh-add, or choose a key file.',
  'auth.key-unreadable': 'Choose another key file, or correct its permissions.',
  'auth.key-encrypted': 'Connect again and type the passphrase, or add the key to an agent.',
  'auth.wrong-passphrase': 'Connect again, or check the key by itself: ssh-keygen -y -f FILE',
  'auth.key-unsupported': 'Connect with the system’s ssh, which can use it.',
  'auth.secret-needed': 'Connect, and type it when you are asked.',
  'auth.sudo-password': 'Connect again and type the user’s own password, or switch sudo off for this host.',
  'auth.no-privilege': 'Add the user to the group libvirt, or switch on sudo for this host.',
  'host.disabled': 'Enable it in its menu first.',
  'host.not-connected': 'Connect to the host first.',
  'libvirt.missing': 'Install libvirt on the host (Debian: libvirt-daemon-system and libvirt-clients).',
  'libvirt.not-running': 'Start it on the host: systemctl start libvirtd',
  'libvirt.denied': 'Log in as root, join the group libvirt, or switch on sudo for this host.',
  'plan.stale': 'Look at the new plan; it starts from how the host is now.',
  'plan.busy': 'Wait until the other change has ended.',
  'storage.failed': 'Is the disk full, or the data folder read-only?',
};

/** Codes whose own words say everything; the program's output would only be noise. */
const wordsSuffice = (code: ErrorCode): boolean => code.startsWith('auth.') || code.startsWith('hostkey.') || code.startsWith('ssh.') || code === 'input.invalid';

/** The words for an error: its own title and detail, a hint, and the output where the code alone explains nothing. */
export function sentenceFor(error: AppErrorData): ErrorText {
  const output = [error.command ? `$ ${error.command}` : '', error.stderr?.trim() ?? ''].filter(Boolean).join('\n');
  return { title: error.title, detail: error.detail, hint: error.hint ?? hints[error.code] ?? '', output: wordsSuffice(error.code) ? '' : output };
}

/** The user called it off: nothing to tell. */
export const isCancelled = (error: AppErrorData): boolean => error.code === 'cancelled';
