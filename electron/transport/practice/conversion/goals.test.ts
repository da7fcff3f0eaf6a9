import { beforeEach, describe, expect, it } from 'vitest';
import { engineCommand, sayCommand } from '../../../commands/conversion/engine-commands';
import { buildStageCommand, defaultConversionTiming } from '../../../commands/conversion/stage-transaction';
import { Rehearsal } from '../../../../test/fakes/rehearsal';
import type { Transaction } from '../../../../shared/domain/conversion/transaction';
import type { Command } from '../../../../shared/domain/plan';
import { openPracticeRunner } from '../open-practice-runner';
import { findInterface } from '../linux/link-state';

/** Changes that take a bridge away, or give other addresses: staged by the same upload, with their goal among its settings. */
let rehearsal: Rehearsal;
beforeEach(() => { rehearsal = Rehearsal.begin(); });

const token = 'ab'.repeat(16);
const id = '20260115100000-0badcafe';
const run = (command: Command) => openPracticeRunner(rehearsal.host).run(command);

/** What stages a transaction, with more settings and files than it says itself. */
function upload(transaction: Transaction, settings: string, more = ''): Command {
  const { argv, stdin } = buildStageCommand({ id, token, transaction, login: { uid: 0, reachedAddress: '192.168.1.20' }, timing: defaultConversionTiming, dnsName: null, rebootIfLost: false });
  return { argv, stdin: { name: 'change', text: stdin!.text.replace('\nuser=0\n', `\n${settings}\nuser=0\n`).replace('umask 077\nprintf', `${more}umask 077\nprintf`) } };
}

/** Begins it, and confirms it where it comes as far as that. */
async function change(transaction: Transaction, settings: string, more = '', confirms = true): Promise<string> {
  expect(await run(upload(transaction, settings, more))).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await run(engineCommand(id, 'arm'))).exitCode).toBe(0);
  await run(sayCommand(id, token, { word: 'go' }));
  rehearsal.clock.advance(10_000);
  const { state } = rehearsal.host.state.transactions!.at(-1)!;
  if (state !== 'TRIAL' || !confirms) return state;
  await run(sayCommand(id, token, { word: 'verified' }));
  await run(sayCommand(id, token, { word: 'confirm' }));
  rehearsal.clock.advance(10_000);
  return rehearsal.host.state.transactions!.at(-1)!.state;
}

const addressesOf = (name: string): string[] => (findInterface(rehearsal.host.state, name)?.addresses ?? []).filter(({ family }) => family === 'inet').map(({ address }) => address);
const interfaces = '/etc/network/interfaces';

describe('taking a bridge away', () => {
  const before = () => rehearsal.host.state.files[interfaces]!;
  const leave = (content: string): Transaction => ({
    stack: 'ifupdown', kind: 'linux', nic: 'eno1', bridge: 'br1', needsBootGuard: false, expectedGap: 2, protects: [interfaces],
    files: [
      { name: 'trial', content, mode: 0o600, trialPath: '/run/netwright/interfaces', commitPath: null }, { name: 'lasting', content, mode: 0o644, trialPath: null, commitPath: interfaces },
    ],
    apply: [{ says: 'Delete the bridge', command: 'ip link delete dev br1' }, { says: 'Bring the NIC up', command: 'ifup -i /run/netwright/interfaces --force eno1' }],
    commit: [],
    revert: [
      { says: 'Make the bridge', command: '[ -e /sys/class/net/br1 ] || ip link add name br1 address d8:bb:c1:4a:20:11 type bridge stp_state 0 forward_delay 0' },
      { says: 'Take the addresses off the NIC', command: 'ip address flush dev eno1; ip route flush dev eno1' }, { says: 'Bring the bridge up', command: 'ifup --force br1' },
    ],
  });

  it('is kept when it is confirmed', async () => {
    const old = before();
    await rehearsal.convert();
    expect(await change(leave(old), 'goal=unbridge')).toBe('DONE');
    expect(rehearsal.journal()).toContain('APPLYING eno1 leaves br1, which goes');
    expect(rehearsal.journal()).toContain('TRIAL eno1 carries the network; waits to be confirmed');
    expect([addressesOf('eno1'), findInterface(rehearsal.host.state, 'br1'), before()]).toEqual([['192.168.1.20'], null, old]);
  });

  it.each([
    ['the stack\'s own way', {}, 'the old network is back'],
    ['ip(8)', { revert: [{ says: 'Go back in vain', command: 'false' }] }, 'the old network is back, by ip(8)'],
  ])('goes back at T by %s', async (_way, other, last) => {
    const old = before();
    await rehearsal.convert();
    const kept = before();
    expect(await change({ ...leave(old), ...other }, 'goal=unbridge', '', false)).toBe('TRIAL');
    rehearsal.clock.advance(180_000);
    expect(rehearsal.journal().at(-1)).toBe(`REVERTED ${last}`);
    expect([addressesOf('br1'), addressesOf('eno1'), findInterface(rehearsal.host.state, 'eno1')?.controller, before()]).toEqual([['192.168.1.20'], [], 'br1', kept]);
  });

  it('is refused where there is no such bridge', async () => {
    expect(await run(upload(leave(before()), 'goal=unbridge'))).toMatchObject({ exitCode: 73, stderr: 'eno1 is no port of br1\n' });
    expect(rehearsal.host.state.transactions).toBeUndefined();
  });
});

