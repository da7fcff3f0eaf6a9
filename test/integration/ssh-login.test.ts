import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { SecretQuestion, SshRunnerOptions } from '../../electron/transport/ssh/ssh-runner-options';
import { AppError, type ErrorCode } from '../../shared/errors/app-error';
import { freePort, SshDaemon } from './support/ssh-daemon';
import { waitFor } from './support/wait-for';

let daemon: SshDaemon;
beforeAll(async () => {
  daemon = await SshDaemon.start({ hostKeys: ['ed25519', 'ecdsa', 'rsa'] });
});
afterAll(() => daemon.remove());

async function login(more: Partial<SshRunnerOptions> = {}): Promise<void> {
  const runner = await openSshRunner(daemon.options(more));
  try {
    expect((await runner.run({ argv: ['echo', 'in'] })).stdout).toBe('in\n');
  } finally {
    await runner.close();
  }
}

async function failure(more: Partial<SshRunnerOptions>, code: ErrorCode): Promise<AppError> {
  const error = await login(more).then(() => null, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).data).toMatchObject({ code });
  return error as AppError;
}

/** Answers in turn, and keeps what was asked. */
function answers(...values: (string | null)[]): { asked: SecretQuestion[]; askSecret: SshRunnerOptions['askSecret'] } {
  const asked: SecretQuestion[] = [];
  return { asked, askSecret: (question) => {
    asked.push(question);
    return Promise.resolve(values.shift() ?? null);
  } };
}

