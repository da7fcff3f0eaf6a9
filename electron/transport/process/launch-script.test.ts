import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildLaunch, encodeScript, loginShellCommand } from './launch-script';

/** What `printf %b` makes of an encoded script. */
function decode(encoded: string): string {
  const bytes: number[] = [];
  for (let index = 0; index < encoded.length; index++) {
    if (encoded[index] === '\\') {
      bytes.push(Number.parseInt(encoded.slice(index + 2, index + 5), 8));
      index += 4;
    } else {
      bytes.push(encoded.charCodeAt(index));
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

describe('encodeScript', () => {
  it('is one line of characters that no login shell takes for special inside single quotes, and decodes to the script', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }).filter((text) => !text.includes('\0')), (script) => {
      const encoded = encodeScript(script);
      expect(encoded).toMatch(/^[A-Za-z0-9 _./:=,@+\\-]*$/);
      expect(decode(encoded)).toBe(script);
    }));
  });

  it('tells when a script is too long for a command line', () => {
    expect(loginShellCommand('x'.repeat(200_000))).toBeNull();
  });
});

describe('buildLaunch', () => {
  it('never puts the password into the command', () => {
    for (const program of [{ argv: ['virsh', 'net-list'] }, { script: 'id' }]) {
      const { script, stdin } = buildLaunch(program, { kind: 'sudo-with-password', password: 'hunter2' }, 'abc');
      expect(script).not.toContain('hunter2');
      expect(stdin.startsWith('hunter2\n@abc\n')).toBe(true);
    }
  });

  it('asks sudo for nothing where it needs no password', () => {
    const { script, stdin } = buildLaunch({ argv: ['id'] }, { kind: 'sudo' }, 'abc');
    expect(script).toContain('exec sudo -n -- /bin/sh -c ');
    expect(stdin).toBe('');
  });

  it('shows sudo the real command, for its log', () => {
    expect(buildLaunch({ argv: ['virsh', 'net-start', 'my net'] }, { kind: 'sudo' }, 'abc').script).toMatch(/sh virsh net-start 'my net'$/);
  });
});
