import type { Vlan } from '../../shared/domain/network';

/** "untagged", "VLAN 20", "trunk 20, 30, native 1". */
export function describeVlan(vlan: Vlan | null): string {
  if (!vlan || vlan.tags.length === 0) return 'untagged';
  const native = vlan.tags.find((tag) => tag.nativeMode);
  if (!vlan.trunk && vlan.tags.length === 1) return `VLAN ${vlan.tags[0]!.id}`;
  const tagged = vlan.tags.filter((tag) => tag !== native).map((tag) => tag.id).join(', ');
  return `trunk ${tagged}${native ? `, native ${native.id}${native.nativeMode === 'tagged' ? ' tagged' : ''}` : ''}`;
}
