import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { HostKeyQuestion, SshRunnerOptions } from '../../electron/transport/ssh/ssh-runner-options';
import { AppError, type ErrorCode } from '../../shared/errors/app-error';
import { SshDaemon, type SshDaemonOptions } from './support/ssh-daemon';

let daemon: SshDaemon | null = null;
afterEach(async () => {
  await daemon?.remove();
  daemon = null;
});

async function start(options: SshDaemonOptions = {}): Promise<SshDaemon> {
  daemon = await SshDaemon.start(options);
  return daemon;
}

/** Logs in, and tells what was asked about host keys. */
async function login(to: SshDaemon, more: Partial<SshRunnerOptions> = {}): Promise<HostKeyQuestion[]> {
  const asked: HostKeyQuestion[] = [];
  const runner = await openSshRunner(to.options({
    hostKey: { systemFiles: [], confirmUnknown: (question) => {
      asked.push(question);
      return Promise.resolve(true);
    } },
    agentSocket: null, userKnownHostsFiles: [to.knownHosts], ...more,
  }));
  await runner.close();
  return asked;
}

async function failure(to: SshDaemon, code: ErrorCode, more: Partial<SshRunnerOptions> = {}): Promise<AppError> {
  const error = await login(to, more).then(() => null, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).data).toMatchObject({ code });
  return error as AppError;
}

const publicKey = (of: SshDaemon, type: string): string => readFileSync(path.join(of.folder, `host_${type}.pub`), 'utf8').split(' ').slice(0, 2).join(' ');

describe.each([['ed25519', 'ssh-ed25519'], ['ecdsa', 'ecdsa-sha2-nistp256'], ['rsa', 'ssh-rsa']] as const)('a host with an %s key', (type, algorithm) => {
  it('is asked about once, filed, and known from then on', async () => {
    const to = await start({ hostKeys: [type] });
    expect((await login(to)).map((question) => question.algorithm)).toEqual([algorithm]);
    expect(readFileSync(to.knownHosts, 'utf8')).toBe(`[127.0.0.1]:${to.port} ${publicKey(to, type)}\n`);
    expect(await login(to)).toEqual([]);
  });
});

it('is known by whichever of its keys is filed, and by its line without the port', async () => {
  const to = await start({ hostKeys: ['ed25519', 'ecdsa', 'rsa'] });
  for (const type of ['rsa', 'ecdsa'] as const) {
    writeFileSync(to.knownHosts, `# mine\nnonsense here\n[127.0.0.1]:${to.port} ${publicKey(to, type)}\n`);
    expect(await login(to)).toEqual([]);
  }
  writeFileSync(to.knownHosts, `127.0.0.1 ${publicKey(to, 'ed25519')}\n`);
  expect(await login(to)).toEqual([]);
});

it('is filed under its HostKeyAlias, without a port', async () => {
  const to = await start();
  expect(await login(to, { hostKeyAlias: 'Cellar' })).toHaveLength(1);
  expect(readFileSync(to.knownHosts, 'utf8')).toBe(`cellar ${publicKey(to, 'ed25519')}\n`);
  expect(await login(to, { hostKeyAlias: 'cellar' })).toEqual([]);
  writeFileSync(to.knownHosts, `cellar ${publicKey(to, 'ed25519').slice(0, -8)}AAAAAAAA\n`);
  const error = await failure(to, 'hostkey.changed', { hostKeyAlias: 'cellar' });
  expect(error.data.hint).toContain('ssh-keygen -R \'cellar\'');
});

it('is refused unasked where only known keys are taken', async () => {
  const to = await start();
  await failure(to, 'hostkey.unknown', { refusesUnknownKeys: true });
  await login(to);
  expect(await login(to, { refusesUnknownKeys: true })).toEqual([]);
});

it('is asked about each time where nothing is filed', async () => {
  const to = await start();
  for (let time = 0; time < 2; time++) expect(await login(to, { userKnownHostsFiles: [] })).toHaveLength(1);
});

describe('a host with a certificate', () => {
  const certify = (to: SshDaemon): string => {
    const authority = to.makeKey('authority');
    execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'host', '-h', path.join(to.folder, 'host_ed25519.pub')]);
    return readFileSync(`${authority}.pub`, 'utf8');
  };

  it('is asked about by its plain key, as ssh does for a host whose certificate it can\'t use', async () => {
    const to = await start();
    writeFileSync(to.knownHosts, `@cert-authority * ${certify(to)}`);
    await to.stop();
    await to.run({ config: `HostCertificate ${to.folder}/host_ed25519-cert.pub` });
    expect(await login(to)).toHaveLength(1);
    expect(readFileSync(to.knownHosts, 'utf8')).toMatch(/^@cert-authority \* .*\n\[127/);
  });

  it('and nothing else is explained', async () => {
    const to = await start();
    writeFileSync(to.knownHosts, `@cert-authority * ${certify(to)}`);
    await to.stop();
    await to.run({ config: `HostCertificate ${to.folder}/host_ed25519-cert.pub\nHostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com` });
    expect((await failure(to, 'ssh.no-common-algorithm')).data.detail).toContain('@cert-authority');
  });
});
