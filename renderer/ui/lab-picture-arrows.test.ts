import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabEnd, LabFinding } from '../../shared/domain/labs/connectivity/lab-test-report';
import type { LabPicture } from '../../shared/domain/labs/lab-picture';
import { arrowsOf, storyOfTest } from './lab-picture-arrows';
import { layOutLab, plateSize } from './lab-picture-layout';

const layoutOf = (...keys: string[]) => layOutLab({ networks: keys.map((key): LabPicture['networks'][number] => ({ key, kind: 'nat', address: null, place: null, way: key === 'web' ? 'translated' : 'none', active: true })), boxes: [] });
const end = (id: string): LabEnd => ({ kind: id === 'host' || id === 'lan' || id === 'internet' || id === 'router' ? id : 'network', id, label: id });
const finding = (from: string, to: string, verdict: LabFinding['verdict'], reached: boolean | null): LabFinding => ({ from: end(from), to: end(to), promised: 'yes', reached, verdict, sentence: `${from} ${to}.`, hint: null });

describe('arrows of a test', () => {
  it('go where somebody reaches somebody: one with two heads for both ways, none for silence that was promised', () => {
    const { arrows } = arrowsOf([finding('web', 'dmz', 'as-promised', true), finding('dmz', 'web', 'as-promised', true), finding('web', 'dark', 'as-promised', false), finding('dmz', 'dark', 'seen', true)], layoutOf('web', 'dmz', 'dark'));
    expect(arrows.map(({ id, state, heads }) => [id, state, heads.length])).toEqual([['web>dmz', 'proven', 2]]);
    expect(arrows[0]?.title).toBe('web dmz.\ndmz web.');
  });

  it('tell the two ways of being wrong, and not knowing, apart by more than colour', () => {
    const { arrows, needsOutside } = arrowsOf([finding('web', 'dmz', 'differs', false), finding('dmz', 'web', 'differs', true), finding('web', 'internet', 'failed', null), finding('lan', 'web', 'differs', true)], layoutOf('web', 'dmz'));
    expect(arrows.map(({ id, state, heads }) => [id, state, heads.map(({ points }) => points)]).sort()).toEqual([['dmz>web', 'open', ['left']], ['web> outside', 'untried', []], ['web>dmz', 'shut', []]]);
    expect(needsOutside).toBe(true);
  });

  it('stand for all of a plate: the worst of its portgroups counts', () => {
    const { arrows, marks } = arrowsOf([finding('a/staff', 'web', 'as-promised', true), finding('a/guests', 'web', 'differs', true), finding('a/staff', 'a/guests', 'differs', true), finding('web', 'web', 'as-promised', true), finding('web', 'host', 'as-promised', true)], layoutOf('web', 'a'));
    expect(arrows.map(({ id, state, title }) => [id, state, title])).toEqual([['a>web', 'open', 'a/guests web.']]);
    expect(marks.map(({ key, state }) => [key, state])).toEqual([['web', 'proven'], ['a', 'open']]);
  });

  it('have lanes of their own, between the plates and what is outside, whatever was found', () => {
    const names = ['web', 'n1', 'n2', 'n3', 'n4'];
    const one = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names, 'internet'), fc.constantFrom<LabFinding['verdict']>('as-promised', 'differs', 'failed', 'seen'), fc.boolean()).map((parts) => finding(...parts));
    fc.assert(fc.property(fc.uniqueArray(one, { maxLength: 25, selector: ({ from, to }) => `${from.id}>${to.id}` }), (findings) => {
      const layout = layoutOf(...names);
      const { arrows, gutter, marks } = arrowsOf(findings, layout);
      for (const { path, sign, heads } of arrows) {
        const numbers = path.match(/-?\d+(\.\d+)?/g)!.map(Number);
        expect(numbers.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
        expect(sign.x).toBeGreaterThan(plateSize.x + plateSize.width);
        expect(sign.x).toBeLessThan(228 + gutter);
        for (const { y } of heads) expect(y).toBeLessThanOrEqual(layout.height);
      }
      const spans = arrows.filter(({ path }) => path.includes('V')).map(({ path }) => ({ x: Number(/Q(\S+)/.exec(path)?.[1]), ys: [...path.matchAll(/Q\S+ (\S+) \S+ \S+/g)].map(([, y]) => Number(y)) }));
      for (const [at, a] of spans.entries()) for (const b of spans.slice(at + 1)) if (a.x === b.x) expect(Math.min(...a.ys) > Math.max(...b.ys) || Math.max(...a.ys) < Math.min(...b.ys)).toBe(true);
      expect(marks.length).toBeLessThanOrEqual(names.length);
    }));
  });

  it('say the same in words', () => {
    expect(storyOfTest([finding('web', 'dmz', 'as-promised', true)])).toBe('Tested: nothing is otherwise than promised.');
    expect(storyOfTest([finding('web', 'dmz', 'differs', true), finding('a', 'b', 'failed', null)])).toBe('Tested, and not as promised: web dmz. 1 could not be tried.');
  });
});
