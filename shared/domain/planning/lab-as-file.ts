import type { LabIntent } from '../intent';
import { AppError } from '../../errors/app-error';
import { planLab } from './plan-lab';
import type { PlanningContext } from './planning-context';

/**
 * Whether a host has a lab as its file says, be it switched on or off: with all of it running there would be nothing to do.
 * What is kept of files doesn't count.
 */
export function isAsItsFile(intent: Extract<LabIntent, { kind: 'lab.apply' }>, context: PlanningContext): boolean {
  try {
    return planLab({ ...intent, file: null }, asIfOn(intent.lab, context)).steps.length === 0;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

function asIfOn(lab: string, context: PlanningContext): PlanningContext {
  const { snapshot, xmlOf, machineXmlOf } = context;
  const started = (xml: ReturnType<PlanningContext['xmlOf']>): ReturnType<PlanningContext['xmlOf']> => xml && { ...xml, running: xml.running ?? xml.persistent };
  const routers = snapshot.machines.filter(({ labRouter }) => labRouter?.lab === lab).map(({ uuid }) => uuid);
  return {
    ...context, xmlOf: (uuid) => started(xmlOf(uuid)), machineXmlOf: (uuid) => (routers.includes(uuid) ? started(machineXmlOf(uuid)) : machineXmlOf(uuid)),
    snapshot: {
      ...snapshot,
      networks: snapshot.networks.map((network) => (network.lab?.lab === lab ? { ...network, active: true } : network)),
      machines: snapshot.machines.map((machine) => (routers.includes(machine.uuid) ? { ...machine, state: 'running' } : machine)),
    },
  };
}
