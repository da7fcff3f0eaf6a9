import { Document, isScalar, isSeq, visit } from 'yaml';
import { plainOptions } from '../addressed-spec';
import { isAddressed } from '../network-kinds';
import type { AddressedSpec } from '../addressed-spec';
import type { NetworkSpec } from '../network-spec';
import { same } from '../network-xml/edit-network-xml';
import { freeName } from '../taken-names';
import { exportRoles, openRoles } from './export-roles';
import type { ExportedMachine } from './export-roles';
import { exportRouter } from './export-router';
import type { ExportedRouter } from './export-router';
import type { LabFile } from './lab-file';
import { labKeySchema } from './lab-mark';

/** A network as it is exported. `key`: the one it has in its lab; null: it is made of its name. */
export interface ExportedNetwork { spec: NetworkSpec; key: string | null }

export interface ExportOptions {
  lab: string;
  /** Those that play its roles. */
  machines?: readonly ExportedMachine[];
  /** As the lab has it on its host: names and bridges are written down, so that the file fits the lab. Else they are left to the host. */
  exact: boolean;
  /** Of the lab. Left out: none. */
  routers?: readonly ExportedRouter[];
  /** The lab's file as it was applied, which knows what no host does: its title, the host it is for, its open roles. */
  known?: LabFile | null;
}

/** Networks of a host as a lab file. Reading it gives the same networks again; what is as it would be anyway is left out. */
export function exportLab(networks: readonly ExportedNetwork[], options: ExportOptions): string {
  const keys: string[] = [];
  for (const { spec, key } of networks) keys.push(key ?? freeName(keyOf(spec.name), keys));
  const exported = exportRoles(options.machines ?? [], networks.map(({ spec }, at) => ({ key: keys[at] ?? '', spec })));
  const keyOfName = (name: string): string | null => keys[networks.findIndex(({ spec }) => spec.name === name)] ?? null;
  const routers = Object.fromEntries((options.routers ?? []).map((router) => [router.key, exportRouter(router, options.lab, keyOfName)] as const));
  const machines = { ...exported.roles, ...openRoles(options.known ?? null, Object.keys(exported.roles), keys) };
  const { title, description, host } = options.known ?? {};
  const file = {
    version: 1, name: options.lab, ...title === undefined ? {} : { title }, ...description === undefined ? {} : { description }, ...host === undefined ? {} : { host }, networks: Object.fromEntries(exported.networks.map((spec, at) => [keys[at] ?? '', networkOf(keys[at] ?? '', spec, options)])),
    ...Object.keys(machines).length === 0 ? {} : { machines },
    ...Object.keys(routers).length === 0 ? {} : { routers },
  };
  const document = new Document(file, { aliasDuplicateObjects: false });
  // An item of a list on a line of its own, and a list of words on one, as people write them.
  visit(document, {
    Map: (_, node, path) => { if (isSeq(path.at(-1))) node.flow = true; },
    Seq: (_, node) => { if (node.items.every(isScalar)) node.flow = true; },
  });
  return document.toString({ lineWidth: 120, flowCollectionPadding: true });
}

/** A name that a lab file takes, as near to the network's own as can be. */
function keyOf(name: string): string {
  const key = name.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^[^A-Za-z]+/, '').slice(0, 20);
  return labKeySchema.safeParse(key).success ? key : 'network';
}

function networkOf(key: string, spec: NetworkSpec, { lab, exact }: ExportOptions): Record<string, unknown> {
  const { name, kind, autostart, ...rest } = spec;
  const named = exact && name !== `${lab}-${key}` ? { name } : {};
  const body = isAddressed(spec) ? addressedBody(spec, exact) : withoutPlain(rest, attachedPlain);
  return { kind, ...named, ...body, ...(autostart ? {} : { autostart: false }) };
}

const attachedPlain = { title: null, description: null, vlan: null, portgroups: [], isolatedPorts: false, createBridge: null };
const portgroupPlain = { isDefault: false, vlan: null, bandwidth: { inbound: null, outbound: null } };

function addressedBody({ kind: _kind, name: _name, autostart: _autostart, bridge, ipv4, ipv6, ...options }: AddressedSpec, exact: boolean): Record<string, unknown> {
  return {
    ...(exact ? { bridge } : {}),
    ipv4: ipv4 === null ? 'none' : {
      address: `${ipv4.address}/${ipv4.prefix}`, dhcp: ipv4.dhcp === null ? 'none' : withoutEmpty(ipv4.dhcp), ...withoutEmpty({ tftpRoot: ipv4.tftpRoot }),
    },
    ...(ipv6 === null ? {} : { ipv6: { address: `${ipv6.address}/${ipv6.prefix}`, dhcp: ipv6.dhcp === null ? 'none' : withoutEmpty(ipv6.dhcp) } }),
    ...withoutPlain(options, plainOptions),
  };
}

/** Without what it would be anyway; what is left loses its nulls, its `false` and its empty lists, which need not be said. */
function withoutPlain(values: Record<string, unknown>, plain: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => !same(value, plain[key])).map(([key, value]) => [
    key, key === 'portgroups' ? (value as Record<string, unknown>[]).map((group) => withoutPlain(group, portgroupPlain)) : short(value),
  ]));
}

function short(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(short);
  return typeof value === 'object' && value !== null ? withoutEmpty(value) : value;
}

function withoutEmpty(values: object): Record<string, unknown> {
  const says = (value: unknown): boolean => value !== null && value !== false && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(values).filter(([, value]) => says(value)).map(([key, value]) => [key, short(value)]));
}
