import type { HostProfile } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import { exitCode, exitCodeOf } from '../exit-code';
import type { LabInvocation } from '../lab-arguments';
import type { CliContext } from '../main';
import { formatLabTest } from '../print-lab-test';

/**
 * `netwright lab test HOST LAB`: 0 says that all is as the lab promises, `different` that something is not, and `unsure` that something
 * could not be tried.
 */
export async function testLab(context: CliContext, host: HostProfile, { lab, options }: Extract<LabInvocation, { command: 'lab-test' }>): Promise<number> {
  await context.connect(host.id);
  try {
    const report = await context.core.labTests.test(host.id, lab, options.outside === undefined ? {} : { outside: options.outside });
    context.print(options.json ? JSON.stringify(report, null, 2) : formatLabTest(report));
    return { 'as-promised': exitCode.ok, differs: exitCode.different, incomplete: exitCode.unsure }[report.outcome];
  } catch (error) {
    // 2 is taken: what main would end with 2 ends with 1 here.
    if (error instanceof AppError && exitCodeOf(error.code) === exitCode.usage) throw AppError.fromData({ ...error.data, code: 'lab.invalid' });
    throw error;
  }
}
