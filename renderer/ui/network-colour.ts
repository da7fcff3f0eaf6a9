/** How many colours there are for networks: `--n1` to `--n6` in theme.css. */
export const networkColourCount = 6;

/** Networks whose colour is remembered; beyond that the ones not seen for longest are forgotten. */
const memoryLimit = 500;
const memoryKey = 'network-colours';

type Memory = Pick<Storage, 'getItem' | 'setItem'>;

/** FNV-1a over UTF-16 code units: spreads UUIDs evenly, and is the same on every computer. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}

const isColour = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= networkColourCount;

/** What was remembered, oldest first; whatever else stands there is ignored. */
function readMemory(memory: Memory): Map<string, number> {
  try {
    const stored: unknown = JSON.parse(memory.getItem(memoryKey) ?? '[]');
    const pairs = Array.isArray(stored) ? stored.filter((pair): pair is [string, number] => Array.isArray(pair) && typeof pair[0] === 'string' && isColour(pair[1])) : [];
    return new Map(pairs);
  } catch (error) {
    if (error instanceof SyntaxError) return new Map();
    throw error;
  }
}

/**
 * Makes the function that gives each network of a host (by UUID) a colour, as a number from 1 to 6. A network keeps the
 * colour it got when it was first seen, through renames, restarts, and whatever comes and goes beside it: what was
 * green stays green. A new one takes the colour its UUID hashes to, or the next one that fewer of its neighbours have;
 * so the first six networks of a host differ.
 */
export function createNetworkColours(memory: Memory): (uuids: readonly string[]) => Map<string, number> {
  let known: Map<string, number> | null = null;

  function remember(fresh: ReadonlyMap<string, number>, present: ReadonlySet<string>): void {
    for (const [uuid, colour] of fresh) known!.set(uuid, colour);
    for (const uuid of [...known!.keys()]) {
      if (known!.size <= memoryLimit) break;
      if (!present.has(uuid)) known!.delete(uuid);
    }
    memory.setItem(memoryKey, JSON.stringify([...known!]));
  }

  return (uuids) => {
    known ??= readMemory(memory);
    const colours = new Map<string, number>();
    const uses = new Array<number>(networkColourCount).fill(0);
    const present = new Set(uuids);
    for (const uuid of present) {
      const colour = known.get(uuid);
      if (colour === undefined) continue;
      colours.set(uuid, colour);
      uses[colour - 1]! += 1;
    }
    const fresh = new Map<string, number>();
    for (const uuid of [...present].filter((candidate) => !colours.has(candidate)).sort()) {
      const fewest = Math.min(...uses);
      let slot = hash(uuid) % networkColourCount;
      while (uses[slot] !== fewest) slot = (slot + 1) % networkColourCount;
      uses[slot]! += 1;
      fresh.set(uuid, slot + 1);
      colours.set(uuid, slot + 1);
    }
    if (fresh.size > 0) remember(fresh, present);
    return colours;
  };
}

/** The colours of this computer's user, kept in the window's own storage. */
export const assignNetworkColours = createNetworkColours({
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, value),
});

/** The CSS colour of a number from `assignNetworkColours`; the colour of quiet text for none. */
export function networkColourVariable(colour: number | undefined): string {
  return colour === undefined ? 'var(--text-3)' : `var(--n${colour})`;
}
