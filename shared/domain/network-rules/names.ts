import type { FieldIssue } from '../field-issue';
import type { NetworkSpec } from '../network-spec';
import { editedNetwork, problem } from './rule';
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

/** A title of one line. Whether the host's libvirt keeps it: `droppedFields`. */
export function checkTitle(spec: Pick<NetworkSpec, 'title'>): FieldIssue[] {
  return spec.title !== null && /\p{Cc}/u.test(spec.title) ? [problem('title', 'A title is one line, without control characters.')] : [];
}
