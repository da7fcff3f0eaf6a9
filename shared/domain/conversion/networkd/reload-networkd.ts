import type { TransactionStep } from '../transaction';

/**
 * Sets up every interface whose .network file is new, another one or gone, and makes what new .netdev files name. That is all that may be asked
 * of it: a `networkctl reconfigure` on top, as `netplan apply` has it, may come in the moment between a lease and its address, and then
 * systemd-networkd (252) never gives the interface that address again, until it is restarted. Source: networkctl(1), and its log.
 */
export const reloadNetworkd: TransactionStep = { says: 'Have systemd-networkd read its files anew', command: 'networkctl reload' };
