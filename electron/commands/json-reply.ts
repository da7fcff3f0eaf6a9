import type { z } from 'zod';
import { AppError } from '../../shared/errors/app-error';

/** The most of a reply that an error message quotes. */
const excerptLength = 200;

/** The error for output that isn't what the command is documented to print. `command` as a person would type it. */
export function unreadableReply(command: string, why: string, reply: string): AppError {
  const excerpt = reply.trim().slice(0, excerptLength);
  const quoted = excerpt === '' ? 'It printed nothing.' : `It printed: ${excerpt}`;
  return new AppError('reply.unreadable', 'The host\'s answer can\'t be read', `${command} ${why}. ${quoted}`, { command });
}

/** Parses one JSON document by a schema; unknown fields are dropped. Throws AppError `reply.unreadable`. */
export function parseJsonReply<S extends z.ZodType>(command: string, schema: S, reply: string): z.infer<S> {
  let value: unknown;
  try {
    value = JSON.parse(reply);
  } catch {
    throw unreadableReply(command, 'did not answer in JSON', reply);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unreadableReply(command, `answered in a form this app doesn't know (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`, reply);
}
