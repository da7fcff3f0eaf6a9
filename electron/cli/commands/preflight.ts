import type { HostProfile } from '../../../shared/domain/host';
import { findingCodes } from '../../../shared/domain/preflight/finding';
import type { FindingCode } from '../../../shared/domain/preflight/finding';
import { AppError } from '../../../shared/errors/app-error';
import type { ChangeOptions, CommonOptions, PreflightOptions } from '../arguments';
import { exitCode } from '../exit-code';
import type { CliContext } from '../main';
import { formatReport } from '../print-report';
import { applyIntent } from './apply-intent';

/**
 * `netwright preflight HOST`: what stands in the way of virtual networks; 1 when something does. With `--fix CODE`: the fix of
 * that finding, as any other change. `reference`: how the host was named on the command line.
 */
export async function preflight(
  context: CliContext, host: HostProfile, reference: string, options: CommonOptions & ChangeOptions & PreflightOptions,
): Promise<number> {
  const { core, print, connect } = context;
  const { fix } = options;
  if (fix === undefined && (options.plan || options.yes)) {
    throw new AppError('input.invalid', 'The command line is not understood', '--plan and --yes go with --fix CODE.', { hint: 'Use: netwright preflight HOST [--fix CODE [--plan | --yes]]' });
  }
  if (fix !== undefined && !isFindingCode(fix)) {
    throw new AppError('input.invalid', 'The command line is not understood', `“${fix}” is no code of a finding.`, { hint: 'The codes are in brackets in what “netwright preflight HOST” prints.' });
  }
  await connect(host.id);
  if (fix !== undefined) return applyIntent(context, host, { kind: 'preflight.fix', code: fix }, options);
  const report = await core.preflight.look(host.id);
  print(options.json ? JSON.stringify(report, null, 2) : formatReport(report, reference));
  return report.findings.some((finding) => finding.severity === 'blocker') ? exitCode.failed : exitCode.ok;
}

const isFindingCode = (text: string): text is FindingCode => (findingCodes as readonly string[]).includes(text);
