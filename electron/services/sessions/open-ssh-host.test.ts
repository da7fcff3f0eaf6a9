import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newHostProfile, type PromptAnswer, type SshProfile } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import { SecretStore } from '../../storage/secret-store';
import type { CommandRunner } from '../../transport/command-runner';
import type { SecretQuestion, SshRunnerOptions } from '../../transport/ssh/ssh-runner-options';
import { openSshHost } from './open-ssh-host';
import type { Question } from './prompts';

const connection: SshProfile = { kind: 'ssh', address: 'kvm1', port: 22, user: 'root', auth: 'auto', keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: 'ada@gate', client: 'builtin' };
const profile = newHostProfile('h1', 'KVM 1', connection);
const server = { address: 'kvm1', port: 22, user: 'root', auth: 'auto' as const };
const runner = { onClose: () => undefined } as unknown as CommandRunner;
const password = (from: string, problem: string | null = null): SecretQuestion =>
  ({ secret: 'password', label: `Password for ${from}`, problem, keyPath: null, server: from, onWayTo: from === 'root@kvm1' ? null : 'root@kvm1' });
const refused = new AppError('auth.failed', 'Refused', 'No.');

let folder = '';
let secrets: SecretStore;
let asked: Question[] = [];
let answers: PromptAnswer[] = [];
let passwordsSent = 0;
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'open-ssh-host-'));
  secrets = new SecretStore(folder, null);
  await secrets.load();
  asked = [];
  answers = [];
  passwordsSent = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Opens the host by a transport that does what a test says. */
function open(transport: (options: SshRunnerOptions) => Promise<void>, interactive = true, reachAt?: string): Promise<CommandRunner> {
  return openSshHost({
    openSsh: async (options) => {
      await transport(options);
      return runner;
    },
    resolveRoute: () => Promise.resolve({ host: server, jumps: [{ ...server, address: 'gate', user: 'ada' }] }),
    secrets,
    asker: { ask: (question) => {
      asked.push(question);
      return Promise.resolve(answers.shift() ?? { kind: 'cancel' });
    } },
    sudoPasswordKept: () => 'until-quit',
  }, profile, connection, { signal: new AbortController().signal, interactive, reachAt, onStep: () => undefined, onPasswordSent: () => { passwordsSent++; } });
}
const typed = (value: string): PromptAnswer => ({ kind: 'secret', value, remember: false });

describe('secrets of the servers of a way', () => {
  it('are kept by server, each once that server let us in', async () => {
    answers = [typed('of gate'), typed('of host')];
    await expect(open(async (options) => {
      expect(options.jumps).toHaveLength(1);
      expect(await options.askSecret(password('ada@gate'))).toBe('of gate');
      await options.onLoggedIn?.('ada@gate');
      expect(await options.askSecret(password('root@kvm1'))).toBe('of host');
      throw refused;
    })).rejects.toBe(refused);
    expect(asked.map((question) => question.kind === 'secret' && [question.server, question.onWayTo])).toEqual([['ada@gate', 'root@kvm1'], ['root@kvm1', null]]);
    expect(secrets.get('h1', 'password', 'ada@gate')).toBe('of gate');
    expect(secrets.get('h1', 'password', 'root@kvm1')).toBeNull();
  });

  it('are used without asking, and asked for again when they were wrong', async () => {
    await secrets.set('h1', 'password', 'ada@gate', 'old', false);
    answers = [typed('new')];
    await open(async (options) => {
      expect(await options.askSecret(password('ada@gate'))).toBe('old');
      expect(await options.askSecret(password('ada@gate', 'Wrong.'))).toBe('new');
      expect(secrets.get('h1', 'password', 'ada@gate')).toBeNull();
      await options.onLoggedIn?.('ada@gate');
    });
    expect(asked).toHaveLength(1);
    expect(secrets.get('h1', 'password', 'ada@gate')).toBe('new');
  });

  it('are forgotten also when the server just hangs up on them', async () => {
    await secrets.set('h1', 'password', 'ada@gate', 'right', false);
    await secrets.set('h1', 'password', 'root@kvm1', 'wrong', false);
    await expect(open(async (options) => {
      await options.askSecret(password('ada@gate'));
      await options.onLoggedIn?.('ada@gate');
      await options.askSecret(password('root@kvm1'));
      throw refused;
    })).rejects.toBe(refused);
    expect(secrets.get('h1', 'password', 'ada@gate')).toBe('right');
    expect(secrets.get('h1', 'password', 'root@kvm1')).toBeNull();
  });

  it('are not asked for while nobody is there', async () => {
    await secrets.set('h1', 'password', 'ada@gate', 'kept', false);
    await expect(open(async (options) => {
      await options.askSecret(password('ada@gate'));
      await options.askSecret(password('ada@gate', 'Wrong.'));
    }, false)).rejects.toMatchObject({ data: { code: 'auth.secret-needed' } });
    expect(asked).toEqual([]);
    expect(passwordsSent).toBe(1);
    await expect(open(async (options) => {
      await options.askQuestions?.({ title: '', instruction: '', questions: [{ label: 'Code', echo: true }], problem: null, server: 'ada@gate', onWayTo: null });
    }, false)).rejects.toMatchObject({ data: { code: 'auth.secret-needed' } });
  });
});

it('passes rounds of questions on, and keeps nothing of them', async () => {
  answers = [{ kind: 'questions', values: ['pw', '123456'] }];
  await open(async (options) => {
    const round = { title: 'Two factors', instruction: 'Now.', questions: [{ label: 'Password', echo: false }, { label: 'Code', echo: true }], problem: null, server: 'ada@gate', onWayTo: 'root@kvm1' };
    expect(await options.askQuestions?.(round)).toEqual(['pw', '123456']);
    expect(asked).toEqual([{ kind: 'questions', hostId: 'h1', ...round }]);
    expect(await options.askQuestions?.(round)).toBeNull();
  });
  expect(secrets.list('h1')).toEqual([]);
});

it('looks for a host that moved at its new address, and expects the key it had at the old one', async () => {
  await open(async (options) => {
    expect(options).toMatchObject({ address: '10.0.0.9', hostKeyAlias: 'kvm1', jumps: [{ address: 'gate' }] });
  }, false, '10.0.0.9');
  await open(async (options) => {
    expect(options.address).toBe('kvm1');
    expect(options.hostKeyAlias).toBeUndefined();
  }, false);
});
