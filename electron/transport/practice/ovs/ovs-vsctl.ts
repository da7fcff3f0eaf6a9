import type { OvsRow, OvsState, OvsTable, OvsValue } from '../host-state';
import { findInterface } from '../linux/link-state';
import { runsOvs } from '../system/switch-units';
import { fail, succeed } from '../world';
import type { ToolResult, World } from '../world';
import { addOvsBridge, addOvsPort, bridgeOfPort, findRow, referencesOf, removeOvsBridge, removeOvsPort, rowsByUuid, setColumns } from './database';
import { noVlan } from './rows';

const tables: readonly OvsTable[] = ['Open_vSwitch', 'Bridge', 'Port', 'Interface'];

/** ovs-vsctl(8): `list`, `set`, `show`, `list-br`, `list-ports`, `br-exists`, `add-br`, `del-br`, `add-port`, `del-port`, several joined by `--`. */
export function ovsVsctl(world: World, args: readonly string[]): ToolResult {
  const { ovs } = world.state;
  if (ovs && (args.includes('--version') || args.includes('-V'))) return succeed(`ovs-vsctl (Open vSwitch) ${ovs.version}\nDB Schema ${ovs.schema}\n`);
  if (!ovs || !runsOvs(world)) return fail(1, 'ovs-vsctl: unix:/var/run/openvswitch/db.sock: database connection failed (No such file or directory)\n');
  let asJson = false;
  const commands: string[][] = [[]];
  for (const [at, word] of args.entries()) {
    if (word === '--') commands.push([]);
    else if (word === '--format=json' || (word === 'json' && /^(-f|--format)$/.test(args[at - 1] ?? ''))) asJson = true;
    else if (/^--(no-wait|oneline|timeout=.*|db=.*|format=.*|no-headings)$|^-[tf]$/.test(word)) continue;
    else if (/^(-t|--timeout)$/.test(args[at - 1] ?? '')) continue;
    else commands[commands.length - 1]?.push(word);
  }
  const filled = commands.filter((command) => command.length > 0);
  if (filled.length === 0) return fail(1, 'ovs-vsctl: missing command name (use --help for help)\n');
  let stdout = '';
  let stderr = '';
  for (const command of filled) {
    const result = runOne(world, ovs, command, asJson);
    if (result.exitCode !== 0) return { ...result, stdout: '' };
    stdout += result.stdout;
    stderr += result.stderr;
  }
  return { exitCode: 0, stdout, stderr };
}

