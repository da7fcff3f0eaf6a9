import type { FieldIssue } from '../field-issue';
import type { NetworkSpec } from '../network-spec';
import { caution, editedNetwork, problem } from './rule';
import type { NetworkContext } from './rule';

/** Rules on names that hold for every kind of network. */

/** The network's own name: libvirt keeps it, and no two networks share one. */
export function checkName(spec: Pick<NetworkSpec, 'name'>, context: NetworkContext): FieldIssue[] {
  const edited = editedNetwork(context);
  if (edited && edited.name !== spec.name) {
    return [problem('name', `libvirt can't rename a network, and machines refer to it by its name. Keep “${edited.name}”, or make a new network and move the machines.`)];
  }
  if (!edited && context.snapshot.networks.some((network) => network.name === spec.name)) {
    return [problem('name', `There is a network “${spec.name}” on this host already. Choose another name.`)];
  }
  return [];
}

export function checkTitle(spec: Pick<NetworkSpec, 'title'>, { snapshot }: NetworkContext): FieldIssue[] {
  if (spec.title === null) return [];
  if (/\p{Cc}/u.test(spec.title)) return [problem('title', 'A title is one line, without control characters.')];
  return keepsTitles(snapshot.system.libvirtVersion)
    ? []
    : [caution('title', `libvirt ${snapshot.system.libvirtVersion ?? ''} on this host doesn't keep titles (9.7 does); it will be left out.`)];
}

/** `<title>` of a network exists since libvirt 9.7.0; older ones drop it in silence. */
export function keepsTitles(libvirtVersion: string | null): boolean {
  const [major = 0, minor = 0] = (libvirtVersion ?? '').split('.').map(Number);
  return major > 9 || (major === 9 && minor >= 7);
}
