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
export interface LabProblem {
  severity: 'error' | 'warning';
  message: string;
  line: number;
  column: number;
}

export function labError(path: LabPath, message: string): LabIssue {
  return { path, message, severity: 'error' };
}
