import { z } from 'zod';
import { macSchema } from '../../../shared/domain/address';
import { parseJsonReply } from '../json-reply';

/** The forwarding tables of all Linux bridges; anyone may read them. Source: bridge(8). */
export const listForwardingArgv: readonly string[] = ['bridge', '-j', 'fdb', 'show'];

/** A bridge has heard this MAC on this port within its ageing time. */
export interface ForwardingEntry {
  port: string;
  /** Lower case. */
  mac: string;
}

const repliesSchema = z.array(z.object({ mac: z.string().optional(), ifname: z.string().optional(), master: z.string().optional(), state: z.string().default('') }));

/** Only what bridges have learned: not their own addresses (permanent), nor what someone entered (static). Throws AppError `reply.unreadable`. */
export function parseForwarding(stdout: string): ForwardingEntry[] {
  return parseJsonReply('bridge fdb', repliesSchema, stdout).flatMap(({ mac, ifname, master, state }) =>
    (mac && ifname && master && (state === '' || state === 'stale') && macSchema.safeParse(mac).success ? [{ port: ifname, mac: mac.toLowerCase() }] : []));
}
