import type { Privilege } from './snapshot';

/** Whether commands may be run as root. */
export function hasRoot({ privilege }: { privilege: Privilege }): boolean {
  return privilege !== 'libvirt-group' && privilege !== 'read-only';
}
