import type { NetwrightBridge } from '../../shared/contract/client';
import type { EventName, EventPayload } from '../../shared/contract/events';
import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../shared/contract/procedures';
import { AppError } from '../../shared/errors/app-error';
import { withoutProxies } from './without-proxies';

declare global {
  interface Window {
    readonly netwright: NetwrightBridge;
  }
}

/**
 * Calls a procedure of the main process. Rejects with an AppError only: the one main replied with, `input.invalid` for an input that
 * doesn't fit the contract. Main parses what the page says; what main says is its own, made to the contract's types, and is taken as
 * it is: to parse all that twenty hosts have would keep the window from its user.
 */
export async function invoke<N extends ProcedureName>(name: N, input: ProcedureInput<N>): Promise<ProcedureOutput<N>> {
  const reply = await window.netwright.invoke(name, withoutProxies(input));
  if (!reply.ok) throw AppError.fromData(reply.error);
  return reply.value;
}

/** Listens to an event of the main process. Returns the function that stops. */
export function listen<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
  return window.netwright.on(name, listener);
}
