import type { HostView } from '../../shared/domain/host';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { libvirtProblem } from './host-problems';

/** Why no network can be changed on a host now, in a sentence; null when it can. */
export function writeRefusal(host: HostView | null, snapshot: Pick<HostSnapshot, 'problems'> | null): string | null {
  if (!host || host.session.phase !== 'connected') return 'Connect to the host first';
  if (snapshot === null) return 'The host has not been read yet';
  const problem = libvirtProblem(snapshot);
  if (problem) return problem.title;
  if (host.session.privilege === 'read-only') return 'This user may read libvirt but not change it';
  return null;
}
