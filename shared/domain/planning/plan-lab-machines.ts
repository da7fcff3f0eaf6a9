import { AppError } from '../../errors/app-error';
import type { LabIntent } from '../intent';
import { isOn } from '../machine-state';
import type { Machine } from '../machine';
import { buildNicXml } from '../machine-xml/edit-nic-xml';
import { freePorts } from '../machine-xml/free-ports';
import { macOfDocument, nicDocument } from '../machine-xml/nic-documents';
import { placeOf } from '../machine-xml/nic-place';
import type { ResolvedMachine } from '../labs/lab-intent';
import { machinesOfLab, routersOfLab } from '../labs/labs-on-host';
import { nicSpecOfRole } from '../labs/resolve-lab-machines';
import { isAt, pluggedMacs, withoutLabNics } from '../labs/role-macs';
import type { RoleMark } from '../labs/role-mark';
import type { MachineCondition, Plan } from '../plan';
import type { HostSnapshot } from '../snapshot';
import { validateNicSpec } from '../validate-nic-spec';
import type { PlanPart } from './join-parts';
import { conditionOf } from './machine-condition';
import type { Side } from './machine-commands';
import { roleParts, roleTransition, touchesNothing } from './machine-role-transition';
import type { RoleTransition } from './machine-role-transition';
import { listNames } from './plugged-machines';
import type { PlanningContext } from './planning-context';

/** The machines whose XML a lab's plan needs. */
export function machinesOfIntent(intent: LabIntent, snapshot: HostSnapshot): string[] {
  const wanted = intent.kind === 'lab.apply' ? intent.machines.map(({ uuid }) => uuid.toLowerCase()) : [];
  // Elsewhere a lab's routers have states of their own (`touchedRouters`).
  const routers = intent.kind === 'lab.start' || intent.kind === 'lab.stop' ? routersOfLab(intent.lab, snapshot) : [];
  return [...new Set([...routers, ...machinesOfLab(intent.lab, snapshot)].map(({ uuid }) => uuid).concat(wanted))];
}

export interface RolePlan {
  /** Before the networks change: NICs that go. One for each machine that changes. */
  first: PlanPart[];
  /** After it: NICs that come. */
  later: PlanPart[];
  /** The host with the NICs that stay. */
  between: HostSnapshot;
}

/**
 * The machines of a lab from what they have of it to what is wanted: `wanted` are those that play a role, all others of the lab leave it.
 * NICs that the lab plugged in are its own, and are put right; others stay as they are. `gone`: networks that are removed, or made anew under
 * their name. Throws AppError `plan.invalid`, `not-found`.
 */
export function planRoles(lab: string, wanted: readonly ResolvedMachine[], gone: readonly string[], context: PlanningContext): RolePlan {
  const { snapshot } = context;
  const uuids = [...new Set([...machinesOfLab(lab, snapshot).map(({ uuid }) => uuid), ...wanted.map(({ uuid }) => uuid.toLowerCase())])];
  const cleared = withoutLabNics(lab, snapshot);
  const changes = uuids.map((uuid) => {
    const machine = snapshot.machines.find((item) => item.uuid === uuid);
    const before = conditionOf(uuid, context);
    if (!machine || !before) throw new AppError('not-found', 'No such machine', 'A machine of the lab is not on this host any more; perhaps it was deleted in the meantime.');
    const role = wanted.find((item) => item.uuid.toLowerCase() === uuid) ?? null;
    const wish = wantedCondition(lab, role, machine, before, gone);
    const { after, late } = fitting(before, wish, context.machineXmlOf(uuid)?.running ?? null);
    return { transition: roleTransition(before, after), cautions: [...role ? checkedNics(role, machine, cleared, context) : [], ...late] };
  }).filter(({ transition }) => !touchesNothing(transition));
  return partsOf(changes.map(({ transition }) => transition), snapshot, changes.flatMap(({ cautions }) => cautions));
}

/** The same for any such transitions, `cautions` being said of them. */
export function partsOf(transitions: readonly RoleTransition[], snapshot: HostSnapshot, cautions: Plan['notices'] = []): RolePlan {
  const parts = transitions.map((transition) => roleParts(transition, snapshot));
  const gains = transitions.some(({ between, after }) => (after.running ?? []).some((xml) => !between.running?.includes(xml)));
  const notices: Plan['notices'] = [...cautions, ...gains ? [{ severity: 'info' as const, text: 'Guests that run have to configure their new NICs: most do by themselves, servers often wait for a line in their configuration.' }] : []];
  return {
    first: parts.map(({ first }) => first),
    later: [...parts.map(({ later }) => later), ...notices.length > 0 ? [{ steps: [], checks: [], changes: [], notices }] : []],
    between: betweenOf(transitions, snapshot),
  };
}

