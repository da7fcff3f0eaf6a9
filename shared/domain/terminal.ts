import { z } from 'zod';
import { appErrorDataSchema } from '../errors/app-error-data';
import { uuidSchema } from './address';

/** What a terminal is connected to. */
export const terminalTargetSchema = z.discriminatedUnion('kind', [
  /** The login shell of the host's user, over the session's own connection. */
  z.object({ kind: z.literal('host'), hostId: z.string() }),
  /** A machine's serial console: `virsh console`, left by Ctrl+]. */
  z.object({ kind: z.literal('console'), hostId: z.string(), machineUuid: uuidSchema }),
  /** A shell of the computer the app runs on; `shell` is one of `terminals.localShells`, null the user's own. */
  z.object({ kind: z.literal('local'), shell: z.string().max(4096).nullable() }),
]);
export type TerminalTarget = z.infer<typeof terminalTargetSchema>;

/**
 * `lost`: the connection under it went; the screen stays, and `terminals.reopen` goes on in place, `waiting` for the host where
 * that is not connected.
 */
export const terminalStateSchema = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('opening') }),
  z.object({ phase: z.literal('open') }),
  z.object({ phase: z.literal('ended'), exitCode: z.number().nullable(), signal: z.string().nullable() }),
  z.object({ phase: z.literal('lost'), error: appErrorDataSchema }),
  z.object({ phase: z.literal('waiting') }),
]);
export type TerminalState = z.infer<typeof terminalStateSchema>;

export const terminalSchema = z.object({
  id: z.string(),
  target: terminalTargetSchema,
  /** Given by the user, or made of the target: "attic", "web1 console", "bash". */
  title: z.string(),
  state: terminalStateSchema,
});
export type Terminal = z.infer<typeof terminalSchema>;

/** Size in character cells. */
export const terminalSizeSchema = z.object({
  columns: z.number().int().min(2).max(1000),
  rows: z.number().int().min(1).max(1000),
});
export type TerminalSize = z.infer<typeof terminalSizeSchema>;
