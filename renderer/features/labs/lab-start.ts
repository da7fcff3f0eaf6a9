import type { ProcedureOutput } from '../../../shared/contract/procedures';
import type { LabVersion } from '../../../shared/domain/labs/lab-version';

/** What the editor of lab files starts with. */
export interface LabStart {
  text: string;
  /** The lab of the host it is the file of; null: of none. */
  lab: string | null;
  /** Where the text comes from, for the heading. */
  origin: string;
  /** The file as it was applied last, where the host has the lab otherwise by now; null: it has not, or no file is kept. */
  kept: LabVersion | null;
  /** Files of before that, newest first. */
  earlier: readonly LabVersion[];
}

/** A lab of a host: the file that is kept with it while it still says how the lab is, else one of how it is. */
export function startOfLab(lab: string, hostName: string, { text, isKept, kept, earlier }: ProcedureOutput<'labs.definition'>): LabStart {
  return { text, lab, origin: kept && isKept ? `as it was applied ${describeTime(kept.appliedAt)}` : `as ${hostName} has it`, kept: isKept ? null : kept, earlier };
}

/** `27 Nov 2026, 18:04`, in the computer's time; what is no time stays as it is. */
export function describeTime(at: string): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  return `${time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })}, ${time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
}
