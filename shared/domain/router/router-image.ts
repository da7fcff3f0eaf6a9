import type { Command } from '../plan';
import makeHostKey from './make-host-key.sh?raw';
import makeImage from './make-image.sh?raw';
import removeHostKey from './remove-host-key.sh?raw';
import removeImage from './remove-image.sh?raw';

/** Grows with make-image.sh: a router made by an older one keeps its image until its lab is applied again. */
export const routerImageVersion = 2;

/** Where libvirt's own images are: qemu may read there whatever guards the host (AppArmor, SELinux, file modes). */
const folder = '/var/lib/libvirt/images/netwright';
const imageBase = `${folder}/router-${routerImageVersion}`;

/** What routers boot, shared by all of this host. */
export const routerImage = { base: imageBase, kernel: `${imageBase}.vmlinuz`, initrd: `${imageBase}.initrd` };

/** By root. Without effect where the image is there; leaves nothing behind when it fails. */
export const makeRouterImage = (): Command => ({ argv: ['/bin/sh', '-s', '--', imageBase], stdin: { name: 'make-image.sh', text: makeImage } });

/** By root. `uuids`: of routers that are leaving; the image of any other stays. Without effect where there is none. */
export const removeRouterImage = (uuids: readonly string[]): Command => ({ argv: ['/bin/sh', '-s', '--', imageBase, ...uuids], stdin: { name: 'remove-image.sh', text: removeImage } });

/** The key by which those who log in to a jump box know it; its public half is beside it, in `.pub`. */
export const hostKeyPath = (uuid: string): string => `${folder}/${uuid}.hostkey`;

/** By root. Without effect where there is one. */
export const makeRouterHostKey = (uuid: string): Command => ({ argv: ['/bin/sh', '-s', '--', hostKeyPath(uuid)], stdin: { name: 'make-host-key.sh', text: makeHostKey } });

/** By root. Without effect where there is none. */
export const removeRouterHostKey = (uuid: string): Command => ({ argv: ['/bin/sh', '-s', '--', hostKeyPath(uuid)], stdin: { name: 'remove-host-key.sh', text: removeHostKey } });

const scripts = { make: makeImage, remove: removeImage, 'make-host-key': makeHostKey, 'remove-host-key': removeHostKey } as const;

/** Null: it is none of these. */
export function routerImageCommand({ argv, stdin }: Command): keyof typeof scripts | null {
  if (argv[0] !== '/bin/sh' || !stdin) return null;
  return (Object.keys(scripts) as (keyof typeof scripts)[]).find((name) => scripts[name] === stdin.text) ?? null;
}
