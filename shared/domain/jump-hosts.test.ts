import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatJumpHosts, parseJumpHosts, type JumpHost } from './jump-hosts';

describe('parseJumpHosts', () => {
  it.each<[string, JumpHost[] | null]>([
    ['', []], ['none', []], ['None', []],
    ['bastion', [{ user: null, host: 'bastion', port: null }]],
    ['ada@bastion:2222', [{ user: 'ada', host: 'bastion', port: 2222 }]],
    ['a, b', [{ user: null, host: 'a', port: null }, { user: null, host: 'b', port: null }]],
    ['ada@[2001:db8::1]:99', [{ user: 'ada', host: '2001:db8::1', port: 99 }]],
    ['2001:db8::1', [{ user: null, host: '2001:db8::1', port: null }]],
    ['fe80::1%eth0', [{ user: null, host: 'fe80::1%eth0', port: null }]],
    ['ssh://[fe80::1%25eth0]:2200', [{ user: null, host: 'fe80::1%eth0', port: 2200 }]],
    ['ssh://ada@bastion/', [{ user: 'ada', host: 'bastion', port: null }]],
    ['DOMAIN\\ada@bastion', [{ user: 'DOMAIN\\ada', host: 'bastion', port: null }]],
    ['a,,b', null], [',', null], ['@a', null], ['a:', null], ['a:0', null], ['a:70000', null], ['a b', null], ['-oProxyCommand=x', null],
    ['-l@a', null], ['[::1', null], ['ssh://%zz', null], ['a/b', null],
  ])('%j', (text, expected) => {
    expect(parseJumpHosts(text)).toEqual(expected);
  });

  const host = fc.oneof(fc.stringMatching(/^[a-z0-9_][a-z0-9._-]{0,20}$/), fc.ipV4(), fc.ipV6().filter((address) => address.includes(':')));
  const jump = fc.record({
    user: fc.option(fc.stringMatching(/^[a-z_][a-z0-9._-]{0,15}$/)), host: host.filter((name) => name !== 'none'), port: fc.option(fc.integer({ min: 1, max: 65535 })),
  });

  it('reads back what was written', () => {
    fc.assert(fc.property(fc.array(jump, { maxLength: 5 }), (hosts) => {
      expect(parseJumpHosts(formatJumpHosts(hosts))).toEqual(hosts);
    }));
  });

  it('never throws, and never lets an option through', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => {
      for (const { user, host: name } of parseJumpHosts(text) ?? []) {
        expect(name).not.toMatch(/^-|[\s@,]/);
        expect(user ?? '').not.toMatch(/^-|[\s@,]/);
      }
    }));
  });
});
