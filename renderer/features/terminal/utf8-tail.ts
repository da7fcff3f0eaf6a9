/** How many bytes a character has, by its first one (RFC 3629); 1 for what begins none. */
function lengthOfCharacter(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 1;
}

/**
 * How many bytes at the end are the beginning of a character whose rest is still to come, 0 to 3. xterm 6.0 puts characters
 * together over two pieces itself, but loses those with a continuation byte of 0x80 in the first one: dashes, quotation
 * marks and the zero-width joiner among them. Whoever feeds it keeps such a tail for the next piece.
 */
export function incompleteTail(data: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, data.length); back += 1) {
    const byte = data[data.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    return lengthOfCharacter(byte) > back ? back : 0;
  }
  return 0;
}
