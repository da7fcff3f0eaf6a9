import os from 'node:os';
import path from 'node:path';
import { expandHome } from './key-file';
import { expandHostName, type ConfigValues } from './ssh-config-values';
import { isPort } from './ssh-config-lines';

/** What a configuration decides about the connection to one server, as far as the built-in client follows it. */
export interface SshSettings {
  address: string;
  port: number;
  user: string | null;
  /** Key files that are named, absolute, in order. Empty: none are, so the usual ones count. */
  identityFiles: string[];
  /** Of an agent's keys, only those named files may be offered. */
  identitiesOnly: boolean;
  /** Null: none may be used. Undefined: the environment's. */
  agentSocket: string | null | undefined;
  /** As written; `none` where it is switched off. */
  proxyJump: string | null;
  proxyCommand: string | null;
  /** The name its key is filed under instead of its address and port. */
  hostKeyAlias: string | null;
  /** Null: the usual files. */
  userKnownHostsFiles: string[] | null;
  systemKnownHostsFiles: string[] | null;
  /** `StrictHostKeyChecking yes`: an unknown key is refused, not asked about. Below asking Netwright never goes. */
  refusesUnknownKeys: boolean;
  connectTimeoutMs: number | null;
  keepaliveIntervalMs: number | null;
  keepaliveCountMax: number | null;
  addressFamily: 4 | 6 | null;
  bindAddress: string | null;
  /** Names of RFC 4252 in the order they are to be tried; null: the usual order, all of them. */
  methods: string[] | null;
  /** Options that only ssh(1) itself can follow. */
  unsupported: string[];
}

const methodsInOrder = ['publickey', 'keyboard-interactive', 'password'];
/** What ssh(1) prints for a host that names no IdentityFile. */
const usualIdentity = /^~[\\/]\.ssh[\\/]id_(rsa|dsa|xmss|(ecdsa|ed25519)(_sk)?)$/;

/**
 * Reads the options of one host.
 * @param source `query`: from `ssh -G`, which has filled in defaults and expanded most; `files`: as written.
 */
export function readSettings(values: ConfigValues, alias: string, home: string, source: 'query' | 'files'): SshSettings {
  const first = (keyword: string): string | null => {
    const value = values.get(keyword)?.[0];
    return value === undefined || value.toLowerCase() === 'none' ? null : value;
  };
  const says = (keyword: string, ...words: string[]): boolean => words.includes((values.get(keyword)?.[0] ?? '').toLowerCase());
  const seconds = (keyword: string): number | null => {
    const text = values.get(keyword)?.[0] ?? '';
    return /^\d{1,6}$/.test(text) && Number(text) > 0 ? Number(text) * 1000 : null;
  };
  const address = source === 'query' ? first('hostname') ?? alias : expandHostName(values.get('hostname')?.[0], alias);
  const port = values.get('port')?.[0];
  const user = first('user');
  const tokens: Record<string, string> = {
    '%': '%', d: home, h: address, n: alias, k: first('hostkeyalias') ?? alias, p: port ?? '22', r: user ?? os.userInfo().username, u: os.userInfo().username, i: String(process.getuid?.() ?? ''), l: os.hostname(), L: os.hostname().split('.')[0] ?? '',
  };
  const expand = (text: string): string => expandHome(text.replace(/%([%dhiklLnpru])/g, (_all, token: string) => tokens[token] ?? '').replace(/\$\{(\w+)\}/g, (_all, name: string) => process.env[name] ?? ''), home);

  const identities = (values.get('identityfile') ?? []).filter((file) => file.toLowerCase() !== 'none');
  const onlyUsual = source === 'query' && identities.length >= 4 && identities.every((file) => usualIdentity.test(file));
  const keepaliveIntervalMs = seconds('serveraliveinterval');
  const family = first('addressfamily')?.toLowerCase();
  const hostKeyAlias = first('hostkeyalias');
  const settings: SshSettings = {
    address, port: port !== undefined && isPort(port) ? Number(port) : 22, user,
    identityFiles: onlyUsual ? [] : identities.map(expand),
    identitiesOnly: says('identitiesonly', 'yes', 'true'),
    agentSocket: agentOf(values.get('identityagent')?.[0], expand),
    proxyJump: values.get('proxyjump')?.[0] ?? null,
    proxyCommand: commandOf(values.get('proxycommand')),
    hostKeyAlias: hostKeyAlias === null ? null : hostKeyAlias.replace(/%([%hn])/g, (_all, token: string) => tokens[token] ?? ''),
    userKnownHostsFiles: filesOf(values.get('userknownhostsfile'), expand, source),
    systemKnownHostsFiles: filesOf(values.get('globalknownhostsfile'), expand, source),
    refusesUnknownKeys: says('stricthostkeychecking', 'yes', 'true'),
    connectTimeoutMs: seconds('connecttimeout'),
    keepaliveIntervalMs,
    keepaliveCountMax: keepaliveIntervalMs === null ? null : Number(values.get('serveralivecountmax')?.[0] ?? 3) || 3,
    addressFamily: family === 'inet' ? 4 : family === 'inet6' ? 6 : null,
    bindAddress: first('bindaddress'),
    methods: methodsOf(values),
    unsupported: unsupportedOf(values),
  };
  // What ssh(1) prints as its default is ours too, and ours knows where the home directory is.
  const usualUserFiles = [os.userInfo().homedir, home].map((folder) => path.join(folder, '.ssh', 'known_hosts'));
  if (settings.userKnownHostsFiles?.length === 2 && usualUserFiles.some((file) => settings.userKnownHostsFiles![0] === file && settings.userKnownHostsFiles![1] === `${file}2`)) {
    settings.userKnownHostsFiles = null;
  }
  return settings;
}

