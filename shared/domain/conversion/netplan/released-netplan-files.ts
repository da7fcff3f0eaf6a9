import { isMap, isScalar, isSeq } from 'yaml';
import type { Pair, YAMLMap } from 'yaml';
import { linkOf } from '../facts';
import type { ConversionFacts, ConversionSpec } from '../facts';
import { ConfigProblem } from '../finding';
import type { LastingFile } from '../release';
import { identityFile } from './identity-file';
import { addressKeys, netplanId, networkOf, sections, sharedKeys } from './netplan-devices';
import { formatNetplan, keyOf, lineOfPair, mapIn, readNetplan } from './netplan-file';
import type { NetplanFile } from './netplan-file';

/** Keys of a bridge as a device, which goes. */
const bridgeKeys = new Set(['interfaces', 'macaddress', 'parameters', 'openvswitch', 'networkmanager']);

/** In each file, what it says about the bridge's addresses goes to the NIC in the same file, and the bridge goes. Source: netplan(5). */
export function releasedNetplanFiles(facts: ConversionFacts, spec: ConversionSpec): LastingFile[] {
  const all = readNetplan(facts);
  const before = new Map(all.map((file) => [file, formatNetplan(file)]));
  const id = netplanId(facts, spec.nic);
  const holders = all.filter((file) => mapIn(file, mapIn(file, networkOf(file), 'bridges'), spec.bridge));
  if (holders.length === 0) throw ConfigProblem.of('config.missing', `No file of netplan names ${spec.bridge}`, `None of netplan's files has a bridge ${spec.bridge}.`);
  const section = sections.find((name) => all.some((file) => mapIn(file, networkOf(file), name)?.items.some((item) => keyOf(item) === id)));
  if (section === undefined) throw ConfigProblem.of('config.missing', `No file of netplan names ${spec.nic}`, `None of netplan's files has an entry ${id}.`);
  // Only that it has none: those of the bridge come in their place.
  for (const file of all) {
    const own = mapIn(file, mapIn(file, networkOf(file), section), id);
    if (own) own.items = own.items.filter((pair) => !addressKeys.has(keyOf(pair)));
  }
  for (const file of holders) giveBack(file, section, id, spec);
  const identity = `/etc/systemd/network/10-netplan-${spec.bridge}.network.d/netwright.conf`;
  const link = linkOf(facts, spec.bridge);
  return [
    ...all.filter((file) => formatNetplan(file) !== before.get(file)).map((file): LastingFile => {
      if (!file.path.startsWith('/etc/')) throw ConfigProblem.of('config.volatile', `${file.path} is not below /etc`, 'Something makes it at each start, or it belongs to a package; a change would not last.');
      return { path: file.path, content: formatNetplan(file), mode: 0o600 };
    }),
    ...facts.files.some(({ path }) => path === identity) ? [{ path: identity, content: null, mode: 0o644 }] : [],
    ...link ? identityFile(spec.nic, spec.bridge, link).map(({ commitPath, content, mode }) => ({ path: commitPath!.replace(`-${spec.nic}.`, `-${id}.`), content, mode })) : [],
  ];
}

function giveBack(file: NetplanFile, section: string, id: string, spec: ConversionSpec): void {
  const network = networkOf(file)!;
  const bridges = mapIn(file, network, 'bridges')!;
  const bridge = mapIn(file, bridges, spec.bridge)!;
  const entry = entryMade(file, section, id);
  for (const pair of bridge.items) {
    const key = keyOf(pair);
    if (key === 'mtu' ? !entry.has('mtu') : addressKeys.has(key) || (sharedKeys.has(key) && !entry.has(key))) entry.items.push(pair);
    else if (key !== 'mtu' && !bridgeKeys.has(key) && !sharedKeys.has(key)) throw ConfigProblem.at(file.path, lineOfPair(file, pair), `It is not known whether ${key} is about the bridge or about its addresses.`);
    else refuseMore(file, pair, id);
  }
  bridges.items = bridges.items.filter((pair) => keyOf(pair) !== spec.bridge);
  if (bridges.items.length === 0) network.items = network.items.filter((pair) => keyOf(pair) !== 'bridges');
}

/** What would be lost with the bridge. */
function refuseMore(file: NetplanFile, pair: Pair, id: string): void {
  const key = keyOf(pair);
  if (key === 'interfaces' && isSeq(pair.value) && pair.value.items.some((item) => !isScalar(item) || item.value !== id)) {
    throw ConfigProblem.at(file.path, lineOfPair(file, pair), 'The bridge has other ports.');
  }
  const passthrough = key === 'networkmanager' && isMap(pair.value) ? mapIn(file, pair.value, 'passthrough') : undefined;
  const foreign = passthrough?.items.map(keyOf).find((name) => !/^ipv[46]\.route-metric$/.test(name));
  if (foreign !== undefined) throw ConfigProblem.at(file.path, lineOfPair(file, pair), `${foreign} can't be given back to the NIC.`);
}

function entryMade(file: NetplanFile, section: string, id: string): YAMLMap {
  const network = networkOf(file)!;
  const { document } = file;
  if (!mapIn(file, network, section)) network.set(document.createNode(section), document.createNode({}));
  const entries = mapIn(file, network, section)!;
  entries.flow = false;
  const present = entries.items.find((item) => keyOf(item) === id);
  if (!mapIn(file, entries, id)) entries.set(present?.key ?? document.createNode(id), document.createNode({}));
  const entry = mapIn(file, entries, id)!;
  entry.flow = false;
  return entry;
}
