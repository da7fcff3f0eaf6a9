import { takenInterfaceNames } from '../propose-nat';
import { caution, editedNetwork, problem } from './rule';
import type { NatRule } from './rule';

/** Names of the network and its bridge, title and domain. */
export const checkNames: NatRule = (spec, context) => [
  ...checkName(spec, context), ...checkTitle(spec, context), ...checkBridge(spec, context), ...checkDomain(spec, context),
];

const checkName: NatRule = (spec, context) => {
  const edited = editedNetwork(context);
  if (edited && edited.name !== spec.name) {
    return [problem('name', `libvirt can't rename a network, and machines refer to it by its name. Keep “${edited.name}”, or make a new network and move the machines.`)];
  }
  if (!edited && context.snapshot.networks.some((network) => network.name === spec.name)) {
    return [problem('name', `There is a network “${spec.name}” on this host already. Choose another name.`)];
  }
  return [];
};

const checkTitle: NatRule = (spec, { snapshot }) => {
  if (spec.title === null) return [];
  if (/\p{Cc}/u.test(spec.title)) return [problem('title', 'A title is one line, without control characters.')];
  return keepsTitles(snapshot.system.libvirtVersion)
    ? []
    : [caution('title', `libvirt ${snapshot.system.libvirtVersion ?? ''} on this host doesn't keep titles (9.7 does); it will be left out.`)];
};

/** `<title>` of a network exists since libvirt 9.7.0; older ones drop it in silence. */
export function keepsTitles(libvirtVersion: string | null): boolean {
  const [major = 0, minor = 0] = (libvirtVersion ?? '').split('.').map(Number);
  return major > 9 || (major === 9 && minor >= 7);
}

const checkBridge: NatRule = (spec, context) => {
  const name = spec.bridge;
  if (name.startsWith('-')) return [problem('bridge', 'A bridge name can\'t start with “-”: tools would take it for an option.')];
  if (editedNetwork(context)?.bridge?.name === name) return [];
  const { networks, ovsBridges } = context.snapshot;
  const network = networks.find((other) => other.uuid !== context.uuid && other.bridge?.name === name);
  if (network) return [problem('bridge', `“${name}” is the bridge of the network “${network.name}”. Choose another name, such as ${freeName(context, name)}.`)];
  if (ovsBridges.some((bridge) => bridge.name === name)) {
    return [problem('bridge', `“${name}” is an Open vSwitch bridge on this host. Choose another name, such as ${freeName(context, name)}.`)];
  }
  if (takenInterfaceNames(context.snapshot).has(name)) {
    return [problem('bridge', `This host has an interface “${name}” already. Choose another name, such as ${freeName(context, name)}.`)];
  }
  return [];
};

function freeName({ snapshot }: Parameters<NatRule>[1], wanted: string): string {
  const taken = takenInterfaceNames(snapshot);
  const base = wanted.replace(/\d+$/, '').slice(0, 12) || 'virbr';
  let n = 1;
  while (taken.has(`${base}${n}`)) n += 1;
  return `${base}${n}`;
}

const checkDomain: NatRule = (spec) => {
  if (!spec.domain || !/(^|\.)local$/i.test(spec.domain.name)) return [];
  return [caution('domain.name', '“.local” belongs to mDNS (RFC 6762): many guests will never ask this DNS server for it. “.internal” is safe.')];
};
