import type { ConversionFacts } from '../facts';
import { reloadNetworkd } from '../networkd/reload-networkd';
import type { BridgeKind, TransactionStep } from '../transaction';

export const generate: TransactionStep = { says: 'Have netplan check its files and write those of the network service', command: 'netplan generate' };

/** Where an interface has an MTU, netplan restarts systemd-networkd, for whom it has nothing, even where it didn't run. */
function networkdRests(facts: Pick<ConversionFacts, 'units'>): TransactionStep[] {
  return facts.units['systemd-networkd.service'] === 'active' ? []
    : [{ says: 'Stop systemd-networkd, should netplan have started it', command: 'systemctl stop systemd-networkd.socket systemd-networkd.service' }];
}

/**
 * NetworkManager takes netplan's files by `netplan apply` alone, and so does Open vSwitch, whose bridges are made by units of netplan's.
 * systemd-networkd only has to read what netplan has written for it. Source: netplan-apply(8), and what that runs.
 */
export function applySteps(facts: Pick<ConversionFacts, 'units'>, stack: 'netplan-NetworkManager' | 'netplan-networkd', kind: BridgeKind): TransactionStep[] {
  if (stack === 'netplan-networkd' && kind === 'linux') return [generate, reloadNetworkd];
  return [generate, { says: 'Have netplan apply them', command: 'netplan apply' }, ...stack === 'netplan-NetworkManager' ? networkdRests(facts) : []];
}
