import type { LeftoverProcesses } from '../process/leftover-processes';

/** One SSH server, how it is reached and how a user logs in there: a host, or one on the way to it. */
export interface SshServer {
  /** Name or address, IPv6 without brackets, a zone after `%`. */
  address: string;
  /** 1–65535. */
  port: number;
  user: string;
  /**
   * Methods in the order they are tried; one the server does not allow is passed over. `auto` is what ssh(1) does: the
   * agent and `identityFiles` (without any: `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` as far as they exist), then
   * keyboard-interactive, then password.
   */
  auth: 'auto' | readonly AuthMethod[];
  /** Key files that the configuration names for this server, absolute or starting with `~/`. */
  identityFiles?: readonly string[];
  /** Offer no key of the agent but those of `identityFiles`. */
  identitiesOnly?: boolean;
  /** Socket of the agent, `\\.\pipe\…`, or `pageant`; null: none may be used. Default: see `usualAgent`. */
  agentSocket?: string | null;
  /** Names of RFC 4252 that may be used at all, in this order (PreferredAuthentications). Default: all. */
  methods?: readonly string[];
  /** The name its key is filed under in known_hosts, instead of address and port (HostKeyAlias). */
  hostKeyAlias?: string;
  /** Instead of `~/.ssh/known_hosts`: the first is written to. */
  userKnownHostsFiles?: readonly string[];
  systemKnownHostsFiles?: readonly string[];
  /** An unknown key ends the connection instead of being asked about (StrictHostKeyChecking yes). */
  refusesUnknownKeys?: boolean;
  addressFamily?: 4 | 6;
  /** The address of this computer to connect from. */
  bindAddress?: string;
  /** From start to the end of the login, without the time in which a person is being asked. Default 20 000. */
  readyTimeoutMs?: number;
  /** Defaults: 15 000 ms, 3 unanswered. */
  keepaliveIntervalMs?: number;
  keepaliveCountMax?: number;
  /** Options of the configuration that only ssh(1) itself follows: named when the login fails. */
  unsupported?: readonly string[];
}

/** What `openSshRunner` needs to reach one host and to get rights on it. */
export interface SshRunnerOptions extends SshServer {
  /** Servers on the way, the first being reached first; each connection is made by the one before. */
  jumps?: readonly SshServer[];
  hostKey: HostKeyPolicy;
  /** Asked only when a secret is really needed, up to three times each. */
  askSecret: AskSecret;
  /** Several questions of one round of keyboard-interactive. Without it a server that asks them can't be entered. */
  askQuestions?: AskQuestions;
  /** A server (`user@address`) let us in: what was answered to it is right. */
  onLoggedIn?: (server: string) => Promise<void> | void;
  /** Use sudo for a user who is not root (also for a member of group libvirt who may use sudo). */
  useSudo: boolean;
  /** How long a typed sudo password is kept; it is asked for again then. Default: as long as the session lives. */
  sudoPasswordKeptMs?: number;
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
  /** `socket`: see `agentSocket`, which is the default. */
  | { kind: 'agent'; socket?: string }
  /** A private key file: absolute, or starting with `~/`. */
  | { kind: 'key'; path: string }
  | { kind: 'password' }
  | { kind: 'keyboard-interactive' };

/** Which server asks, in words a person knows it by. */
export interface Asking {
  /** `user@address`, with the port where it isn't 22. */
  server: string;
  /** The host that this server is only a jump for, in the same form; null for the host itself. */
  onWayTo: string | null;
}

export interface SecretQuestion extends Asking {
  secret: 'password' | 'passphrase' | 'sudo-password';
  /** "Password for admin@10.0.0.12". */
  label: string;
  /** Why it is asked again, after a wrong one; null the first time. */
  problem: string | null;
  /** The key file whose passphrase it is; null for the other kinds. */
  keyPath: string | null;
}

/** Resolves to the secret, or null when the user cancelled (connecting then rejects with `cancelled`). */
export type AskSecret = (question: SecretQuestion) => Promise<string | null>;

/** The same, where it is clear which server asks. */
export type AskHere = (question: Omit<SecretQuestion, keyof Asking>) => Promise<string | null>;

/** One round of keyboard-interactive, in the server's own words (RFC 4256 §3.2). */
export interface QuestionRound extends Asking {
  title: string;
  instruction: string;
  /** At least one. `echo`: what is typed may be shown. */
  questions: readonly { label: string; echo: boolean }[];
  problem: string | null;
}

/** Resolves to as many answers as there are questions, or null when the user cancelled. */
export type AskQuestions = (round: QuestionRound) => Promise<readonly string[] | null>;

export interface HostKeyQuestion {
  address: string;
  port: number;
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`… */
  algorithm: string;
  /** `SHA256:…` as ssh-keygen(1) prints it. */
  fingerprint: string;
  /** The file it will be written to when accepted. */
  knownHostsFile: string;
  /** See `Asking`. */
  onWayTo: string | null;
}

export interface HostKeyPolicy {
  /** Asked for a key that no file knows; true writes it to `userFile`. A changed or revoked key is never asked about. */
  confirmUnknown: (question: HostKeyQuestion) => Promise<boolean>;
  /** For every server, whatever the configuration says. Default: the server's, or `~/.ssh/known_hosts`. */
  userFile?: string;
  /** Only read. Default: the server's, or `/etc/ssh/ssh_known_hosts`. */
  systemFiles?: readonly string[];
}
