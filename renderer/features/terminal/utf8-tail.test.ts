import fc from 'fast-check';
import { expect, it } from 'vitest';
import { incompleteTail } from './utf8-tail';

it('knows where the last whole character ends', () => {
  expect(['e', 'é', '–', '👍'].map((text) => incompleteTail(new TextEncoder().encode(text)))).toEqual([0, 0, 0, 0]);
  expect([[0xc3], [0xe2], [0xe2, 0x80], [0xf0], [0xf0, 0x9f], [0xf0, 0x9f, 0x91]].map((bytes) => incompleteTail(Uint8Array.from([0x41, ...bytes])))).toEqual([1, 1, 2, 1, 2, 3]);
});

it('keeps nothing back that can’t become a character', () => {
  expect([[], [0x80], [0x80, 0x80, 0x80, 0x80], [0xff], [0xc0], [0xf5, 0x80]].map((bytes) => incompleteTail(Uint8Array.from(bytes)))).toEqual([0, 0, 0, 0, 0, 0]);
});

it('lets every text be cut anywhere', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x1ffff }))), fc.nat(), (codes, at) => {
    const data = new TextEncoder().encode(String.fromCodePoint(...codes));
    const head = data.slice(0, data.length === 0 ? 0 : at % (data.length + 1));
    const whole = head.slice(0, head.length - incompleteTail(head));
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(whole)).not.toThrow();
  }));
});
