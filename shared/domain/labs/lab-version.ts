import { z } from 'zod';
import { longestLabFile } from './lab-problem';

/** A lab's file as somebody applied it, and when. */
export const labVersionSchema = z.object({
  text: z.string().max(longestLabFile),
  /** ISO 8601, UTC. */
  appliedAt: z.string().max(40),
});
export type LabVersion = z.infer<typeof labVersionSchema>;

/** Of earlier versions so many are kept, and so much of them altogether, in characters: they are part of a network's definition. */
const mostEarlier = 10;
const longestEarlier = 60_000;

/** What a lab keeps when this file is applied, newest first. The one that is kept already stays as it is, and its time with it. */
export function withVersion(kept: readonly LabVersion[], file: LabVersion): LabVersion[] {
  if (kept[0]?.text === file.text) return [...kept];
  const earlier: LabVersion[] = [];
  let length = 0;
  for (const version of kept) {
    if (version.text === file.text) continue;
    length += version.text.length;
    if (earlier.length === mostEarlier || length > longestEarlier) break;
    earlier.push(version);
  }
  return [file, ...earlier];
}

/** A lab file as it is kept: XML knows one kind of line break. */
export function keptText(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
