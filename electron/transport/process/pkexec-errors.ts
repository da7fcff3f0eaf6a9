import { AppError } from '../../../shared/errors/app-error';

/**
 * Why pkexec(1) gave no root: exit code 126 is a dialog that was closed, 127 a wrong password ("Not authorized"), a user
 * without the right, no agent to ask, or an error. It speaks English under LC_ALL=C.
 */
export function explainPkexecFailure(output: string, exitCode: number | null): AppError {
  const stderr = output.slice(0, 4096);
  if (/no authentication agent|no agent|error creating textual authentication agent|cannot run in.*session/i.test(output)) {
    return new AppError('auth.no-privilege', 'Nothing here can ask for your password', 'pkexec found no authentication agent of polkit: the desktop starts one at login, and there is none in this session.', {
      stderr, hint: 'Choose sudo for this computer instead, or start an agent (for example lxpolkit or polkit-kde-agent).',
    });
  }
  if (/command not found|pkexec: not found|ENOENT/i.test(output)) {
    return new AppError('auth.no-privilege', 'There is no pkexec', 'polkit\'s pkexec is not installed on this computer.', { stderr, hint: 'Choose sudo for this computer instead, or install polkit (pkexec).' });
  }
  if (/not authorized/i.test(output)) {
    return new AppError('auth.no-privilege', 'Not authorized', 'polkit did not accept the password, or this user may not become root.', { stderr, hint: 'Connect again to be asked again.' });
  }
  if (exitCode === 126) {
    return new AppError('cancelled', 'Not authorized', 'The question for the administrator\'s password was dismissed, or this user may not become root.', { stderr });
  }
  return new AppError('auth.no-privilege', 'pkexec did not work', 'pkexec ended before the command ran.', { stderr, hint: 'Choose sudo for this computer instead.' });
}
