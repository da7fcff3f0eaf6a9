import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where libvirt's daemons listen: monolithic, and modular (libvirtd(8), virtqemud(8)). */
const libvirtSockets = ['/run/libvirt/libvirt-sock', '/run/libvirt/virtqemud-sock'];

export interface LocalAvailability {
  available: boolean;
  /** Why not, in a sentence; null when it is available. */
  reason: string | null;
}

/** Whether the computer the app runs on can be a host: Linux, with libvirt's socket or at least virsh. */
export async function readLocalAvailability(
  platform: NodeJS.Platform = process.platform, searchPath = process.env.PATH ?? '', sockets: readonly string[] = libvirtSockets,
): Promise<LocalAvailability> {
  if (platform !== 'linux') return { available: false, reason: 'Only a computer with Linux can be its own host: KVM and libvirt are parts of Linux.' };
  const folders = [...searchPath.split(delimiter).filter(Boolean), '/usr/bin', '/usr/local/bin'];
  const candidates: [string, number][] = [
    ...sockets.map((socket): [string, number] => [socket, constants.F_OK]), ...folders.map((folder): [string, number] => [join(folder, 'virsh'), constants.X_OK]),
  ];
  const found = await Promise.all(candidates.map(([path, mode]) => access(path, mode).then(() => true, () => false)));
  return found.includes(true) ? { available: true, reason: null } : { available: false, reason: 'libvirt is not installed on this computer.' };
}
