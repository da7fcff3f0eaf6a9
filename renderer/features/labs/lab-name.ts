import { labNameSchema } from '../../../shared/domain/labs/lab-mark';
import { labsOnHost } from '../../../shared/domain/labs/labs-on-host';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { freeName } from '../../../shared/domain/taken-names';

/** What is wrong with the name of a new lab on this host, in a sentence; null: nothing. */
export function labNameProblem(name: string, snapshot: Pick<HostSnapshot, 'networks' | 'machines'>): string | null {
  const parsed = labNameSchema.safeParse(name);
  if (!parsed.success) return `${parsed.error.issues[0]?.message ?? 'This can’t be a name'}.`;
  return takenNames(snapshot).includes(name) ? `There is a lab “${name}” on this host already.` : null;
}

/** A name that no lab of the host has. */
export function proposeLabName(base: string, snapshot: Pick<HostSnapshot, 'networks' | 'machines'>): string {
  return freeName(base.slice(0, 28), takenNames(snapshot));
}

const takenNames = (snapshot: Pick<HostSnapshot, 'networks' | 'machines'>): string[] => labsOnHost(snapshot).map(({ lab }) => lab);
