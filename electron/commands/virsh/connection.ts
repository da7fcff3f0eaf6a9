import type { Privilege } from '../../../shared/domain/snapshot';

/** The system instance: all that has host networking. Source: https://libvirt.org/drvqemu.html#connections */
export const libvirtUri = 'qemu:///system';

/** A virsh process of its own, as for event streams. Source: virsh(1). */
export function virshArgv(words: readonly string[], privilege?: Privilege): string[] {
  return ['virsh', ...(privilege === 'read-only' ? ['-r'] : []), '-c', libvirtUri, ...words];
}
