import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverWords } from './server-words';

describe('what a server says', () => {
  it('is kept as it is where it is plain', () => {
    expect(serverWords('One-time code (6 digits): ')).toBe('One-time code (6 digits):');
    expect(serverWords('Línea uno\r\nLínea dos\r\n\r\n\r\n\r\nEnde')).toBe('Línea uno\nLínea dos\n\nEnde');
  });

  it('loses escape sequences, bells and characters that turn it round', () => {
    expect(serverWords('\u001b[2J\u0007Pass\u202eword\u202c\u200b:')).toBe('[2JPassword:');
  });

  it('is cut where it is too long, never inside a character', () => {
    expect(serverWords('𝒩'.repeat(30), 10)).toBe(`${'𝒩'.repeat(10)}…`);
  });

  it('never holds a control character but the line end, and never more than the limit', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 1, max: 100 }), (text, limit) => {
      const words = serverWords(text, limit);
      expect(words.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      expect([...words].length).toBeLessThanOrEqual(limit + 1);
    }));
  });
});
