import type { Network } from '../../../shared/domain/network';
import { invoke } from '../../api/client';

/**
 * Saves the definitions of these networks, what their next start uses, by the system's dialog; null when that was cancelled. Rejects
 * as `inventory.xml` does.
 */
export async function exportNetworks(hostId: string, networks: readonly Pick<Network, 'uuid' | 'name'>[]): Promise<string[] | null> {
  const files = await Promise.all(networks.map(async ({ uuid, name }) => {
    const { persistent, running } = await invoke('inventory.xml', { hostId, object: 'network', uuid });
    return { name: `${name.slice(0, 150)}.xml`, text: `${(persistent ?? running ?? '').trim()}\n` };
  }));
  return invoke('app.saveTextFiles', { files });
}
