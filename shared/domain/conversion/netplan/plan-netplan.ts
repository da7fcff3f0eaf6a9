import { Scalar, isMap, isScalar } from 'yaml';
import type { Pair, YAMLMap } from 'yaml';
import type { ConversionFacts, ConversionSpec, LinkFacts } from '../facts';
import { ConfigProblem } from '../finding';
import { metricOf } from '../network-manager/route-metric';
import { reloadNetworkd } from '../networkd/reload-networkd';
import { applySteps, generate } from './apply-netplan';
import { identityFile } from './identity-file';
import { ownersOf } from '../owner';
import { changesOf, deleteBridge, deleteSwitch, portOf, refuseTakenPaths } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import type { TransactionFile, TransactionStep } from '../transaction';
import { leaveOutOfNetplan } from './leave-netplan';
import { addressKeys, deviceKeys, entryOf, netplanId, networkOf, sections, sharedKeys } from './netplan-devices';
import { formatNetplan, keyOf, lineOfPair, mapIn, readNetplan } from './netplan-file';
import type { NetplanFile } from './netplan-file';

/**
 * In each file that says something about the NIC, what it says about addresses goes to a bridge of the same file: netplan merges the files
 * of the bridge as it merged those of the NIC. On trial they stand in /run/netplan under the same name, in place of those in /etc. Sources:
 * netplan(5), netplan-apply(8), netplan-generate(8).
 * @throws ConfigProblem for what is not understood
 */
export function planNetplan(facts: ConversionFacts, spec: ConversionSpec): StackPlan {
  const port = portOf(facts, spec);
  const stack = ownersOf(facts, spec.nic)[0] === 'netplan-NetworkManager' ? 'netplan-NetworkManager' : 'netplan-networkd';
  const id = netplanId(facts, spec.nic);
  if (spec.kind === 'ovs' && stack === 'netplan-NetworkManager') {
    throw ConfigProblem.of('ovs.renderer', 'netplan makes Open vSwitch bridges for systemd-networkd only', `${spec.nic} is given to NetworkManager here (renderer: NetworkManager).`, 'Make a Linux bridge.');
  }
  const all = readNetplan(facts);
  const before = new Map(all.map((file) => [file, formatNetplan(file)]));
  const own = all.filter((file) => sections.some((section) => entryOf(file, section, id)));
  const last = own.at(-1);
  if (!last) throw ConfigProblem.of('config.missing', `No file of netplan names ${spec.nic}`, `None of netplan's files has an entry ${id}.`);
  for (const file of all) refuseOthers(file, spec, id);
  leaveOutOfNetplan(own, id, spec.leave ?? [], stack === 'netplan-networkd' ? 'networkd' : 'NetworkManager');
  for (const file of own) moveKeys(file, id, spec, port);
  finishBridge(last, id, spec, port, stack === 'netplan-NetworkManager' ? facts : null);
  const changed = own.filter((file) => formatNetplan(file) !== before.get(file)).map((file): TransactionFile => {
    if (file.path.startsWith('/run/')) throw ConfigProblem.of('config.volatile', `${file.path} is gone after a restart`, 'Something makes it at each start; a change would not last.', 'Move it to /etc/netplan first.');
    return { name: file.name, content: formatNetplan(file), mode: 0o600, trialPath: `/run/netplan/${file.name}`, commitPath: `/etc/netplan/${file.name}` };
  });
  const identity = stack === 'netplan-networkd' ? identityFile(spec.bridge, spec.nic, port) : [];
  refuseTakenPaths(facts, identity);
  const files = [...changed, ...identity];
  const isLinux = spec.kind === 'linux';
  const take = applySteps(facts, stack, spec.kind);
  return {
    transaction: {
      stack, kind: spec.kind, nic: spec.nic, bridge: spec.bridge, files,
      protects: files.flatMap(({ commitPath }) => commitPath ?? []),
      apply: take,
      commit: [generate],
      revert: revertSteps(spec, stack, take),
      needsBootGuard: !isLinux,
      expectedGap: stack === 'netplan-networkd' ? 2 : 4,
    },
    changes: changesOf(facts, files),
    warnings: [],
  };
}

/**
 * The bridge goes before the former files are applied: netplan doesn't delete it, and one that still holds the NIC would keep its address.
 * NetworkManager, which knows its profile until then, may have made it again meanwhile: so it goes at the end, too. systemd-networkd needs
 * netplan for its files alone, which are written while the bridge still stands.
 */
function revertSteps({ kind, bridge }: ConversionSpec, stack: string, take: readonly TransactionStep[]): TransactionStep[] {
  if (kind === 'ovs') return [deleteSwitch(bridge), ...take];
  if (stack === 'netplan-NetworkManager') return [deleteBridge(bridge), ...take, deleteBridge(bridge)];
  return [generate, deleteBridge(bridge), reloadNetworkd];
}

