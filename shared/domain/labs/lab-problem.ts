import { z } from 'zod';

/** A hundred networks with everything said of them are a tenth of it. In characters. */
export const longestLabFile = 1_000_000;

/** A place in a lab file: keys and positions in lists, from the top. */
export type LabPath = readonly (string | number)[];

/** Something about a lab file, at the place that is to blame. */
export interface LabIssue {
  path: LabPath;
  /** The key itself is to blame, not what stands behind it. */
  atKey?: boolean;
  message: string;
  severity: 'error' | 'warning';
}

/** The same at its line. Lines and columns count from 1. */
export const labProblemSchema = z.object({ severity: z.enum(['error', 'warning']), message: z.string(), line: z.number().int(), column: z.number().int() });
export type LabProblem = z.infer<typeof labProblemSchema>;

export function labError(path: LabPath, message: string): LabIssue {
  return { path, message, severity: 'error' };
}
