import { ifupdownAddress } from '../ifupdown/address-ifupdown';
import { netplanAddress } from '../netplan/address-netplan';
import { networkManagerAddress } from '../network-manager/address-network-manager';
import { networkdAddress } from '../networkd/address-networkd';
import type { StackName } from '../transaction';
import type { AddressPlanner } from './address-planner';

export const addressPlanners: Partial<Record<StackName, AddressPlanner>> = {
  'NetworkManager': networkManagerAddress,
  'netplan-networkd': netplanAddress,
  'netplan-NetworkManager': netplanAddress,
  'systemd-networkd': networkdAddress,
  'ifupdown': ifupdownAddress,
};
