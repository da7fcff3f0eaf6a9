import type { HostView } from '../../shared/domain/host';

/** Why nothing can be changed on a host now, in a sentence; null when it can. */
export function writeRefusal(host: HostView | null): string | null {
  if (!host || host.session.phase !== 'connected') return 'Connect to the host first';
  if (host.session.privilege === 'read-only') return 'This user may read libvirt but not change it';
  return null;
}