/** ssh_config(5), IdentityAgent: `none`, `SSH_AUTH_SOCK`, `$VARIABLE`, or a path. */
function agentOf(value: string | undefined, expand: (text: string) => string): string | null | undefined {
  if (value === undefined || value === 'SSH_AUTH_SOCK') return undefined;
  if (value.toLowerCase() === 'none') return null;
  const variable = /^\$(\w+)$/.exec(value)?.[1];
  return variable === undefined ? expand(value) : process.env[variable] ?? null;
}

function commandOf(words: readonly string[] | undefined): string | null {
  const text = words?.join(' ').trim() ?? '';
  return text === '' || text.toLowerCase() === 'none' ? null : text;
}

/** `ssh -G` joins the files by blanks, which they may hold themselves: each begins like a path. */
function filesOf(words: readonly string[] | undefined, expand: (text: string) => string, source: 'query' | 'files'): string[] | null {
  if (!words || words.length === 0) return null;
  const files = source === 'query' ? words[0]!.split(/ (?=[/~%$]|[A-Za-z]:[\\/])/) : words;
  if (files.length === 1 && files[0]!.toLowerCase() === 'none') return [];
  // What the Windows port of ssh prints for its own folder.
  return files.map((file) => expand(file.replace('__PROGRAMDATA__', process.env.ProgramData ?? '')));
}

function methodsOf(values: ConfigValues): string[] | null {
  const off = (keyword: string, ...others: string[]): boolean => [keyword, ...others].some((name) => ['no', 'false'].includes((values.get(name)?.[0] ?? '').toLowerCase()));
  const refused = new Set([
    ...(off('pubkeyauthentication') ? ['publickey'] : []),
    ...(off('kbdinteractiveauthentication', 'challengeresponseauthentication') ? ['keyboard-interactive'] : []),
    ...(off('passwordauthentication') ? ['password'] : []),
  ]);
  const preferred = values.get('preferredauthentications')?.flatMap((value) => value.split(',')).map((name) => name.trim().toLowerCase());
  if (!preferred && refused.size === 0) return null;
  return (preferred ?? methodsInOrder).filter((name) => methodsInOrder.includes(name) && !refused.has(name));
}

/** Options that decide where or how a connection goes. `none` and the like switch each of them off. */
const notFollowed: Record<string, string> = {
  proxycommand: 'ProxyCommand', certificatefile: 'CertificateFile', pkcs11provider: 'PKCS11Provider', securitykeyprovider: 'SecurityKeyProvider',
  knownhostscommand: 'KnownHostsCommand', revokedhostkeys: 'RevokedHostKeys', bindinterface: 'BindInterface',
};

function unsupportedOf(values: ConfigValues): string[] {
  const named = Object.entries(notFollowed).filter(([keyword]) => {
    const value = values.get(keyword)?.join(' ');
    return value !== undefined && !['none', 'no', 'internal', ''].includes(value.toLowerCase()) && !(keyword === 'proxycommand' && jumpOfCommand(value) !== null);
  }).map(([, name]) => name);
  const master = (values.get('controlmaster')?.[0] ?? 'no').toLowerCase();
  // A shared connection that someone else opens is the whole point of such a set-up.
  if (['no', 'false'].includes(master) && !['none', undefined].includes(values.get('controlpath')?.[0]?.toLowerCase())) named.push('ControlPath');
  const preferred = values.get('preferredauthentications')?.join(',');
  if (preferred !== undefined && !methodsInOrder.some((name) => preferred.toLowerCase().split(',').includes(name))) named.push(`PreferredAuthentications ${preferred}`);
  return named;
}

/** `ssh -W %h:%p HOST`, which was the way before ProxyJump: the host; null for any other command. */
export function jumpOfCommand(command: string): string | null {
  const match = /^(?:\S*\/)?ssh(?:\s+-q)?\s+(?:-W\s+\[?%h\]?:%p\s+([^\s-]\S*)|([^\s-]\S*)\s+-W\s+\[?%h\]?:%p)$/.exec(command.trim());
  return match ? match[1] ?? match[2] ?? null : null;
}
