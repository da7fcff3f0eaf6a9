import type { HostProfile } from '../../../shared/domain/host';
import type { ChangeRequest } from '../../../shared/domain/conversion/change-request';
import type { ConversionPlan } from '../../../shared/domain/conversion/planned';
import { AppError } from '../../../shared/errors/app-error';
import { isSamePlan, planChangeOn } from '../../services/conversions/plan-change';
import type { ChangeOptions, CommonOptions, HoldOptions } from '../arguments';
import { exitCode } from '../exit-code';
import type { CliContext } from '../main';
import { formatConversion, formatFindings, formatState } from '../print-conversion';
import { isAgreed } from './agreed';
import { followed } from './conversions';

/**
 * `netwright convert|unbridge|readdress HOST …` and `undo HOST TRANSACTION`: what is found and planned, a question, then the host's own
 * engine. The plan is made again after the question: a host that has moved on meanwhile is not changed by an old one.
 */
export async function changeUplink(context: CliContext, host: HostProfile, request: ChangeRequest, options: CommonOptions & ChangeOptions & HoldOptions): Promise<number> {
  const { core, print, tell } = context;
  const words = wordsOf[request.kind](request as never);
  await context.connect(host.id);
  const reviewed = await planOn(context, host, request);
  const { plan } = reviewed;
  if (plan === null) throw refusal(reviewed, words.refused);
  if (options.plan) {
    print(options.json ? JSON.stringify(reviewed, null, 2) : formatConversion(reviewed));
    return exitCode.ok;
  }
  const question = { review: () => formatConversion(reviewed), question: words.question, refusal: 'Nothing was changed', hint: 'Use --plan to look at it, --yes to go on.' };
  if (!(await isAgreed(context, options, question))) return exitCode.ok;
  if (!isSamePlan(reviewed, await planOn(context, host, request))) {
    throw new AppError('plan.stale', 'The host has moved on', 'Its network is not any more what this was planned for. Nothing was changed.', { hint: 'Look at the plan anew.' });
  }
  // The session may not survive what follows, and nothing hangs on it.
  await core.sessions.disconnect(host.id);
  const ended = await followed(context, () => core.conversions.convert(host.id, plan.transaction, { hold: options.hold ?? false }));
  print(options.json ? JSON.stringify(ended, null, 2) : formatState(ended));
  const moved = plan.transaction.wants?.reachedAddress;
  if (moved !== undefined) tell(`The host is reached at ${moved} now. Put that into its settings, and into ~/.ssh/config or DNS where they name it.`);
  if (ended.state === 'VERIFIED') tell(`“netwright confirm HOST ${ended.id}” keeps it${ended.secondsLeft === null ? '' : ` within ${ended.secondsLeft} s`}; otherwise the host goes back.`);
  return exitCode.ok;
}

interface Words { question: string; refused: string }
const wordsOf: { [K in ChangeRequest['kind']]: (request: Extract<ChangeRequest, { kind: K }>) => Words } = {
  convert: ({ nic }) => ({ question: `Convert ${nic}?`, refused: `${nic} can't be converted` }),
  unbridge: ({ bridge, port }) => (port === undefined ? { question: `Take ${bridge} away?`, refused: `${bridge} can't be taken away` } : { question: `Take ${port} out of ${bridge}?`, refused: `${port} can't be taken out of ${bridge}` }),
  readdress: ({ device }) => ({ question: `Change ${device}?`, refused: `${device} can't be changed so` }),
  undo: ({ id }) => ({ question: `Undo ${id}?`, refused: `${id} can't be undone` }),
};

async function planOn({ core }: CliContext, host: HostProfile, request: ChangeRequest): Promise<ConversionPlan> {
  return (await planChangeOn(core.inventory.runner(host.id), request, core.inventory.get(host.id)?.snapshot ?? null)).planned;
}

function refusal(reviewed: ConversionPlan, title: string): AppError {
  const blockers = reviewed.findings.filter(({ severity }) => severity === 'blocker');
  return new AppError('conversion.refused', title, formatFindings(blockers) || 'Nothing is known of who configures it.');
}
