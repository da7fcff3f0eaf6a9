import { randomUUID } from 'node:crypto';
import { proposeDhcpRange } from '../../../shared/domain/subnet';
import type { HostProfile } from '../../../shared/domain/host';
import type { ChangeOptions, CommonOptions, NatOptions } from '../arguments';
import type { CliContext } from '../main';
import { addressedSpecFromOptions } from '../addressed-from-options';
import { applyIntent } from './apply-intent';

/** `netwright create nat HOST [NAME]`. */
export async function createNat(
  context: CliContext, host: HostProfile, name: string | null, options: CommonOptions & ChangeOptions & NatOptions,
): Promise<number> {
  await context.connect(host.id);
  const proposal = context.core.drafts.propose(host.id, 'nat');
  const spec = addressedSpecFromOptions(proposal, name, options, proposeDhcpRange);
  return applyIntent(context, host, { kind: 'network.create', uuid: randomUUID(), spec, start: !options['no-start'] }, options);
}
