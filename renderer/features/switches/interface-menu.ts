import type { DropdownMenuItem } from '@nuxt/ui';
import type { HostInterface } from '../../../shared/domain/host-network';
import { isConvertible } from '../../ui/convertible';

/** What can be done with a device of the host; empty: nothing. `noConversion`: why no NIC can be converted now. */
export function interfaceMenu(device: HostInterface, noConversion: string | null, convert: (nic: string) => void): DropdownMenuItem[][] {
  if (!isConvertible(device)) return [];
  return [[{ label: 'Convert into a bridge…', description: noConversion ?? undefined, icon: 'i-lucide-git-merge', disabled: noConversion !== null, onSelect: () => convert(device.name) }]];
}
