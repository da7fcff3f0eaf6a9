import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { HostTransaction } from '../../../shared/domain/conversion/host-transaction';
import { keptGlobs, parseKept, readKeptCommand } from './read-kept';

const transaction: HostTransaction = {
  id: '20261127040000-0badcafe', state: 'DONE', pending: false, stack: 'ifupdown', kind: 'linux', nic: 'eno1', bridge: 'br0', secondsLeft: null, journal: [], undoable: true,
};
const sum = (letter: string): string => letter.repeat(64);
const folder = '/var/lib/netwright/tx/20261127040000-0badcafe/kept/files';
const listed = [
  'paths /etc/network/interfaces', 'paths /etc/network/new file', 'paths /etc/kept.d', 'paths /run/netwright/interfaces',
  `written ${sum('a')}  /etc/network/interfaces`, `written ${sum('b')}  /etc/network/new file`, `written ${sum('c')}  /etc/kept.d/x`,
  'ipv4 10.0.0.7/24', 'address 2: eno1    inet 10.0.0.7/24 brd 10.0.0.255 scope global dynamic eno1\\       valid_lft 1799sec preferred_lft 1799sec', 'address 2: eno1    inet6 2001:db8::7/64 scope global dynamic mngtmpaddr', 'address 2: eno1    inet6 fd00::7/64 scope global \\       valid_lft forever preferred_lft forever', 'address 2: eno1    inet6 fe80::7/64 scope link', 'defaults4 10.0.0.1 eno1 0', 'defaults4 10.9.0.1 eno2 100', 'mtu 1500',
  `now ${sum('a')}  /etc/network/interfaces`, `now ${sum('d')}  /etc/network/new file`, `now ${sum('e')}  /etc/kept.d/y`,
  'mode 600 files/etc/network/interfaces', 'mode 644 files/etc/kept.d/x', '',
].join('\n');

describe('what an ended change has kept', () => {
  it('is files as they were, and which of them were changed since', () => {
    const files = [{ path: `${folder}/etc/network/interfaces`, content: 'auto lo\n' }, { path: `${folder}/etc/kept.d/x`, content: 'x' }];
    expect(parseKept(transaction, listed, files)).toEqual({
      transaction, ipv4: ['10.0.0.7/24'], leased: '10.0.0.7', fixed6: ['fd00::7/64'], gateway: '10.0.0.1', mtu: 1500,
      files: [
        { path: '/etc/network/interfaces', content: 'auto lo\n', mode: 0o600 }, { path: '/etc/network/new file', content: null, mode: 0o600 },
        { path: '/etc/kept.d/x', content: 'x', mode: 0o644 },
      ],
      changed: ['/etc/kept.d/x', '/etc/kept.d/y', '/etc/network/new file'],
    });
  });

  it('is nothing where nothing was kept', () => {
    expect(parseKept(transaction, '', [])).toMatchObject({ files: [], changed: [], ipv4: [], leased: null, gateway: null, mtu: null });
    expect(parseKept(transaction, 'address 2: eno1    inet 10.0.0.7/24 brd 10.0.0.255 scope global eno1\\       valid_lft forever preferred_lft forever', []).leased).toBeNull();
    const [program, ...args] = readKeptCommand(transaction.id).argv as [string, ...string[]];
    expect(execFileSync(program, args, { encoding: 'utf8' })).toBe('');
  });

  it('is looked for in no folder but its own', () => {
    expect(() => readKeptCommand('../../etc')).toThrow();
    expect(() => keptGlobs('a/b')).toThrow();
  });
});
