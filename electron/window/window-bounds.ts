import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Device-independent pixels, as Electron's BrowserWindow and Display use them: whole numbers, sizes above zero. */
export interface Rectangle { x: number; y: number; width: number; height: number }
export interface SavedBounds { bounds: Rectangle; maximized: boolean }

export const defaultSize = { width: 1280, height: 800 };
export const minimumSize = { width: 960, height: 600 };

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/**
 * Where the window opens: where it was left, moved and shrunk so that all of it is on the screen that showed most of
 * it; centred on the first screen if no screen shows it any more (a monitor was unplugged) or nothing was saved.
 *
 * @param workAreas usable areas of the connected screens, the primary one first; at least one
 */
export function placeWindow(saved: Rectangle | null, workAreas: Rectangle[]): Rectangle {
  const primary = workAreas[0];
  if (!primary) throw new Error('There is no screen to place the window on.');
  const home = saved === null ? undefined : workAreas
    .map((area) => ({ area, shared: overlap(saved, area) }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared)[0]?.area;
  if (saved === null || home === undefined) {
    const width = Math.min(defaultSize.width, primary.width);
    const height = Math.min(defaultSize.height, primary.height);
    return {
      x: primary.x + Math.round((primary.width - width) / 2),
      y: primary.y + Math.round((primary.height - height) / 2),
      width,
      height,
    };
  }
  const width = Math.min(Math.max(saved.width, minimumSize.width), home.width);
  const height = Math.min(Math.max(saved.height, minimumSize.height), home.height);
  return {
    x: Math.min(Math.max(saved.x, home.x), home.x + home.width - width),
    y: Math.min(Math.max(saved.y, home.y), home.y + home.height - height),
    width,
    height,
  };
}

/** @returns what was saved; null when there is no file or it holds something else (the window then opens centred) */
export function readSavedBounds(file: string): SavedBounds | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return parseBounds(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** By hand: the window opens before anything as large as zod is loaded. */
function parseBounds(value: unknown): SavedBounds | null {
  const { bounds, maximized } = (value ?? {}) as { bounds?: unknown; maximized?: unknown };
  const { x, y, width, height } = (bounds ?? {}) as Record<keyof Rectangle, unknown>;
  if (typeof maximized !== 'boolean' || ![x, y, width, height].every(Number.isInteger)) return null;
  const rectangle = { x, y, width, height } as Rectangle;
  return rectangle.width > 0 && rectangle.height > 0 ? { bounds: rectangle, maximized } : null;
}

/** Written when the window closes, where an asynchronous write could be cut off. */
export function saveBounds(file: string, saved: SavedBounds): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(saved));
}
