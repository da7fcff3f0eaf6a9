import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ssh2, { type AuthContext, type Connection, type ServerConfig } from 'ssh2';
import type { SshRunnerOptions } from '../../../electron/transport/ssh/ssh-runner-options';

export interface OddServerOptions {
  algorithms?: ServerConfig['algorithms'];
  /** Before the handshake, and before the login. */
  greeting?: string;
  banner?: string;
  /** Default: everyone is let in at once. */
  onAuthentication?: (context: AuthContext) => void;
  onConnection?: (connection: Connection) => void;
}

/** ssh2's own server, for behaviour that OpenSSH's can't be brought to. It starts no processes. */
export class OddServer {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'netwright-odd-'));
  readonly knownHosts = path.join(this.folder, 'known_hosts');
  port = 0;
  /** Authentication methods that clients tried. */
  readonly attempts: string[] = [];
  readonly #server: ssh2.Server;

  private constructor(options: OddServerOptions) {
    const hostKey = path.join(this.folder, 'host');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey]);
    this.#server = new ssh2.Server({ hostKeys: [readFileSync(hostKey)], algorithms: options.algorithms, greeting: options.greeting, banner: options.banner }, (connection) => {
      connection.on('authentication', (context) => {
        this.attempts.push(context.method);
        if (options.onAuthentication) options.onAuthentication(context);
        else context.accept();
      });
      // Clients that go away rudely are part of the tests.
      connection.on('error', () => connection.end());
      options.onConnection?.(connection);
    });
  }

  static async start(options: OddServerOptions = {}): Promise<OddServer> {
    const server = new OddServer(options);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    const address = server.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The server has no port');
    server.port = (address as { port: number }).port;
    return server;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  options(more: Partial<SshRunnerOptions> = {}): SshRunnerOptions {
    return {
      address: '127.0.0.1', port: this.port, user: 'root', auth: [{ kind: 'password' }], useSudo: false, homeDirectory: this.folder,
      hostKey: { userFile: this.knownHosts, systemFiles: [], confirmUnknown: () => Promise.resolve(true) },
      askSecret: () => Promise.resolve('secret'),
      ...more,
    };
  }
}