function runOne(world: World, ovs: OvsState, words: readonly string[], asJson: boolean): ToolResult {
  const options = words.filter((word) => word.startsWith('--'));
  const [name = '', ...args] = words.filter((word) => !word.startsWith('--'));
  const [first = '', second = ''] = args;
  switch (name) {
    case 'list': return list(ovs, first, args.slice(1), options, asJson);
    case 'set': return set(world, ovs, first, second, args.slice(2));
    case 'show': return succeed(show(ovs));
    case 'list-br': return succeed(names(ovs.tables.Bridge));
    case 'list-ports': {
      const bridge = findRow(ovs, 'Bridge', first);
      if (!bridge) return fail(1, `ovs-vsctl: no bridge named ${first}\n`);
      return succeed(names(rowsByUuid(ovs, 'Port', referencesOf(bridge['ports'])).filter((row) => row['name'] !== first)));
    }
    case 'br-exists': return findRow(ovs, 'Bridge', first) ? succeed() : fail(2, '');
    case 'add-br': {
      if (findRow(ovs, 'Bridge', first)) {
        if (options.includes('--may-exist')) return succeed();
        return fail(1, `ovs-vsctl: cannot create a bridge named ${first} because a bridge named ${first} already exists\n`);
      }
      // The database takes it all the same, and so the exit code is 0.
      if (findInterface(world.state, first)) return notMade(world, first, `could not open network device ${first} (Invalid argument)`);
      addOvsBridge(world, first);
      return succeed();
    }
    case 'del-br': {
      if (!findRow(ovs, 'Bridge', first)) return options.includes('--if-exists') ? succeed() : fail(1, `ovs-vsctl: no bridge named ${first}\n`);
      removeOvsBridge(world, first);
      return succeed();
    }
    case 'add-port': {
      if (!findRow(ovs, 'Bridge', first)) return fail(1, `ovs-vsctl: no bridge named ${first}\n`);
      const owner = bridgeOfPort(ovs, second);
      if (owner) {
        if (options.includes('--may-exist') && owner['name'] === first) return succeed();
        return fail(1, `ovs-vsctl: cannot create a port named ${second} because a port named ${second} already exists on bridge ${String(owner['name'])}\n`);
      }
      const tag = /^tag=(\d+)$/.exec(args[2] ?? '')?.[1];
      addOvsPort(world, first, second, { vlan: { ...noVlan, tag: tag === undefined ? null : Number(tag) }, mac: null });
      return succeed();
    }
    case 'del-port': {
      const port = args[args.length - 1] ?? '';
      if (!findRow(ovs, 'Port', port)) return options.includes('--if-exists') ? succeed() : fail(1, `ovs-vsctl: no port named ${port}\n`);
      removeOvsPort(world, port);
      return succeed();
    }
    default: return fail(1, `ovs-vsctl: unknown command '${name}'; use --help for help\n`);
  }
}

function notMade(world: World, name: string, trouble: string): ToolResult {
  addOvsBridge(world, name, trouble);
  const why = trouble === '' ? '' : `: ${trouble}`;
  return fail(0, `ovs-vsctl: Error detected while setting up '${name}'${why}.  See ovs-vswitchd log for details.\novs-vsctl: The default log directory is "/var/log/openvswitch".\n`);
}

function list(ovs: OvsState, tableName: string, records: readonly string[], options: readonly string[], asJson: boolean): ToolResult {
  const table = tables.find((name) => name.toLowerCase() === tableName.toLowerCase());
  if (!table) return fail(1, `ovs-vsctl: unknown table "${tableName}"\n`);
  const wanted = options.find((option) => option.startsWith('--columns='))?.slice('--columns='.length).split(',') ?? null;
  const rows = ovs.tables[table].filter((row) => records.length === 0 || records.includes(String(row['name'])));
  const missing = records.find((record) => !findRow(ovs, table, record));
  if (missing !== undefined && !options.includes('--if-exists')) return fail(1, `ovs-vsctl: no row "${missing}" in table ${table}\n`);
  const headings = wanted ?? columnsOf(table);
  const unknown = headings.find((heading) => !columnsOf(table).includes(heading));
  if (unknown !== undefined) return fail(1, `ovs-vsctl: ${table} does not contain a column whose name matches "${unknown}"\n`);
  if (asJson) return succeed(`${JSON.stringify({ data: rows.map((row) => headings.map((heading) => row[heading] ?? ['set', []])), headings })}\n`);
  return succeed(rows.map((row) => headings.map((heading) => `${heading.padEnd(20)}: ${text(row[heading] ?? '')}\n`).join('')).join('\n'));
}

