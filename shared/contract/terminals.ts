import { z } from 'zod';
import { terminalSchema, terminalSizeSchema, terminalTargetSchema } from '../domain/terminal';

const terminalId = z.string().min(1).max(128);
const bytes = z.instanceof(Uint8Array);

/** The part of the contract that terminals need. */
export const terminalProcedures = {
  'terminals.list': { input: z.void(), output: z.array(terminalSchema) },
  /** `typed` is put on the command line and not run: no line ends in it. */
  'terminals.open': {
    input: z.object({ target: terminalTargetSchema, size: terminalSizeSchema, typed: z.string().max(4096).regex(/^[^\p{Cc}]*$/u).nullable() }),
    output: terminalSchema,
  },
  /** A terminal that ended or was lost goes on in place: same id, a new process. */
  'terminals.reopen': { input: z.object({ terminalId, size: terminalSizeSchema }), output: z.void() },
  /** For a window that was reloaded: what was printed last, up to 1 MiB; output after that comes by event. */
  'terminals.attach': { input: z.object({ terminalId }), output: z.object({ replay: bytes }) },
  'terminals.write': { input: z.object({ terminalId, data: z.string().max(4_194_304) }), output: z.void() },
  'terminals.resize': { input: z.object({ terminalId, size: terminalSizeSchema }), output: z.void() },
  /** Bytes that xterm has drawn: main stops reading the process while too many are on their way. */
  'terminals.acknowledge': { input: z.object({ terminalId, bytes: z.number().int().min(0) }), output: z.void() },
  'terminals.rename': { input: z.object({ terminalId, title: z.string().trim().min(1).max(60) }), output: z.void() },
  'terminals.close': { input: z.object({ terminalId }), output: z.void() },
  /** Shells of this computer: the user's own first. */
  'terminals.localShells': { input: z.void(), output: z.array(z.object({ name: z.string(), path: z.string() })) },
} as const;

export const terminalEvents = {
  /** All terminals, in the order they were opened. */
  'terminals.changed': z.array(terminalSchema),
  'terminal.output': z.object({ terminalId: z.string(), data: bytes }),
} as const;
