import { afterEach, beforeEach, expect, it } from 'vitest';
import { Rehearsal } from '../../test/fakes/rehearsal';
import { newHostProfile } from '../../shared/domain/host';
import { openPracticeRunner } from '../transport/practice/open-practice-runner';
import { parseInvocation } from './arguments';
import { changeUplink } from './commands/change-uplink';
import { concludeConversion, showTransactions } from './commands/conversions';
import { exitCode } from './exit-code';
import type { CliContext } from './main';
import { TerminalAsker } from './terminal-asker';

/** `netwright convert practice …` as it is typed, whole, on a clock that moves only while somebody sleeps. */
let rehearsal: Rehearsal;
let context: CliContext;
let printed: string[];
let told: string[];
const host = newHostProfile('practice', 'Practice host', { kind: 'practice' });

beforeEach(() => {
  rehearsal = Rehearsal.begin();
  printed = [];
  told = [];
  const core = {
    conversions: rehearsal.service, sessions: { disconnect: async () => undefined }, inventory: { runner: () => openPracticeRunner(rehearsal.host), get: () => null },
  } as unknown as CliContext['core'];
  context = {
    core, asker: new TerminalAsker({ input: process.stdin, error: process.stderr }, null), connect: async () => undefined,
    print: (text) => { printed.push(text); }, tell: (text) => { told.push(text); },
  };
});
afterEach(() => rehearsal.host.dispose());

/** Types `netwright …`. */
async function type(...words: string[]): Promise<number> {
  const invocation = parseInvocation(words);
  switch (invocation.command) {
    case 'change-uplink': return changeUplink(context, host, invocation.request, invocation.options);
    case 'transactions': return showTransactions(context, host, invocation.options);
    case 'conclude': return concludeConversion(context, host, invocation.verb, invocation.id, invocation.options);
    default: throw new Error(`${invocation.command} is not tried here`);
  }
}

it('shows what it would do', async () => {
  expect(await type('convert', 'practice', 'eno1', '--bridge', 'br1', '--plan')).toBe(exitCode.ok);
  expect(printed.join('\n')).toContain('eno1 becomes a port of the bridge br1 (ifupdown)');
  expect(printed.join('\n')).toContain('--- /etc/network/interfaces');
  expect(rehearsal.journal()).toEqual([]);
});

it('converts, and tells what the host writes down', async () => {
  expect(await type('convert', 'practice', 'eno1', '--bridge', 'br1', '--yes')).toBe(exitCode.ok);
  expect(printed).toEqual(['br1: the bridge is there to stay']);
  expect(told.join('\n')).toMatch(/eno1 becomes a port of br1\n[^]*The host does not answer: [^]*reached over a new connection\n[^]*lasts$/);
  await type('transactions', 'practice');
  expect(printed.at(-1)).toContain('eno1 → br1 (ifupdown): the bridge is there to stay');
});

it('holds, and goes back when it is told to', async () => {
  expect(await type('convert', 'practice', 'eno1', '--bridge', 'br1', '--hold', '--yes')).toBe(exitCode.ok);
  expect(told.at(-1)).toMatch(/“netwright confirm HOST \S+” keeps it within 11\d s/);
  expect(await type('revert', 'practice')).toBe(exitCode.ok);
  expect(printed.at(-1)).toBe('br1: the old network is back');
});

it('refuses a bridge that is there, and a NIC that is a port', async () => {
  await expect(type('convert', 'practice', 'eno1', '--bridge', 'br0', '--yes')).rejects.toThrow('There is a br0 already');
  await expect(type('convert', 'practice', 'enp2s0', '--bridge', 'br1', '--yes')).rejects.toThrow('is a port of br0 already');
});
