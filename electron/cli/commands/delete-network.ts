import type { HostProfile } from '../../../shared/domain/host';
import type { ChangeOptions, CommonOptions } from '../arguments';
import { findNetwork } from '../find-network';
import type { CliContext } from '../main';
import { applyIntent } from './apply-intent';

/** `netwright delete network HOST NAME`; NAME may be a UUID. */
export async function deleteNetwork(context: CliContext, host: HostProfile, name: string, options: CommonOptions & ChangeOptions): Promise<number> {
  await context.connect(host.id);
  const network = findNetwork(context, host, name);
  return applyIntent(context, host, { kind: 'network.delete', uuid: network.uuid }, options);
}