describe('keys', () => {
  it.each([
    ['rsa', 'rsa', undefined], ['ecdsa', 'ecdsa', undefined], ['ed25519', 'ed25519', undefined], ['rsa-pem', 'rsa', 'PEM'], ['ecdsa-pem', 'ecdsa', 'PEM'],
  ] as const)('logs in with an %s key', async (name, type, format) => {
    const file = daemon.makeKey(`plain-${name}`, { type, format });
    daemon.authorize(file);
    await login({ auth: [{ kind: 'key', path: file }] });
  });

  it.each([['openssh', undefined], ['pem', 'PEM']] as const)('asks for a passphrase (%s), again when it was wrong', async (name, format) => {
    const file = daemon.makeKey(`locked-${name}`, { type: 'rsa', passphrase: 'correct horse', format });
    daemon.authorize(file);
    const { asked, askSecret } = answers('wrong', 'correct horse');
    await login({ auth: [{ kind: 'key', path: file }], askSecret });
    expect(asked.map(({ secret, keyPath, problem }) => [secret, keyPath, problem])).toEqual([
      ['passphrase', file, null], ['passphrase', file, 'That passphrase does not open the key.'],
    ]);
  });

  it('gives up after three wrong passphrases', async () => {
    const file = daemon.makeKey('locked-for-good', { passphrase: 'correct horse' });
    daemon.authorize(file);
    const { asked, askSecret } = answers('a', 'b', '', 'd');
    const error = await failure({ auth: [{ kind: 'key', path: file }], askSecret }, 'auth.wrong-passphrase');
    expect(asked).toHaveLength(3);
    expect(error.data.detail).toContain(file);
  });

  it('is cancelled by the user', async () => {
    const file = daemon.makeKey('locked-cancelled', { passphrase: 'correct horse' });
    daemon.authorize(file);
    await failure({ auth: [{ kind: 'key', path: file }], askSecret: () => Promise.resolve(null) }, 'cancelled');
  });

  it('asks for no passphrase of a key the server does not want', async () => {
    const file = daemon.makeKey('locked-unwanted', { passphrase: 'correct horse' });
    const { asked, askSecret } = answers();
    const error = await failure({ auth: [{ kind: 'key', path: file }], askSecret }, 'auth.failed');
    expect(asked).toEqual([]);
    expect(error.data.detail).toContain(`key ${file}`);
    expect(error.data.detail).toContain('accepts: publickey');
  });

  it('explains files that are no usable private key', async () => {
    const file = (name: string, text: string): string => {
      const full = path.join(daemon.folder, name);
      writeFileSync(full, text);
      return full;
    };
    const key = readFileSync(daemon.keyFile, 'utf8');
    const cases: [string, ErrorCode, RegExp][] = [
      [path.join(daemon.folder, 'nowhere'), 'auth.key-unreadable', /no such file/],
      [daemon.folder, 'auth.key-unreadable', /a folder/],
      [`${daemon.keyFile}.pub`, 'auth.key-unsupported', /public key/],
      [file('ppk', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n'), 'auth.key-unsupported', /PuTTY's format of version 3/],
      [file('cert', 'ssh-ed25519-cert-v01@openssh.com AAAA me\n'), 'auth.key-unsupported', /certificate/],
      [file('cut', key.slice(0, 120)), 'auth.key-unsupported', /damaged/],
      [file('text', 'not a key'), 'auth.key-unsupported', /no SSH key/],
      [file('empty', ''), 'auth.key-unsupported', /no SSH key/],
      [file('huge', 'x'.repeat(300_000)), 'auth.key-unsupported', /large/],
      [file('pkcs8', '-----BEGIN PRIVATE KEY-----\nMEoCAQ\n-----END PRIVATE KEY-----\n'), 'auth.key-unsupported', /damaged/],
      [file('x25519', generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()), 'auth.key-unsupported', /x25519/],
      [file('fido', fidoKey()), 'auth.key-unsupported', /security key/],
    ];
    for (const [keyPath, code, words] of cases) {
      const error = await failure({ auth: [{ kind: 'key', path: keyPath }] }, code);
      expect(error.data.detail).toMatch(words);
      expect(error.data.detail).toContain(keyPath);
      expect(error.data.field).toBe('keyPath');
    }
  });

  it('names a security key where nothing else gets in', async () => {
    const home = path.join(daemon.folder, 'home-of-fido');
    execFileSync('mkdir', ['-p', path.join(home, '.ssh')]);
    writeFileSync(path.join(home, '.ssh', 'id_ed25519_sk'), fidoKey());
    const error = await withoutAgent(() => failure({ auth: 'auto', homeDirectory: home }, 'auth.key-unsupported'));
    expect(error.data.hint).toContain('system\'s ssh');
  });

  it('finds the usual key files by itself, passing over a broken one', async () => {
    const home = path.join(daemon.folder, 'home');
    execFileSync('mkdir', ['-p', path.join(home, '.ssh')]);
    writeFileSync(path.join(home, '.ssh', 'id_ed25519'), 'broken');
    execFileSync('cp', [daemon.keyFile, path.join(home, '.ssh', 'id_rsa')]);
    chmodSync(path.join(home, '.ssh', 'id_rsa'), 0o600);
    await withoutAgent(() => login({ auth: 'auto', homeDirectory: home }));
  });
});

describe('agent', () => {
  it('logs in with a key of the agent', async () => {
    const socket = path.join(daemon.folder, 'agent.sock');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      await waitFor('the agent', () => existsSync(socket));
      await failure({ auth: [{ kind: 'agent', socket }] }, 'auth.agent');
      execFileSync('ssh-add', ['-q', daemon.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      await login({ auth: [{ kind: 'agent', socket }] });
    } finally {
      agent.kill();
    }
  });

  it('explains that there is none', async () => {
    const error = await failure({ auth: [{ kind: 'agent', socket: path.join(daemon.folder, 'no.sock') }] }, 'auth.agent');
    expect(error.data.detail).toContain('did not answer');
    await withoutAgent(() => failure({ auth: [{ kind: 'agent' }] }, 'auth.agent'));
  });
});

it('says when nothing that is set up is accepted, without asking for a password', async () => {
  const { asked, askSecret } = answers('x');
  await failure({ auth: [{ kind: 'password' }, { kind: 'keyboard-interactive' }], askSecret }, 'auth.no-method');
  expect(asked).toEqual([]);
});

describe('reaching', () => {
  it('explains a closed port', async () => {
    const error = await failure({ port: await freePort() }, 'ssh.refused');
    expect(error.data.field).toBe('port');
  });

  it('explains an unknown name', async () => {
    await failure({ address: 'no-such-host.invalid' }, 'ssh.unreachable');
  });

  it('can be given up', async () => {
    const controller = new AbortController();
    const opening = failure({ signal: controller.signal, onStep: (step) => {
      if (step === 'host-key') controller.abort();
    } }, 'cancelled');
    await opening;
    await failure({ signal: AbortSignal.abort() }, 'cancelled');
  });

  it('tells its steps in order', async () => {
    const steps: string[] = [];
    await login({ onStep: (step) => steps.push(step) });
    expect(steps).toEqual(['reaching', 'host-key', 'authenticating', 'reading']);
  });
});

/** An unencrypted OpenSSH key file of a FIDO key: only its header matters. */
function fidoKey(): string {
  const field = (text: string | Buffer): Buffer => {
    const bytes = Buffer.from(text);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(bytes.length);
    return Buffer.concat([head, bytes]);
  };
  const count = Buffer.from([0, 0, 0, 1]);
  const publicKey = Buffer.concat([field('sk-ssh-ed25519@openssh.com'), field(Buffer.alloc(32)), field('ssh:')]);
  const body = Buffer.concat([Buffer.from('openssh-key-v1\0'), field('none'), field('none'), field(''), count, field(publicKey), field('x')]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

async function withoutAgent<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env.SSH_AUTH_SOCK;
  delete process.env.SSH_AUTH_SOCK;
  try {
    return await work();
  } finally {
    if (before !== undefined) process.env.SSH_AUTH_SOCK = before;
  }
}
