import type { HostProfile } from '../../../shared/domain/host';
import { describeTransactionState } from '../../../shared/domain/conversion/host-transaction';
import type { ConversionSpec } from '../../../shared/domain/conversion/facts';
import { planConversion, type ConversionPlan } from '../../../shared/domain/conversion/plan-conversion';
import { hasRoot } from '../../../shared/domain/snapshot';
import { AppError } from '../../../shared/errors/app-error';
import { readConversionFacts } from '../../services/conversions/read-conversion-facts';
import type { ChangeOptions, CommonOptions, ConvertOptions } from '../arguments';
import { exitCode } from '../exit-code';
import type { CliContext } from '../main';
import { formatConversion, formatFindings } from '../print-conversion';
import { isAgreed } from './agreed';
import { followed } from './conversions';

/**
 * `netwright convert HOST NIC --bridge NAME`: what is found and planned, a question, then the host's own engine. The plan
 * is made again after the question: a host that has moved on meanwhile is not converted by an old one.
 */
export async function convertNic(
  context: CliContext, host: HostProfile, nic: string, options: CommonOptions & ChangeOptions & ConvertOptions,
): Promise<number> {
  const { core, print, tell } = context;
  const spec: ConversionSpec = { nic, bridge: options.bridge, kind: options.ovs ? 'ovs' : 'linux' };
  await context.connect(host.id);
  const reviewed = await planOn(context, host, spec);
  const { plan } = reviewed;
  if (plan === null) throw refusal(reviewed, nic);
  if (options.plan) {
    print(options.json ? JSON.stringify(reviewed, null, 2) : formatConversion(reviewed));
    return exitCode.ok;
  }
  const question = { review: () => formatConversion(reviewed), question: `Convert ${nic}?`, refusal: 'Nothing was changed', hint: 'Use --plan to look at it, --yes to convert.' };
  if (!(await isAgreed(context, options, question))) return exitCode.ok;
  if (JSON.stringify(await planOn(context, host, spec)) !== JSON.stringify(reviewed)) {
    throw new AppError('plan.stale', 'The host has moved on', 'Its network is not any more what this was planned for. Nothing was changed.', { hint: 'Look at the plan anew.' });
  }
  // The session may not survive what follows, and nothing hangs on it.
  await core.sessions.disconnect(host.id);
  const ended = await followed(context, () => core.conversions.convert(host.id, plan.transaction, { hold: options.hold ?? false }));
  print(options.json ? JSON.stringify(ended, null, 2) : `${ended.bridge}: ${describeTransactionState[ended.state]}`);
  if (ended.state === 'VERIFIED') tell(`“netwright confirm HOST ${ended.id}” keeps it${ended.secondsLeft === null ? '' : ` within ${ended.secondsLeft} s`}; otherwise the host goes back.`);
  return exitCode.ok;
}

async function planOn({ core }: CliContext, host: HostProfile, spec: ConversionSpec): Promise<ConversionPlan> {
  const runner = core.inventory.runner(host.id);
  return planConversion(await readConversionFacts(runner, hasRoot(runner)), spec);
}

function refusal(reviewed: ConversionPlan, nic: string): AppError {
  const blockers = reviewed.findings.filter(({ severity }) => severity === 'blocker');
  return new AppError('conversion.refused', `${nic} can't be converted`, formatFindings(blockers) || 'Nothing is known of who configures it.');
}
