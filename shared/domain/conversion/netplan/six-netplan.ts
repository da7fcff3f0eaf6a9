import { isMap, isScalar } from 'yaml';
import type { YAMLMap } from 'yaml';
import { sameAddress } from '../../subnet';
import { ConfigProblem } from '../finding';
import type { SixChange } from '../readdress/six-change';
import { unknownOrigin } from '../readdress/unknown-origin';
import { filterList, listIn } from './netplan-entry';
import type { Entry } from './netplan-entry';
import { keyOf, lineOfPair } from './netplan-file';

/** Fixed IPv6 in all of netplan's files. What is new goes into the last that names the device. Source: netplan-yaml. @throws ConfigProblem */
export function setSix(entries: readonly Entry[], last: Entry, { gone, come, gateway }: SixChange, device: string): void {
  for (const [at, old] of gone.entries()) replace(entries, old, come[at], device);
  for (const added of come.slice(gone.length)) {
    const list = listIn(last, 'addresses');
    const { document } = last.file;
    if (list) list.items.push(document.createNode(added));
    else last.entry.set(document.createNode('addresses'), document.createNode([added]));
  }
  if (gateway !== undefined) setGateway(entries, last, gateway);
}

function replace(entries: readonly Entry[], old: string, next: string | undefined, device: string): void {
  const holds = (item: unknown): boolean => {
    const own = (isMap(item) ? keyOf(item.items[0]) : isScalar(item) ? String(item.value) : '').split('/')[0]!;
    return own.includes(':') && sameAddress(own, old);
  };
  const holders = entries.filter((at) => listIn(at, 'addresses')?.items.some(holds));
  if (holders.length === 0) throw unknownOrigin('netplan\'s files don\'t say', old, device);
  for (const at of holders) {
    if (next === undefined) {
      filterList(at, 'addresses', (item) => !holds(item));
      continue;
    }
    const list = listIn(at, 'addresses')!;
    for (const [index, item] of list.items.entries()) {
      if (!holds(item)) continue;
      if (!isScalar(item)) throw ConfigProblem.at(at.file.path, lineOfPair(at.file, at.entry.items.find((pair) => keyOf(pair) === 'addresses')!), `${old} has settings of its own.`);
      list.items[index] = at.file.document.createNode(next);
    }
  }
}

const isDefault = (route: unknown): route is YAMLMap => isMap(route) && ['default', '::/0', '0/0'].includes(String(route.get('to'))) && String(route.get('via')).includes(':');

function setGateway(entries: readonly Entry[], last: Entry, gateway: string | null): void {
  let found = false;
  for (const at of entries) {
    if (gateway === null) {
      at.entry.delete('gateway6');
      filterList(at, 'routes', (route) => !isDefault(route));
      continue;
    }
    if (at.entry.has('gateway6')) {
      at.entry.set('gateway6', gateway);
      found = true;
    }
    for (const route of listIn(at, 'routes')?.items ?? []) {
      if (!isDefault(route)) continue;
      route.set('via', gateway);
      found = true;
    }
  }
  if (gateway === null || found) return;
  const { document } = last.file;
  // `default` is understood from netplan 0.103 on only.
  const route = document.createNode({ to: '::/0', via: gateway });
  const list = listIn(last, 'routes');
  if (list) list.items.push(route);
  else last.entry.set(document.createNode('routes'), document.createNode([route]));
}
