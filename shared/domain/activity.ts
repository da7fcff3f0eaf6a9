import { z } from 'zod';

/** One line of the Activity dock: a command that ran, an event that came from the host, or a check. Never holds a secret. */
export const activityEntrySchema = z.object({
  id: z.number().int(),
  hostId: z.string(),
  /** ISO 8601, start. */
  at: z.string(),
  kind: z.enum(['command', 'read', 'event', 'check', 'session']),
  /** argv of a command; for the others one sentence in the first element. */
  argv: z.array(z.string()),
  stdin: z.object({ name: z.string(), text: z.string() }).nullable(),
  state: z.enum(['running', 'ok', 'failed', 'info']),
  exitCode: z.number().nullable(),
  durationMs: z.number().nullable(),
  /** At most 64 KiB each, cut with a note. */
  stdout: z.string(),
  stderr: z.string(),
});
export type ActivityEntry = z.infer<typeof activityEntrySchema>;