/** `set TABLE RECORD COLUMN[:KEY]=VALUE…` for columns that hold one word, number or truth value, and for one key of a map. */
function set(world: World, ovs: OvsState, tableName: string, record: string, settings: readonly string[]): ToolResult {
  const table = tables.find((name) => name.toLowerCase() === tableName.toLowerCase());
  if (!table) return fail(1, `ovs-vsctl: unknown table "${tableName}"\n`);
  const row = findRow(ovs, table, record);
  if (!row) return fail(1, `ovs-vsctl: no row "${record}" in table ${table}\n`);
  const values: OvsRow = {};
  for (const setting of settings) {
    const [column = '', text = ''] = setting.split(/=(.*)/s);
    const [, map, key] = /^([\w-]+):([\w-]+)$/.exec(column) ?? [];
    if (map !== undefined && key !== undefined) {
      const name = map.replaceAll('-', '_');
      values[name] = ['map', [[key, text.replace(/^"(.*)"$/, '$1')]]];
      const link = name === 'other_config' && key === 'hwaddr' ? findInterface(world.state, record) : null;
      if (link) link.mac = text.replaceAll('"', '');
      continue;
    }
    if (!columnsOf(table).includes(column)) return fail(1, `ovs-vsctl: ${table} does not contain a column whose name matches "${column}"\n`);
    values[column] = /^\d+$/.test(text) ? Number(text) : text === 'true' || text === 'false' ? text === 'true' : text.replace(/^"(.*)"$/, '$1');
  }
  setColumns(world, table, row, values);
  return succeed();
}

/** Columns of a table in the tool's order, `_uuid` first. */
export function columnsOf(table: OvsTable): string[] {
  const always: Record<OvsTable, string> = {
    Open_vSwitch: '_uuid bridges cur_cfg datapath_types datapaths db_version dpdk_initialized dpdk_version external_ids iface_types manager_options next_cfg other_config ovs_version ssl statistics system_type system_version',
    Bridge: '_uuid auto_attach controller datapath_id datapath_type datapath_version external_ids fail_mode flood_vlans flow_tables ipfix mcast_snooping_enable mirrors name netflow other_config ports protocols rstp_enable rstp_status sflow status stp_enable',
    Port: '_uuid bond_active_slave bond_downdelay bond_fake_iface bond_mode bond_updelay cvlans external_ids fake_bridge interfaces lacp mac name other_config protected qos rstp_statistics rstp_status statistics status tag trunks vlan_mode',
    Interface: '_uuid admin_state bfd bfd_status cfm_fault cfm_fault_status cfm_flap_count cfm_health cfm_mpid cfm_remote_mpids cfm_remote_opstate duplex error external_ids ifindex ingress_policing_burst ingress_policing_kpkts_burst ingress_policing_kpkts_rate ingress_policing_rate lacp_current link_resets link_speed link_state lldp mac mac_in_use mtu mtu_request name ofport ofport_request options other_config statistics status type',
  };
  return always[table].split(' ');
}

function show(ovs: OvsState): string {
  const root = ovs.tables.Open_vSwitch[0];
  const lines = [text(root?.['_uuid'] ?? '')];
  for (const bridge of ovs.tables.Bridge) {
    lines.push(`    Bridge ${String(bridge['name'])}`);
    for (const port of rowsByUuid(ovs, 'Port', referencesOf(bridge['ports']))) {
      lines.push(`        Port ${String(port['name'])}`);
      if (typeof port['tag'] === 'number') lines.push(`            tag: ${port['tag']}`);
      for (const row of rowsByUuid(ovs, 'Interface', referencesOf(port['interfaces']))) {
        lines.push(`            Interface ${String(row['name'])}`);
        if (row['type'] !== '') lines.push(`                type: ${String(row['type'])}`);
      }
    }
  }
  return [...lines, `    ovs_version: "${ovs.version}"`, ''].join('\n');
}

function names(rows: readonly OvsRow[]): string {
  return rows.map((row) => `${String(row['name'])}\n`).sort().join('');
}

/** A cell as people read it. */
function text(value: OvsValue): string {
  if (!Array.isArray(value)) return typeof value === 'string' && !/^[A-Za-z_][\w.-]*$/.test(value) ? JSON.stringify(value) : String(value);
  if (value[0] === 'uuid') return String(value[1]);
  if (value[0] === 'set') return `[${(value[1] as OvsValue[]).map(text).join(', ')}]`;
  return `{${(value[1] as [OvsValue, OvsValue][]).map(([key, item]) => `${text(key)}=${text(item)}`).join(', ')}}`;
}
