import { readFileSync } from 'node:fs';
import net from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { HostKeyQuestion, SecretQuestion, SshRunnerOptions, SshServer } from '../../electron/transport/ssh/ssh-runner-options';
import { AppError, type ErrorCode } from '../../shared/errors/app-error';
import { OddServer } from './support/odd-server';
import { freePort, SshDaemon } from './support/ssh-daemon';
import { listenTcp } from './support/tcp-listener';
import { TcpRelay } from './support/tcp-relay';
import { waitFor } from './support/wait-for';

let outer: SshDaemon;
let inner: SshDaemon;
let host: SshDaemon;
beforeAll(async () => {
  [outer, inner, host] = await Promise.all([SshDaemon.start(), SshDaemon.start({ config: 'MaxSessions 1' }), SshDaemon.start()]);
});
afterAll(() => Promise.all([outer, inner, host].map((daemon) => daemon.remove())));

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const serverOf = (daemon: SshDaemon, more: Partial<SshServer> = {}): SshServer =>
  ({ address: '127.0.0.1', port: daemon.port, user: daemon.user, auth: [{ kind: 'key', path: daemon.keyFile }], agentSocket: null, ...more });
const options = (more: Partial<SshRunnerOptions> = {}): SshRunnerOptions =>
  ({ ...host.options({ agentSocket: null }), jumps: [serverOf(outer), serverOf(inner)], ...more });

async function failure(more: Partial<SshRunnerOptions>, code: ErrorCode): Promise<AppError> {
  const error = await openSshRunner(options(more)).then((runner) => runner.close(), (reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).data).toMatchObject({ code });
  return error as AppError;
}

describe('two servers on the way', () => {
  it('are entered one through the other, each with its own key and host key', async () => {
    const questions: HostKeyQuestion[] = [];
    const steps: string[] = [];
    const loggedIn: string[] = [];
    const runner = await openSshRunner(options({
      hostKey: { userFile: host.knownHosts, systemFiles: [], confirmUnknown: (question) => {
        questions.push(question);
        return Promise.resolve(true);
      } },
      onStep: (step) => steps.push(step), onLoggedIn: (server) => void loggedIn.push(server),
    }));
    const connection = (await runner.run({ argv: ['sh', '-c', 'echo $SSH_CONNECTION'] })).stdout;
    await runner.close();
    expect(connection).toContain(` ${host.port}`);
    const destination = `${host.user}@127.0.0.1:${host.port}`;
    expect(questions.map(({ port, onWayTo }) => [port, onWayTo])).toEqual([[outer.port, destination], [inner.port, destination], [host.port, null]]);
    expect(readFileSync(host.knownHosts, 'utf8').trim().split('\n')).toHaveLength(3);
    expect(loggedIn).toEqual([outer, inner, host].map((daemon) => `${host.user}@127.0.0.1:${daemon.port}`));
    expect(steps).toEqual([...Array.from({ length: 3 }, () => ['reaching', 'host-key', 'authenticating']).flat(), 'reading']);
    await waitFor('the servers on the way to be left', () => [outer, inner].every((daemon) => /Disconnected from|Received disconnect|Connection (closed|reset) by/.test(daemon.log)));
  });

  it('are named when one of them is lost', async () => {
    const relay = await TcpRelay.open(outer.port);
    cleanups.push(() => relay.close());
    const runner = await openSshRunner(options({ jumps: [serverOf(outer, { port: relay.port }), serverOf(inner)] }));
    const ended = new Promise<Error | null>((resolve) => runner.onClose(resolve));
    const running = runner.run({ argv: ['sleep', '30'] });
    relay.cut();
    const reason = await ended;
    expect(reason).toMatchObject({ data: { code: 'ssh.closed' } });
    expect(reason?.message).toContain(`the jump host ${outer.user}@127.0.0.1:${relay.port}`);
    await expect(running).rejects.toMatchObject({ data: { code: 'ssh.closed' } });
  });

  it('are named when one of them stops answering', async () => {
    const relay = await TcpRelay.open(outer.port);
    cleanups.push(() => relay.close());
    const keepalive = { keepaliveIntervalMs: 200, keepaliveCountMax: 2 };
    const runner = await openSshRunner(options({ jumps: [serverOf(outer, { port: relay.port, ...keepalive }), serverOf(inner, keepalive)], ...keepalive }));
    const ended = new Promise<Error | null>((resolve) => runner.onClose(resolve));
    relay.drop();
    expect((await ended)?.message).toContain(`the jump host ${outer.user}@127.0.0.1:${relay.port} ended: the host stopped answering`);
  });

  it('carry the second connection that kills where there is no channel left', async () => {
    await host.stop();
    await host.run({ config: 'MaxSessions 1' });
    cleanups.push(async () => {
      await host.stop();
      await host.run({});
    });
    const runner = await openSshRunner(options());
    await expect(runner.run({ argv: ['sleep', '60'] }, { timeoutMs: 500 })).rejects.toMatchObject({ data: { code: 'command.timeout' } });
    expect((await runner.run({ argv: ['echo', 'alive'] })).stdout).toBe('alive\n');
    await runner.close();
  });
});

