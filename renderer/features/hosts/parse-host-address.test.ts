import { describe, expect, it } from 'vitest';
import { holdsMoreThanAddress, parseHostAddress } from './parse-host-address';

describe('parseHostAddress', () => {
  it.each([
    ['10.0.0.12', { user: null, address: '10.0.0.12', port: null }],
    ['  attic.home.arpa ', { user: null, address: 'attic.home.arpa', port: null }],
    ['root@attic', { user: 'root', address: 'attic', port: null }],
    ['attic:2222', { user: null, address: 'attic', port: 2222 }],
    ['mara@attic:2222', { user: 'mara', address: 'attic', port: 2222 }],
    ['fd00:db8:1::9', { user: null, address: 'fd00:db8:1::9', port: null }],
    ['[fd00:db8:1::9]', { user: null, address: 'fd00:db8:1::9', port: null }],
    ['root@[fd00:db8:1::9]:2222', { user: 'root', address: 'fd00:db8:1::9', port: 2222 }],
    ['ssh://root@attic:22/', { user: 'root', address: 'attic', port: 22 }],
    ['qemu+ssh://root@attic/system', { user: 'root', address: 'attic', port: null }],
    ['ssh -p 2222 root@attic', { user: 'root', address: 'attic', port: 2222 }],
    ['ssh root@attic -p2222', { user: 'root', address: 'attic', port: 2222 }],
    ['me@home@attic', { user: 'me@home', address: 'attic', port: null }],
  ])('reads %s', (text, parts) => {
    expect(parseHostAddress(text)).toEqual(parts);
  });

  it('leaves what it can’t take apart for the schema to explain', () => {
    expect(parseHostAddress('attic:ssh').address).toBe('attic:ssh');
  });
});

describe('holdsMoreThanAddress', () => {
  it('is true for whatever other fields should take over', () => {
    expect(['root@attic', 'attic:22', 'ssh://attic', '[fd00::9]'].every(holdsMoreThanAddress)).toBe(true);
    expect(['', 'attic', '10.0.0.12', 'fd00::9'].some(holdsMoreThanAddress)).toBe(false);
  });
});
