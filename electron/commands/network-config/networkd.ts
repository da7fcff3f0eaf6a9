import type { NetworkdLink } from '../../../shared/domain/conversion/facts';
import type { GatheredFile } from '../gathered-files';

/**
 * What systemd-networkd keeps about each link, by the link's index. They are its own notes, but networkctl(1) tells the same in JSON only
 * from 250 on, and never the DHCP identity.
 */
export const linkStatesGlobs: readonly string[] = ['/run/systemd/netif/links/*', '/run/systemd/netif/leases/*'];

export interface NetworkdState extends NetworkdLink {
  /** Hexadecimal; null: there is no lease. */
  clientId: string | null;
}

/** By the link's index. */
export function parseLinkStates(files: readonly GatheredFile[]): ReadonlyMap<number, NetworkdState> {
  const value = (text: string, key: string): string | null => new RegExp(`^${key}=(.+)$`, 'm').exec(text)?.[1] ?? null;
  const leases = new Map(files.filter(({ path }) => path.includes('/leases/')).map(({ path, content }) => [path.split('/').at(-1), value(content ?? '', 'CLIENTID')]));
  return new Map(files.filter(({ path }) => path.includes('/links/')).map(({ path, content }) => {
    const index = path.split('/').at(-1)!;
    const text = content ?? '';
    return [Number(index), { state: value(text, 'ADMIN_STATE') ?? 'unknown', file: value(text, 'NETWORK_FILE'), clientId: leases.get(index) ?? null }];
  }));
}
