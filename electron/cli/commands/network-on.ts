import type { Network } from '../../../shared/domain/network';
import { AppError } from '../../../shared/errors/app-error';
import type { CliContext } from '../main';

/** The network that a command line names, by name or UUID. Throws `not-found` with the names there are. */
export function networkOn({ core }: CliContext, hostId: string, name: string): Network {
  const networks = core.inventory.get(hostId)?.snapshot.networks ?? [];
  const network = networks.find((candidate) => candidate.name === name) ?? networks.find((candidate) => candidate.uuid === name);
  if (network) return network;
  const names = networks.map((candidate) => candidate.name).join(', ') || 'none';
  throw new AppError('not-found', 'No such network', `There is no network “${name}” on this host. It has: ${names}.`);
}
