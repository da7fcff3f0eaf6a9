import type { HostProfile } from '../../../shared/domain/host';
import type { ChangeOptions, CommonOptions } from '../arguments';
import type { CliContext } from '../main';
import { applyIntent } from './apply-intent';

/** `netwright undo ENTRY`: on the host the entry belongs to. */
export async function undo(context: CliContext, host: HostProfile, historyId: string, options: CommonOptions & ChangeOptions): Promise<number> {
  await context.connect(host.id);
  return applyIntent(context, host, { kind: 'undo', historyId }, options);
}
