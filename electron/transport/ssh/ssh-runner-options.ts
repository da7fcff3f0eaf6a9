import type { LeftoverProcesses } from './leftover-processes';

/** What `openSshRunner` needs to reach one host and to get rights on it. */
export interface SshRunnerOptions {
  /** Name or address, IPv6 without brackets. It is also the name that is looked up in known_hosts. */
  address: string;
  /** 1–65535. */
  port: number;
  user: string;
  /**
   * Methods in the order they are tried; one the server does not allow is passed over. `auto` is what ssh(1) does:
   * the agent (where `SSH_AUTH_SOCK` names one), `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` as far as they exist,
   * keyboard-interactive, password.
   */
  auth: 'auto' | readonly AuthMethod[];
  hostKey: HostKeyPolicy;
  /** Asked only when a secret is really needed, up to three times each. */
  askSecret: AskSecret;
  /** Use sudo for a user who is not root (also for a member of group libvirt who may use sudo). */
  useSudo: boolean;
  /** From start to the end of the login, without the time in which a person is being asked. Default 20 000. */
  readyTimeoutMs?: number;
  /** Defaults: 15 000 ms, 3 unanswered. */
  keepaliveIntervalMs?: number;
  keepaliveCountMax?: number;
  /** Gives up connecting; the promise rejects with `cancelled`. Has no meaning once the runner is open. */
  signal?: AbortSignal;
  /** `reading` is the look at the user's rights, after the login. */
  onStep?: (step: ConnectStep) => void;
  /** Where `.ssh` is. Default: the user's home directory. */
  homeDirectory?: string;
  /** Processes that lost connections left behind on hosts; reaped after the next connect. Default: one for all runners. */
  leftovers?: LeftoverProcesses;
}

export type ConnectStep = 'reaching' | 'host-key' | 'authenticating' | 'reading';

export type AuthMethod =
  /** `socket`: path of the agent's socket, `\\.\pipe\…`, or `pageant`. Default: `SSH_AUTH_SOCK`. */
  | { kind: 'agent'; socket?: string }
  /** A private key file: absolute, or starting with `~/`. */
  | { kind: 'key'; path: string }
  | { kind: 'password' }
  | { kind: 'keyboard-interactive' };

export interface SecretQuestion {
  secret: 'password' | 'passphrase' | 'sudo-password' | 'keyboard-interactive';
  /** "Password for admin@10.0.0.12", or the server's own prompt. */
  label: string;
  /** Why it is asked again, after a wrong one; null the first time. */
  problem: string | null;
  /** The key file whose passphrase it is; null for the other kinds. Together with `secret`: a name to remember it by. */
  keyPath: string | null;
  /** True where the server says that what is typed may be shown (keyboard-interactive only). */
  echo: boolean;
}

/** Resolves to the secret, or null when the user cancelled (connecting then rejects with `cancelled`). */
export type AskSecret = (question: SecretQuestion) => Promise<string | null>;

export interface HostKeyQuestion {
  address: string;
  port: number;
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`… */
  algorithm: string;
  /** `SHA256:…` as ssh-keygen(1) prints it. */
  fingerprint: string;
  /** The file it will be written to when accepted. */
  knownHostsFile: string;
}

export interface HostKeyPolicy {
  /** Asked for a key that no file knows; true writes it to `userFile`. A changed or revoked key is never asked about. */
  confirmUnknown: (question: HostKeyQuestion) => Promise<boolean>;
  /** Default `~/.ssh/known_hosts`. */
  userFile?: string;
  /** Only read. Default `/etc/ssh/ssh_known_hosts`. */
  systemFiles?: readonly string[];
}
