import { z } from 'zod';
import { rehearsalFaultSchema } from '../domain/rehearsal-fault';

/** The part of the contract that only the practice host needs. */
export const rehearsalProcedures = {
  /** What goes wrong on the practice host just now. */
  'practice.faults': { input: z.void(), output: z.array(rehearsalFaultSchema) },
  /** Makes something go wrong, or puts it right; what goes wrong then. Refuses with `input.invalid` what can't happen now. */
  'practice.fault': { input: z.object({ fault: rehearsalFaultSchema, strikes: z.boolean() }), output: z.array(rehearsalFaultSchema) },
} as const;
