import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { QuestionRound, SecretQuestion, SshRunnerOptions } from '../../electron/transport/ssh/ssh-runner-options';
import { AppError, type ErrorCode } from '../../shared/errors/app-error';
import { listenTcp } from './support/tcp-listener';
import { OddServer, type OddServerOptions } from './support/odd-server';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(options: OddServerOptions = {}): Promise<OddServer> {
  const server = await OddServer.start(options);
  cleanups.push(() => server.stop());
  return server;
}

async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const listener = await listenTcp(onConnection);
  cleanups.push(listener.close);
  return listener.port;
}

async function failure(options: SshRunnerOptions, code: ErrorCode): Promise<AppError> {
  const error = await openSshRunner(options).then((runner) => runner.close(), (reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).data).toMatchObject({ code });
  return error as AppError;
}

describe('passwords', () => {
  it('asks again after a wrong one, with the problem', async () => {
    const server = await serve({ onAuthentication: (context) => {
      if (context.method === 'password' && context.password === 'right') context.accept();
      else context.reject(['password']);
    } });
    const asked: SecretQuestion[] = [];
    const runner = await openSshRunner(server.options({ askSecret: (question) => {
      asked.push(question);
      return Promise.resolve(asked.length < 3 ? 'wrong' : 'right');
    } }));
    await runner.close();
    expect(asked.map(({ secret, problem }) => [secret, problem])).toEqual([
      ['password', null], ['password', 'The server did not accept that password.'], ['password', 'The server did not accept that password.'],
    ]);
    expect(asked[0]?.label).toBe(`Password for root@127.0.0.1:${server.port}`);
    expect(server.attempts).toEqual(['none', 'password', 'password', 'password']);
  });

  it('stops after three, over all ways of asking', async () => {
    const server = await serve({ onAuthentication: (context) => context.reject(['password', 'keyboard-interactive']) });
    const error = await failure(server.options({ auth: [{ kind: 'password' }, { kind: 'keyboard-interactive' }] }), 'auth.failed');
    expect(server.attempts.filter((method) => method === 'password')).toHaveLength(3);
    expect(error.data.detail).toContain('password');
  });

  it('takes a connection that ends at a password for a refusal', async () => {
    const server = await serve({ onAuthentication: (context) => {
      if (context.method === 'password') context.reject();
      else context.reject(['password']);
    }, onConnection: (connection) => connection.on('authentication', (context) => {
      if (context.method === 'password') connection.end();
    }) });
    await failure(server.options(), 'auth.failed');
    expect(server.attempts).toEqual(['none', 'password']);
  });

  it('takes no broken network for a refusal', async () => {
    let socket: Socket | null = null;
    const server = await serve({ onAuthentication: (context) => {
      if (context.method === 'password') socket?.resetAndDestroy();
      else context.reject(['password']);
    } });
    const relay = await listen((client) => {
      socket = client;
      const host = connect(server.port, '127.0.0.1');
      client.pipe(host).pipe(client);
      host.on('error', () => client.destroy());
      client.on('close', () => host.destroy());
    });
    await failure(server.options({ port: relay }), 'ssh.closed');
  });

  it('ends when the user cancels', async () => {
    const server = await serve({ onAuthentication: (context) => context.reject(['password']) });
    await failure(server.options({ askSecret: () => Promise.resolve(null) }), 'cancelled');
    expect(server.attempts).toEqual(['none']);
  });

  it('passes on what the one who answers throws', async () => {
    const server = await serve({ onAuthentication: (context) => context.reject(['password']) });
    const reason = new AppError('auth.failed', 'No one is there', 'Reconnecting asks nobody.');
    await failure(server.options({ askSecret: () => Promise.reject(reason) }), 'auth.failed');
  });
});

