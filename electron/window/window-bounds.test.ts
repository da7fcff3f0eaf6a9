import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { placeWindow, readSavedBounds, saveBounds } from './window-bounds';

const screen = { x: 0, y: 25, width: 1920, height: 1055 };
const second = { x: 1920, y: 0, width: 2560, height: 1440 };

describe('placeWindow', () => {
  it('centres a first window of 1280 × 800', () => {
    expect(placeWindow(null, [screen, second])).toEqual({ x: 320, y: 153, width: 1280, height: 800 });
  });

  it('opens where the window was left', () => {
    const saved = { x: 2000, y: 100, width: 1600, height: 1000 };
    expect(placeWindow(saved, [screen, second])).toEqual(saved);
  });

  it('centres the window when its screen is gone', () => {
    expect(placeWindow({ x: 2000, y: 100, width: 1600, height: 1000 }, [screen])).toEqual({ x: 320, y: 153, width: 1280, height: 800 });
  });

  it('shrinks to a smaller screen', () => {
    const small = { x: 0, y: 0, width: 1024, height: 700 };
    expect(placeWindow({ x: -50, y: 10, width: 1600, height: 1000 }, [small])).toEqual(small);
  });

  it('always lies wholly on one screen', () => {
    const area = fc.record({ x: fc.integer({ min: -4000, max: 4000 }), y: fc.integer({ min: -4000, max: 4000 }), width: fc.integer({ min: 200, max: 4000 }), height: fc.integer({ min: 200, max: 4000 }) });
    fc.assert(fc.property(fc.option(area), fc.array(area, { minLength: 1, maxLength: 3 }), (saved, areas) => {
      const placed = placeWindow(saved, areas);
      expect(areas.some((on) =>
        placed.x >= on.x && placed.y >= on.y && placed.x + placed.width <= on.x + on.width && placed.y + placed.height <= on.y + on.height,
      )).toBe(true);
    }));
  });
});

describe('saved bounds', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'netwright-bounds-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are read as they were saved, in a folder made for them', () => {
    const file = path.join(folder, 'new', 'window.json');
    const saved = { bounds: { x: 1, y: 2, width: 1000, height: 700 }, maximized: true };
    saveBounds(file, saved);
    expect(readSavedBounds(file)).toEqual(saved);
  });

  it.each(['', '{', '{"bounds":{"x":1}}', '{"bounds":{"x":0,"y":0,"width":-5,"height":10},"maximized":false}'])('are as good as none when the file holds %j', (text) => {
    const file = path.join(folder, 'broken.json');
    writeFileSync(file, text);
    expect(readSavedBounds(file)).toBeNull();
  });

  it('are none when there is no file', () => {
    expect(readSavedBounds(path.join(folder, 'missing.json'))).toBeNull();
  });
});
