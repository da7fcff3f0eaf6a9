import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fingerprintOf, hashHostName, hostsFieldMatches, keyTypeOf, knownHostName, lineToAppend, parseKnownHosts, wildcardMatches,
} from './known-hosts-file';

function blob(type: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(type.length);
  return Buffer.concat([head, Buffer.from(type), body]);
}

const key = blob('ssh-ed25519', Buffer.alloc(36, 7));
const encoded = key.toString('base64');
const names = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/);
const keys = fc.tuple(fc.constantFrom('ssh-ed25519', 'ecdsa-sha2-nistp256', 'ssh-rsa'), fc.uint8Array({ minLength: 1, maxLength: 80 }))
  .map(([type, body]) => blob(type, body));

describe('parseKnownHosts', () => {
  it('reads plain, hashed and marked lines, and knows their line numbers', () => {
    const text = `# mine\n\nhost,10.0.0.1 ssh-ed25519 ${encoded} me@there\n@revoked * ssh-ed25519 ${encoded}\n`
      + `@cert-authority *.lab\tssh-ed25519 ${encoded}\n|1|c2FsdA==|aGFzaA== ssh-ed25519 ${encoded}`;
    expect(parseKnownHosts(text).map(({ line, marker, hosts, comment }) => ({ line, marker, hosts, comment }))).toEqual([
      { line: 3, marker: null, hosts: 'host,10.0.0.1', comment: 'me@there' },
      { line: 4, marker: 'revoked', hosts: '*', comment: '' },
      { line: 5, marker: 'cert-authority', hosts: '*.lab', comment: '' },
      { line: 6, marker: null, hosts: '|1|c2FsdA==|aGFzaA==', comment: '' },
    ]);
  });

  it('passes over lines that hold no key', () => {
    expect(parseKnownHosts(`host\nhost ssh-ed25519\nhost ssh-rsa ${encoded}\n@other host ssh-ed25519 ${encoded}\nhost ssh-ed25519 ###\n`)).toEqual([]);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => {
      parseKnownHosts(text);
    }));
  });

  it('reads back what was appended, whatever stood there before', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), names, fc.integer({ min: 1, max: 65535 }), keys, (before, address, port, anyKey) => {
      const name = knownHostName(address, port);
      const text = before + lineToAppend(before, name, anyKey);
      expect(text.startsWith(before)).toBe(true);
      const last = parseKnownHosts(text).at(-1);
      expect(last?.key.equals(anyKey)).toBe(true);
      expect(hostsFieldMatches(last?.hosts ?? '', name)).toBe(true);
    }));
  });

  it('hashes the name where the file hashes its names', () => {
    const file = `${hashHostName('other')} ssh-ed25519 ${encoded}\n`;
    expect(lineToAppend(file, 'secret.lab', key)).not.toContain('secret.lab');
    expect(lineToAppend(`plain ssh-ed25519 ${encoded}\n`, 'secret.lab', key)).toContain('secret.lab ');
  });
});

describe('hostsFieldMatches', () => {
  it.each([
    ['host', 'host', true], ['HOST', 'host', true], ['host', 'host2', false], ['a,b', 'b', true], ['*.lab', 'x.lab', true],
    ['*.lab,!x.lab', 'x.lab', false], ['!x.lab,*.lab', 'y.lab', true], ['10.0.0.?', '10.0.0.7', true], ['10.0.0.?', '10.0.0.17', false],
    ['[host]:2222', '[host]:2222', true], ['host', '[host]:2222', false], ['|1|bad', 'host', false], ['|2|c2FsdA==|aGFzaA==', 'host', false],
  ])('%s on %s: %s', (field, name, expected) => {
    expect(hostsFieldMatches(field, name)).toBe(expected);
  });

  it('finds a hashed name, and only that name', () => {
    fc.assert(fc.property(names, names, (one, other) => {
      expect(hostsFieldMatches(hashHostName(one), one)).toBe(true);
      expect(hostsFieldMatches(hashHostName(one), other)).toBe(one === other);
    }));
  });

  it('is quick on patterns made to be slow', () => {
    expect(wildcardMatches(`${'*a'.repeat(60)}b`, 'a'.repeat(2000))).toBe(false);
  });
});

it('names hosts as OpenSSH files them', () => {
  expect(knownHostName('Host.Lab', 22)).toBe('host.lab');
  expect(knownHostName('fe80::1', 2222)).toBe('[fe80::1]:2222');
});

it('tells the type of a key blob, and no type of anything else', () => {
  expect(keyTypeOf(key)).toBe('ssh-ed25519');
  expect(keyTypeOf(Buffer.alloc(3))).toBeNull();
  expect(keyTypeOf(Buffer.from([0, 0, 0, 200, 1]))).toBeNull();
});

it('prints fingerprints without padding', () => {
  expect(fingerprintOf(key)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
});
