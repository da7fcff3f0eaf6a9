import os from 'node:os';
import type { Duplex } from 'node:stream';
import { Client, type AnyAuthMethod, type AuthenticationType } from 'ssh2';
import { AppError } from '../../../shared/errors/app-error';
import { offeredAlgorithms } from './algorithms';
import { Authentication } from './authentication';
import { cancelled, connectTimeout, explainConnectError, hostLabel, serverName } from './connection-errors';
import { HostKeyCheck } from './host-key-check';
import { knownKeyTypes } from './known-hosts';
import { PausableTimer } from './pausable-timer';
import type { SshRunnerOptions, SshServer } from './ssh-runner-options';

export interface ConnectedClient {
  client: Client;
  /** The password of the login, if one was used. */
  password: string | null;
}

/** Who is asked, and what the server is on the way. */
export interface ClientContext extends Pick<SshRunnerOptions, 'hostKey' | 'askSecret' | 'askQuestions' | 'onLoggedIn' | 'onStep' | 'signal' | 'homeDirectory'> {
  /** See `Asking`. */
  onWayTo: string | null;
  /** A connection that stands already, made by the server before. Default: one is made from here. */
  socket?: Duplex;
}

/**
 * From nothing to a logged-in SSH connection to one server.
 * @throws AppError `ssh.*`, `hostkey.*`, `auth.*`, `cancelled`
 */
export async function connectClient(server: SshServer, context: ClientContext): Promise<ConnectedClient> {
  const { address, port, user } = server;
  const { onWayTo, signal } = context;
  if (signal?.aborted) throw cancelled(`Connecting to ${hostLabel(address, port)} was cancelled.`);
  context.onStep?.('reaching');
  const homeDirectory = context.homeDirectory ?? os.homedir();
  const timer = new PausableTimer(server.readyTimeoutMs ?? 20_000);
  const hostKey = await HostKeyCheck.load(
    server, context.hostKey, (question) => timer.pauseDuring(() => context.hostKey.confirmUnknown({ ...question, onWayTo })), homeDirectory,
  );
  const client = new Client();
  return new Promise<ConnectedClient>((resolve, reject) => {
    let settled = false;
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      timer.stop();
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const fail = (error: AppError): void => settle(() => {
      client.destroy();
      reject(error);
    });
    const onAbort = (): void => fail(cancelled(`Connecting to ${hostLabel(address, port)} was cancelled.`));
    const asking = { server: serverName(server), onWayTo };
    const authentication = new Authentication({
      server, hostLabel: hostLabel(address, port), homeDirectory, onFatal: fail,
      ask: (question) => timer.pauseDuring(() => context.askSecret({ ...question, ...asking })),
      askQuestions: (round) => timer.pauseDuring(() => {
        if (!context.askQuestions) throw new AppError('auth.no-method', 'The server asks questions', `${asking.server} asks for “${round.questions[0]?.label ?? ''}”, and nobody can answer here.`);
        return context.askQuestions({ ...round, ...asking });
      }),
      waitForPerson: (work) => void timer.pauseDuring(() => work),
    });
    let explaining = false;
    const failAtLogin = (tooMany: boolean, otherwise: () => AppError): void => {
      // The end of the connection follows what it ended with.
      if (explaining || settled) return;
      const explained = authentication.hungUp(tooMany);
      explaining = explained !== null;
      if (explained) void explained.then(fail);
      else fail(otherwise());
    };

    signal?.addEventListener('abort', onAbort);
    timer.start(() => fail(connectTimeout(address, port)));
    client
      .on('connect', () => {
        // Nagle's algorithm costs 40 ms at each step of the handshake and at each channel.
        client.setNoDelay(true);
        context.onStep?.('host-key');
      })
      .on('handshake', () => {
        if (!settled) context.onStep?.('authenticating');
      })
      .on('ready', () => {
        Promise.resolve(context.onLoggedIn?.(asking.server)).then(
          () => settle(() => resolve({ client, password: authentication.lastPassword })),
          (error: unknown) => fail(error instanceof AppError ? error : new AppError('storage.failed', 'What was typed could not be kept', String(error))),
        );
      })
      .on('error', (error) => {
        // One key of an agent failing is not the end of the login: the next method follows by itself.
        if (error.level === 'agent') return;
        const explain = (): AppError => explainConnectError(error, address, port, { trustsOnlyAuthority: hostKey.trustsOnlyAuthority });
        // A broken network says nothing about what was just answered.
        if (error.level === 'client-socket' || error.level === 'client-timeout') fail(explain());
        else failAtLogin(/too many authentication/i.test(error.message), explain);
      })
      .on('close', () => failAtLogin(false, () => explainConnectError(new Error('the server hung up'), address, port)));
    client.connect({
      ...(context.socket ? { sock: context.socket } : { host: address, port, forceIPv4: server.addressFamily === 4, forceIPv6: server.addressFamily === 6, localAddress: server.bindAddress }),
      username: user,
      algorithms: offeredAlgorithms(knownKeyTypes(hostKey.known)),
      keepaliveInterval: server.keepaliveIntervalMs ?? 15_000,
      keepaliveCountMax: server.keepaliveCountMax ?? 3,
      // Ours stops while a person is being asked; ssh2's would not.
      readyTimeout: 0,
      hostVerifier: (key: Buffer, verify: (valid: boolean) => void): void => {
        hostKey.accept(key).then(() => verify(true), (error: unknown) => {
          fail(error instanceof AppError ? error : explainConnectError(error instanceof Error ? error : new Error(String(error)), address, port));
          // After the login: ssh2 itself ends the connection.
          verify(false);
        });
      },
      authHandler: (allowed: AuthenticationType[] | null, partial: boolean | null, next: (method: AnyAuthMethod) => void): void => {
        authentication.next(allowed, partial === true).then(async (method) => {
          if (method === null) fail(await authentication.failure());
          else if (!settled) next(method);
        }).catch((error: unknown) => fail(error instanceof AppError ? error
          : new AppError('auth.failed', 'The login failed', error instanceof Error ? error.message : String(error))));
      },
    });
  });
}
