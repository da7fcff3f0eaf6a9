import { z } from 'zod';
import type { BridgeUsers } from './bridge-users';
import type { ConversionFacts } from './facts';
import { leftSettingSchema } from './leave/left-setting';
import { planConversion } from './plan-conversion';
import type { ConversionPlan } from './planned';
import { addressRequestSchema } from './readdress/address-request';
import { planReaddress } from './readdress/plan-readdress';
import { planUnbridge } from './unbridge';
import { planUndo } from './undo';
import type { FinishedTransaction } from './undo';
import { planUnport } from './unport/plan-unport';

/** A change to what carries the session, made on trial by the engine on the host. */
export const changeRequestSchema = z.discriminatedUnion('kind', [
  /** The NIC becomes the port of a new bridge. */
  z.object({ kind: z.literal('convert'), nic: z.string(), bridge: z.string(), switch: z.enum(['linux', 'ovs']), leave: z.array(leftSettingSchema).max(100).optional() }),
  /** The bridge goes, and its NIC takes its addresses back: from what the host's files say now. With `port` that one of its NICs leaves it, and the bridge stays. */
  z.object({ kind: z.literal('unbridge'), bridge: z.string(), port: z.string().optional() }),
  /** Another address, gateway, name servers or MTU for an interface of the host. */
  z.object({ kind: z.literal('readdress'), ...addressRequestSchema.shape }),
  /** Back to the files that a transaction which is DONE has found. */
  z.object({ kind: z.literal('undo'), id: z.string() }),
]);
export type ChangeRequest = z.infer<typeof changeRequestSchema>;

/** What a request is planned from. `finished`: of an undo, the transaction that it is about. */
export interface ChangeGround {
  facts: ConversionFacts;
  usersOf(bridge: string): BridgeUsers;
  finished: FinishedTransaction | null;
}

/** The one door to the planners of all changes. */
export function planChange(request: ChangeRequest, { facts, usersOf, finished }: ChangeGround): ConversionPlan {
  switch (request.kind) {
    case 'convert': return planConversion(facts, { nic: request.nic, bridge: request.bridge, kind: request.switch, ...request.leave && { leave: request.leave } });
    case 'unbridge': return request.port === undefined ? planUnbridge(facts, request, usersOf(request.bridge)) : planUnport(facts, { bridge: request.bridge, nic: request.port }, usersOf(request.bridge));
    case 'readdress': return planReaddress(facts, request);
    case 'undo': {
      if (!finished) throw new Error('An undo needs the transaction it is about');
      return planUndo(facts, finished, usersOf(finished.transaction.bridge));
    }
  }
}
