import type { AttachedSpec } from '../attached-spec';
import type { FieldIssue } from '../field-issue';
import { caution, editedNetwork, problem, repeats } from '../network-rules/rule';
import { listNames } from '../planning/plugged-machines';
import type { AttachedRule } from './rule';

/** Portgroups: their names, the default one, their limits, and the machines that use them. */
export const checkPortgroups: AttachedRule = (spec, context) => [
  ...repeats(spec.portgroups.map((group) => group.name)).map(({ at }) => problem(`portgroups.${at}.name`, `There is a portgroup “${spec.portgroups[at]?.name}” already. Machines call it by its name, so each has its own.`)),
  ...checkDefault(spec),
  ...spec.portgroups.flatMap((group, at) => checkLimits(spec, group, at)),
  ...checkUsers(spec, context),
];

function checkDefault({ portgroups }: AttachedSpec): FieldIssue[] {
  const [first, ...others] = portgroups.flatMap((group, at) => (group.isDefault ? [at] : []));
  return first === undefined ? [] : others.map((at) => problem(`portgroups.${at}.isDefault`, `“${portgroups[first]?.name}” is the default already, and only one can be.`));
}

function checkLimits(spec: AttachedSpec, { bandwidth }: AttachedSpec['portgroups'][number], at: number): FieldIssue[] {
  const path = `portgroups.${at}.bandwidth`;
  if (bandwidth.inbound === null && bandwidth.outbound === null) return [];
  if (spec.kind === 'sriov') return [problem(path, 'libvirt can’t limit a virtual function: its frames never pass through the host.')];
  if (spec.kind === 'macvtap') return [problem(path, 'libvirt refuses limits for portgroups of macvtap networks. Set them at the machine’s NIC.')];
  // libvirt gives the average to Open vSwitch as what a port gets at least (min-rate), and only the peak as what it gets at most (max-rate).
  const peakless = spec.kind === 'ovs' && bandwidth.inbound?.peakKBps === null
    ? [caution(`${path}.inbound`, 'Open vSwitch holds machines to the peak alone of what they receive, and there is none here: they receive what comes. Give a peak in the XML, or another limit here.')] : [];
  return [...peakless, ...(['inbound', 'outbound'] as const).flatMap((direction) => {
    const limit = bandwidth[direction];
    return limit?.peakKBps !== null && limit?.peakKBps !== undefined && limit.peakKBps < limit.averageKBps
      ? [problem(`${path}.${direction}.peakKBps`, 'The peak is at least the average.')] : [];
  })];
}

/**
 * libvirt doesn't complain about a NIC whose portgroup is gone: at its next plug-in the NIC silently gets none, and with it no
 * VLAN, so the machine would find itself in a network it wasn't meant for.
 */
const checkUsers: AttachedRule = (spec, context) => {
  const edited = editedNetwork(context);
  if (!edited) return [];
  const nics = context.snapshot.machines.flatMap((machine) => machine.nics.filter((nic) => nic.network === edited.name).map((nic) => ({ machine: machine.name, portgroup: nic.portgroup })));
  const users = (name: string | null): string[] => [...new Set(nics.filter((nic) => nic.portgroup === name).map((nic) => nic.machine))];
  const gone = edited.portgroups.filter((old) => !spec.portgroups.some((group) => group.name === old.name));
  const removed = gone.flatMap(({ name }) => {
    const names = users(name);
    return names.length === 0 ? [] : [problem('portgroups', `${listNames(names)} ${names.length === 1 ? 'uses' : 'use'} the portgroup “${name}”. Without it ${names.length === 1 ? 'its NIC' : 'their NICs'} would be in no VLAN at the next start, and nothing would say so. Move ${names.length === 1 ? 'it' : 'them'} to another portgroup first, or keep the name.`)];
  });
  const defaultOf = (groups: readonly { name: string; isDefault: boolean }[]): string | null => groups.find((group) => group.isDefault)?.name ?? null;
  const [before, after] = [defaultOf(edited.portgroups), defaultOf(spec.portgroups)];
  const nameless = users(null);
  return before === after || nameless.length === 0 ? removed : [...removed, caution('portgroups', `${listNames(nameless)} ${nameless.length === 1 ? 'names' : 'name'} no portgroup and ${nameless.length === 1 ? 'gets' : 'get'} the default one: from the next start on ${after === null ? 'none' : `“${after}”`} instead of ${before === null ? 'none' : `“${before}”`}.`)];
};
