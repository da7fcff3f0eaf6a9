import { AppError } from '../../../shared/errors/app-error';

/** What sudo(8) means when it ends before the command began; it speaks English (LC_ALL=C). */
export type SudoRefusal = 'wrong-password' | 'password-needed' | 'not-allowed' | 'needs-terminal' | 'missing' | 'other';

export function classifySudoFailure(output: string): SudoRefusal {
  if (/not in the sudoers file|may not run sudo|is not allowed to (execute|run)/i.test(output)) return 'not-allowed';
  if (/must have a tty|terminal is required to read|no tty present/i.test(output)) return 'needs-terminal';
  if (/incorrect password|sorry, try again|no password was provided|authentication failure|\d+ incorrect/i.test(output)) return 'wrong-password';
  if (/a password is required/i.test(output)) return 'password-needed';
  if (/sudo: (command )?not found|exec: sudo|sudo: No such file/i.test(output)) return 'missing';
  return 'other';
}

export function explainSudoFailure(output: string, hostLabel: string): AppError {
  const stderr = output.slice(0, 4096);
  switch (classifySudoFailure(output)) {
    case 'wrong-password':
    case 'password-needed':
      return new AppError('auth.sudo-password', 'sudo refused the password', `sudo on ${hostLabel} did not accept the password.`, {
        stderr, hint: 'It may have been changed meanwhile: connect again to type it.',
      });
    case 'not-allowed':
      return new AppError('auth.no-privilege', 'The user may not use sudo', `sudo on ${hostLabel} refuses this user.`, {
        stderr, hint: 'Add the user to the group sudo (Debian, Ubuntu) or wheel (Fedora), or connect without sudo.',
      });
    case 'needs-terminal':
      return new AppError('auth.no-privilege', 'sudo asks for a terminal', `sudo on ${hostLabel} works only in a terminal.`, {
        stderr, hint: 'Remove “Defaults requiretty” from the sudoers file, or connect as root.',
      });
    case 'missing':
      return new AppError('auth.no-privilege', 'There is no sudo', `sudo is not installed on ${hostLabel}.`, {
        hint: 'Install it, connect as root, or turn off “Use sudo” for this host.',
      });
    case 'other':
      return new AppError('auth.no-privilege', 'sudo did not work', `sudo on ${hostLabel} ended before the command ran.`, { stderr });
  }
}
