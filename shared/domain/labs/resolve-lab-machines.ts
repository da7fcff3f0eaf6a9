import type { Machine } from '../machine';
import type { NicSpec } from '../machine-intent';
import { placeOf } from '../machine-xml/nic-place';
import { validateNicSpec } from '../validate-nic-spec';
import type { HostSnapshot } from '../snapshot';
import type { LabFile } from './lab-file';
import type { ResolvedMachine, ResolvedNic } from './lab-intent';
import { labError } from './lab-problem';
import type { LabIssue, LabPath } from './lab-problem';
import { nearestWord } from './nearest-word';
import { isAt, withoutLabNics } from './role-macs';
import type { RoleNicPlace } from './role-macs';

/**
 * The machines that play a lab's roles, each with the NICs it needs. `host`: as it will be with the lab's networks. A role without
 * a machine is open, which is worth a word and no error.
 */
export function resolveMachines(file: LabFile, places: readonly RoleNicPlace[], host: HostSnapshot): { machines: ResolvedMachine[]; issues: LabIssue[] } {
  const cleared = withoutLabNics(file.name, host);
  const issues: LabIssue[] = [];
  const machines = Object.entries(file.machines).flatMap(([role, { machine: name }]): ResolvedMachine[] => {
    const path: LabPath = ['machines', role];
    if (name === undefined) {
      issues.push({ path, atKey: true, severity: 'warning', message: `The role ${role} has no machine.` });
      return [];
    }
    const machine = cleared.machines.find((item) => item.name === name);
    if (!machine) {
      issues.push(labError([...path, 'machine'], unknownMachine(name, host.machines)));
      return [];
    }
    const nics = places.filter((place) => place.role === role);
    issues.push(...nics.flatMap((place) => checkPlace(place, machine, cleared)));
    return [{ role, uuid: machine.uuid, nics: nics.map(resolvedNic) }];
  });
  return { machines, issues };
}

function resolvedNic({ nic, mac, network }: RoleNicPlace): ResolvedNic {
  return { key: nic.network, network, portgroup: nic.portgroup ?? null, mac, model: nic.model };
}

/** The NIC as it is plugged in. */
export function nicSpecOfRole({ network, portgroup, mac, model }: ResolvedNic): NicSpec {
  return { source: { kind: 'network', network, portgroup }, mac, model, linkUp: true, bandwidth: { inbound: null, outbound: null } };
}

function unknownMachine(name: string, machines: readonly Machine[]): string {
  const names = machines.map((machine) => machine.name);
  const near = nearestWord(name, names);
  return `There is no machine “${name}” on this host. ${near ? `Is it “${near}”?` : names.length === 0 ? 'It has none.' : names.length <= 8 ? `There ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ')}.` : ''}`.trim();
}

/** `machine` and `host` without what the lab plugged in. */
function checkPlace(place: RoleNicPlace, machine: Machine, host: HostSnapshot): LabIssue[] {
  const path: LabPath = ['machines', place.role, 'nics', place.at];
  const wanted = resolvedNic(place);
  const there = machine.nics.find((nic) => nic.mac === place.mac);
  if (there) return isAt(there, wanted) ? [] : [labError([...path, 'mac'], `${machine.name} has a NIC ${place.mac} of its own on ${placeOf(there)}: move it first, or give this one another MAC.`)];
  const parts: Record<string, string> = { 'source.network': 'network', 'source.portgroup': 'portgroup' };
  return validateNicSpec(nicSpecOfRole(wanted), { snapshot: host, elsewhere: [], machine, mac: null, now: false })
    .map(({ path: at, message, severity }): LabIssue => ({ path: [...path, parts[at] ?? at], message, severity }));
}
