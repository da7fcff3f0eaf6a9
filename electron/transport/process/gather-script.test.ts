import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error';
import { buildGatherScript, parseGatherReply, quoteGlob } from './gather-script';

type Section = [name: string, exitCode: number, stdout: string, stderr: string];

function frames(sections: Section[], token = 'tok'): Buffer {
  return Buffer.concat([
    ...sections.flatMap(([name, exitCode, stdout, stderr]) => {
      const out = Buffer.from(stdout);
      const err = Buffer.from(stderr);
      return [Buffer.from(`@${token} ${name} ${exitCode} ${out.length} ${err.length}\n`), out, err];
    }),
    Buffer.from(`@${token} end 0 0 0\n`),
  ]);
}

const sections = fc.uniqueArray(fc.tuple(
  fc.stringMatching(/^[a-z0-9-]{1,8}$/).filter((name) => name !== 'end'), fc.integer({ min: 0, max: 255 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }), fc.string({ maxLength: 20 }),
), { selector: ([name]) => name, maxLength: 6 });

describe('parseGatherReply', () => {
  it('gives every section back, whatever it holds', () => {
    fc.assert(fc.property(sections, (list) => {
      expect([...parseGatherReply(frames(list), 'tok')].map(([name, reply]) => [name, reply.exitCode, reply.stdout, reply.stderr])).toEqual(list);
    }));
  });

  it('is not fooled by contents that look like frames, nor by what a shell says first', () => {
    const reply = parseGatherReply(Buffer.concat([Buffer.from('Welcome!\n'), frames([['a', 0, '@tok end 0 0 0\n', '@tok b 0 9 9\n'], ['b', 1, 'x', '']])]), 'tok');
    expect(reply.get('a')?.stdout).toBe('@tok end 0 0 0\n');
    expect(reply.get('b')).toEqual({ exitCode: 1, stdout: 'x', stderr: '' });
  });

  it('notices every cut', () => {
    const whole = frames([['a', 0, 'one\n', ''], ['b', 2, '', 'two\n']]);
    for (let length = 0; length < whole.length; length++) {
      expect(() => parseGatherReply(whole.subarray(0, length), 'tok'), `cut at ${length}`).toThrow(AppError);
    }
  });

  it('never answers wrongly to a damaged reply: it throws, or only contents differ', () => {
    const whole = frames([['a', 0, 'one\n', ''], ['b', 2, '', 'two\n']]);
    fc.assert(fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const damaged = Buffer.from(whole);
      damaged[at] = byte;
      try {
        const reply = parseGatherReply(damaged, 'tok');
        expect(reply.size).toBeLessThanOrEqual(2);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }));
  });
});

describe('buildGatherScript', () => {
  it('refuses names that would break the frames', () => {
    const argv = { kind: 'argv', argv: ['true'] } as const;
    for (const name of ['A', 'a b', 'end', '']) expect(() => buildGatherScript([{ name, command: argv }], 't')).toThrow();
    expect(() => buildGatherScript([{ name: 'a', command: argv }, { name: 'a', command: argv }], 't')).toThrow();
  });

  it('leaves only wildcards special in file patterns', () => {
    expect(quoteGlob('/etc/net work/*.yaml')).toBe('\'/etc/net work/\'*.yaml');
    expect(quoteGlob('/a/$(id)/[ab]?')).toBe('\'/a/$(id)/\'[ab]?');
  });
});
