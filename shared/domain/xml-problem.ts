import { z } from 'zod';

/** Something about a document, at its line where that can be told. Lines and columns count from 1. */
export const xmlProblemSchema = z.object({
  /** An error keeps the document from being applied; an info is only good to know. */
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
});
export type XmlProblem = z.infer<typeof xmlProblemSchema>;

/**
 * What the host's own libvirt makes of a network document, asked without changing anything. `unknown`: it can't be asked
 * (`reason` says why, in a sentence).
 */
export const xmlVerdictSchema = z.object({
  verdict: z.enum(['accepted', 'refused', 'unknown']),
  problems: z.array(xmlProblemSchema),
  /** libvirt's own words for what it refuses. */
  said: z.string().nullable(),
  reason: z.string().nullable(),
});
export type XmlVerdict = z.infer<typeof xmlVerdictSchema>;

/** The most that is read into the editor: libvirt's own documents have some hundred lines. In characters. */
export const longestDocument = 1_000_000;
