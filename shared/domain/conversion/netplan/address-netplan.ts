import { isMap, isScalar } from 'yaml';
import type { ConversionFacts } from '../facts';
import { ConfigProblem } from '../finding';
import { ownersOf } from '../owner';
import type { AddressChange } from '../readdress/address-request';
import type { AddressPlanner } from '../readdress/address-planner';
import { unknownOrigin } from '../readdress/unknown-origin';
import { releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile } from '../release';
import { applySteps, generate } from './apply-netplan';
import { netplanId, networkOf, sections } from './netplan-devices';
import { filterList, listIn } from './netplan-entry';
import type { Entry } from './netplan-entry';
import { formatNetplan, keyOf, lineOfPair, mapIn, readNetplan } from './netplan-file';
import { setSix } from './six-netplan';

/** On trial the files stand in /run/netplan, in place of those in /etc. Sources: netplan(5), netplan-apply(8). */
export const netplanAddress: AddressPlanner = {
  files: changedFiles,
  plan: (facts, device, files, wants) => {
    const stack = ownersOf(facts, device)[0] === 'netplan-NetworkManager' ? 'netplan-NetworkManager' : 'netplan-networkd';
    const take = applySteps(facts, stack, 'linux');
    return releasePlan(facts, {
      stack, kind: 'linux', goal: 'address', nic: device, bridge: device, wants,
      files: writtenFiles(files, (path) => (path.startsWith('/etc/netplan/') ? path.replace('/etc/', '/run/') : null)), removes: removedFiles(facts, files, () => 'commit'),
      apply: take, commit: [generate], revert: take, needsBootGuard: false, expectedGap: stack === 'netplan-networkd' ? 1 : 4,
    });
  },
};

function changedFiles(facts: ConversionFacts, change: AddressChange): LastingFile[] {
  const all = readNetplan(facts);
  const before = new Map(all.map((file) => [file, formatNetplan(file)]));
  const id = netplanId(facts, change.device);
  const entries = all.flatMap((file): Entry[] => [...sections, 'bridges'].flatMap((section) => {
    const entry = mapIn(file, mapIn(file, networkOf(file), section), id);
    return entry ? [{ file, entry }] : [];
  }));
  const last = entries.at(-1);
  if (!last) throw ConfigProblem.of('config.missing', `No file of netplan names ${change.device}`, `None of netplan's files has an entry ${id}.`);
  if (change.dhcp) setLease(entries, last, change);
  if (change.address !== null) setAddress(entries, last, change, change.address);
  if (change.gateway !== null) setGateway(entries, last, change, change.gateway);
  if (change.six !== null) setSix(entries, last, change.six, change.device);
  if (change.dns !== null) setDns(entries, last, change, change.dns);
  if (change.search !== null) setSearch(entries, last, change.search);
  if (change.mtu !== null) setMtu(entries, last, change.mtu);
  return all.filter((file) => formatNetplan(file) !== before.get(file)).map((file) => {
    if (!file.path.startsWith('/etc/')) throw ConfigProblem.of('config.volatile', `${file.path} is not below /etc`, 'Something makes it at each start, or it belongs to a package; a change would not last.');
    return { path: file.path, content: formatNetplan(file), mode: 0o600 };
  });
}

/** The default route keeps its metric: another NIC might win it otherwise. */
function setLease(entries: readonly Entry[], last: Entry, { replaced, metric, device }: AddressChange): void {
  const ownAddress = (item: unknown): string => (isMap(item) ? keyOf(item.items[0]) : isScalar(item) ? String(item.value) : '').split('/')[0]!;
  let found = false;
  for (const at of entries) {
    found = listIn(at, 'addresses')?.items.some((item) => replaced.includes(ownAddress(item))) || found;
    filterList(at, 'addresses', (item) => !replaced.includes(ownAddress(item)));
    filterList(at, 'routes', (item) => !isDefaultIpv4(item));
    at.entry.delete('gateway4');
    at.entry.delete('dhcp4');
  }
  if (!found) throw unknownOrigin('netplan\'s files don\'t say', replaced[0], device);
  last.entry.set(last.file.document.createNode('dhcp4'), last.file.document.createNode(true));
  if (metric !== null) override(last, 'route-metric', metric);
}

