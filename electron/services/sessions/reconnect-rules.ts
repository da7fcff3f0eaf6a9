import type { ErrorCode } from '../../../shared/errors/app-error';
import type { AppErrorData } from '../../../shared/errors/app-error-data';

/** Trouble that may pass by itself. All else (keys, passwords, rights) needs the user. */
const passing = new Set<ErrorCode>(['ssh.unreachable', 'ssh.refused', 'ssh.timeout', 'ssh.closed', 'ssh.channel-refused', 'command.timeout', 'virsh.gone']);

/**
 * How often a refused login is tried again after a lost session. A host that boots may refuse keys that are right: the
 * home folder with their authorized_keys is not mounted yet, or the directory service that knows the user is not up.
 * With the growing waits between them these are some thirty seconds.
 */
const refusalsWhileBooting = 5;

/**
 * Whether a background attempt that failed in this way is followed by another. A password that was refused never is:
 * three of them lock an account on many hosts (pam_faillock(8)).
 *
 * @param failures background attempts that failed before this one, since the session was lost
 * @param passwordSent a kept password was given to the server in this attempt
 */
export function isWorthRetrying(error: AppErrorData, failures: number, passwordSent: boolean): boolean {
  if (passing.has(error.code)) return true;
  if (error.code !== 'auth.failed' && error.code !== 'auth.secret-needed') return false;
  return !passwordSent && failures < refusalsWhileBooting;
}
