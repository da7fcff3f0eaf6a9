import { z } from 'zod';

/** Something about a conversion that stops it or that its user should know. Sentences are ready for a screen. */
export const conversionFindingSchema = z.object({
  /** Stable: `nic.wireless`, `config.unreadable`, … */
  code: z.string(),
  severity: z.enum(['blocker', 'warning']),
  title: z.string(),
  /** Of a blocker: why it can't be done. Of a warning: what it means. */
  detail: z.string(),
  /** Of a blocker: what can be done instead. */
  alternative: z.string().nullable(),
});
export type ConversionFinding = z.infer<typeof conversionFindingSchema>;

export function blocker(code: string, title: string, detail: string, alternative: string | null = null): ConversionFinding {
  return { code, severity: 'blocker', title, detail, alternative };
}

export function warning(code: string, title: string, detail: string): ConversionFinding {
  return { code, severity: 'warning', title, detail, alternative: null };
}

/** Of a stack whose planner was never run on a real host: made by its documentation alone. */
export function unproven(stack: string): ConversionFinding {
  return warning('stack.unproven', `Nobody has tried this on a host with ${stack}`, `It follows the documentation of ${stack}, and the host goes back by itself as on every other. Have a console at hand, and agree to a restart should going back fail.`);
}

/** A planner met configuration that it doesn't understand: nothing is guessed, the finding says file and line. */
export class ConfigProblem extends Error {
  constructor(readonly finding: ConversionFinding) {
    super(finding.detail);
    this.name = 'ConfigProblem';
  }

  /** `line` counts from 1. */
  static at(path: string, line: number, why: string, alternative: string | null = null): ConfigProblem {
    return new ConfigProblem(blocker('config.not-understood', `${path}, line ${line}, is not understood`, why, alternative));
  }

  static of(code: string, title: string, detail: string, alternative: string | null = null): ConfigProblem {
    return new ConfigProblem(blocker(code, title, detail, alternative));
  }
}
