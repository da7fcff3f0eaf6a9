import { parseUuidList } from './uuid-list';

/** What the lists say of the host's networks. UUIDs in lower case. */
export interface NetworkLists {
  all: string[];
  active: Set<string>;
  autostart: Set<string>;
  persistent: Set<string>;
}

/** For the persistent virsh: `net-list` by each filter. Names come with the XML. Source: virsh(1), net-list. */
export const listNetworksArgvs: readonly (readonly string[])[] = [
  ['net-list', '--uuid', '--all'],
  ['net-list', '--uuid'],
  ['net-list', '--uuid', '--all', '--autostart'],
  ['net-list', '--uuid', '--all', '--persistent'],
];

/** The outputs of `listNetworksArgvs` in their order. Throws AppError `reply.unreadable`. */
export function parseNetworkLists(stdouts: readonly string[]): NetworkLists {
  const [all, active, autostart, persistent] = stdouts.map((stdout) => parseUuidList('virsh net-list', stdout));
  return {
    all: all ?? [], active: new Set(active), autostart: new Set(autostart), persistent: new Set(persistent),
  };
}
