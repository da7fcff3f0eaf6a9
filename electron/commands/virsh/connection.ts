import type { Command } from '../../../shared/domain/plan';
import type { Privilege } from '../../../shared/domain/snapshot';

/** The system instance: all that has host networking. Source: https://libvirt.org/drvqemu.html#connections */
export const libvirtUri = 'qemu:///system';

/** A virsh process of its own, for writes and for event streams. Source: virsh(1). */
export function virshArgv(words: readonly string[], privilege?: Privilege): string[] {
  return ['virsh', ...(privilege === 'read-only' ? ['-r'] : []), '-c', libvirtUri, ...words];
}

export function virshCommand(words: readonly string[], stdin?: Command['stdin']): Command {
  return stdin ? { argv: virshArgv(words), stdin } : { argv: virshArgv(words) };
}
