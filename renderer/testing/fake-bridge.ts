import type { NetwrightBridge } from '../../shared/contract/client';
import { events } from '../../shared/contract/events';
import type { EventName, EventPayload } from '../../shared/contract/events';
import { procedures } from '../../shared/contract/procedures';
import type { ProcedureInput, ProcedureName, ProcedureOutput, ProcedureReply } from '../../shared/contract/procedures';
import { AppError, toErrorData } from '../../shared/errors/app-error';
import { createFakeHandlers } from './fake-handlers';
import { createFakeState } from './fake-state';
import type { FakeState, FakeVariant } from './fake-state';

export type FakeHandlers = { [N in ProcedureName]: (input: ProcedureInput<N>) => ProcedureOutput<N> | Promise<ProcedureOutput<N>> };

export interface FakeBridge extends NetwrightBridge {
  /** Main's side of the story: change it, then `emit` what main would emit. */
  readonly state: FakeState;
  /** Every call so far, inputs as main would see them. */
  readonly calls: { name: ProcedureName; input: unknown }[];
  emit<N extends EventName>(name: N, payload: EventPayload<N>): void;
  /** Replaces one procedure; throw an AppError in it to make the call fail. */
  handle<N extends ProcedureName>(name: N, handler: FakeHandlers[N]): void;
  /** Makes every following call of a procedure fail. */
  fail(name: ProcedureName, error: AppError): void;
}

/**
 * A main process made of fixtures, for component tests and for looking at screens without Electron. Inputs are
 * cloned and parsed as they would be on their way to main, so that a Vue proxy or a wrong shape fails here, too; what the
 * fake main says is held to the contract.
 * `stepDelayMs`: how long a step of an applied plan takes.
 */
export function createFakeBridge(options: { variant?: FakeVariant; stepDelayMs?: number } = {}): FakeBridge {
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  const calls: FakeBridge['calls'] = [];

  const emit: FakeBridge['emit'] = (name, payload) => {
    events[name].parse(payload);
    for (const listener of [...listeners.get(name) ?? []]) listener(structuredClone(payload) as never);
  };

  const state = createFakeState(options.variant ?? 'full');
  const handlers = createFakeHandlers(state, emit, options.stepDelayMs ?? 20);

  return {
    state, calls, emit,
    handle(name, handler) {
      handlers[name] = handler;
    },
    fail(name, error) {
      (handlers as Record<ProcedureName, () => never>)[name] = () => { throw error; };
    },
    prepare() { /* Everything is here. */ },
    async invoke<N extends ProcedureName>(name: N, input: ProcedureInput<N>): Promise<ProcedureReply<N>> {
      try {
        const parsed = procedures[name].input.safeParse(structuredClone(input));
        if (!parsed.success) {
          const issue = parsed.error.issues[0];
          throw new AppError('input.invalid', 'That can’t be used', issue?.message ?? 'Unexpected input', { field: issue?.path.join('.') });
        }
        calls.push({ name, input: parsed.data });
        const value = await handlers[name](parsed.data as ProcedureInput<N>);
        return { ok: true, value: structuredClone(procedures[name].output.parse(value)) as ProcedureOutput<N> };
      } catch (error) {
        return { ok: false, error: toErrorData(error) };
      }
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => { set.delete(listener); };
    },
  };
}
