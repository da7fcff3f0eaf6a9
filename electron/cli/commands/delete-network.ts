import type { HostProfile } from '../../../shared/domain/host';
import type { ChangeOptions, CommonOptions } from '../arguments';
import type { CliContext } from '../main';
import { applyIntent } from './apply-intent';
import { networkOn } from './network-on';

/** `netwright delete network HOST NAME`; NAME may be a UUID. */
export async function deleteNetwork(context: CliContext, host: HostProfile, name: string, options: CommonOptions & ChangeOptions): Promise<number> {
  await context.connect(host.id);
  return applyIntent(context, host, { kind: 'network.delete', uuid: networkOn(context, host.id, name).uuid }, options);
}
