import type { HostProfile } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import type { ChangeOptions, CommonOptions } from '../arguments';
import type { CliContext } from '../main';
import { applyIntent } from './apply-intent';

/** `netwright delete network HOST NAME`; NAME may be a UUID. */
export async function deleteNetwork(context: CliContext, host: HostProfile, name: string, options: CommonOptions & ChangeOptions): Promise<number> {
  await context.connect(host.id);
  const networks = context.core.inventory.get(host.id)?.snapshot.networks ?? [];
  const network = networks.find((candidate) => candidate.name === name) ?? networks.find((candidate) => candidate.uuid === name);
  if (!network) {
    const names = networks.map((candidate) => candidate.name).join(', ') || 'none';
    throw new AppError('not-found', 'No such network', `${host.name} has no network “${name}”. It has: ${names}.`);
  }
  return applyIntent(context, host, { kind: 'network.delete', uuid: network.uuid }, options);
}
