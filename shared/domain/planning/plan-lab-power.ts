import type { LabIntent } from '../intent';
import { isOn } from '../machine-state';
import type { Machine } from '../machine';
import { machinesOfLab, networksOfLab, routersOfLab } from '../labs/labs-on-host';
import { roleIn } from '../labs/role-in';
import type { NetworkState, Plan } from '../plan';
import type { HostSnapshot } from '../snapshot';
import { joinParts } from './join-parts';
import type { PlanPart } from './join-parts';
import { powerParts } from './lab-power-parts';
import { conditionOf } from './machine-condition';
import { stateOf } from './network-state';
import { checksAfter } from './plan-checks';
import { refuseInactiveNetworks } from './plan-machine';
import { noticesOf } from './plan-notices';
import { planTransition } from './plan-transition';
import type { PlanDraft, PlanningContext } from './planning-context';

/**
 * A lab's networks, its routers and the machines of its roles, all on or all off. Networks come before the machines that need them; of the machines those
 * with the most NICs in the lab, by which the others reach anything, and its routers before all. Stopping goes the other way round.
 * Throws AppError `plan.invalid` (a machine that needs a network which neither runs nor is the lab's).
 */
export function planLabPower({ lab, kind }: Extract<LabIntent, { kind: 'lab.start' | 'lab.stop' }>, context: PlanningContext): PlanDraft {
  const { snapshot } = context;
  const on = kind === 'lab.start';
  const machines = [...routersOfLab(lab, snapshot), ...machinesOfLab(lab, snapshot).sort((a, b) => nicsIn(lab, b) - nicsIn(lab, a))];
  const ordered = on ? machines : machines.reverse();
  if (on) for (const machine of ordered) if (!isOn(machine)) refuseInactiveNetworks(machine, { snapshot: withActive(lab, snapshot) });
  const power = powerParts(ordered.flatMap((machine) => { const condition = conditionOf(machine.uuid, context); return condition ? [{ machine: condition, on }] : []; }), snapshot);
  const networks = networksOfLab(lab, snapshot).filter(({ active }) => active !== on).flatMap(({ uuid }) => partOf(uuid, on, ordered, context));
  const shared: Plan['notices'] = on ? [] : ordered.filter((machine) => isOn(machine) && machine.labRoles.length > 1).map((machine) => ({
    severity: 'warning', text: `${machine.name} is part of ${machine.labRoles.filter((mark) => mark.lab !== lab).map((mark) => mark.lab).join(', ')}, too, and is off there as well.`,
  }));
  return joinParts(`${on ? 'Start' : 'Stop'} the lab ${lab}`, on ? 'Its networks, then its machines.' : 'Its guests are asked to shut down; its networks stop once they are off. What the lab is stays.', [
    ...power.first, ...networks, ...power.later, { steps: [], checks: [], changes: [], notices: shared },
  ]);
}

const nicsIn = (lab: string, machine: Machine): number => roleIn(lab, machine)?.nics.length ?? 0;

function withActive(lab: string, snapshot: HostSnapshot): HostSnapshot {
  return { ...snapshot, networks: snapshot.networks.map((network) => (network.lab?.lab === lab ? { ...network, active: true } : network)) };
}

function partOf(uuid: string, on: boolean, machines: readonly Machine[], context: PlanningContext): PlanPart[] {
  const before = stateOf(uuid, context);
  if (!before || before.xml === null) return [];
  const after: NetworkState = before.persistent === false && !on ? { ...before, xml: null, active: false } : { ...before, active: on };
  const transition = { before, after, restart: false };
  // The lab's machines are off by then.
  const snapshot = on ? context.snapshot : { ...context.snapshot, machines: context.snapshot.machines.filter((machine) => !machines.includes(machine)) };
  return [{ steps: planTransition(transition, snapshot), checks: checksAfter(transition, snapshot), changes: [], notices: noticesOf(transition, snapshot) }];
}