const isDefaultIpv4 = (route: unknown): boolean => isMap(route) && ['default', '0.0.0.0/0', '0/0'].includes(String(route.get('to'))) && !String(route.get('via')).includes(':');

function override({ file, entry }: Entry, key: string, value: boolean | number): void {
  if (!mapIn(file, entry, 'dhcp4-overrides')) entry.set(file.document.createNode('dhcp4-overrides'), file.document.createNode({}));
  mapIn(file, entry, 'dhcp4-overrides')!.set(file.document.createNode(key), file.document.createNode(value));
}

function setAddress(entries: readonly Entry[], last: Entry, { replaced, wasLeased, device }: AddressChange, address: string): void {
  let found = false;
  for (const at of entries) {
    const list = listIn(at, 'addresses');
    for (const [index, item] of list?.items.entries() ?? []) {
      const own = isMap(item) ? keyOf(item.items[0]) : isScalar(item) ? String(item.value) : '';
      if (!replaced.includes(own.split('/')[0]!)) continue;
      if (!isScalar(item)) throw ConfigProblem.at(at.file.path, lineOfPair(at.file, at.entry.items.find((pair) => keyOf(pair) === 'addresses')!), `${own} has settings of its own.`);
      found = true;
      list!.items[index] = at.file.document.createNode(address);
    }
    if (wasLeased && at.entry.get('dhcp4') === true) at.entry.set('dhcp4', false);
  }
  if (found) return;
  if (!wasLeased && replaced.length > 0) throw unknownOrigin('netplan\'s files don\'t say', replaced[0], device);
  const list = listIn(last, 'addresses');
  if (list) list.items.unshift(last.file.document.createNode(address));
  else last.entry.set(last.file.document.createNode('addresses'), last.file.document.createNode([address]));
}

function setGateway(entries: readonly Entry[], last: Entry, { metric }: AddressChange, gateway: string): void {
  let found = false;
  for (const { file, entry } of entries) {
    if (entry.has('gateway4')) {
      entry.set('gateway4', gateway);
      found = true;
    }
    for (const route of listIn({ file, entry }, 'routes')?.items ?? []) {
      if (!isMap(route) || !isDefaultIpv4(route)) continue;
      route.set('via', gateway);
      found = true;
    }
  }
  if (found) return;
  // `default` is understood from netplan 0.103 on only.
  const route = last.file.document.createNode({ to: '0.0.0.0/0', via: gateway, ...metric === null || metric === 0 ? {} : { metric } });
  const list = listIn(last, 'routes');
  if (list) list.items.push(route);
  else last.entry.set(last.file.document.createNode('routes'), last.file.document.createNode([route]));
}

function setDns(entries: readonly Entry[], last: Entry, change: AddressChange, dns: readonly string[]): void {
  for (const { file, entry } of entries) mapIn(file, entry, 'nameservers')?.delete('addresses');
  if (dns.length === 0) {
    for (const { file, entry } of entries) {
      if (mapIn(file, entry, 'nameservers')?.items.length === 0) entry.delete('nameservers');
      mapIn(file, entry, 'dhcp4-overrides')?.delete('use-dns');
    }
    return;
  }
  if (!mapIn(last.file, last.entry, 'nameservers')) last.entry.set('nameservers', last.file.document.createNode({}));
  mapIn(last.file, last.entry, 'nameservers')!.set('addresses', last.file.document.createNode([...dns]));
  if (!change.wasLeased && entries.some(({ entry }) => entry.get('dhcp4') === true)) override(last, 'use-dns', false);
}

function setSearch(entries: readonly Entry[], last: Entry, search: readonly string[]): void {
  for (const { file, entry } of entries) {
    mapIn(file, entry, 'nameservers')?.delete('search');
    if (mapIn(file, entry, 'nameservers')?.items.length === 0) entry.delete('nameservers');
  }
  if (search.length === 0) return;
  if (!mapIn(last.file, last.entry, 'nameservers')) last.entry.set(last.file.document.createNode('nameservers'), last.file.document.createNode({}));
  mapIn(last.file, last.entry, 'nameservers')!.set(last.file.document.createNode('search'), last.file.document.createNode([...search]));
}

function setMtu(entries: readonly Entry[], last: Entry, mtu: number): void {
  for (const { entry } of entries) if (entry !== last.entry) entry.delete('mtu');
  last.entry.set('mtu', mtu);
}
