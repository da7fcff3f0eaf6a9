import type { HostProfile } from '../../shared/domain/host';
import type { Network } from '../../shared/domain/network';
import { AppError } from '../../shared/errors/app-error';
import type { CliContext } from './main';

/** A network of a connected host by name or UUID. Throws `not-found`, naming those there are. */
export function findNetwork({ core }: Pick<CliContext, 'core'>, host: HostProfile, name: string): Network {
  const networks = core.inventory.get(host.id)?.snapshot.networks ?? [];
  const network = networks.find((candidate) => candidate.name === name) ?? networks.find((candidate) => candidate.uuid === name);
  if (network) return network;
  throw new AppError('not-found', 'No such network', `${host.name} has no network “${name}”. It has: ${networks.map((candidate) => candidate.name).join(', ') || 'none'}.`);
}
