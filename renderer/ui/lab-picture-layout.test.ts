import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabPicture } from '../../shared/domain/labs/lab-picture';
import { boxSize, layOutLab, plateSize, shortened, storyOfLab } from './lab-picture-layout';

const network = (key: string, way: LabPicture['networks'][number]['way'] = 'none'): LabPicture['networks'][number] => ({ key, kind: 'nat', address: null, place: null, way, active: true });
const box = (id: string, ...plugs: string[]): LabPicture['boxes'][number] => ({ id, name: id, note: '', plugs, kind: 'machine', running: true });

describe('the layout of a lab’s picture', () => {
  it('puts nothing on top of anything, whatever is plugged into what', () => {
    const picture = fc.integer({ min: 1, max: 8 }).chain((count) => {
      const keys = Array.from({ length: count }, (_, at) => `n${at}`);
      return fc.array(fc.subarray(keys, { minLength: 1 }), { maxLength: 12 }).map((plugs): LabPicture => ({ networks: keys.map((key) => network(key)), boxes: plugs.map((of, at) => box(`b${at}`, ...of)) }));
    });
    fc.assert(fc.property(picture, (drawn) => {
      const { boxes, plates, cables, height } = layOutLab(drawn);
      const apart = (ys: number[], size: number): boolean => [...ys].sort((a, b) => a - b).every((y, at, all) => at === 0 || y - all[at - 1]! >= size);
      expect(apart(boxes.map(({ y }) => y), boxSize.height)).toBe(true);
      expect(apart(plates.map(({ y }) => y), plateSize.height)).toBe(true);
      expect([...boxes, ...plates].every(({ y }) => y >= 0 && y + plateSize.height <= height)).toBe(true);
      expect(cables).toHaveLength(drawn.boxes.reduce((sum, { plugs }) => sum + plugs.length, 0));
    }));
  });

  it('draws what is outside from the first plate that leads there to the last, or not at all', () => {
    const { outside, plates } = layOutLab({ networks: [network('a'), network('b', 'translated'), network('c', 'plain')], boxes: [] });
    expect(outside).toEqual({ y: plates[1]!.y, height: plates[2]!.y + plateSize.height - plates[1]!.y });
    expect(layOutLab({ networks: [network('a')], boxes: [] }).outside).toBeNull();
  });

  it('says the same in words', () => {
    expect(storyOfLab({ networks: [{ ...network('web', 'translated'), address: '10.0.0.1/24' }, network('dark')], boxes: [box('jump', 'web', 'dark')] }))
      .toBe('web, 10.0.0.1/24, leads outside under the host’s address, with jump. dark, leads nowhere outside, with jump.');
    expect(shortened('a-rather-long-name', 8)).toBe('a-rathe…');
  });
});
