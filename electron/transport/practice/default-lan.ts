import type { LanState } from './host-state';

/** The home network around the default practice host. */
export const defaultLan: Readonly<LanState> = {
  router: '192.168.1.1', prefix: 24, leases: { 'd8:bb:c1:4a:20:11': '192.168.1.20' }, client: '192.168.1.5', login: '192.168.1.20',
};
