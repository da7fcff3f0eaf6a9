import type { ErrorCode } from '../../shared/errors/app-error';

/** Exit codes of `netwright`, stable for scripts. Documented in docs/guide/command-line.md. */
export const exitCode = {
  ok: 0,
  /** Something failed; if it was a plan, every finished step was taken back, and if it was a conversion, the old network is back. */
  failed: 1,
  /** The command line is wrong, or an input is not valid. Nothing was tried. */
  usage: 2,
  /** Of `lab plan`, as of terraform's: there is something to do. A file that can't be used ends with `failed` there. */
  different: 2,
  /** The host could not be reached, or it refused the user or its key is not trusted. */
  unreachable: 3,
  /** Refused because the host or the history say no: changed meanwhile, already undone, another plan runs, the host is disabled. */
  refused: 4,
  /** The plan ran, but a check afterwards failed, or a part of it could not be taken back. Look at the host. */
  unsure: 5,
} as const;

/** The exit code an error code stands for. */
export function exitCodeOf(code: ErrorCode): number {
  if (code === 'input.invalid' || code === 'not-found' || code === 'plan.invalid') return exitCode.usage;
  if (/^(ssh|hostkey|auth)\./.test(code)) return exitCode.unreachable;
  if (code === 'plan.stale' || code === 'plan.busy' || code === 'undo.refused' || code === 'host.disabled' || code === 'conversion.busy') return exitCode.refused;
  if (code === 'conversion.revert-failed' || code === 'conversion.lost') return exitCode.unsure;
  return exitCode.failed;
}
