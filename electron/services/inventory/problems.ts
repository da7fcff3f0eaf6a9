import { AppError, toErrorData } from '../../../shared/errors/app-error';
import type { HostProblem } from '../../../shared/domain/snapshot';

/** The problem an error means for one area of a snapshot. */
export function problemOf(area: HostProblem['area'], error: unknown): HostProblem {
  const { code, title, detail, hint } = toErrorData(error);
  return hint === undefined ? { area, code, title, detail } : { area, code, title, detail, hint };
}

/** Errors after which nothing more can be read from this host: they end the read, the others become problems. */
export function endsSession(error: unknown): boolean {
  return error instanceof AppError && ['ssh.closed', 'cancelled', 'host.not-connected', 'ssh.timeout', 'ssh.unreachable'].includes(error.code);
}
