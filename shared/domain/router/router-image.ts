import type { Command } from '../plan';
import makeImage from './make-image.sh?raw';
import removeImage from './remove-image.sh?raw';

/** Grows with make-image.sh: a router made by an older one keeps its image until its lab is applied again. */
export const routerImageVersion = 1;

/** Where libvirt's own images are: qemu may read there whatever guards the host (AppArmor, SELinux, file modes). */
const imageBase = `/var/lib/libvirt/images/netwright/router-${routerImageVersion}`;

/** What routers boot, shared by all of this host. */
export const routerImage = { base: imageBase, kernel: `${imageBase}.vmlinuz`, initrd: `${imageBase}.initrd` };

/** By root. Without effect where the image is there; leaves nothing behind when it fails. */
export const makeRouterImage = (): Command => ({ argv: ['/bin/sh', '-s', '--', imageBase], stdin: { name: 'make-image.sh', text: makeImage } });

/** By root. `uuids`: of routers that are leaving; the image of any other stays. Without effect where there is none. */
export const removeRouterImage = (uuids: readonly string[]): Command => ({ argv: ['/bin/sh', '-s', '--', imageBase, ...uuids], stdin: { name: 'remove-image.sh', text: removeImage } });

/** Null: it is neither of the two. */
export function routerImageCommand({ argv, stdin }: Command): 'make' | 'remove' | null {
  if (argv[0] !== '/bin/sh' || !stdin) return null;
  return stdin.text === makeImage ? 'make' : stdin.text === removeImage ? 'remove' : null;
}
