import { isMap, isScalar, isSeq } from 'yaml';
import type { YAMLMap } from 'yaml';
import { quoteWord } from '../../shell-quote';
import type { ConversionFacts, ConversionSpec } from '../facts';
import { ConfigProblem, warning } from '../finding';
import type { ConversionFinding } from '../finding';
import { ownersOf } from '../owner';
import { reloadNetworkd } from '../networkd/reload-networkd';
import { releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile, ReleasePlanner } from '../release';
import type { TransactionStep } from '../transaction';
import { putIn, refuseOwnSettings, takeOut } from '../unport/port-steps';
import { generate } from './apply-netplan';
import { addressKeys, netplanId, networkOf, sections } from './netplan-devices';
import { formatNetplan, keyOf, lineOfPair, mapIn, readNetplan } from './netplan-file';
import type { NetplanFile } from './netplan-file';

/** The NIC is named no longer among the bridge's interfaces, and has an entry of its own without addresses. On trial the files stand in /run. Source: netplan(5). */
export const netplanUnport: ReleasePlanner = { files: plainFiles, plan };

function plan(facts: ConversionFacts, spec: ConversionSpec, files: readonly LastingFile[]): ReturnType<ReleasePlanner['plan']> {
  const stack = ownersOf(facts, spec.bridge)[0] === 'netplan-NetworkManager' ? 'netplan-NetworkManager' as const : 'netplan-networkd' as const;
  const [apply, revert] = stepsOf(facts, spec, stack);
  const made = releasePlan(facts, {
    stack, kind: spec.kind, goal: 'unport', nic: spec.nic, bridge: spec.bridge,
    files: writtenFiles(files, (path) => path.replace('/etc/', '/run/')), removes: removedFiles(facts, files, () => 'commit'),
    apply, commit: [generate], revert, needsBootGuard: spec.kind === 'ovs', expectedGap: 1,
  });
  return stack === 'netplan-networkd' ? made : { ...made, warnings: [kernelSix(spec.nic)] };
}

/** It writes `method=ignore`, by which NetworkManager leaves IPv6 to the kernel. Source: netplan-yaml, nm-settings(5). */
const kernelSix = (nic: string): ConversionFinding => warning('port.ipv6', `${nic} keeps IPv6 of its own`, `netplan can't tell NetworkManager to switch it off: the kernel makes a link-local address, and takes what routers advertise where ${nic} is plugged in.`);

/**
 * Each stack is told what netplan has written for it about the one NIC. `netplan apply` would have NetworkManager make the bridge anew, without the
 * machines in it, and only add ports to a switch.
 */
function stepsOf(facts: ConversionFacts, spec: ConversionSpec, stack: 'netplan-NetworkManager' | 'netplan-networkd'): [TransactionStep[], TransactionStep[]] {
  if (spec.kind === 'ovs') return [[...refuseOwnSettings(spec), generate, takeOut(spec)], [generate, putIn(spec)]];
  if (stack === 'netplan-networkd') return [[generate, reloadNetworkd, takeOut(spec)], [generate, reloadNetworkd, putIn(spec)]];
  const profile = facts.networkManager[spec.nic];
  if (!profile?.uuid || !profile.file) throw ConfigProblem.of('config.missing', `No profile is active on ${spec.nic}`, `NetworkManager names no connection profile for ${spec.nic}.`);
  const take = (says: string): TransactionStep[] => [
    generate,
    { says: `Have NetworkManager read the profile of ${spec.nic}`, command: `nmcli connection load ${quoteWord(profile.file!)}` },
    { says, command: `nmcli --wait 30 connection up uuid ${profile.uuid!} ifname ${quoteWord(spec.nic)}` },
  ];
  return [take(takeOut(spec).says), take(putIn(spec).says)];
}

function plainFiles(facts: ConversionFacts, spec: ConversionSpec): LastingFile[] {
  const all = readNetplan(facts);
  const before = new Map(all.map((file) => [file, formatNetplan(file)]));
  const id = netplanId(facts, spec.nic);
  const named = all.filter((file) => takeFromBridge(file, id, spec));
  if (named.length === 0) throw ConfigProblem.of('config.missing', `No file of netplan names ${spec.nic} as a port`, `${spec.nic} is among the interfaces of ${spec.bridge} in none of them.`);
  const section = sections.find((name) => all.some((file) => mapIn(file, networkOf(file), name)?.items.some((item) => keyOf(item) === id)));
  if (section === undefined) throw ConfigProblem.of('config.missing', `No file of netplan names ${spec.nic}`, `None of netplan's files has an entry ${id}.`);
  const holders = all.filter((file) => mapIn(file, networkOf(file), section)?.items.some((item) => keyOf(item) === id));
  for (const file of holders) silence(file, section, id, spec.nic, file === holders.at(-1));
  return all.filter((file) => formatNetplan(file) !== before.get(file)).map((file) => {
    if (!file.path.startsWith('/etc/')) throw ConfigProblem.of('config.volatile', `${file.path} is not below /etc`, 'Something makes it at each start, or it belongs to a package; a change would not last.');
    return { path: file.path, content: formatNetplan(file), mode: 0o600 };
  });
}

/** Whether this file names the NIC among the bridge's interfaces. What it says of the port's costs goes as well. */
function takeFromBridge(file: NetplanFile, id: string, { bridge }: ConversionSpec): boolean {
  const entry = mapIn(file, mapIn(file, networkOf(file), 'bridges'), bridge);
  const interfaces = entry?.get('interfaces');
  if (!entry || !isSeq(interfaces)) return false;
  const staying = interfaces.items.filter((item) => !isScalar(item) || String(item.value) !== id);
  if (staying.length === interfaces.items.length) return false;
  interfaces.items = staying;
  const parameters = mapIn(file, entry, 'parameters');
  for (const key of ['path-cost', 'port-priority']) {
    const costs = mapIn(file, parameters, key);
    costs?.delete(id);
    if (costs?.items.length === 0) parameters!.delete(key);
  }
  return true;
}

/** Up and without addresses; nobody waits for it at boot. */
function silence(file: NetplanFile, section: string, id: string, nic: string, isLast: boolean): void {
  const { document } = file;
  const entries = mapIn(file, networkOf(file), section)!;
  const pair = entries.items.find((item) => keyOf(item) === id)!;
  if (!isMap(pair.value)) entries.set(pair.key, document.createNode({}));
  const entry: YAMLMap = mapIn(file, entries, id)!;
  const own = entry.items.find((item) => ['addresses', 'routes', 'gateway4', 'gateway6'].includes(keyOf(item)));
  if (own) throw ConfigProblem.at(file.path, lineOfPair(file, own), `${nic} has addresses of its own.`);
  entry.items = entry.items.filter((item) => !addressKeys.has(keyOf(item)));
  if (!isLast) return;
  entry.flow = false;
  for (const key of ['dhcp4', 'dhcp6', 'accept-ra']) entry.set(document.createNode(key), document.createNode(false));
  const none = document.createNode([]);
  none.flow = true;
  entry.set(document.createNode('link-local'), none);
  entry.set(document.createNode('optional'), document.createNode(true));
}
