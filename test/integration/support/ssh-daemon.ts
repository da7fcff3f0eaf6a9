import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { SshRunnerOptions } from '../../../electron/transport/ssh/ssh-runner-options';
import { waitFor } from './wait-for';

export interface SshDaemonOptions {
  /** Lines of sshd_config(5) that come first, and so win. */
  config?: string;
  /** Types of host keys. Default: ed25519. */
  hostKeys?: readonly ('ed25519' | 'ecdsa' | 'rsa')[];
}

/**
 * A real OpenSSH server of the current user on a loopback port, with keys and files in a temporary folder. Programs in
 * its folder `bin` come first on PATH.
 */
export class SshDaemon {
  readonly folder: string;
  readonly user = os.userInfo().username;
  /** The private key that the server accepts. */
  readonly keyFile: string;
  readonly knownHosts: string;
  port = 0;
  #options: SshDaemonOptions;
  #process: ChildProcess | null = null;
  log = '';

  private constructor(options: SshDaemonOptions) {
    this.folder = mkdtempSync(path.join(os.tmpdir(), 'netwright-sshd-'));
    this.keyFile = path.join(this.folder, 'id_ed25519');
    this.knownHosts = path.join(this.folder, 'known_hosts');
    this.#options = options;
  }

  static async start(options: SshDaemonOptions = {}): Promise<SshDaemon> {
    const daemon = new SshDaemon(options);
    mkdirSync(path.join(daemon.folder, 'bin'));
    daemon.makeKey('id_ed25519');
    for (const type of options.hostKeys ?? ['ed25519']) daemon.makeKey(`host_${type}`, { type });
    writeFileSync(path.join(daemon.folder, 'authorized_keys'), readFileSync(`${daemon.keyFile}.pub`), { mode: 0o600 });
    // sshd run by root wants its empty folder for privilege separation.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    daemon.port = await freePort();
    await daemon.run();
    return daemon;
  }

  /** ssh-keygen(1); the file's name below the daemon's folder. */
  makeKey(name: string, { type = 'ed25519', passphrase = '', format }: { type?: string; passphrase?: string; format?: 'PEM' | 'PKCS8' } = {}): string {
    const file = path.join(this.folder, name);
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', name, '-f', file, ...(type === 'rsa' ? ['-b', '2048'] : []), ...(format ? ['-m', format] : [])]);
    return file;
  }

  authorize(keyFile: string): void {
    writeFileSync(path.join(this.folder, 'authorized_keys'), readFileSync(`${keyFile}.pub`), { flag: 'a' });
  }

  /** Puts a program on the PATH of everything that runs over this server. */
  install(name: string, script: string): void {
    const file = path.join(this.folder, 'bin', name);
    writeFileSync(file, script);
    chmodSync(file, 0o755);
  }

  /** Starts (again) on the same port. */
  async run(options: SshDaemonOptions = this.#options): Promise<void> {
    this.#options = options;
    const config = path.join(this.folder, 'sshd_config');
    // SHLVL: bash reads ~/.bashrc for sshd's commands unless it is told that it is not the first shell (bash(1),
    // INVOCATION). What the developer's own start-up files do is no part of these tests.
    writeFileSync(config, `${options.config ?? ''}
Port ${this.port}
ListenAddress 127.0.0.1
${(options.hostKeys ?? ['ed25519']).map((type) => `HostKey ${path.join(this.folder, `host_${type}`)}`).join('\n')}
AuthorizedKeysFile ${path.join(this.folder, 'authorized_keys')}
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel VERBOSE
SetEnv PATH=${path.join(this.folder, 'bin')}:/usr/local/bin:/usr/bin:/bin SHLVL=1
`);
    const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    child.stderr.on('data', (chunk: Buffer) => {
      this.log += chunk.toString('utf8');
    });
    await waitFor(`sshd to listen on ${this.port}`, () => {
      if (child.exitCode !== null) throw new Error(`sshd ended: ${this.log}`);
      return canConnect(this.port);
    });
  }

  /** Ends the server that listens; connections live on, as with a restart of sshd. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    this.#endProcesses();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What lost connections left running: all have this server's folder on their PATH. */
  #endProcesses(): void {
    for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number)) {
      try {
        if (pid !== process.pid && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${this.folder}/bin:`)) process.kill(pid, 'SIGTERM');
      } catch (error) {
        // It ended meanwhile, or belongs to somebody else.
        if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
  }

  /** Options that reach this server with its key, accepting its host key and asking nothing. */
  options(more: Partial<SshRunnerOptions> = {}): SshRunnerOptions {
    return {
      address: '127.0.0.1', port: this.port, user: this.user, auth: [{ kind: 'key', path: this.keyFile }], useSudo: false,
      hostKey: { userFile: this.knownHosts, systemFiles: [], confirmUnknown: () => Promise.resolve(true) },
      askSecret: (question) => Promise.reject(new Error(`Nobody to ask: ${question.label}`)),
      homeDirectory: this.folder,
      ...more,
    };
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
