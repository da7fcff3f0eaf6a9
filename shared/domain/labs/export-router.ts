import { keysIn } from '../router/router-files';
import { filesOfRouter } from '../router/router-xml';
import { parseMachine } from '../machine-xml/parse-machine';
import { rangeContains } from '../subnet';
import { routerNameOf } from './lab-router';
import { subnetOf } from './lab-rules';

/** `lan-0` is of the zone `lan`: router-spec.ts. */
const zoneOf = (device: string): string => device.replace(/-\d+$/, '');

/** A router as its host has it: what the lab calls it, and its definition. */
export interface ExportedRouter { key: string; xml: string; autostart: boolean }

/**
 * A router's part of a lab file, of what its definition says it does. `keyOf` gives the key of a network by its name in libvirt; null: it is none of
 * the lab's, and the interface is left out. Reading it gives the same router again.
 */
export function exportRouter({ key, xml, autostart }: ExportedRouter, lab: string, keyOf: (network: string) => string | null): Record<string, unknown> {
  const { network = '', rules = '', keys: whoLogsIn } = filesOfRouter(xml);
  const { name, title, nics } = parseMachine(xml);
  const lines = network.split('\n').map((line) => line.split(' '));
  const said = (word: string): string[][] => lines.filter(([first]) => first === word).map(([, ...rest]) => rest);
  const of = (word: string, device: string): string[] | undefined => said(word).find(([first]) => first === device);
  const gateway = said('gateway')[0]?.[0];
  // A line each, in the order of the file they came of.
  const devices = lines.filter(([word]) => word === 'address' || word === 'dhcp').map(([, device = '']) => device);
  const interfaces = devices.flatMap((device): Record<string, unknown>[] => {
    const [, tag, parent] = of('vlan', device) ?? [];
    const mac = said('nic').find(([, nic]) => nic === (parent ?? device))?.[0];
    const nic = nics.find((item) => item.mac === mac);
    const place = nic?.network ? keyOf(nic.network) : null;
    const address = of('address', device)?.[1] ?? 'dhcp';
    const [, start, end] = of('range', device) ?? [];
    return place === null ? [] : [{
      network: place, ...nic?.portgroup ? { portgroup: nic.portgroup } : {}, ...tag === undefined ? {} : { vlan: Number(tag) }, zone: zoneOf(device), address,
      dhcp: start === undefined ? 'none' : { start, end },
      ...gateway !== undefined && address !== 'dhcp' && rangeContains(subnetOf(address), gateway) ? { gateway } : {},
    }];
  });
  const found = (pattern: RegExp): string[][] => [...rules.matchAll(pattern)].map(([, ...devices]) => devices.map(zoneOf));
  const eachOnce = <T>(items: readonly T[]): T[] => items.filter((item, at) => items.findIndex((other) => JSON.stringify(other) === JSON.stringify(item)) === at);
  const way = said('names')[0]?.[0] ?? 'none';
  const servers = said('server').flat();
  const keys = whoLogsIn === undefined ? [] : keysIn(whoLogsIn);
  return {
    ...name === routerNameOf(lab, key, {}) ? {} : { name }, ...title === null ? {} : { title }, interfaces,
    allow: eachOnce(found(/iifname (\S+) oifname (\S+) accept/g)), nat: eachOnce(found(/oifname (\S+) masquerade/g).flat()),
    ...way === 'fake' || way === 'none' ? { dns: way } : {}, ...servers.length === 0 ? {} : { nameServers: servers },
    ...whoLogsIn === undefined ? {} : { ssh: { ...keys.length === 0 ? {} : { keys }, from: eachOnce(found(/iifname (\S+) tcp dport 22 accept/g).flat()) } },
    ...autostart ? {} : { autostart },
  };
}
