import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LabHost } from '../lab/lab';
import { waitFor } from '../lab/run-process';
import type { Way } from './ways';

/** What Debian's users have and the lab's hosts lack. */
const packages = ['fish', 'tcsh', 'opendoas', 'libpam-google-authenticator'];
const keyTypes = { ed25519: ['-t', 'ed25519'], rsa: ['-t', 'rsa', '-b', '3072'], ecdsa: ['-t', 'ecdsa'] } as const;

export const waysPassword = 'way-password';
export const waysPassphrase = 'correct horse battery';
/** RFC 4226's test secret. */
export const totpSecret = Buffer.from('12345678901234567890');
export const innerGatePassword = 'plainpw';

/** Three lab hosts: two to jump over, and the one that is meant; keys of each kind, and two agents. */
export interface WaysLab {
  host: LabHost;
  outerGate: LabHost;
  innerGate: LabHost;
  keys: { ed25519: string; rsa: string; ecdsa: string; encrypted: string; gate: string };
  /** Holds the ed25519 key alone. */
  agent: string;
  /** Holds six keys; the server takes the last one, whose file is encrypted. */
  fullAgent: string;
  close(): Promise<void>;
}

/** @param folder of this run, for keys and sockets @param labFolder for what is worth keeping between runs */
export async function openWaysLab(ways: readonly Way[], folder: string, labFolder: string): Promise<WaysLab> {
  const agents: ChildProcess[] = [];
  const hosts: LabHost[] = [];
  const close = async (): Promise<void> => {
    for (const agent of agents) agent.kill();
    await Promise.all(hosts.map((host) => host.down()));
  };
  try {
    hosts.push(await LabHost.up('ways-host'), ...await Promise.all(['ways-outer', 'ways-inner'].map((name) => LabHost.up(name, { variant: 'no-libvirt', nics: 1 }))));
    const [host, outerGate, innerGate] = hosts as [LabHost, LabHost, LabHost];
    const keys = makeKeys(folder, labFolder);
    await installPackages(host, labFolder);
    await makeUsers(host, ways, [keys.ed25519, keys.rsa, keys.ecdsa, keys.encrypted]);
    const [agent, fullAgent] = await Promise.all(['agent', 'full-agent'].map(async (name) => {
      const socket = path.join(folder, name);
      agents.push(spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' }));
      await waitFor(`the agent at ${socket}`, 10_000, () => Promise.resolve(existsSync(socket) || undefined));
      return socket;
    }));
    addToAgent(agent as string, [keys.ed25519], folder);
    addToAgent(fullAgent as string, [...Array.from({ length: 5 }, (_none, index) => makeKey(path.join(folder, `other-${index}`), ['-t', 'ed25519'], '')), keys.encrypted], folder);
    return { host, outerGate, innerGate, keys, agent: agent as string, fullAgent: fullAgent as string, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function makeKey(file: string, options: readonly string[], passphrase: string): string {
  execFileSync('ssh-keygen', ['-q', ...options, '-N', passphrase, '-f', file]);
  return file;
}

function makeKeys(folder: string, labFolder: string): WaysLab['keys'] {
  return {
    ed25519: makeKey(path.join(folder, 'ed25519'), keyTypes.ed25519, ''),
    rsa: makeKey(path.join(folder, 'rsa'), keyTypes.rsa, ''),
    ecdsa: makeKey(path.join(folder, 'ecdsa'), keyTypes.ecdsa, ''),
    encrypted: makeKey(path.join(folder, 'encrypted'), keyTypes.ed25519, waysPassphrase),
    gate: path.join(labFolder, 'keys', 'id_ed25519'),
  };
}

function addToAgent(socket: string, files: readonly string[], folder: string): void {
  const askpass = path.join(folder, 'askpass');
  writeFileSync(askpass, `#!/bin/sh\necho '${waysPassphrase}'\n`, { mode: 0o700 });
  execFileSync('ssh-add', ['-q', ...files], { env: { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' } });
}

/** Downloaded on this machine, where there is a network; the hosts have none to Debian. */
async function installPackages(host: LabHost, labFolder: string): Promise<void> {
  const cache = path.join(labFolder, 'ways-debs');
  mkdirSync(path.join(cache, 'partial'), { recursive: true });
  const status = path.join(cache, 'status');
  writeFileSync(status, await host.execOrThrow(['cat', '/var/lib/dpkg/status']));
  execFileSync('apt-get', [
    '-o', `Dir::State::status=${status}`, '-o', `Dir::Cache::archives=${cache}`, '-o', 'Debug::NoLocking=1', '--no-install-recommends', '-qq', '-y', '--download-only', 'install', ...packages,
  ], { stdio: ['ignore', 'ignore', 'inherit'] });
  const inside = path.join('var', 'cache', 'ways-debs');
  const outside = path.join(labFolder, 'disks', host.name, 'root', inside);
  mkdirSync(outside, { recursive: true });
  for (const name of readdirSync(cache).filter((file) => file.endsWith('.deb'))) copyFileSync(path.join(cache, name), path.join(outside, name));
  await host.execOrThrow('DEBIAN_FRONTEND=noninteractive dpkg -i /var/cache/ways-debs/*.deb', { timeoutMs: 180_000 });
}

const shellFiles: Record<Way['shell'], string> = { bash: '/bin/bash', fish: '/usr/bin/fish', tcsh: '/bin/tcsh', 'bash that prints banners': '/bin/bash' };
const groupsOf: Record<Way['privilege'], string> = { root: '', 'group libvirt': 'libvirt', sudo: 'sudo', 'sudo without password': 'waysnopass', doas: 'waysdoas' };

async function makeUsers(host: LabHost, ways: readonly Way[], keys: readonly string[]): Promise<void> {
  const lines = ways.flatMap((way) => {
    const groups = [groupsOf[way.privilege], way.authentication === 'password and code (PAM)' ? 'twofactor' : ''].filter(Boolean);
    return [
      `useradd -m -s ${shellFiles[way.shell]} ${way.privilege === 'root' ? '-o -u 0 -g 0' : ''} ${groups.length > 0 ? `-G ${groups.join(',')}` : ''} ${way.name}`,
      `echo '${way.name}:${waysPassword}' | chpasswd`,
      `install -d -m 700 ~${way.name}/.ssh; install -m 600 /var/tmp/authorized ~${way.name}/.ssh/authorized_keys; chown -R ${way.name} ~${way.name}/.ssh`,
      ...(way.shell === 'bash that prints banners' ? [`cp /var/tmp/noise ~${way.name}/.bashrc; cp /var/tmp/noise ~${way.name}/.profile`] : []),
    ];
  });
  await host.execOrThrow(['sh', '-c', 'cat > /var/tmp/authorized'], { input: keys.map((file) => readFileSync(`${file}.pub`, 'utf8')).join('') });
  await host.execOrThrow(['sh', '-e', '-s'], { timeoutMs: 120_000, input: `
echo 'echo "Welcome to the attic!"; echo "You have new mail." >&2; printf "\\033]0;attic\\007"' > /var/tmp/noise
for group in twofactor waysnopass waysdoas; do groupadd $group; done
echo '%waysnopass ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/ways
echo 'permit nopass :waysdoas as root' > /etc/doas.conf
printf '%s\\n' '${base32(totpSecret)}' '" TOTP_AUTH' > /etc/ways-totp
chmod 400 /etc/ways-totp /etc/doas.conf
sed -i '/^@include common-auth/a auth [success=1 default=ignore] pam_succeed_if.so quiet user notingroup twofactor\\nauth required pam_google_authenticator.so secret=/etc/ways-totp user=root' /etc/pam.d/sshd
cat > /etc/ssh/sshd_config.d/ways.conf <<'END'
MaxAuthTries 3
MaxStartups 100
PermitRootLogin yes
PasswordAuthentication yes
KbdInteractiveAuthentication yes
Match Group twofactor
  AuthenticationMethods keyboard-interactive
END
${lines.join('\n')}
systemctl restart ssh
` });
}

/** RFC 4648 §6, without padding. */
function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((group) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(group.padEnd(5, '0'), 2)]).join('');
}
