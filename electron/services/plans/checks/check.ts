import type { PlanCheck } from '../../../../shared/domain/plan';
import type { ObservedMachine } from '../observe-machine';
import type { Observation } from '../../../../shared/domain/planning/command-effect';
import type { CommandRunner } from '../../../transport/command-runner';

/** What a look at the host showed. `unknown`: it could not be looked at, with the reason; never a pass. */
export interface CheckVerdict {
  state: 'passed' | 'failed' | 'unknown';
  detail: string;
}

/** How checks look at the host: by commands that only read, and by rereading one network or machine. */
export interface CheckAccess {
  runner: Pick<CommandRunner, 'run' | 'gather' | 'connectTcp'>;
  observe(uuid: string): Promise<Observation>;
  /** The machine's NICs as the host has them now, on both sides; null: libvirt doesn't know it. */
  observeMachine(uuid: string): Promise<ObservedMachine | null>;
}

export type CheckOf<K extends PlanCheck['check']['kind']> = Extract<PlanCheck['check'], { kind: K }>;

export const passed = (detail: string): CheckVerdict => ({ state: 'passed', detail });
export const failed = (detail: string): CheckVerdict => ({ state: 'failed', detail });
export const unknown = (detail: string): CheckVerdict => ({ state: 'unknown', detail });

/** First line of what a tool complained about. */
export function complaint(result: { exitCode: number | null; stderr: string }, tool: string): string {
  if (result.exitCode === 127) return `${tool} is not on this host`;
  return result.stderr.trim().split('\n')[0] || `${tool} ended with ${result.exitCode ?? 'a signal'}`;
}

/** A JSON array of objects; null when the text is none. */
export function jsonRows(text: string): Record<string, unknown>[] | null {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '[]' : text);
    return Array.isArray(value) ? value.filter((row): row is Record<string, unknown> => typeof row === 'object' && row !== null) : null;
  } catch {
    return null; // the caller reports it as unreadable
  }
}
