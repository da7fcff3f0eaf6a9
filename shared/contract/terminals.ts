import { z } from 'zod';
import { terminalSchema, terminalSizeSchema, terminalTargetSchema } from '../domain/terminal';

const terminalId = z.string().min(1).max(128);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'Not bytes');
/** How many bytes a terminal had printed before: grows over its whole life, through every reopening. */
const streamPosition = z.number().int().min(0);

/** The part of the contract that terminals need. */
export const terminalProcedures = {
  'terminals.list': { input: z.void(), output: z.array(terminalSchema) },
  /** `typed` is put on the command line and not run: no line ends in it. */
  'terminals.open': {
    input: z.object({ target: terminalTargetSchema, size: terminalSizeSchema, typed: z.string().max(4096).regex(/^[^\p{Cc}]*$/u).nullable() }),
    output: terminalSchema,
  },
  /**
   * A terminal that ended or was lost goes on in place: same id, a new process. What the former one left switched on is
   * reset and a dividing line is drawn in the output itself, so that a replay has them, too: the window adds nothing.
   */
  'terminals.reopen': { input: z.object({ terminalId, size: terminalSizeSchema }), output: z.void() },
  /**
   * What was printed last, up to 1 MiB, for a window that has just opened a terminal or was reloaded. Replies and events
   * take different ways and may overtake each other: hold `terminal.output` back while waiting for this, then draw the
   * replay, then only events whose `position` is at least this one. Nothing that came before counts as unacknowledged.
   */
  'terminals.attach': { input: z.object({ terminalId }), output: z.object({ replay: bytes, position: streamPosition }) },
  'terminals.write': { input: z.object({ terminalId, data: z.string().max(4_194_304) }), output: z.void() },
  'terminals.resize': { input: z.object({ terminalId, size: terminalSizeSchema }), output: z.void() },
  /** Bytes of `terminal.output` that xterm has drawn (not of a replay): main stops reading the process while too many are on their way. */
  'terminals.acknowledge': { input: z.object({ terminalId, bytes: z.number().int().min(0) }), output: z.void() },
  'terminals.rename': { input: z.object({ terminalId, title: z.string().trim().min(1).max(60) }), output: z.void() },
  'terminals.close': { input: z.object({ terminalId }), output: z.void() },
  /** Shells of this computer: the user's own first. */
  'terminals.localShells': { input: z.void(), output: z.array(z.object({ name: z.string(), path: z.string() })) },
} as const;

export const terminalEvents = {
  /** All terminals, in the order they were opened. */
  'terminals.changed': z.array(terminalSchema),
  'terminal.output': z.object({ terminalId: z.string(), position: streamPosition, data: bytes }),
} as const;
