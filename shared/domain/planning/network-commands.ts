import type { Command } from '../plan';
import type { LiveUpdate } from './live-updates';

/** The commands that plans are made of. Source: virsh(1), NETWORK COMMANDS; ip-link(8). */

const virsh = (...words: string[]): string[] => ['virsh', '-c', 'qemu:///system', ...words];

/** XML goes by stdin: nothing is left on the host's disk, and it needs no quoting. */
export const defineNetwork = (name: string, xml: string): Command => ({
  argv: virsh('net-define', '/dev/stdin'), stdin: { name: documentName(name), text: xml },
});

/** A network without a definition: gone once stopped. */
export const createTransientNetwork = (name: string, xml: string): Command => ({
  argv: virsh('net-create', '/dev/stdin'), stdin: { name: documentName(name), text: xml },
});

export const undefineNetwork = (reference: string): Command => ({ argv: virsh('net-undefine', reference) });
export const startNetwork = (reference: string): Command => ({ argv: virsh('net-start', reference) });
export const destroyNetwork = (reference: string): Command => ({ argv: virsh('net-destroy', reference) });

export const setNetworkAutostart = (reference: string, enabled: boolean): Command => ({
  argv: enabled ? virsh('net-autostart', reference) : virsh('net-autostart', reference, '--disable'),
});

/** Changes a running network and its definition at once. `--parent-index` says which `<ip>`, where there are several. */
export const updateNetwork = (reference: string, { action, section, ipIndex, xml }: Omit<LiveUpdate, 'inverse'>, extent: readonly string[]): Command => ({
  argv: virsh('net-update', reference, action, section, '--xml', xml, ...(ipIndex === null ? [] : ['--parent-index', String(ipIndex)]), ...extent),
});

/** The bridge passes nothing between two isolated ports (ip-link(8), bridge_slave). */
export const isolatePort = (tap: string): Command => ({ argv: ['ip', 'link', 'set', 'dev', tap, 'type', 'bridge_slave', 'isolated', 'on'] });

/** Makes a running machine's tap a port of the bridge again. */
export const plugTap = (tap: string, bridge: string, mtu: number | null): Command => ({
  argv: ['ip', 'link', 'set', 'dev', tap, ...(mtu === null ? [] : ['mtu', String(mtu)]), 'master', bridge, 'up'],
});

/** File name under which a person would keep the document. */
function documentName(name: string): string {
  return `${name.replace(/[^\p{L}\p{N}._-]+/gu, '_')}.xml`;
}

const plainName = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const uuidShape = /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;

/**
 * How commands call a network: by its name where that can't be misread (people learn from what they see), else by UUID:
 * names with blanks, with a leading dash, or shaped like a UUID, which virsh would look up first.
 */
export function networkReference(network: { uuid: string; name: string }): string {
  return plainName.test(network.name) && !uuidShape.test(network.name) ? network.name : network.uuid;
}
