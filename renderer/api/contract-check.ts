import { config } from 'zod';
import { events } from '../../shared/contract/events';
import type { EventName, EventPayload } from '../../shared/contract/events';
import { procedures } from '../../shared/contract/procedures';
import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../shared/contract/procedures';
import { AppError } from '../../shared/errors/app-error';

// The page's policy allows no code made of strings: zod need not try whether it may.
config({ jitless: true });

/** "ipv4.dhcp.ranges.0.start: Not an IPv4 address", for the first issue. */
function describeIssue(issues: readonly { path: PropertyKey[]; message: string }[]): { field: string; message: string } {
  const issue = issues[0];
  return { field: issue?.path.map(String).join('.') ?? '', message: issue?.message ?? 'unreadable' };
}

/** Throws AppError `input.invalid` for an input that doesn't fit the contract: main would refuse it in the same way. */
export function checkInput<N extends ProcedureName>(name: N, input: ProcedureInput<N>): ProcedureInput<N> {
  const checked = procedures[name].input.safeParse(input);
  if (checked.success) return checked.data as ProcedureInput<N>;
  const { field, message } = describeIssue(checked.error.issues);
  throw new AppError('input.invalid', 'That can’t be used', message, { field });
}

/** Throws AppError `internal` for a reply that doesn't fit, so that a mismatch fails where it is made, not three screens later. */
export function checkReply<N extends ProcedureName>(name: N, value: unknown): ProcedureOutput<N> {
  const checked = procedures[name].output.safeParse(value);
  if (checked.success) return checked.data as ProcedureOutput<N>;
  const { field, message } = describeIssue(checked.error.issues);
  throw new AppError('internal', 'The app misunderstood itself', `The reply to ${name} does not fit the contract at “${field}”: ${message}`);
}

/** Throws a ZodError for a payload that doesn't fit. */
export function checkEvent<N extends EventName>(name: N, payload: unknown): EventPayload<N> {
  return events[name].parse(payload) as EventPayload<N>;
}
