import { ifupdownUnport } from '../ifupdown/unport-ifupdown';
import { netplanUnport } from '../netplan/unport-netplan';
import { networkManagerUnport } from '../network-manager/unport-network-manager';
import { networkdUnport } from '../networkd/unport-networkd';
import type { ReleasePlanner } from '../release';
import type { StackName } from '../transaction';

export const portPlanners: Partial<Record<StackName, ReleasePlanner>> = {
  'NetworkManager': networkManagerUnport,
  'netplan-networkd': netplanUnport,
  'netplan-NetworkManager': netplanUnport,
  'systemd-networkd': networkdUnport,
  'ifupdown': ifupdownUnport,
};