describe('keyboard-interactive', () => {
  it('treats a lone hidden password prompt as the password, and shows other prompts as they are', async () => {
    const server = await serve({ onAuthentication: (context) => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
      context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
        context.prompt([{ prompt: 'One-time code: ', echo: true }], (codes) => {
          if (answers[0] === 'pw' && codes[0] === '123456') context.accept();
          else context.reject();
        });
      });
    } });
    const asked: SecretQuestion[] = [];
    const rounds: QuestionRound[] = [];
    const runner = await openSshRunner(server.options({
      auth: [{ kind: 'keyboard-interactive' }],
      askSecret: (question) => {
        asked.push(question);
        return Promise.resolve('pw');
      },
      askQuestions: (round) => {
        rounds.push(round);
        return Promise.resolve(['123456']);
      },
    }));
    await runner.close();
    expect(asked).toEqual([{
      secret: 'password', label: `Password for root@127.0.0.1:${server.port}`, problem: null, keyPath: null, server: `root@127.0.0.1:${server.port}`, onWayTo: null,
    }]);
    expect(rounds).toEqual([{
      title: '', instruction: '', questions: [{ label: 'One-time code:', echo: true }], problem: null, server: `root@127.0.0.1:${server.port}`, onWayTo: null,
    }]);
  });

  it('asks several questions of one round at once, again when an answer was wrong', async () => {
    const server = await serve({ onAuthentication: (context) => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
      context.prompt([{ prompt: 'Password: ', echo: false }, { prompt: 'Code: ', echo: true }], 'Two\u001b[31m factors', 'Have your phone\r\nat hand.', (answers) => {
        if (answers[0] === 'pw' && answers[1] === '42') context.prompt([], () => context.accept());
        else context.reject(['keyboard-interactive']);
      });
    } });
    const rounds: QuestionRound[] = [];
    const runner = await openSshRunner(server.options({ auth: 'auto', agentSocket: null, askQuestions: (round) => {
      rounds.push(round);
      return Promise.resolve(['pw', rounds.length === 1 ? '41' : '42']);
    } }));
    await runner.close();
    expect(rounds[0]).toMatchObject({ title: 'Two[31m factors', instruction: 'Have your phone\nat hand.', questions: [{ label: 'Password:', echo: false }, { label: 'Code:', echo: true }], problem: null });
    expect(rounds.map(({ problem }) => problem)).toEqual([null, 'The server did not accept the answers.']);
    expect(server.attempts).toEqual(['none', 'keyboard-interactive', 'keyboard-interactive']);
  });

  it('gives up after three wrong rounds, and at once when nobody can answer', async () => {
    const server = await serve({ onAuthentication: (context) => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
      context.prompt([{ prompt: 'A: ', echo: true }, { prompt: 'B: ', echo: true }], () => context.reject(['keyboard-interactive']));
    } });
    let asked = 0;
    await failure(server.options({ auth: [{ kind: 'keyboard-interactive' }], askQuestions: () => Promise.resolve([`${asked++}`]) }), 'auth.failed');
    expect(asked).toBe(3);
    await failure(server.options({ auth: [{ kind: 'keyboard-interactive' }], askQuestions: () => Promise.resolve(null) }), 'cancelled');
    await failure(server.options({ auth: [{ kind: 'keyboard-interactive' }] }), 'auth.no-method');
  });

  it('comes as the second factor after a key', async () => {
    let keyDone = false;
    const server = await serve({ onAuthentication: (context) => {
      if (context.method === 'publickey' && context.signature) {
        keyDone = true;
        context.reject(['keyboard-interactive'], true);
      } else if (context.method === 'publickey') {
        context.accept();
      } else if (context.method === 'keyboard-interactive' && keyDone) {
        context.prompt([{ prompt: 'Code: ', echo: false }], (codes) => (codes[0] === '42' ? context.accept() : context.reject()));
      } else {
        context.reject(keyDone ? ['keyboard-interactive'] : ['publickey']);
      }
    } });
    const key = path.join(server.folder, 'id');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const runner = await openSshRunner(server.options({ auth: [{ kind: 'key', path: key }], askQuestions: () => Promise.resolve(['42']) }));
    await runner.close();
    expect(server.attempts.at(-1)).toBe('keyboard-interactive');
  });
});

