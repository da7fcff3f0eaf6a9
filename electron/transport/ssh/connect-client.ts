import os from 'node:os';
import { Client, type AnyAuthMethod, type AuthenticationType } from 'ssh2';
import { AppError } from '../../../shared/errors/app-error';
import { offeredAlgorithms } from './algorithms';
import { Authentication } from './authentication';
import { cancelled, connectTimeout, explainConnectError, hostLabel } from './connection-errors';
import { HostKeyCheck } from './host-key-check';
import { knownKeyTypes } from './known-hosts';
import { PausableTimer } from './pausable-timer';
import type { SshRunnerOptions } from './ssh-runner-options';

export interface ConnectedClient {
  client: Client;
  /** The password of the login, if one was used. */
  password: string | null;
}

/**
 * From nothing to a logged-in SSH connection.
 * @throws AppError `ssh.*`, `hostkey.*`, `auth.*`, `cancelled`
 */
export async function connectClient(options: SshRunnerOptions): Promise<ConnectedClient> {
  const { address, port, user } = options;
  if (options.signal?.aborted) throw cancelled(`Connecting to ${hostLabel(address, port)} was cancelled.`);
  options.onStep?.('reaching');
  const homeDirectory = options.homeDirectory ?? os.homedir();
  const timer = new PausableTimer(options.readyTimeoutMs ?? 20_000);
  const hostKey = await HostKeyCheck.load(address, port, {
    ...options.hostKey,
    confirmUnknown: (question) => timer.pauseDuring(() => options.hostKey.confirmUnknown(question)),
  }, homeDirectory);
  const client = new Client();
  return new Promise<ConnectedClient>((resolve, reject) => {
    let settled = false;
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      timer.stop();
      options.signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const fail = (error: AppError): void => settle(() => {
      client.destroy();
      reject(error);
    });
    const onAbort = (): void => fail(cancelled(`Connecting to ${hostLabel(address, port)} was cancelled.`));
    const authentication = new Authentication({
      user, hostLabel: hostLabel(address, port), methods: options.auth, homeDirectory,
      askSecret: (question) => timer.pauseDuring(() => options.askSecret(question)), onFatal: fail,
    });

    options.signal?.addEventListener('abort', onAbort);
    timer.start(() => fail(connectTimeout(address, port)));
    client
      .on('connect', () => {
        // Nagle's algorithm costs 40 ms at each step of the handshake and at each channel.
        client.setNoDelay(true);
        options.onStep?.('host-key');
      })
      .on('handshake', () => {
        if (!settled) options.onStep?.('authenticating');
      })
      .on('ready', () => settle(() => resolve({ client, password: authentication.lastPassword })))
      .on('error', (error) => {
        // One key of an agent failing is not the end of the login: the next method follows by itself.
        if (error.level !== 'agent') fail(explainConnectError(error, address, port));
      })
      .on('close', () => fail(explainConnectError(new Error('the server hung up'), address, port)));
    client.connect({
      host: address, port, username: user,
      algorithms: offeredAlgorithms(knownKeyTypes(hostKey.known)),
      keepaliveInterval: options.keepaliveIntervalMs ?? 15_000,
      keepaliveCountMax: options.keepaliveCountMax ?? 3,
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
        authentication.next(allowed, partial === true).then((method) => {
          if (method === null) fail(authentication.failure());
          else if (!settled) next(method);
        }, (error: unknown) => fail(error instanceof AppError ? error
          : new AppError('auth.failed', 'The login failed', error instanceof Error ? error.message : String(error))));
      },
    });
  });
}
