/**
 * A UUID for a new profile that follows from the old one's: planning twice gives the same files. Version 8 of RFC 9562 (made by the
 * maker's own rule), with FNV-1a over the words.
 */
export function profileId(oldUuid: string, ...words: string[]): string {
  const digits = [0, 1, 2, 3].map((part) => fnv1a([String(part), oldUuid.toLowerCase(), ...words].join('\n')).toString(16).padStart(8, '0')).join('');
  const variant = ((Number.parseInt(digits[16]!, 16) & 3) | 8).toString(16);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  return hash;
}
