import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Transaction } from '../../../shared/domain/conversion/transaction';
import { engineCommand, sayCommand } from './engine-commands';
import { engineFiles } from './engine-files';
import { explainArm, explainStage } from './explain-engine';
import { listTransactionsCommand, parseTransactions } from './list-transactions';
import { parseLoginFacts } from './login-facts';
import { buildStageCommand, defaultConversionTiming } from './stage-transaction';

const transaction: Transaction = {
  stack: 'systemd-networkd', kind: 'linux', nic: 'eno1', bridge: 'br0', needsBootGuard: false, expectedGap: 0.5,
  files: [{ name: 'Wired connection 1.network', content: 'it\'s\n[Match]\n\\n %s $(reboot)\nno newline at the end', mode: 0o640, trialPath: '/run/systemd/network/br0.network', commitPath: null }],
  protects: ['/etc/systemd/network'],
  apply: [{ says: 'Read\nthe files', command: 'networkctl reload' }],
  commit: [], revert: [{ says: 'Go back', command: 'networkctl reload' }],
};
const stage = (change: Partial<Transaction> = {}) => buildStageCommand({
  id: '20261127040000-0badcafe', token: 'f'.repeat(32), transaction: { ...transaction, ...change }, login: { uid: 1000, reachedAddress: '10.0.0.7' }, timing: defaultConversionTiming, dnsName: null, rebootIfLost: false,
});
const scriptOf = (command: ReturnType<typeof stage>): string => command.stdin?.text ?? '';

/** What the script would write, and nothing of what it would run: `mkdir`, `cd` and the engine are put out of action. */
function written(name: string): string {
  const line = scriptOf(stage()).split(/^(?=printf '%s' )/m).find((text) => new RegExp(`>${name}\\n`).test(text)) ?? '';
  const upTo = line.slice(0, line.lastIndexOf(` >${name}`));
  return execFileSync('/bin/sh', ['-s'], { input: upTo, encoding: 'utf8' });
}

describe('the upload', () => {
  it('is one script for sh, which does nothing unless all of it arrived', () => {
    const script = scriptOf(stage());
    expect(spawnSync('/bin/sh', ['-n'], { input: script }).status).toBe(0);
    expect(script.trimEnd().split('\n').at(-1)).toBe('main');
    const lines = script.split('\n');
    for (const at of [3, 10, Math.floor(lines.length / 2), lines.length - 4]) {
      expect(spawnSync('/bin/sh', ['-n'], { input: lines.slice(0, at).join('\n') }).status, `cut at line ${at}`).not.toBe(0);
    }
  });

  it('carries files to the byte, whatever they hold', () => {
    expect(written('\'new/Wired connection 1.network\'')).toBe(transaction.files[0]!.content);
    for (const [name, text] of Object.entries(engineFiles)) expect(written(name)).toBe(text);
  });

  it('says above each command what it is for, and what is changed and by whom', () => {
    expect(written('apply/01')).toBe('# Read the files\nnetworkctl reload\n');
    expect(written('files')).toBe('Wired connection 1.network\t0640\t/run/systemd/network/br0.network\t-\n');
    expect(written('settings')).toContain('user=1000\nreached=10.0.0.7\nmoves=\n');
  });

  it('says what is to be afterwards, and what goes', () => {
    const script = scriptOf(stage({ goal: 'address', wants: { ipv4: ['10.0.0.9/24', '10.0.0.10/24'], gateway: '10.0.0.1', gateway6: 'fe80::1', mtu: 1400, newIpv6: ['fd00::9/64'], reachedAddress: 'fd00::9' }, removes: [{ path: '/etc/a', when: 'trial' }], undoes: '20261127030000-0badcafe' }));
    expect(script).toContain(`'10.0.0.10/24\n10.0.0.9/24\n' >wanted/ipv4`);
    expect(script).toContain(`'trial\t/etc/a\n' >removes`);
    expect(script).toMatch(/^goal=address$/m);
    expect(script).toMatch(/^undoes=20261127030000-0badcafe\ngateway=10\.0\.0\.1\ngateway6=fe80::1\nmtu=1400$/m);
    expect(script).toMatch(/^reached=10\.0\.0\.7\nmoves=fd00::9$/m);
    expect(script).toContain(`'fd00::9/64\n' >wanted/new6`);
    const without = scriptOf(stage({ leaves: ['dhcp4', 'ra', 'dns'], wants: { ipv4: [], ipv6: ['fd00::7/64'], noDefault: ['ipv4', 'ipv6'] } }));
    expect(without).toContain(`'' >wanted/ipv4`);
    expect(without).toContain(`'fd00::7/64\n' >wanted/ipv6`);
    expect(without).toMatch(/^leaves=dhcp4 ra dns\nno_default=ipv4 ipv6$/m);
    expect(without).toMatch(/^dns_name=$/m);
    expect(() => stage({ removes: [{ path: '/etc/../x', when: 'trial' }] })).toThrow();
  });

  it('keeps the token out of every command line', () => {
    const said = sayCommand('20261127040000-0badcafe', 'secret', { word: 'extend', seconds: 300 });
    expect([stage().argv.join(' '), said.argv.join(' ')].join(' ')).not.toMatch(/secret|ffff/);
    expect(said.stdin?.text).toBe('secret 300\n');
  });

  it.each([
    ['a path that climbs', { protects: ['/etc/../root'] }],
    ['a relative path', { protects: ['etc'] }],
    ['a path in two lines', { protects: ['/etc/a\nb'] }],
    ['a file in another folder', { files: [{ ...transaction.files[0]!, name: '../x' }] }],
    ['a NIC that is none', { nic: 'eno1; reboot' }],
  ])('refuses %s', (_what, change) => {
    expect(() => stage(change)).toThrowError(expect.objectContaining({ code: 'input.invalid' }) as Error);
  });

  it('refuses times in which the dead man\'s switch would come first', () => {
    const timed = (timing: Partial<typeof defaultConversionTiming>) => () => buildStageCommand({
      id: '20261127040000-0badcafe', token: 'f', transaction, login: { uid: 0, reachedAddress: null }, timing: { ...defaultConversionTiming, ...timing }, dnsName: null, rebootIfLost: false,
    });
    expect(timed({ graceSeconds: 49 })).toThrow();
    expect(timed({ trialSeconds: 601 })).toThrow();
    expect(timed({ trialSeconds: 600, graceSeconds: 50 })).not.toThrow();
  });

  it('names no folder but its own', () => {
    expect(() => engineCommand('../../etc', 'arm')).toThrow();
    expect(() => sayCommand('a/b', 'x', { word: 'go' })).toThrow();
  });
});

