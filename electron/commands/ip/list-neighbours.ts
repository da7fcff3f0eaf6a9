import { z } from 'zod';
import { macSchema } from '../../../shared/domain/address';
import { parseJsonReply } from '../json-reply';

/** Both families. Source: ip-neighbour(8). */
export const listNeighboursArgv: readonly string[] = ['ip', '-j', 'neigh', 'show'];

/** Someone the host has talked to: this address answered with this MAC on this device. */
export interface Neighbour {
  address: string;
  device: string;
  /** Lower case. */
  mac: string;
}

const repliesSchema = z.array(z.object({ dst: z.string().optional(), dev: z.string().optional(), lladdr: z.string().optional(), state: z.array(z.string()).default([]) }));

/** Entries without a MAC (failed, incomplete) are left out. Throws AppError `reply.unreadable`. */
export function parseNeighbours(stdout: string): Neighbour[] {
  return parseJsonReply('ip neigh', repliesSchema, stdout).flatMap(({ dst, dev, lladdr, state }) =>
    (dst && dev && lladdr && macSchema.safeParse(lladdr).success && !state.includes('NOARP')
      ? [{ address: dst.toLowerCase(), device: dev, mac: lladdr.toLowerCase() }] : []));
}
