import { z } from 'zod';
import { addressedSpecSchema } from './addressed-spec';
import { bridgedSpecSchema, macvtapSpecSchema, ovsSpecSchema, sriovSpecSchema } from './attached-spec';
import { usedRangeSchema } from './used-range';

/** What is wanted of a network, by its kind: each member is the whole of what the form of its kinds shows. */
export const networkSpecSchema = z.discriminatedUnion('kind', [addressedSpecSchema, bridgedSpecSchema, macvtapSpecSchema, ovsSpecSchema, sriovSpecSchema]);
export type NetworkSpec = z.infer<typeof networkSpecSchema>;

/** The kinds that have a form, as `networks.propose` takes them. */
export const formKindSchema = z.enum(networkSpecSchema.options.flatMap((option) => option.shape.kind.options));
export type FormKind = NetworkSpec['kind'];

/** What a wizard starts from: a proposal with everything filled in and free, or an existing network as its form shows it. */
export const networkProposalSchema = z.object({
  spec: networkSpecSchema,
  /** Proposed when the user turns IPv6 on: an RFC 4193 ULA with random global ID. */
  ipv6: z.object({ address: z.string(), prefix: z.number() }),
  used: z.array(usedRangeSchema),
});
export type NetworkProposal = z.infer<typeof networkProposalSchema>;
