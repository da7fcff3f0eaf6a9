import { takenInterfaceNames } from '../taken-names';
import { checkName, checkTitle } from '../network-rules/names';
import { caution, editedNetwork, problem } from '../network-rules/rule';
import type { AddressedRule } from './rule';

/** Names of the network and its bridge, title and domain. */
export const checkNames: AddressedRule = (spec, context) => [
  ...checkName(spec, context), ...checkTitle(spec, context), ...checkBridge(spec, context), ...checkDomain(spec, context),
];

const checkBridge: AddressedRule = (spec, context) => {
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

function freeName({ snapshot }: Parameters<AddressedRule>[1], wanted: string): string {
  const taken = takenInterfaceNames(snapshot);
  const base = wanted.replace(/\d+$/, '').slice(0, 12) || 'virbr';
  let n = 1;
  while (taken.has(`${base}${n}`)) n += 1;
  return `${base}${n}`;
}

const checkDomain: AddressedRule = (spec) => {
  if (!spec.domain || !/(^|\.)local$/i.test(spec.domain.name)) return [];
  return [caution('domain.name', '“.local” belongs to mDNS (RFC 6762): many guests will never ask this DNS server for it. “.internal” is safe.')];
};
