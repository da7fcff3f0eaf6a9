import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import * as pty from 'node-pty';
import type { Way } from './ways';
import { innerGatePassword, totpSecret, waysPassphrase, waysPassword, type WaysLab } from './ways-lab';

/** What came of one way. */
export interface WayResult {
  way: Way;
  /** Null where the network was made, seen on the host, deleted, and gone. */
  problem: string | null;
  seconds: number;
}

const patienceMs = 90_000;

/** Makes a network by the command line and deletes it again, answering what a person would be asked on a terminal. */
export async function runWay(way: Way, lab: WaysLab, cli: string, folder: string): Promise<WayResult> {
  const startedAt = performance.now();
  const home = mkdtempSync(path.join(folder, `${way.name}-`));
  const agent = writeConfig(way, lab, home);
  const network = `net-${way.name}`;
  const options = [
    '-y', ...(['sudo', 'sudo without password', 'doas'].includes(way.privilege) ? ['--sudo'] : []),
    ...(way.client === 'system' ? ['--client', 'system'] : []),
    // Every other way is named on the command line, the others in ~/.ssh/config.
    ...(namesJumpsItself(way) ? ['-J', jumpsOf(way).join(',')] : []),
  ];
  const runCli = (...args: string[]): Promise<string | null> => onTerminal([process.execPath, cli, ...args], { ...environment(home), ...(agent === null ? {} : { SSH_AUTH_SOCK: agent }) }, way);
  const steps: [string, () => Promise<string | null>][] = [
    ['create', () => runCli('create', 'nat', 'target', network, '--subnet', `10.210.${way.number}.0/24`, '--bridge', `vb${way.number}`, ...options)],
    ['seen', () => isThere(lab, network, true)],
    ['delete', () => runCli('delete', 'network', 'target', network, ...options)],
    ['gone', () => isThere(lab, network, false)],
  ];
  let problem: string | null = null;
  for (const [step, work] of steps) {
    const said = await work();
    if (said !== null) {
      problem = `${step}: ${said}`;
      break;
    }
  }
  return { way, problem, seconds: (performance.now() - startedAt) / 1000 };
}

async function isThere(lab: WaysLab, network: string, expected: boolean): Promise<string | null> {
  const names = (await lab.host.execOrThrow(['virsh', '-q', 'net-list', '--all', '--name'])).split(/\s+/);
  return names.includes(network) === expected ? null : `the host ${expected ? 'has no' : 'still has'} ${network}`;
}

function environment(home: string): Record<string, string> {
  return { HOME: home, NETWRIGHT_DATA: path.join(home, 'data'), PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', TERM: 'xterm-256color' };
}

const jumpsOf = ({ path: way }: Way): string[] => ({ direct: [], 'one jump': ['outer'], 'two jumps': ['outer', 'inner'] })[way];
const namesJumpsItself = (way: Way): boolean => way.path !== 'direct' && way.number % 2 === 1;

/** `~/.ssh/config` with the host as `target`. @returns the agent's socket, null: none */
function writeConfig(way: Way, lab: WaysLab, home: string): string | null {
  const { keys } = lab;
  const [login, agent] = ((): [string[], string | null] => {
    switch (way.authentication) {
      case 'agent': return [[], lab.agent];
      case 'agent with 6 keys, MaxAuthTries 3': return [[`IdentityFile ${keys.encrypted}`, 'IdentitiesOnly yes'], lab.fullAgent];
      case 'ed25519 key': return [[`IdentityFile ${keys.ed25519}`], null];
      case 'RSA key': return [[`IdentityFile ${keys.rsa}`], null];
      case 'ECDSA key': return [[`IdentityFile ${keys.ecdsa}`], null];
      case 'encrypted key': return [[`IdentityFile ${keys.encrypted}`], null];
      case 'password': return [['PreferredAuthentications password'], null];
      case 'password and code (PAM)': return [[], null];
    }
  })();
  const section = (name: string, lines: readonly string[]): string => `Host ${name}\n${lines.map((line) => `  ${line}\n`).join('')}`;
  mkdirSync(path.join(home, '.ssh'), { mode: 0o700 });
  writeFileSync(path.join(home, '.ssh', 'config'), [
    section('target', [
      `HostName ${lab.host.address}`, `User ${way.name}`, ...login,
      ...(way.path === 'direct' || namesJumpsItself(way) ? [] : [`ProxyJump ${jumpsOf(way).join(',')}`]),
    ]),
    section('outer', [`HostName ${lab.outerGate.address}`, 'User plain', `IdentityFile ${keys.gate}`, 'IdentityAgent none']),
    section('inner', [`HostName ${lab.innerGate.address}`, 'User plain', 'PreferredAuthentications password', 'IdentityAgent none']),
  ].join(''), { mode: 0o600 });
  return agent;
}

/** Runs a program on a terminal of its own, on the lab's LAN. @returns null when it ended with 0, else what it said */
function onTerminal(argv: readonly string[], env: Record<string, string>, way: Way): Promise<string | null> {
  return new Promise((resolve) => {
    // ssh looks for its configuration where the user database says, not where HOME does: the home directory of this way is put there.
    const inPlace = ['sh', '-ec', 'mount --bind "$HOME" "$0"; HOME=$0; exec "$@"', os.userInfo().homedir];
    const terminal = pty.spawn('nsenter', ['--net=/run/netns/lab-client', '--', 'unshare', '--mount', '--', ...inPlace, ...argv], { name: 'xterm-256color', cols: 200, rows: 50, cwd: '/', env, encoding: null });
    const decoder = new StringDecoder('utf8');
    let said = '';
    let answeredUpTo = 0;
    const timer = setTimeout(() => terminal.kill('SIGKILL'), patienceMs);
    terminal.onData((bytes) => {
      said += decoder.write(bytes);
      const answer = answerTo(plain(said.slice(answeredUpTo)), way);
      if (answer === null) return;
      answeredUpTo = said.length;
      terminal.write(`${answer}\r`);
    });
    terminal.onExit(({ exitCode, signal }) => {
      clearTimeout(timer);
      resolve(exitCode === 0 && !signal ? null : `${signal ? `no end within ${patienceMs / 1000} s` : `exit code ${exitCode}`}: ${plain(said).trim().split(/\r?\n/).slice(-4).join(' | ')}`);
    });
  });
}

/** Without the terminal's control sequences: readline places the cursor behind its prompt. */
// eslint-disable-next-line no-control-regex -- the escape character is what they begin with
const plain = (text: string): string => text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');

/** What a person types when the terminal shows this; null while nothing is asked. */
function answerTo(text: string, way: Way): string | null {
  if (/\[y\/N\] $/.test(text)) return 'y';
  if (/\(yes\/no(\/\[fingerprint\])?\)\? $/.test(text)) return 'yes';
  if (/Verification code:\s*$/.test(text)) return oneTimeCode();
  if (/assphrase (for|of) [^\r\n]*: ?$/.test(text)) return waysPassphrase;
  if (/plain@[^\r\n]*: ?$/.test(text)) return innerGatePassword;
  if (/assword[^\r\n]*: ?$/.test(text) && text.includes(way.name)) return waysPassword;
  return null;
}

/** RFC 6238 with its usual parameters: SHA-1, 30 s, 6 digits. */
function oneTimeCode(): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', totpSecret).update(counter).digest();
  const offset = (digest.at(-1) as number) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