describe('host keys', () => {
  it('asks about an unknown key once, and knows it afterwards', async () => {
    const server = await serve();
    const seen: string[] = [];
    const options = server.options({ hostKey: { userFile: server.knownHosts, systemFiles: [], confirmUnknown: (question) => {
      seen.push(question.fingerprint);
      expect(question).toMatchObject({ address: '127.0.0.1', port: server.port, algorithm: 'ssh-ed25519', knownHostsFile: server.knownHosts });
      return Promise.resolve(true);
    } } });
    for (let time = 0; time < 2; time++) await (await openSshRunner(options)).close();
    const expected = execFileSync('ssh-keygen', ['-lf', path.join(server.folder, 'host.pub')], { encoding: 'utf8' }).split(' ')[1];
    expect(seen).toEqual([expected]);
    expect(execFileSync('ssh-keygen', ['-F', `[127.0.0.1]:${server.port}`, '-f', server.knownHosts], { encoding: 'utf8' })).toContain('found');
  });

  it('sends nothing when the key is not accepted', async () => {
    const server = await serve();
    await failure(server.options({ hostKey: { userFile: server.knownHosts, systemFiles: [], confirmUnknown: () => Promise.resolve(false) } }), 'hostkey.rejected');
    expect(server.attempts).toEqual([]);
  });

  it('sends nothing, and asks nothing, when the key has changed', async () => {
    const server = await serve();
    await (await openSshRunner(server.options())).close();
    const impostor = await serve();
    const tries = impostor.attempts.length;
    // The impostor sits where the server was.
    const text = readFileSync(server.knownHosts, 'utf8').replace(`:${server.port}`, `:${impostor.port}`);
    execFileSync('tee', [impostor.knownHosts], { input: text });
    const error = await failure(impostor.options({
      hostKey: { userFile: impostor.knownHosts, systemFiles: [], confirmUnknown: () => Promise.reject(new Error('must not be asked')) },
    }), 'hostkey.changed');
    expect(error.data.detail).toContain(`${impostor.knownHosts}, line 1`);
    expect(error.data.hint).toContain('ssh-keygen -R');
    expect(impostor.attempts.length).toBe(tries);
    expect(readFileSync(impostor.knownHosts, 'utf8')).toBe(text);
  });

  it('refuses a revoked key', async () => {
    const server = await serve();
    const key = readFileSync(path.join(server.folder, 'host.pub'), 'utf8');
    execFileSync('tee', [server.knownHosts], { input: `@revoked * ${key}` });
    await failure(server.options(), 'hostkey.revoked');
    expect(server.attempts).toEqual([]);
  });
});

describe('what a network does', () => {
  it('explains a server with other algorithms', async () => {
    const server = await serve({ algorithms: { cipher: ['aes256-cbc'] } });
    const error = await failure(server.options(), 'ssh.no-common-algorithm');
    expect(error.data.detail).toContain('cipher');
  });

  it('gives up on a server that says nothing', async () => {
    const server = await serve();
    await failure(server.options({ port: await listen(() => undefined), readyTimeoutMs: 300 }), 'ssh.timeout');
  });

  it('explains a server that is none of SSH', async () => {
    const server = await serve();
    await failure(server.options({ port: await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')) }), 'ssh.unreachable');
  });

  it('lives through long banners, and explains one of a megabyte', async () => {
    const noise = `${'You are being watched. '.repeat(60)}\r\n`;
    const long = await serve({ greeting: noise.repeat(10), banner: noise.repeat(20) });
    await openSshRunner(long.options()).then((runner) => runner.close());
    const tooLong = await serve({ banner: noise.repeat(800) });
    expect((await failure(tooLong.options(), 'ssh.closed')).data.hint).toContain('Banner');
    const endless = await listen((socket) => void socket.write(noise.repeat(800)));
    const error = await failure(tooLong.options({ port: endless, readyTimeoutMs: 2000 }), 'ssh.timeout');
    expect(error.data.detail.length).toBeLessThan(300);
  });

  it('explains a connection that is closed at once', async () => {
    const server = await serve();
    await failure(server.options({ port: await listen((socket) => socket.destroy()) }), 'ssh.unreachable');
  });

  it('explains a connection cut in the middle of the login', async () => {
    const server = await serve({ onAuthentication: () => undefined, onConnection: (connection) => connection.on('authentication', () => connection.end()) });
    await failure(server.options(), 'ssh.closed');
  });

  it('refuses politely where the server starts no commands', async () => {
    const server = await serve({ onConnection: (connection) => connection.on('session', (_accept, reject) => reject()) });
    const runner = await openSshRunner(server.options());
    await expect(runner.run({ argv: ['true'] })).rejects.toMatchObject({ data: { code: 'ssh.channel-refused' } });
    await expect(runner.virsh([['uri']])).rejects.toMatchObject({ data: { code: 'ssh.channel-refused' } });
    await runner.close();
  });
});