describe('giving another address', () => {
  const content = `auto lo\niface lo inet loopback\n\nauto eno1\niface eno1 inet static\n    address 192.168.1.40/24\n    gateway 192.168.1.1\n`;
  const move: Transaction = {
    stack: 'ifupdown', kind: 'linux', nic: 'eno1', bridge: 'eno1', needsBootGuard: false, expectedGap: 2, protects: [interfaces],
    files: [{ name: 'trial', content, mode: 0o600, trialPath: '/run/netwright/interfaces', commitPath: null }, { name: 'lasting', content, mode: 0o644, trialPath: null, commitPath: interfaces }],
    apply: [{ says: 'Take the addresses off', command: 'ip address flush dev eno1; ip route flush dev eno1' }, { says: 'Bring it up', command: 'ifup -i /run/netwright/interfaces --force eno1' }],
    commit: [], revert: [{ says: 'Take the addresses off', command: 'ip address flush dev eno1; ip route flush dev eno1' }, { says: 'Bring it up', command: 'ifup --force eno1' }],
  };
  const wanted = (address: string): string => `printf '%s' '${address}\n' >wanted/ipv4\n`;

  it('is kept when it is what was wanted, and the user logs in by it from then on', async () => {
    expect(await change(move, 'goal=address\ngateway=192.168.1.1', wanted('192.168.1.40/24'))).toBe('DONE');
    expect(addressesOf('eno1')).toEqual(['192.168.1.40']);
    expect((await run({ argv: ['printenv', 'SSH_CONNECTION'] })).stdout).toBe('192.168.1.5 50000 192.168.1.40 22\n');
  });

  it('goes back where it is another one, where the new gateway is silent, and where the MTU is not what it should be', async () => {
    for (const [settings, address, problem] of [
      ['goal=address', '192.168.1.41/24', 'eno1 was given another address: 192.168.1.40/24'],
      ['goal=address\ngateway=192.168.1.9', '192.168.1.40/24', 'another default route than there should be (gateway, interface, metric): 192.168.1.1 eno1 0'],
      ['goal=address\nmtu=9000', '192.168.1.40/24', 'eno1 has another MTU than it should have: 1500, not 9000'],
    ] as const) {
      rehearsal = Rehearsal.begin();
      await change(move, settings, wanted(address));
      rehearsal.clock.advance(60_000);
      expect(rehearsal.journal()).toContain(`REVERTING ${problem}`);
      expect(rehearsal.journal().at(-1)).toBe('REVERTED the old network is back');
      expect(addressesOf('eno1')).toEqual(['192.168.1.20']);
    }
  });
});
