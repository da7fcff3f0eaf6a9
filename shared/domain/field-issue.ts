/** One thing wrong with a draft, tied to its field. `path` as in AppErrorData.field. */
export interface FieldIssue {
  path: string;
  message: string;
  /** A warning lets the user go on. */
  severity: 'error' | 'warning';
}
