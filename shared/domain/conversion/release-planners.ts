import { ifupdownRelease } from './ifupdown/release-ifupdown';
import { netplanRelease } from './netplan/release-netplan';
import { networkManagerRelease } from './network-manager/release-network-manager';
import { networkdRelease } from './networkd/release-networkd';
import type { ReleasePlanner } from './release';
import type { StackName } from './transaction';

export const releasePlanners: Partial<Record<StackName, ReleasePlanner>> = {
  'NetworkManager': networkManagerRelease,
  'netplan-networkd': netplanRelease,
  'netplan-NetworkManager': netplanRelease,
  'systemd-networkd': networkdRelease,
  'ifupdown': ifupdownRelease,
};
