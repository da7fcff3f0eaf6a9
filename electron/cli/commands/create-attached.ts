import { randomUUID } from 'node:crypto';
import { isAttached } from '../../../shared/domain/network-kinds';
import type { AttachedKind } from '../../../shared/domain/network-kinds';
import type { HostProfile } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import type { ChangeOptions, CommonOptions, CreateAttachedOptions } from '../arguments';
import { attachedSpecFromOptions } from '../attached-from-options';
import type { CliContext } from '../main';
import { applyIntent } from './apply-intent';

/** `netwright create bridged|direct|ovs|sriov HOST [NAME]`. */
export async function createAttached(
  context: CliContext, host: HostProfile, kind: AttachedKind, name: string | null, options: CommonOptions & ChangeOptions & CreateAttachedOptions,
): Promise<number> {
  await context.connect(host.id);
  const { spec: proposed } = context.core.drafts.propose(host.id, kind);
  if (!isAttached(proposed)) throw new AppError('internal', 'Unexpected proposal', `A proposal for ${kind} was asked for.`);
  const spec = attachedSpecFromOptions(proposed, name, options);
  return applyIntent(context, host, { kind: 'network.create', uuid: randomUUID(), spec, start: !options['no-start'] }, options);
}