describe('what the host remembers', () => {
  const block = ['@', '=id=20261127040000-0badcafe', '=stack=ifupdown', '=kind=linux', '=nic=eno1', '=bridge=br0', '=state=TRIAL', '=pending=yes', '=left=42',
    '>2026-11-27T04:00:00Z STAGED everything is kept', '>2026-11-27T04:00:09Z TRIAL a step said: @', ''].join('\n');

  it('is read with its journal', () => {
    expect(parseTransactions(`noise\n${block}`)).toEqual([{
      id: '20261127040000-0badcafe', stack: 'ifupdown', kind: 'linux', goal: 'bridge', nic: 'eno1', bridge: 'br0', state: 'TRIAL', pending: true, secondsLeft: 42,
      journal: [{ at: '2026-11-27T04:00:00Z', state: 'STAGED', text: 'everything is kept' }, { at: '2026-11-27T04:00:09Z', state: 'TRIAL', text: 'a step said: @' }],
    }]);
  });

  it('tells what a change undoes, and whether it can be undone itself', () => {
    const done = block.replace('=state=TRIAL', '=state=DONE\n=goal=unbridge\n=undoes=20261127030000-0badcafe\n=kept=yes');
    expect(parseTransactions(done)[0]).toMatchObject({ goal: 'unbridge', undoes: '20261127030000-0badcafe', undoable: true });
    expect(parseTransactions(done.replace('DONE', 'REVERTED'))[0]).not.toHaveProperty('undoable');
  });

  it('is nothing on a host that was never converted, and what another version wrote is unknown', () => {
    expect(parseTransactions('')).toEqual([]);
    expect(parseTransactions('@\n=id=20261127040000-0badcafe\n=state=DREAMING\n')[0]).toMatchObject({ state: 'UNKNOWN', pending: false, secondsLeft: null });
    expect(spawnSync(listTransactionsCommand.argv[0]!, [...listTransactionsCommand.argv.slice(1)]).status).toBe(0);
  });

  it('says who logged in, by which address', () => {
    expect(parseLoginFacts('1000\n10.0.0.2 50000 10.0.0.7 22\n')).toEqual({ uid: 1000, reachedAddress: '10.0.0.7' });
    expect(parseLoginFacts('0\nfe80::1%eth0 50000 fe80::2%eno1 22\n')).toEqual({ uid: 0, reachedAddress: 'fe80::2' });
    expect(parseLoginFacts('0\n\n')).toEqual({ uid: 0, reachedAddress: null });
    expect(parseLoginFacts('id: not found\n')).toBeNull();
  });
});

describe('why it did not begin', () => {
  const reply = (exitCode: number, stderr: string) => ({ exitCode, stdout: '', stderr });
  it.each([
    [0, '', null, ''],
    [75, 'another change is under way: tx/1', 'conversion.busy', 'Another change is under way: tx/1.'],
    [73, 'sh: printf: write error: No space left on device', 'conversion.refused', 'no room'],
    [73, 'cp: cannot create regular file: Read-only file system', 'conversion.refused', 'can\'t be written'],
    [73, 'eno1 is a port already', 'conversion.refused', 'Eno1 is a port already. Nothing was changed.'],
    [73, '', 'conversion.refused', 'did not say why'],
  ])('exit code %i, “%s”', (exitCode, stderr, code, words) => {
    const error = explainStage(reply(exitCode, stderr));
    expect(error?.code ?? null).toBe(code);
    expect(error?.message ?? '').toContain(words);
  });

  it('and why it could not be armed', () => {
    expect(explainArm(reply(0, ''))).toBeNull();
    expect(explainArm(reply(69, 'the supervisor does not run\n'))).toMatchObject({ code: 'conversion.not-armed', data: { detail: 'The supervisor does not run. So nothing was changed.' } });
  });
});
