import { config } from 'zod';
import type { NetwrightBridge } from '../../shared/contract/client';
import { events } from '../../shared/contract/events';
import type { EventName, EventPayload } from '../../shared/contract/events';
import { procedures } from '../../shared/contract/procedures';
import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../shared/contract/procedures';
import { AppError } from '../../shared/errors/app-error';

declare global {
  interface Window {
    readonly netwright: NetwrightBridge;
  }
}

// The page's policy allows no code made of strings: zod need not try whether it may.
config({ jitless: true });

/** "ipv4.dhcp.ranges.0.start: Not an IPv4 address", for the first issue. */
function describeIssue(issues: readonly { path: PropertyKey[]; message: string }[]): { field: string; message: string } {
  const issue = issues[0];
  return { field: issue?.path.map(String).join('.') ?? '', message: issue?.message ?? 'unreadable' };
}

/**
 * Calls a procedure of the main process. Rejects with an AppError only: the one main replied with, or
 * `input.invalid` when the input doesn't fit the contract (main would refuse it in the same way), or `internal` when
 * the reply doesn't. The input is parsed here as well, which also turns Vue's proxies into plain objects.
 */
export async function invoke<N extends ProcedureName>(name: N, input: ProcedureInput<N>): Promise<ProcedureOutput<N>> {
  const checked = procedures[name].input.safeParse(input);
  if (!checked.success) {
    const { field, message } = describeIssue(checked.error.issues);
    throw new AppError('input.invalid', 'That can’t be used', message, { field });
  }
  const reply = await window.netwright.invoke(name, checked.data as ProcedureInput<N>);
  if (!reply.ok) throw AppError.fromData(reply.error);
  const value = procedures[name].output.safeParse(reply.value);
  if (!value.success) {
    const { field, message } = describeIssue(value.error.issues);
    throw new AppError('internal', 'The app misunderstood itself', `The reply to ${name} does not fit the contract at “${field}”: ${message}`);
  }
  return value.data as ProcedureOutput<N>;
}

/** Listens to an event of the main process; payloads that don't fit the contract throw. Returns the function that stops. */
export function listen<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
  return window.netwright.on(name, (payload) => listener(events[name].parse(payload) as EventPayload<N>));
}
