import type { NetwrightBridge } from '../../shared/contract/client';
import type { EventName, EventPayload } from '../../shared/contract/events';
import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../shared/contract/procedures';
import { AppError } from '../../shared/errors/app-error';
import type * as ContractCheck from './contract-check';
import { withoutProxies } from './without-proxies';

declare global {
  interface Window {
    readonly netwright: NetwrightBridge;
  }
}

/** The contract's schemas, as soon as they are here. The page starts without: they are more than all the rest of its first picture. */
let check: typeof ContractCheck | null = null;
/** Of what was said before. */
const early: ((check: typeof ContractCheck) => void)[] = [];

/**
 * From now on what goes between the page and main is parsed on this end as well. What went before is checked then, one after the
 * other with pauses: twenty hosts' snapshots may be among it, and the page answers meanwhile. To be called after the first picture.
 * Rejects with the first mismatch.
 */
export async function checkContract(): Promise<void> {
  const loaded = await import('./contract-check');
  check = loaded;
  for (const checkEarly of early.splice(0)) {
    await new Promise((resolve) => setTimeout(resolve));
    checkEarly(loaded);
  }
}

/**
 * Calls a procedure of the main process. Rejects with an AppError only: the one main replied with, or
 * `input.invalid` when the input doesn't fit the contract (main would refuse it in the same way), or `internal` when
 * the reply doesn't.
 */
export async function invoke<N extends ProcedureName>(name: N, input: ProcedureInput<N>): Promise<ProcedureOutput<N>> {
  const plain = withoutProxies(input);
  const reply = await window.netwright.invoke(name, check ? check.checkInput(name, plain) : plain);
  if (!reply.ok) throw AppError.fromData(reply.error);
  if (check) return check.checkReply(name, reply.value);
  early.push(({ checkReply }) => checkReply(name, reply.value));
  return reply.value;
}

/** Listens to an event of the main process; payloads that don't fit the contract throw. Returns the function that stops. */
export function listen<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
  return window.netwright.on(name, (payload) => {
    if (check) return listener(check.checkEvent(name, payload));
    early.push(({ checkEvent }) => checkEvent(name, payload));
    listener(payload);
  });
}
