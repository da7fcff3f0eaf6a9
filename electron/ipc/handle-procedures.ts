import type { z } from 'zod';
import { procedureChannel, procedures, type ProcedureName, type ProcedureOutput, type ProcedureReply, type Procedures } from '../../shared/contract/procedures';
import { AppError, toErrorData } from '../../shared/errors/app-error';

/** One function per procedure, with parsed input: the whole table must be there, or it doesn't compile. */
export type ProcedureHandlers = {
  [N in ProcedureName]: (input: z.infer<Procedures[N]['input']>) => ProcedureOutput<N> | Promise<ProcedureOutput<N>>;
};

/** The parts of Electron's IpcMain and its events that are used; tests pass their own. */
export interface IpcMainLike {
  handle(channel: string, listener: (event: IpcEventLike, payload: unknown) => Promise<unknown>): void;
}
export interface IpcEventLike {
  senderFrame: { url: string; parent?: unknown } | null;
}

/**
 * Registers a handler for every procedure of the contract: sender check → schema → handler → reply. `isTrusted` is
 * asked for each call, for a frame can navigate between two. Errors other than AppError are handed to `onUnexpected`
 * before they are answered as `internal`.
 */
export function handleProcedures(
  ipcMain: IpcMainLike, handlers: ProcedureHandlers, isTrusted: (event: IpcEventLike) => boolean, onUnexpected: (name: string, error: unknown) => void,
): void {
  for (const name of Object.keys(procedures) as ProcedureName[]) {
    ipcMain.handle(procedureChannel(name), (event, payload) => answer(name, event, payload));
  }

  async function answer<N extends ProcedureName>(name: N, event: IpcEventLike, payload: unknown): Promise<ProcedureReply<N>> {
    try {
      if (!isTrusted(event)) throw new AppError('input.invalid', 'Not allowed', 'The call did not come from the app\'s own window.');
      const parsed = procedures[name].input.safeParse(payload);
      if (!parsed.success) {
        const issue = parsed.error.issues[0];
        throw new AppError('input.invalid', 'The input is not valid', issue?.message ?? 'A field is wrong.', { field: issue?.path.join('.') });
      }
      const handler = handlers[name] as (input: unknown) => ProcedureOutput<N> | Promise<ProcedureOutput<N>>;
      return { ok: true, value: await handler(parsed.data) };
    } catch (error) {
      if (!(error instanceof AppError)) onUnexpected(name, error);
      return { ok: false, error: toErrorData(error) };
    }
  }
}
