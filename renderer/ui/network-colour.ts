/** How many colours there are for networks: `--n1` to `--n6` in theme.css. */
export const networkColourCount = 6;

/** FNV-1a over UTF-16 code units: spreads UUIDs evenly, and is the same on every computer. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}

/**
 * A colour for each network, as a number from 1 to 6. Each takes the one its UUID hashes to; where two would share
 * one although another is free, the one that comes later by UUID moves on to the next free one. So a network keeps
 * its colour through renames and reloads, and the first six networks of a host differ.
 */
export function assignNetworkColours(uuids: readonly string[]): Map<string, number> {
  const colours = new Map<string, number>();
  const uses = new Array<number>(networkColourCount).fill(0);
  for (const uuid of [...new Set(uuids)].sort()) {
    const fewest = Math.min(...uses);
    let slot = hash(uuid) % networkColourCount;
    while (uses[slot] !== fewest) slot = (slot + 1) % networkColourCount;
    uses[slot]! += 1;
    colours.set(uuid, slot + 1);
  }
  return colours;
}

/** The CSS colour of a number from `assignNetworkColours`; the colour of quiet text for none. */
export function networkColourVariable(colour: number | undefined): string {
  return colour === undefined ? 'var(--text-3)' : `var(--n${colour})`;
}
