import { z } from 'zod';
import type { OvsBridge, OvsPort } from '../../../shared/domain/host-network';
import { parseJsonReply, unreadableReply } from '../json-reply';

type OvsInterface = OvsPort['interfaces'][number];

const bridgeColumns = ['_uuid', 'name', 'ports', 'datapath_type', 'fail_mode', 'stp_enable', 'status'];
const portColumns = ['_uuid', 'name', 'tag', 'trunks', 'vlan_mode', 'bond_mode', 'interfaces'];
const interfaceColumns = ['_uuid', 'name', 'type', 'admin_state', 'link_state', 'ofport', 'error', 'options'];

/** Three tables by one process: three JSON documents, one a line. Source: ovs-vsctl(8), ovs-vswitchd.conf.db(5). */
export const listSwitchesArgv: readonly string[] = [
  'ovs-vsctl', '--no-wait', '--timeout=3', '--format=json',
  '--', `--columns=${bridgeColumns.join(',')}`, 'list', 'Bridge',
  '--', `--columns=${portColumns.join(',')}`, 'list', 'Port',
  '--', `--columns=${interfaceColumns.join(',')}`, 'list', 'Interface',
];

export { bridgeColumns, interfaceColumns, portColumns };

const tableSchema = z.object({ headings: z.array(z.string()), data: z.array(z.array(z.unknown())) });

/** RFC 7047, 5.1: an atom is itself or `["uuid", id]`; several are `["set", [...]]`; a map is `["map", [[key, value], ...]]`. */
const uuidAtom = z.tuple([z.literal('uuid'), z.string()]).transform(([, uuid]) => uuid);
const setOf = <S extends z.ZodType>(atom: S) =>
  z.union([z.tuple([z.literal('set'), z.array(atom)]).transform(([, items]) => items), atom.transform((item) => [item])]);
const optional = <S extends z.ZodType>(atom: S) => setOf(atom).transform((items) => (items as z.infer<S>[])[0] ?? null);
const stringMap = z.tuple([z.literal('map'), z.array(z.tuple([z.string(), z.string()]))])
  .transform(([, pairs]) => Object.fromEntries(pairs));

const bridgeSchema = z.object({
  _uuid: uuidAtom, name: z.string(), ports: setOf(uuidAtom), datapath_type: z.string(), fail_mode: optional(z.string()),
  stp_enable: z.boolean(), status: stringMap,
});
const portSchema = z.object({
  _uuid: uuidAtom, name: z.string(), tag: optional(z.number().int()), trunks: setOf(z.number().int()),
  vlan_mode: optional(z.string()), bond_mode: optional(z.string()), interfaces: setOf(uuidAtom),
});
const interfaceSchema = z.object({
  _uuid: uuidAtom, name: z.string(), type: z.string(), admin_state: optional(z.string()), link_state: optional(z.string()),
  ofport: optional(z.number()), error: optional(z.string()), options: stringMap,
});

/** The bridges with their ports and interfaces, by name. Throws AppError `reply.unreadable`. */
export function parseSwitches(stdout: string): OvsBridge[] {
  const documents = stdout.split('\n').filter((line) => line.trim() !== '');
  if (documents.length !== 3) throw unreadableReply('ovs-vsctl list', 'did not print its three tables', stdout);
  const interfaces = new Map(parseTable(documents[2]!, interfaceSchema).map((row) => [row._uuid, row]));
  const ports = new Map(parseTable(documents[1]!, portSchema).map((row) => [row._uuid, row]));
  return parseTable(documents[0]!, bridgeSchema).map((bridge): OvsBridge => {
    const bridgePorts = bridge.ports.flatMap((uuid): OvsPort[] => {
      const port = ports.get(uuid);
      if (!port) return [];
      const own = port.interfaces.flatMap((id): OvsInterface[] => {
        const row = interfaces.get(id);
        return row ? [{
          name: row.name, type: row.type === '' ? 'system' : row.type, adminState: row.admin_state, linkState: row.link_state,
          ofport: row.ofport, error: row.error, options: row.options,
        }] : [];
      }).sort(byName);
      return [{
        name: port.name, tag: port.tag, trunks: [...port.trunks].sort((a, b) => a - b), vlanMode: port.vlan_mode,
        bondMode: port.bond_mode, interfaces: own,
      }];
    }).sort(byName);
    return {
      name: bridge.name,
      datapathType: bridge.datapath_type === 'system' ? '' : bridge.datapath_type,
      failMode: bridge.fail_mode,
      stp: bridge.stp_enable,
      ports: bridgePorts,
      problem: problemOf(bridge.name, bridgePorts),
    };
  }).sort(byName);
}

/** A bridge whose datapath could not be made says so at the interface of its own name; `ovs-vsctl add-br` exits 0 all the same. */
function problemOf(name: string, ports: readonly OvsPort[]): string | null {
  const own = ports.find((port) => port.name === name)?.interfaces[0];
  if (!own) return null;
  if (own.error !== null) return own.error;
  return own.ofport === null || own.ofport < 0 ? 'Open vSwitch has not made this bridge; its log says why.' : null;
}

function parseTable<S extends z.ZodType>(document: string, schema: S): z.infer<S>[] {
  const { headings, data } = parseJsonReply('ovs-vsctl list', tableSchema, document);
  return data.map((row) => {
    const parsed = schema.safeParse(Object.fromEntries(headings.map((heading, index) => [heading, row[index]])));
    if (!parsed.success) throw unreadableReply('ovs-vsctl list', `has a row this app doesn't know (${parsed.error.issues[0]?.path.join('.') ?? ''})`, JSON.stringify(row));
    return parsed.data;
  });
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
