import { takenInterfaceNames } from '../taken-names';
import { checkName, checkTitle } from '../network-rules/names';
import { networkKindWord } from '../network-kinds';
import { droppedFields, missingFeature } from '../network-features';
import { caution, editedNetwork, problem } from '../network-rules/rule';
import type { AddressedRule } from './rule';

/** Names of the network and its bridge, title, description and domain; that a network keeps its kind; what this libvirt is too old for. */
export const checkNames: AddressedRule = (spec, context) => [
  ...checkKind(spec, context), ...checkName(spec, context), ...checkTitle(spec), ...checkBridge(spec, context), ...checkDomain(spec, context), ...checkVersion(spec, context),
];

const checkKind: AddressedRule = (spec, context) => {
  const edited = editedNetwork(context);
  return edited && edited.kind !== spec.kind
    ? [problem('kind', `“${edited.name}” is ${networkKindWord[edited.kind]} and stays so. Make a new network and move the machines.`)] : [];
};

const checkVersion: AddressedRule = (spec, { snapshot }) => {
  const version = snapshot.system.libvirtVersion;
  const openMode = spec.kind === 'open' ? missingFeature('openMode', version) : null;
  const natIpv6 = spec.kind === 'nat' && spec.ipv6 ? missingFeature('natIpv6', version) : null;
  return [
    ...(openMode ? [problem('kind', openMode)] : []),
    ...(natIpv6 ? [problem('ipv6.address', `${natIpv6} Guests' IPv6 would leave untranslated.`)] : []),
    ...droppedFields(spec, version).map(({ field, sentence }) => caution(field, sentence)),
  ];
};

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
