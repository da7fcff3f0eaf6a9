import type { NicSetting } from '../../../shared/domain/conversion/leave/nic-settings';
import type { StackName } from '../../../shared/domain/conversion/transaction';

const owners: Partial<Record<StackName, string>> = { 'netplan-networkd': 'netplan, by systemd-networkd', 'netplan-NetworkManager': 'netplan, by NetworkManager' };

/** Who configures a device, as its own documentation calls it. */
export const ownerWord = (stack: StackName): string => owners[stack] ?? stack;

export const kindWord = (kind: 'linux' | 'ovs'): string => (kind === 'ovs' ? 'Open vSwitch bridge' : 'Linux bridge');

/** `107` → `1:47`. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** What a NIC's setting is called. */
export const settingWord: Readonly<Record<NicSetting['kind'], string>> = {
  address: 'Address', dhcp4: 'IPv4 by DHCP', dhcp6: 'IPv6 by DHCP', ra: 'IPv6 from routers', route: 'Route', dns: 'DNS',
};
