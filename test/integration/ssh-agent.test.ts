import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { SshRunnerOptions } from '../../electron/transport/ssh/ssh-runner-options';
import { AppError, type ErrorCode } from '../../shared/errors/app-error';
import { publicLine } from './support/public-line';
import { SshDaemon } from './support/ssh-daemon';
import { waitFor } from './support/wait-for';

/** Six keys, of which the server takes the last; it allows three attempts. */
let daemon: SshDaemon;
let agent: ChildProcess;
let socket = '';
let keys: string[] = [];
beforeAll(async () => {
  daemon = await SshDaemon.start({ config: 'MaxAuthTries 3' });
  socket = path.join(daemon.folder, 'agent.sock');
  agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  await waitFor('the agent', () => existsSync(socket));
  keys = Array.from({ length: 6 }, (_none, index) => daemon.makeKey(`held-${index}`));
  execFileSync('ssh-add', ['-q', ...keys], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  daemon.authorize(keys[5] as string);
});
afterAll(async () => {
  agent.kill();
  await daemon.remove();
});

const options = (more: Partial<SshRunnerOptions> = {}): SshRunnerOptions => daemon.options({ auth: 'auto', agentSocket: socket, ...more });
const login = async (more: Partial<SshRunnerOptions>): Promise<void> => openSshRunner(options(more)).then((runner) => runner.close());
async function failure(more: Partial<SshRunnerOptions>, code: ErrorCode): Promise<AppError> {
  const error = await login(more).then(() => null, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).data).toMatchObject({ code });
  return error as AppError;
}

describe('an agent with more keys than the server has patience', () => {
  it('is explained', async () => {
    const error = await failure({}, 'auth.failed');
    expect(error.data.detail).toContain('too many attempts; tried: agent (6 keys)');
    expect(error.data.hint).toContain('6 keys');
    expect(error.data.hint).toContain('IdentitiesOnly');
  });

  it.each<[string, () => Partial<SshRunnerOptions>]>([
    ['the configuration names the key', () => ({ identityFiles: [keys[5] as string] })],
    ['it names several, and no others may be offered', () => ({ identityFiles: [keys[4] as string, keys[5] as string], identitiesOnly: true })],
    ['it names the public half', () => ({ identityFiles: [`${keys[5] ?? ''}.pub`], identitiesOnly: true })],
    ['the user chose the key', () => ({ auth: [{ kind: 'key', path: keys[5] as string }] })],
    ['the user chose the public half', () => ({ auth: [{ kind: 'key', path: `${keys[5] ?? ''}.pub` }] })],
    ['the user chose the agent, and the configuration names the key', () => ({ auth: [{ kind: 'agent' }], identityFiles: [keys[5] as string] })],
  ])('is no trouble where %s', async (_name, more) => {
    await login(more());
  });

  it('holds a key whose file is elsewhere, or asks for no passphrase', async () => {
    const locked = daemon.makeKey('locked', { passphrase: 'correct horse' });
    daemon.authorize(locked);
    const askpass = path.join(daemon.folder, 'askpass');
    writeFileSync(askpass, '#!/bin/sh\necho correct horse\n');
    chmodSync(askpass, 0o755);
    execFileSync('ssh-add', ['-q', locked], { env: { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' } });
    await login({ auth: [{ kind: 'key', path: locked }] });
    renameSync(locked, `${locked}-away`);
    await login({ auth: [{ kind: 'key', path: locked }] });
  });

  it('offers each key once, though its file is named too', async () => {
    const [first, second] = keys as [string, string];
    const error = await failure({ identityFiles: [first, second], identitiesOnly: true }, 'auth.failed');
    expect(error.data.detail).toMatch(/: agent \(2 keys\)\.$/);
  });

  it('is left alone where the configuration says so', async () => {
    await failure({ agentSocket: null, auth: [{ kind: 'agent' }] }, 'auth.agent');
    await login({ agentSocket: null, identityFiles: [keys[5] as string] });
  });
});

it('names keys that only ssh itself can use', async () => {
  const field = (content: string | Buffer): Buffer => {
    const bytes = Buffer.from(content);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(bytes.length);
    return Buffer.concat([head, bytes]);
  };
  const blobs = ['sk-ssh-ed25519@openssh.com', 'ssh-ed25519-cert-v01@openssh.com'].map((type) => Buffer.concat([field(type), field(Buffer.alloc(32))]));
  const body = Buffer.concat([Buffer.from([12, 0, 0, 0, blobs.length]), ...blobs.flatMap((blob) => [field(blob), field('comment')])]);
  const place = path.join(daemon.folder, 'odd-agent.sock');
  const server = net.createServer((stream) => stream.on('data', () => stream.write(field(body))).on('error', () => stream.destroy()));
  await new Promise<void>((resolve) => server.listen(place, resolve));
  const error = await failure({ agentSocket: place }, 'auth.no-method');
  await new Promise((resolve) => server.close(resolve));
  expect(error.data.hint).toContain('1 FIDO security key and 1 certificate');
});

it('gives up on an agent that never answers', async () => {
  const place = path.join(daemon.folder, 'mute.sock');
  const streams: net.Socket[] = [];
  const server = net.createServer((stream) => void streams.push(stream.on('error', () => stream.destroy())));
  await new Promise<void>((resolve) => server.listen(place, resolve));
  await failure({ agentSocket: place, auth: [{ kind: 'agent' }], readyTimeoutMs: 500 }, 'ssh.timeout');
  for (const stream of streams) stream.destroy();
  await new Promise((resolve) => server.close(resolve));
});

describe('key files in other forms', () => {
  const openssl = (...args: string[]): string => execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

  it.each(['rsa', 'ec', 'ed25519'] as const)('logs in with an %s key in PKCS#8, plain and encrypted', async (type) => {
    const generate = { rsa: ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], ec: ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], ed25519: ['ED25519'] }[type];
    const plain = path.join(daemon.folder, `pkcs8-${type}`);
    openssl('genpkey', '-algorithm', ...generate, '-out', plain);
    chmodSync(plain, 0o600);
    const encrypted = `${plain}-locked`;
    openssl('pkcs8', '-topk8', '-in', plain, '-out', encrypted, '-passout', 'pass:correct horse');
    writeFileSync(path.join(daemon.folder, 'authorized_keys'), publicLine(plain), { flag: 'a' });
    await login({ auth: [{ kind: 'key', path: plain }], agentSocket: null });
    const answers = ['wrong', 'correct horse'];
    await login({ auth: [{ kind: 'key', path: encrypted }], agentSocket: null, askSecret: () => Promise.resolve(answers.shift() ?? null) });
    expect(answers).toEqual([]);
  });
});
