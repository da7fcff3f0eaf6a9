import { randomUUID } from 'node:crypto';
import { isAddressed } from '../../../shared/domain/network-kinds';
import type { AddressedKind } from '../../../shared/domain/network-kinds';
import type { HostProfile } from '../../../shared/domain/host';
import { proposeDhcpRange } from '../../../shared/domain/subnet';
import { AppError } from '../../../shared/errors/app-error';
import { addressedSpecFromOptions } from '../addressed-from-options';
import type { ChangeOptions, CommonOptions, CreateOptions } from '../arguments';
import type { CliContext } from '../main';
import { applyIntent } from './apply-intent';

/** `netwright create nat|routed|open|isolated HOST [NAME]`. */
export async function createAddressed(
  context: CliContext, host: HostProfile, kind: AddressedKind, name: string | null, options: CommonOptions & ChangeOptions & CreateOptions,
): Promise<number> {
  await context.connect(host.id);
  const { spec: proposed, ipv6 } = context.core.drafts.propose(host.id, kind);
  if (!isAddressed(proposed)) throw new AppError('internal', 'Unexpected proposal', `A proposal for ${kind} was asked for.`);
  const spec = addressedSpecFromOptions(proposed, name, options, { ipv6, rangeWithin: proposeDhcpRange });
  return applyIntent(context, host, { kind: 'network.create', uuid: randomUUID(), spec, start: !options['no-start'] }, options);
}
