import type { EventName, EventPayload } from './events';
import type { ProcedureInput, ProcedureName, ProcedureReply } from './procedures';

/** Answered once main can serve procedures. */
export const readyChannel = 'netwright-ready';

/** Here and not beside the schemas: preload and main's first part do without those. */
export const eventChannel = (name: EventName): string => `netwright:event:${name}`;

/** What preload puts on `window.netwright`. Nothing else of Electron or Node is visible to the page. */
export interface NetwrightBridge {
  /**
   * Has main build its services, as the first call would. Main answers nothing meanwhile: to be called when the page has
   * its files and is about to be busy with them.
   */
  prepare(): void;
  invoke<N extends ProcedureName>(name: N, input: ProcedureInput<N>): Promise<ProcedureReply<N>>;
  /** Returns the function that stops listening. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}
