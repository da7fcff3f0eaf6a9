import { z } from 'zod';
import { errorCodes } from './app-error';

/** An error as it crosses between processes and is kept. */
export const appErrorDataSchema = z.object({
  code: z.enum(errorCodes),
  /** One line a person understands: "The key file is encrypted". */
  title: z.string(),
  /** What happened, with names: file, address, object. One or two sentences. */
  detail: z.string(),
  /** What the user can do next. */
  hint: z.string().optional(),
  /** Path of the form field it belongs to, dotted: `ipv4.dhcp.ranges.0.start`. */
  field: z.string().optional(),
  /** The command as shown to a person (quoted for sh), never with a secret. */
  command: z.string().optional(),
  stderr: z.string().optional(),
});
export type AppErrorData = z.infer<typeof appErrorDataSchema>;
