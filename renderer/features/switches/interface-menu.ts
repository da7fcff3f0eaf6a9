import type { DropdownMenuItem } from '@nuxt/ui';
import type { DeviceChange } from '../../ui/convertible';

/** What the guide can do with a device of the host; empty: nothing. `refusal`: why none of it can be done now. */
export function interfaceMenu(changes: readonly DeviceChange[], refusal: string | null, act: (change: DeviceChange) => void): DropdownMenuItem[][] {
  if (changes.length === 0) return [];
  return [changes.map((change) => ({ label: change.label, description: refusal ?? undefined, icon: change.icon, disabled: refusal !== null, onSelect: () => act(change) }))];
}
