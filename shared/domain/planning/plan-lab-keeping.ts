import type { LabIntent } from '../intent';
import { withVersion } from '../labs/lab-version';
import type { LabVersion } from '../labs/lab-version';
import { networksOfLab } from '../labs/labs-on-host';
import { readLabVersions, withLabVersions } from '../network-xml/lab-versions-xml';
import { stateOf } from './network-state';
import type { PlanningContext } from './planning-context';

/** Which network of a lab keeps its file, and what: the one that does so already, else the first. Null: what is kept stays. */
export function planKeeping(intent: Extract<LabIntent, { kind: 'lab.apply' }>, context: Pick<PlanningContext, 'snapshot' | 'xmlOf'>): { uuid: string; versions: LabVersion[] } | null {
  if (intent.file === null) return null;
  const keeper = keeperOf(intent.lab, context);
  const network = intent.networks.find(({ uuid }) => uuid === keeper?.uuid) ?? intent.networks[0];
  return network ? { uuid: network.uuid, versions: withVersion(keeper?.versions ?? [], intent.file) } : null;
}

/** The network of a lab that keeps its file, with what it keeps, newest first; null: none does. */
export function keeperOf(lab: string, context: Pick<PlanningContext, 'snapshot' | 'xmlOf'>): { uuid: string; versions: LabVersion[] } | null {
  for (const { uuid } of networksOfLab(lab, context.snapshot)) {
    const versions = readLabVersions(stateOf(uuid, context)?.xml ?? '<network/>');
    if (versions.length > 0) return { uuid, versions };
  }
  return null;
}

/** Whether two definitions differ, and in nothing but the lab's file that they keep. */
export function keepsFileOnly(a: string, b: string): boolean {
  return a !== b && withLabVersions(a, readLabVersions(b)).trim() === b.trim();
}