function moveKeys(file: NetplanFile, id: string, spec: ConversionSpec, port: LinkFacts): void {
  for (const section of sections) {
    const entry = mapIn(file, mapIn(file, networkOf(file), section), id);
    if (!entry) continue;
    const moved: Pair[] = [];
    for (const pair of entry.items) {
      const key = keyOf(pair);
      if (key === 'auth' || key === 'access-points') throw ConfigProblem.at(file.path, lineOfPair(file, pair), `${port.name} logs in to its network (${key}).`, 'Use a NAT network.');
      if (addressKeys.has(key) || sharedKeys.has(key)) moved.push(pair);
      else if (!deviceKeys.has(key)) throw ConfigProblem.at(file.path, lineOfPair(file, pair), `It is not known whether ${key} is about the device or about its addresses.`);
    }
    entry.items = entry.items.filter((pair) => !addressKeys.has(keyOf(pair)));
    if (moved.length === 0) continue;
    const bridge = bridgeIn(file, spec.bridge);
    bridge.items.push(...moved);
    // Said for all devices of the kind, which a bridge is not of.
    const renderer = mapIn(file, networkOf(file), section)?.items.find((pair) => keyOf(pair) === 'renderer');
    if (renderer && !bridge.has('renderer')) bridge.items.push(renderer);
  }
}

/** The bridge's mapping of this file, made where there is none. */
function bridgeIn(file: NetplanFile, bridge: string): YAMLMap {
  const network = networkOf(file)!;
  const { document } = file;
  if (!mapIn(file, network, 'bridges')) network.set(document.createNode('bridges'), document.createNode({}));
  const bridges = mapIn(file, network, 'bridges')!;
  bridges.flow = false;
  if (!mapIn(file, bridges, bridge)) bridges.set(document.createNode(bridge), document.createNode({}));
  const own = mapIn(file, bridges, bridge)!;
  own.flow = false;
  return own;
}

function finishBridge(file: NetplanFile, id: string, spec: ConversionSpec, port: LinkFacts & { mac: string }, metrics: ConversionFacts | null): void {
  const { document } = file;
  const bridge = bridgeIn(file, spec.bridge);
  const list = document.createNode([id]);
  list.flow = true;
  bridge.set(document.createNode('interfaces'), list);
  // In quotes: YAML 1.1 takes some MAC addresses for numbers to the base of 60.
  const mac = new Scalar(port.mac);
  mac.type = Scalar.QUOTE_DOUBLE;
  if (spec.kind === 'linux') {
    bridge.set(document.createNode('macaddress'), mac);
    bridge.set(document.createNode('parameters'), document.createNode({ 'stp': false, 'forward-delay': 0 }));
  } else {
    // `macaddress` has no effect on an Open vSwitch bridge.
    const config = document.createNode({ 'other-config': {} });
    (config.get('other-config') as YAMLMap).set(document.createNode('hwaddr'), mac);
    bridge.set(document.createNode('openvswitch'), config);
  }
  if (metrics) keepMetrics(file, bridge, metrics, port.name);
  const section = sections.find((name) => mapIn(file, networkOf(file), name)?.items.some((item) => keyOf(item) === id))!;
  const entries = mapIn(file, networkOf(file), section)!;
  if (!mapIn(file, entries, id)) entries.set(entries.items.find((item) => keyOf(item) === id)!.key, document.createNode({}));
  const entry = mapIn(file, entries, id)!;
  for (const key of ['dhcp4', 'dhcp6', 'accept-ra']) entry.set(document.createNode(key), document.createNode(false));
  const none = document.createNode([]);
  none.flow = true;
  entry.set(document.createNode('link-local'), none);
}

/** netplan itself has a word for the metric of leased routes only. Source: netplan-yaml, `networkmanager`. */
function keepMetrics({ document }: NetplanFile, bridge: YAMLMap, facts: ConversionFacts, nic: string): void {
  const passthrough = { 'ipv4.route-metric': String(metricOf(facts, nic, 'ipv4')), 'ipv6.route-metric': String(metricOf(facts, nic, 'ipv6')) };
  bridge.set(document.createNode('networkmanager'), document.createNode({ passthrough }));
}

function refuseOthers(file: NetplanFile, spec: ConversionSpec, id: string): void {
  for (const section of ['bridges', 'bonds', 'vrfs']) {
    for (const pair of mapIn(file, networkOf(file), section)?.items ?? []) {
      const name = keyOf(pair);
      if (section === 'bridges' && name === spec.bridge) throw ConfigProblem.at(file.path, lineOfPair(file, pair), `${spec.bridge} is configured already.`, 'Choose another name for the bridge.');
      const members = isMap(pair.value) ? (pair.value).get('interfaces') as { items?: unknown[] } | undefined : undefined;
      if (members?.items?.some((item) => isScalar(item) && item.value === id)) {
        throw ConfigProblem.at(file.path, lineOfPair(file, pair), `${spec.nic} is a part of ${name} already.`);
      }
    }
  }
}
