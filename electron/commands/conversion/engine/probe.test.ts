import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const probe = fileURLToPath(new URL('probe.sh', import.meta.url));
let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netwright-probe-'));
  for (const folder of ['kept', 'wanted']) {
    mkdirSync(path.join(root, folder));
    keep(`${folder}/ipv4`, '10.0.0.7/24\n');
    for (const name of ['ipv6', 'defaults4', 'defaults6']) keep(`${folder}/${name}`, '');
  }
});
afterEach(() => rmSync(root, { recursive: true }));

const keep = (name: string, text: string): void => writeFileSync(path.join(root, name), text);

/** What `configured` finds on eno1, where ip(8) says so: by its arguments. */
function problemOf(answers: Record<string, string>, leased = '', more = ''): string {
  const cases = Object.entries(answers).map(([args, text]) => `'${args}') echo '${text}' ;;`).join('\n');
  return execFileSync('/bin/sh', ['-eu'], {
    encoding: 'utf8',
    input: `dir=${root} reached=10.0.0.7 leased_wanted=${leased} moves= gateway6_wanted= problems= ${more}\nip() { case "$*" in\n${cases}\nesac; }\n. ${probe}\nset +eu\nconfigured eno1 wanted\necho "$problems"`,
  }).trim();
}
/** `yes` where a line of probe.sh holds. */
function outcomeOf(line: string, answers: Record<string, string>): string {
  const cases = Object.entries(answers).map(([args, text]) => `'${args}') echo '${text}' ;;`).join('\n');
  return execFileSync('/bin/sh', { encoding: 'utf8', input: `dir=${root}\nip() { case "$*" in\n${cases}\nesac; }\n. ${probe}\nif ${line}; then echo yes; else echo no; fi` }).trim();
}
const address = '2: eno1    inet 10.0.0.7/24 brd 10.0.0.255 scope global eno1';
const fixed = { '-o -4 addr show dev eno1 scope global': address };

describe('what the host finds of its network', () => {
  it('is well with the addresses that are wanted', () => {
    expect(problemOf(fixed)).toBe('');
    expect(problemOf({})).toBe('eno1 has not the addresses it should have: 10.0.0.7/24');
  });

  it('is a lease where one is wanted, and not what was fixed before', () => {
    expect(problemOf(fixed, '10.0.0.7')).toBe('eno1 has no lease of 10.0.0.7: no DHCP server has given it');
    expect(problemOf({ ...fixed, '-o -4 addr show dev eno1 dynamic': address }, '10.0.0.7')).toBe('');
    expect(problemOf({ ...fixed, '-o -4 addr show dev eno1 dynamic': address }, '10.0.0.70')).toContain('no lease of 10.0.0.70');
  });

  it('has the IPv6 addresses that come, once nobody else has them', () => {
    keep('wanted/new6', 'fd77::9/64\n');
    const six = (flags: string) => ({ ...fixed, '-o -6 addr show dev eno1 scope global': `2: eno1    inet6 fd77::9/64 scope global ${flags}` });
    expect(problemOf(fixed)).toBe('eno1 has not the address fd77::9/64');
    expect(problemOf(six('tentative'))).toBe('eno1 has not got the address fd77::9/64 yet');
    expect(problemOf(six('tentative dadfailed'))).toBe('somebody else has fd77::9/64');
    expect(problemOf(six(''))).toBe('');
  });

  it('is reached where the session\'s own IPv6 address has moved to', () => {
    const at = { ...fixed, '-o -6 addr show dev eno1': '2: eno1    inet6 fd77::9/64 scope global' };
    expect(problemOf(at, '', 'reached=fd77::7')).toBe('eno1 has not the address fd77::7');
    expect(problemOf(at, '', 'reached=fd77::7 moves=fd77::9')).toBe('');
  });

  it('has the gateway of IPv6 that is wanted, whatever else is advertised', () => {
    const by = (gateway: string) => ({ ...fixed, '-6 route show default': `default via fe80::2 dev eno1 proto ra metric 100\ndefault via ${gateway} dev eno1 metric 1024` });
    expect(problemOf(by('fd77::2'), '', 'gateway6_wanted=fd77::1')).toBe('eno1 has no default route of IPv6 by fd77::1');
    expect(problemOf(by('fd77::1'), '', 'gateway6_wanted=fd77::1')).toBe('');
  });

  it('has the routes that are wanted, of either family', () => {
    keep('wanted/routes', '192.0.2.0/24\nfd78::/64\n');
    const four = { '-4 route show to exact 192.0.2.0/24 dev eno1': '192.0.2.0/24 via 10.0.0.254' };
    expect(problemOf({ ...fixed, ...four })).toBe('eno1 has no route to fd78::/64');
    expect(problemOf({ ...fixed, ...four, '-6 route show to exact fd78::/64 dev eno1': 'fd78::/64 via fd77::1' })).toBe('');
  });

  it('tells a default route that was never set from addresses that are still to come', () => {
    const isRouteless = (answers: Record<string, string>): boolean => outcomeOf('routeless eno1 wanted', answers) === 'yes';
    expect(isRouteless(fixed)).toBe(false);
    keep('wanted/defaults4', '10.0.0.1 eno1 0\n');
    expect(isRouteless(fixed)).toBe(true);
    expect(isRouteless({})).toBe(false);
    expect(isRouteless({ ...fixed, '-4 route show default dev eno1': 'default via 10.0.0.1' })).toBe(false);
  });
});