describe('failures on the way', () => {
  it('say at which server', async () => {
    const destination = `On the way to ${host.user}@127.0.0.1:${host.port}: `;
    const stranger = inner.makeKey('stranger');
    const refused = await failure({ jumps: [serverOf(outer), serverOf(inner, { auth: [{ kind: 'key', path: stranger }] })] }, 'auth.failed');
    expect(refused.data.detail).toContain(`${destination}${inner.user}@127.0.0.1:${inner.port} refused`);
    expect(refused.data.field).toBe('proxyJump');
    const silent = await failure({ jumps: [serverOf(outer, { port: await freePort() })] }, 'ssh.refused');
    expect(silent.data.detail).toContain(destination);
    expect((await failure({ jumps: [serverOf(outer), serverOf(inner, { port: await freePort() })] }, 'ssh.refused')).data.detail).toMatch(/On the way.*127\.0\.0\.1:\d+ reached 127\.0\.0\.1, which refused/);
    const port = await freePort();
    expect((await failure({ port }, 'ssh.refused')).data.detail).toBe(`127.0.0.1:${inner.port} reached 127.0.0.1, which refused the connection on port ${port}.`);
    await failure({ address: 'no-such-host.invalid' }, 'ssh.unreachable');
  });

  it('say that a server forwards nothing', async () => {
    await inner.stop();
    await inner.run({ config: 'AllowTcpForwarding no' });
    cleanups.push(async () => {
      await inner.stop();
      await inner.run({ config: 'MaxSessions 1' });
    });
    expect((await failure({}, 'ssh.channel-refused')).data.detail).toContain(`sshd on 127.0.0.1:${inner.port}`);
  });

  it('end in time where a server behind others says nothing, speaks no SSH, or has other algorithms', async () => {
    const mute = await listenTcp(() => undefined);
    cleanups.push(mute.close);
    const { port } = mute;
    await failure({ port, readyTimeoutMs: 300 }, 'ssh.timeout');
    expect((await failure({ jumps: [serverOf(outer), serverOf(inner, { port, readyTimeoutMs: 300 })] }, 'ssh.timeout')).data.detail).toContain('On the way');
    const http = await listenTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    cleanups.push(http.close);
    await failure({ port: http.port }, 'ssh.unreachable');
    const odd = await OddServer.start({ algorithms: { cipher: ['aes256-cbc'] } });
    cleanups.push(() => odd.stop());
    await failure({ port: odd.port }, 'ssh.no-common-algorithm');
  });
});

it('can be given up while a server on the way tries to reach the next', async () => {
  const controller = new AbortController();
  // An address of the documentation's network (RFC 5737): nothing answers, not even a refusal.
  const opening = failure({ jumps: [serverOf(outer), serverOf(inner, { address: '192.0.2.1', port: 22 })], signal: controller.signal, onLoggedIn: () => controller.abort() }, 'cancelled');
  const startedAt = Date.now();
  await opening;
  expect(Date.now() - startedAt).toBeLessThan(8000);
});

it('asks each server for its own password, and says which one asks', async () => {
  const asked: SecretQuestion[] = [];
  const jump = await OddServer.start({
    onAuthentication: (context) => (context.method === 'password' && context.password === `pw of ${context.username}` ? context.accept() : context.reject(['password'])),
    onConnection: (connection) => connection.on('tcpip', (accept, _reject, { destIP, destPort }) => {
      const socket = net.connect(destPort, destIP);
      socket.once('connect', () => {
        const channel = accept();
        channel.pipe(socket).pipe(channel);
      }).on('error', () => socket.destroy());
    }),
  });
  cleanups.push(() => jump.stop());
  const runner = await openSshRunner(options({
    jumps: [{ address: '127.0.0.1', port: jump.port, user: 'ada', auth: 'auto', agentSocket: null }],
    askSecret: (question) => {
      asked.push(question);
      return Promise.resolve(asked.length === 1 ? 'wrong' : 'pw of ada');
    },
  }));
  await runner.close();
  const server = `ada@127.0.0.1:${jump.port}`;
  expect(asked.map(({ label, problem, server: from, onWayTo }) => [label, problem, from, onWayTo])).toEqual([
    [`Password for ${server}`, null, server, `${host.user}@127.0.0.1:${host.port}`],
    [`Password for ${server}`, 'The server did not accept that password.', server, `${host.user}@127.0.0.1:${host.port}`],
  ]);
});
