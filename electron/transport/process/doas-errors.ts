import { AppError } from '../../../shared/errors/app-error';

/** doas(1) reads a password from the terminal only, never from stdin. */
export function doasWantsTerminal(user: string, hostLabel: string): AppError {
  return new AppError('auth.no-privilege', 'doas asks for a terminal', `doas on ${hostLabel} does not let ${user} in without a password, and takes one only at a terminal.`, {
    hint: `Add “permit nopass ${user} as root” to /etc/doas.conf on the host, install sudo, connect as root, or turn off “Use sudo” to look at the host only.`,
  });
}

export function explainDoasFailure(output: string, hostLabel: string): AppError {
  return new AppError('auth.no-privilege', 'doas did not work', `doas on ${hostLabel} ended before the command ran.`, {
    stderr: output.slice(0, 4096), hint: '/etc/doas.conf on the host says who may use it; “permit nopass” is needed here.',
  });
}
