import type { OvsRow, OvsState, OvsTable, OvsValue } from '../host-state';
import type { OvsChange, World } from '../world';
import { addInterface, removeInterface, setController, setUp } from '../linux/interfaces';
import { findInterface } from '../linux/link-state';
import { newBridge, newInterface, newPort, noVlan } from './rows';
import type { PortVlan } from './rows';

/** The rows of Open vSwitch's database (ovs-vswitchd.conf.db(5)) and the changes that commands make of them. */

export function uuidOf(row: OvsRow): string {
  const value = row['_uuid'];
  return Array.isArray(value) && value[0] === 'uuid' ? String(value[1]) : '';
}

/** What a cell refers to: one UUID stands for a set of one. */
export function referencesOf(value: OvsValue | undefined): string[] {
  if (!Array.isArray(value)) return [];
  if (value[0] === 'uuid') return [String(value[1])];
  return value[0] === 'set' ? (value[1] as OvsValue[]).flatMap((item) => referencesOf(item)) : [];
}

/** Open vSwitch writes a set of one as the item alone. */
export function references(uuids: readonly string[]): OvsValue {
  const items = uuids.map((uuid) => ['uuid', uuid] as const);
  return items.length === 1 && items[0] ? items[0] : ['set', items];
}

export function findRow(ovs: OvsState, table: OvsTable, name: string): OvsRow | null {
  return ovs.tables[table].find((row) => row['name'] === name) ?? null;
}

export function rowsByUuid(ovs: OvsState, table: OvsTable, uuids: readonly string[]): OvsRow[] {
  return ovs.tables[table].filter((row) => uuids.includes(uuidOf(row)));
}

/** The bridge that has this port; null when none has. */
export function bridgeOfPort(ovs: OvsState, name: string): OvsRow | null {
  const port = findRow(ovs, 'Port', name);
  return port ? ovs.tables.Bridge.find((bridge) => referencesOf(bridge['ports']).includes(uuidOf(port))) ?? null : null;
}

/** `trouble`: ovs-vswitchd can't make it, and says so at its interface (an empty text: only in its log). */
export function addOvsBridge(world: World, name: string, trouble: string | null = null): void {
  const { ovs } = world.state;
  if (!ovs) return;
  const mac = world.newMac();
  const link = trouble === null ? addInterface(world, { name, kind: 'ovs', mac, mtu: 1500, cable: true, bridge: null, device: null }) : null;
  const own = newInterface(world.newUuid(), { name, type: 'internal', mac: link ? mac : null, index: link?.index ?? null, ofport: link ? 65534 : -1 });
  if (trouble !== null) Object.assign(own, trouble === '' ? { ofport: ['set', []] } : { error: trouble });
  const port = newPort(world.newUuid(), { name, interfaces: references([uuidOf(own)]), vlan: noVlan });
  const bridge = newBridge(world.newUuid(), { name, ports: references([uuidOf(port)]), mac });
  ovs.tables.Interface.push(own);
  ovs.tables.Port.push(port);
  ovs.tables.Bridge.push(bridge);
  const root = ovs.tables.Open_vSwitch[0];
  const changes: OvsChange[] = [inserted('Bridge', bridge), inserted('Port', port), inserted('Interface', own)];
  if (root) changes.push(change('Open_vSwitch', root, { bridges: references(ovs.tables.Bridge.map(uuidOf)) }));
  world.announce({ kind: 'ovs', changes });
}

export function removeOvsBridge(world: World, name: string): void {
  const { ovs } = world.state;
  const bridge = ovs ? findRow(ovs, 'Bridge', name) : null;
  if (!ovs || !bridge) return;
  const ports = rowsByUuid(ovs, 'Port', referencesOf(bridge['ports']));
  for (const port of ports) if (port['name'] !== name) removeOvsPort(world, String(port['name']));
  const gone: OvsChange[] = [deleted('Bridge', bridge)];
  for (const table of ['Port', 'Interface'] as const) {
    const row = findRow(ovs, table, name);
    if (row) gone.push(deleted(table, row));
    ovs.tables[table] = ovs.tables[table].filter((other) => other !== row);
  }
  ovs.tables.Bridge = ovs.tables.Bridge.filter((row) => row !== bridge);
  const root = ovs.tables.Open_vSwitch[0];
  if (root) gone.push(change('Open_vSwitch', root, { bridges: references(ovs.tables.Bridge.map(uuidOf)) }));
  world.announce({ kind: 'ovs', changes: gone });
  const link = findInterface(world.state, name);
  if (link?.kind === 'ovs') removeInterface(world, link);
}

export function addOvsPort(world: World, bridgeName: string, name: string, { vlan, mac }: { vlan: PortVlan; mac: string | null }): void {
  const { ovs } = world.state;
  const bridge = ovs ? findRow(ovs, 'Bridge', bridgeName) : null;
  if (!ovs || !bridge) return;
  const link = findInterface(world.state, name);
  const ports = referencesOf(bridge['ports']);
  const made = newInterface(world.newUuid(), { name, type: '', mac: link?.mac ?? null, index: link?.index ?? null, ofport: link ? ports.length : -1 });
  if (mac !== null) made['external_ids'] = ['map', [['attached-mac', mac]]];
  if (!link) made['error'] = `could not open network device ${name} (No such device)`;
  const port = newPort(world.newUuid(), { name, interfaces: references([uuidOf(made)]), vlan });
  ovs.tables.Interface.push(made);
  ovs.tables.Port.push(port);
  const update = change('Bridge', bridge, { ports: references([...ports, uuidOf(port)]) });
  if (link && link.kind !== 'tap') {
    setController(world, link, 'ovs-system');
    setUp(world, link, true);
  }
  world.announce({ kind: 'ovs', changes: [inserted('Interface', made), inserted('Port', port), update] });
}

/** Takes a port away, if there is one of this name. */
export function removeOvsPort(world: World, name: string): void {
  const { ovs } = world.state;
  const port = ovs ? findRow(ovs, 'Port', name) : null;
  const bridge = ovs ? bridgeOfPort(ovs, name) : null;
  if (!ovs || !port || !bridge) return;
  const changes: OvsChange[] = [
    change('Bridge', bridge, { ports: references(referencesOf(bridge['ports']).filter((uuid) => uuid !== uuidOf(port))) }),
    deleted('Port', port),
  ];
  ovs.tables.Port = ovs.tables.Port.filter((row) => row !== port);
  for (const row of rowsByUuid(ovs, 'Interface', referencesOf(port['interfaces']))) {
    changes.push(deleted('Interface', row));
    ovs.tables.Interface = ovs.tables.Interface.filter((other) => other !== row);
  }
  const link = findInterface(world.state, name);
  if (link?.controller === 'ovs-system') setController(world, link, null);
  world.announce({ kind: 'ovs', changes });
}

/** Writes some columns of a row. */
export function setColumns(world: World, table: OvsTable, row: OvsRow, values: OvsRow): void {
  world.announce({ kind: 'ovs', changes: [change(table, row, values)] });
}

function inserted(table: OvsTable, row: OvsRow): OvsChange {
  return { table, before: null, after: { ...row } };
}

function deleted(table: OvsTable, row: OvsRow): OvsChange {
  return { table, before: { ...row }, after: null };
}

function change(table: OvsTable, row: OvsRow, values: OvsRow): OvsChange {
  const before = { ...row };
  Object.assign(row, values);
  return { table, before, after: { ...row } };
}
