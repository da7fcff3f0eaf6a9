/** Invisible characters that turn the direction of text or hide in it: what a server says must not look like something else. */
const deceptive = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\p{Cc}]/gu;

/**
 * What a server says, fit to be shown: as plain text without control characters (line ends are kept), and not longer than
 * `limit` characters. Whoever stands between us and the host may have written it.
 */
export function serverWords(text: string, limit = 600): string {
  const lines = text.replaceAll(/\r\n?/g, '\n').split('\n').map((line) => line.replaceAll(deceptive, '').trimEnd());
  const clean = lines.join('\n').replaceAll(/\n{3,}/g, '\n\n').trim();
  const letters = [...clean];
  return letters.length > limit ? `${letters.slice(0, limit).join('')}…` : clean;
}
