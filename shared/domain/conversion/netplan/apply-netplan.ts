import { reloadNetworkd } from '../networkd/reload-networkd';
import type { BridgeKind, TransactionStep } from '../transaction';

export const generate: TransactionStep = { says: 'Have netplan check its files and write those of the network service', command: 'netplan generate' };

/**
 * NetworkManager takes netplan's files by `netplan apply` alone, and so does Open vSwitch, whose bridges are made by units of netplan's.
 * systemd-networkd only has to read what netplan has written for it. Source: netplan-apply(8), and what that runs.
 */
export function applySteps(stack: 'netplan-NetworkManager' | 'netplan-networkd', kind: BridgeKind): TransactionStep[] {
  return stack === 'netplan-networkd' && kind === 'linux' ? [generate, reloadNetworkd] : [generate, { says: 'Have netplan apply them', command: 'netplan apply' }];
}
