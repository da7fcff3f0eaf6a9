import { isMap, isScalar, isSeq } from 'yaml';
import type { YAMLMap, YAMLSeq } from 'yaml';
import { cantLeave, notConfigured } from '../leave/leave-problem';
import { isLeftAddress, isLeftRoute, leavingOf } from '../leave/left-setting';
import { ConfigProblem } from '../finding';
import { networkOf, sections } from './netplan-devices';
import { keyOf, lineOfPair, mapIn } from './netplan-file';
import type { NetplanFile } from './netplan-file';

interface Entry { file: NetplanFile; entry: YAMLMap }

const where = 'None of netplan\'s files';

/**
 * Takes what is to be left out from the NIC's entries, which change in place, before what they say goes to the bridge. Source: netplan-yaml.
 * `renderer`: who does what the files say, with its own bounds.
 * @throws ConfigProblem for what netplan can't say
 */
export function leaveOutOfNetplan(files: readonly NetplanFile[], id: string, words: readonly string[], renderer: 'networkd' | 'NetworkManager'): void {
  const leaving = leavingOf(words);
  const entries = files.flatMap((file): Entry[] => sections.flatMap((section) => {
    const entry = mapIn(file, mapIn(file, networkOf(file), section), id);
    return entry ? [{ file, entry }] : [];
  }));
  for (const word of words) {
    const own = leavingOf([word]);
    if (own.addresses.length > 0) drop(entries, 'addresses', word, (item) => isLeftAddress(own, isMap(item) ? keyOf(item.items[0]) : isScalar(item) ? String(item.value) : ''));
    if (own.routes.length > 0) drop(entries, 'routes', word, (item) => isMap(item) && isLeftRoute(own, destinationOf(item)));
  }
  if (leaving.dhcp4) switchOff(entries, 'dhcp4');
  if (leaving.dhcp6 && !leaving.ra) throw cantLeave('dhcp6', 'netplan has no word for taking what routers advertise without the lease that they name.');
  if (leaving.ra || leaving.dhcp6) {
    if (renderer === 'NetworkManager') throw cantLeave('ra', 'netplan tells NetworkManager nothing about advertisements of routers.');
    if (entries.some(({ entry }) => isOn(entry, 'dhcp6'))) switchOff(entries, 'dhcp6');
    const last = entries.at(-1)!;
    for (const { entry } of entries) entry.delete('accept-ra');
    last.entry.set(last.file.document.createNode('accept-ra'), last.file.document.createNode(false));
  }
  if (leaving.dns) dropDns(entries, renderer);
}

function destinationOf(route: YAMLMap): string {
  const to: unknown = route.get('to');
  return typeof to === 'string' ? to : '';
}

/** As YAML 1.1, which netplan reads, has it. */
const isOn = (entry: YAMLMap, key: string): boolean => /^(true|yes|on|y)$/i.test(String(entry.get(key)));

function switchOff(entries: readonly Entry[], key: 'dhcp4' | 'dhcp6'): void {
  const on = entries.filter(({ entry }) => isOn(entry, key));
  if (on.length === 0) throw notConfigured(key, where);
  for (const { entry } of on) entry.set(key, false);
}

function listIn({ file, entry }: Entry, key: string): YAMLSeq | undefined {
  const pair = entry.items.find((item) => keyOf(item) === key);
  if (!pair) return undefined;
  if (!isSeq(pair.value)) throw ConfigProblem.at(file.path, lineOfPair(file, pair), `${key} is no list.`);
  return pair.value;
}

/** A list that nothing is left of goes as a whole. */
function drop(entries: readonly Entry[], key: 'addresses' | 'routes', word: string, isLeft: (item: unknown) => boolean): void {
  let found = false;
  for (const at of entries) {
    const list = listIn(at, key);
    const staying = list?.items.filter((item) => !isLeft(item)) ?? [];
    if (!list || staying.length === list.items.length) continue;
    found = true;
    list.items = staying;
    if (staying.length === 0) at.entry.delete(key);
  }
  if (!found) throw notConfigured(word, where);
}

function dropDns(entries: readonly Entry[], renderer: 'networkd' | 'NetworkManager'): void {
  const leased = (['dhcp4', 'dhcp6'] as const).filter((key) => entries.some(({ entry }) => isOn(entry, key)));
  const isSaid = entries.some(({ entry }) => entry.has('nameservers'));
  if (!isSaid && leased.length === 0) throw notConfigured('dns', where);
  if (renderer === 'NetworkManager' && leased.length > 0) throw cantLeave('dns', 'netplan can\'t tell NetworkManager to pass over the name servers that DHCP names.');
  for (const { entry } of entries) entry.delete('nameservers');
  for (const key of leased) {
    const { file, entry } = entries.filter((at) => isOn(at.entry, key)).at(-1)!;
    const overrides = `${key}-overrides`;
    if (!mapIn(file, entry, overrides)) entry.set(file.document.createNode(overrides), file.document.createNode({}));
    mapIn(file, entry, overrides)!.set(file.document.createNode('use-dns'), file.document.createNode(false));
  }
}
