import { isOn } from '../machine-state';
import { macOfDocument } from '../machine-xml/nic-documents';
import type { MachineCondition, PlanCheck, PlanStep } from '../plan';
import type { HostSnapshot } from '../snapshot';
import type { PlanPart } from './join-parts';
import { setRoleMarks } from './machine-commands';
import type { Side } from './machine-commands';
import { documentsOfNics, nicTransitions } from './machine-transition';
import { nicChecks, nicSteps } from './nic-transition';
import { listNames } from './plugged-machines';

/** A machine that enters, changes or leaves a lab, or goes back: its NICs that go, before the lab's networks change, and those that come, after it. */
export interface RoleTransition { before: MachineCondition; between: MachineCondition; after: MachineCondition }

/** A NIC that isn't as it shall be goes and comes back: its network may be another one in between. */
export function roleTransition(before: MachineCondition, after: MachineCondition): RoleTransition {
  const kept = (side: Side): string[] | null => before[side]?.filter((xml) => after[side]?.includes(xml)) ?? null;
  return { before, between: { ...before, definition: kept('definition'), running: kept('running') }, after };
}

export const touchesNothing = ({ before, after }: RoleTransition): boolean =>
  JSON.stringify([before.labRoles, before.definition, before.running]) === JSON.stringify([after.labRoles, after.definition, after.running]);

/**
 * What happens before the networks change, and after. The mark comes before the NICs that it tells of, and goes after them: cut off anywhere,
 * the lab knows what it has plugged in.
 */
export function roleParts(transition: RoleTransition, snapshot: HostSnapshot): { first: PlanPart; later: PlanPart } {
  const { before, between, after } = transition;
  const leaves = after.labRoles.length === 0;
  const mark = markSteps(transition);
  const marked = mark.length === 0 ? [] : [rolesCheck(after)];
  return {
    first: part({ steps: [...steps(before, between, snapshot), ...leaves ? mark : []], checks: [...checks(before, between, snapshot), ...leaves ? marked : []], notices: lossNotices(transition, snapshot) }),
    later: part({ steps: [...leaves ? [] : mark, ...steps(between, after, snapshot)], checks: [...leaves ? [] : marked, ...checks(between, after, snapshot)], changes: nicTransitions(before, after).flatMap(documentsOfNics) }),
  };
}

const part = (draft: Partial<PlanPart>): PlanPart => ({ steps: [], checks: [], changes: [], notices: [], ...draft });

function steps(before: MachineCondition, after: MachineCondition, snapshot: HostSnapshot): PlanPart['steps'] {
  return nicTransitions(before, after).flatMap((side) => nicSteps(side, snapshot)).map((step) => ({ ...step, title: `${after.name}: ${step.title.charAt(0).toLowerCase()}${step.title.slice(1)}` }));
}

function checks(before: MachineCondition, after: MachineCondition, snapshot: HostSnapshot): PlanPart['checks'] {
  return nicTransitions(before, after).flatMap((side) => nicChecks(side, snapshot));
}

function markSteps({ before, after }: RoleTransition): Omit<PlanStep, 'id'>[] {
  if (JSON.stringify(before.labRoles) === JSON.stringify(after.labRoles)) return [];
  const sides: Side[] = [...after.definition === null ? [] : ['definition' as const], ...isOn(before) ? ['running' as const] : []];
  const words = ({ name, labRoles }: MachineCondition): string => (labRoles.length === 0 ? `Note in ${name}'s metadata that it is in no lab`
    : `Note in ${name}'s metadata: ${listNames(labRoles.map(({ lab, role }) => `${role} of the lab ${lab}`))}`);
  return [{
    title: words(after), command: setRoleMarks(after.uuid, sides, after.labRoles),
    inverse: [setRoleMarks(before.uuid, sides, before.labRoles)], inverseTitle: words(before),
  }];
}

function rolesCheck({ uuid, name, labRoles }: MachineCondition): Omit<PlanCheck, 'id'> {
  return { title: labRoles.length === 0 ? `${name} is in no lab` : `${name}'s metadata tells its role`, check: { kind: 'machine-roles', uuid, roles: labRoles } };
}

/** What a running machine loses at once. */
function lossNotices({ before, between }: RoleTransition, snapshot: HostSnapshot): PlanPart['notices'] {
  const left = (between.running ?? []).map(macOfDocument);
  const macs = (before.running ?? []).map(macOfDocument).filter((mac) => !left.includes(mac));
  if (macs.length === 0) return [];
  const nics = snapshot.machines.find(({ uuid }) => uuid === before.uuid)?.nics ?? [];
  const addresses = nics.filter(({ mac }) => macs.includes(mac)).flatMap((nic) => nic.addresses.filter(({ source }) => source !== 'static-lease').map(({ address }) => address));
  return [{ severity: 'warning', text: `${before.name} runs, and its guest is asked to let ${listNames(macs)} go: connections through ${macs.length === 1 ? 'it' : 'them'} end${addresses.length === 0 ? '' : ` (${listNames(addresses)})`}.` }];
}
