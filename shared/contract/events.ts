import { z } from 'zod';
import { activityEntrySchema } from '../domain/activity';
import { hostViewSchema, promptSchema } from '../domain/host';
import { planRunSchema } from '../domain/plan';
import { settingsSchema } from './app';
import { conversionEvents } from './conversions';
import { labEvents } from './labs';
import { terminalEvents } from './terminals';

/** What main tells the window unasked. */
export const events = {
  /** The list, or one host's session, changed: all hosts in their order. */
  'hosts.changed': z.array(hostViewSchema),
  /** Fetch the snapshot with `inventory.get`; `revision` grows. */
  'inventory.changed': z.object({ hostId: z.string(), revision: z.number().int(), stale: z.boolean() }),
  /** Fetch the report with `preflight.get`. */
  'preflight.changed': z.object({ hostId: z.string() }),
  'prompts.changed': z.array(promptSchema),
  'plan.progress': planRunSchema,
  'history.changed': z.object({ hostId: z.string() }),
  /** New or updated lines (same `id` again: the command ended). Batched. */
  'activity.appended': z.array(activityEntrySchema),
  ...conversionEvents,
  ...labEvents,
  ...terminalEvents,
  'settings.changed': settingsSchema,
  /** A command of the native menu that the window carries out. */
  'menu.command': z.object({ command: z.string() }),
} as const satisfies Record<string, z.ZodType>;

export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<N extends EventName> = z.infer<Events[N]>;
