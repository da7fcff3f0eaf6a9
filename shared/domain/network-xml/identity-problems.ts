import { bridgeNameSchema, networkNameSchema } from '../network-names';
import { takenInterfaceNames } from '../taken-names';
import type { XmlProblem } from '../xml-problem';
import { attribute, childElement, childElements, textOf } from '../xml/read-element';
import { problemAt } from './xml-rule';
import type { XmlRule } from './xml-rule';
import { plainUuid } from './network-identity';

/** Name, UUID and bridge: right in themselves, and nobody else's. */
export const identityProblems: XmlRule = (root, context) => [...nameProblems(root, context), ...uuidProblems(root, context), ...bridgeProblems(root, context)];

const nameProblems: XmlRule = (root, { snapshot, uuid }) => {
  const element = childElement(root, 'name');
  const name = textOf(element) ?? '';
  if (name === '') return [problemAt(element ?? root, 'error', 'A network needs a <name>.')];
  if (snapshot.networks.some((network) => network.uuid === uuid && network.name === name)) return [];
  const shape = networkNameSchema.safeParse(name);
  if (!shape.success) return [problemAt(element, 'error', `${shape.error.issues[0]?.message ?? 'This is no name'}.`)];
  const other = snapshot.networks.find((network) => network.name === name && network.uuid !== uuid);
  return other ? [problemAt(element, 'error', `There is a network “${name}” on this host already. Choose another name.`)] : [];
};

const uuidProblems: XmlRule = (root, { snapshot, uuid }) => {
  const element = childElement(root, 'uuid');
  const text = textOf(element)?.trim() ?? '';
  if (!element || text === '') return element ? [problemAt(element, 'error', 'The <uuid> is empty. Take it out, and a new one is made.')] : [];
  const plain = plainUuid(text);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(plain)) return [problemAt(element, 'error', `“${text}” is not a UUID.`)];
  if (uuid !== null && plain !== uuid) return [problemAt(element, 'error', `The UUID is the network's identity, and stays: ${uuid}. For another network, duplicate this one.`)];
  const other = uuid === null ? snapshot.networks.find((network) => network.uuid === plain) : undefined;
  return other ? [problemAt(element, 'error', `This is the UUID of the network “${other.name}”.`)] : [];
};

const bridgeProblems: XmlRule = (root, context) => {
  const element = childElement(root, 'bridge');
  const name = attribute(element, 'name');
  if (!element || name === null) return [];
  const shape = bridgeNameSchema.safeParse(name);
  const mode = attribute(childElement(root, 'forward'), 'mode');
  const isOwn = mode !== 'bridge';
  if (!shape.success) return name.includes('%d') ? [] : [problemAt(element, 'error', `“${name}” can't be a bridge: ${shape.error.issues[0]?.message ?? ''}.`)];
  return isOwn ? ownBridgeProblems(element, name, context) : foreignBridgeProblems(element, name, context);
};

function ownBridgeProblems(element: Parameters<XmlRule>[0], name: string, { snapshot, uuid }: Parameters<XmlRule>[1]): XmlProblem[] {
  const user = snapshot.networks.find((network) => network.uuid !== uuid && network.bridge?.name === name);
  if (user) return [problemAt(element, 'error', `“${name}” is the bridge of the network “${user.name}”. Choose another name, or leave it out and libvirt chooses.`)];
  const edited = snapshot.networks.find((network) => network.uuid === uuid);
  if (edited?.bridge?.name === name || !takenInterfaceNames(snapshot).has(name)) return [];
  return [problemAt(element, 'error', `This host has an interface “${name}” already, and libvirt makes the bridge itself. Choose another name.`)];
}

function foreignBridgeProblems(element: Parameters<XmlRule>[0], name: string, { snapshot }: Parameters<XmlRule>[1]): XmlProblem[] {
  const isThere = snapshot.interfaces.some((device) => device.name === name) || snapshot.ovsBridges.some((bridge) => bridge.name === name);
  const switched = childElements(element.parentNode as typeof element, 'virtualport').some((port) => attribute(port, 'type') === 'openvswitch');
  if (!isThere) return [problemAt(element, 'warning', `This host has no bridge “${name}” now; machines won't start on this network until it is there.`)];
  const isOvs = snapshot.ovsBridges.some((bridge) => bridge.name === name);
  if (isOvs && !switched) return [problemAt(element, 'warning', `“${name}” is an Open vSwitch bridge: it takes <virtualport type="openvswitch"/>.`)];
  return !isOvs && switched ? [problemAt(element, 'warning', `“${name}” is not an Open vSwitch bridge, but the <virtualport> says so.`)] : [];
}
