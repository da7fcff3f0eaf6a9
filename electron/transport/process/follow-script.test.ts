import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildFollowScript, parseFollowLine } from './follow-script';

it('reads lines of sources, and notes that one ended', () => {
  expect(parseFollowLine('net event \'lifecycle\'')).toEqual({ source: 'net', text: 'event \'lifecycle\'' });
  expect(parseFollowLine('net ')).toEqual({ source: 'net', text: '' });
  expect(parseFollowLine('net!')).toEqual({ source: 'net', text: null });
  expect(parseFollowLine('net!x')).toBeNull();
  expect(parseFollowLine('Net x')).toBeNull();
  expect(parseFollowLine('')).toBeNull();
});

it('never throws', () => {
  fc.assert(fc.property(fc.string(), (line) => {
    parseFollowLine(line);
  }));
});

it('refuses names that would break the lines', () => {
  expect(() => buildFollowScript([{ name: 'a b', argv: ['true'] }])).toThrow();
});