/** Taps go with their NICs. */
function betweenOf(transitions: readonly RoleTransition[], snapshot: HostSnapshot): HostSnapshot {
  const machines = snapshot.machines.map((machine) => withKeptNics(machine, transitions.find(({ before }) => before.uuid === machine.uuid)));
  const tapsOf = (list: readonly Machine[]): string[] => list.flatMap(({ nics }) => nics.flatMap(({ target }) => target ?? []));
  const left = tapsOf(machines);
  const gone = tapsOf(snapshot.machines).filter((tap) => !left.includes(tap));
  return {
    ...snapshot, machines, interfaces: snapshot.interfaces.filter(({ name }) => !gone.includes(name)),
    ovsBridges: snapshot.ovsBridges.map((bridge) => ({ ...bridge, ports: bridge.ports.filter(({ name }) => !gone.includes(name)) })),
  };
}

function withKeptNics(machine: Machine, transition: RoleTransition | undefined): Machine {
  if (!transition) return machine;
  const side = isOn(machine) ? 'running' : 'definition';
  const macsOf = (condition: MachineCondition): string[] => (condition[side] ?? []).map(macOfDocument);
  const [had, has] = [macsOf(transition.before), macsOf(transition.between)];
  return { ...machine, nics: machine.nics.filter(({ mac }) => !had.includes(mac) || has.includes(mac)) };
}

/** `role` null: the machine leaves the lab. */
function wantedCondition(lab: string, role: ResolvedMachine | null, machine: Machine, before: MachineCondition, gone: readonly string[]): MachineCondition {
  const plugged = pluggedMacs(lab, { ...machine, labRoles: before.labRoles });
  const nics = role?.nics ?? [];
  const isRight = (xml: string): boolean => {
    const { nic } = nicDocument(xml);
    if (!plugged.includes(nic.mac)) return true;
    const wanted = nics.find((item) => item.mac === nic.mac);
    return wanted !== undefined && isAt(nic, wanted) && nic.model === wanted.model && !gone.includes(wanted.network);
  };
  const side = (name: Side): string[] | null => {
    const left = before[name]?.filter(isRight) ?? null;
    return left && [...left, ...nics.filter(({ mac }) => !left.some((xml) => macOfDocument(xml) === mac)).map((nic) => buildNicXml(nicSpecOfRole(nic)))];
  };
  const hadBefore = (mac: string): boolean => [...before.definition ?? [], ...before.running ?? []].some((xml) => macOfDocument(xml) === mac);
  const mark: RoleMark | null = role && { lab, role: role.role, nics: nics.map(({ key, mac }) => ({ network: key, mac, plugged: plugged.includes(mac) || !hadBefore(mac) })) };
  const others = before.labRoles.filter((item) => item.lab !== lab);
  const at = before.labRoles.findIndex((item) => item.lab === lab);
  return { ...before, definition: side('definition'), running: side('running'), labRoles: mark ? [...others.slice(0, at < 0 ? others.length : at), mark, ...at < 0 ? [] : others.slice(at)] : others };
}

/** A running machine without room for a NIC gets it with its next start; one without a definition has none, and libvirt says what is wrong. */
function fitting(before: MachineCondition, wish: MachineCondition, running: string | null): { after: MachineCondition; late: Plan['notices'] } {
  if (wish.running === null || wish.definition === null || before.running === null || running === null) return { after: wish, late: [] };
  const [held, asked] = [before.running, wish.running];
  const gone = held.filter((xml) => !asked.includes(xml)).map(macOfDocument);
  const added = asked.filter((xml) => !held.includes(xml));
  const left = added.slice(freePorts(running, gone) ?? added.length);
  if (left.length === 0) return { after: wish, late: [] };
  const changes = left.some((xml) => !before.definition?.some((other) => macOfDocument(other) === macOfDocument(xml)));
  return {
    after: { ...wish, running: asked.filter((xml) => !left.includes(xml)) },
    late: changes ? [{ severity: 'warning', text: `${before.name} runs, and has no free slot for ${listNames(left.map(macOfDocument))}: it has ${left.length === 1 ? 'this NIC' : 'these NICs'} once it has been shut down and started; a reboot inside the guest is not enough.` }] : [],
  };
}

/** What stands against the MACs that the lab would plug in: of the host, which is without its NICs, an error, of others, a caution. */
function checkedNics(role: ResolvedMachine, machine: Machine, host: HostSnapshot, { macsElsewhere }: PlanningContext): Plan['notices'] {
  const cleared = host.machines.find(({ uuid }) => uuid === machine.uuid) ?? machine;
  return role.nics.flatMap((nic): Plan['notices'] => {
    const there = cleared.nics.find(({ mac }) => mac === nic.mac);
    if (there && isAt(there, nic)) return [];
    if (there) throw invalid(`${machine.name} has a NIC ${nic.mac} of its own on ${placeOf(there)}.`);
    return validateNicSpec(nicSpecOfRole(nic), { snapshot: host, elsewhere: macsElsewhere, machine: cleared, mac: null, now: false }).filter(({ path }) => path === 'mac').map(({ severity, message }) => {
      if (severity === 'error') throw invalid(message);
      return { severity, text: message };
    });
  });
}

function invalid(detail: string): AppError {
  return new AppError('plan.invalid', 'The machines can\'t be plugged in like this', detail);
}
