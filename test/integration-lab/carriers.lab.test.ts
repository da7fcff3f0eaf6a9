import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommandRunner, EventLine } from '../../electron/transport/command-runner';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { SecretQuestion, SshRunnerOptions } from '../../electron/transport/ssh/ssh-runner-options';
import { openSystemSshRunner, type SystemSshRunnerOptions } from '../../electron/transport/system-ssh/open-system-ssh-runner';
import type { TerminalChannel, TerminalEnd } from '../../electron/transport/terminal-channel';
import { waitFor } from '../integration/support/wait-for';
import { LabHost, LAB_USERS, labKeyPath } from '../lab/lab';

type User = keyof typeof LAB_USERS;

// Short: the control socket is in it.
const scratch = mkdtempSync('/tmp/nw-carriers-');
const runtimeFolder = process.env.XDG_RUNTIME_DIR;
const knownHosts = path.join(scratch, 'known_hosts');
let host: LabHost;
beforeAll(async () => {
  process.env.XDG_RUNTIME_DIR = scratch;
  host = await LabHost.up('carriers');
  writeFileSync(knownHosts, await host.knownHostsLine());
  // sshd's Debian default is "no": the system's ssh shall meet prompts of both kinds.
  await configureSshd('KbdInteractiveAuthentication yes', 'PasswordAuthentication yes');
});
afterAll(async () => {
  if (runtimeFolder === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = runtimeFolder;
  await host.down();
  rmSync(scratch, { recursive: true });
});

async function configureSshd(...lines: string[]): Promise<void> {
  await host.execOrThrow(['sh', '-c', 'cat >/etc/ssh/sshd_config.d/00-carriers.conf; systemctl restart ssh; until ss -Hltn "sport = 22" | grep -q .; do sleep 0.05; done'], { input: `${lines.join('\n')}\n` });
}

const opened: CommandRunner[] = [];
afterEach(async () => {
  for (const runner of opened.splice(0)) await runner.close();
});

const answer = (user: User) => ({ secret }: SecretQuestion): Promise<string | null> => Promise.resolve(secret === 'passphrase' ? null : LAB_USERS[user].password);

async function openBuiltin(user: User, more: Partial<SshRunnerOptions> = {}): Promise<CommandRunner> {
  const runner = await openSshRunner({
    address: host.address, port: 22, user, auth: [{ kind: 'key', path: labKeyPath }], useSudo: true, homeDirectory: scratch,
    hostKey: { userFile: knownHosts, systemFiles: [], confirmUnknown: () => Promise.reject(new Error('The host key should be known')) },
    askSecret: answer(user), ...more,
  });
  opened.push(runner);
  return runner;
}

async function openSystem(user: User, more: Partial<SystemSshRunnerOptions> = {}, identityFile: string | null = labKeyPath): Promise<CommandRunner> {
  const runner = await openSystemSshRunner({
    target: { destination: host.address, user, port: null, proxyJump: null, identityFile, knownHostsFile: knownHosts, configFile: 'none' },
    server: `${user}@${host.address}`, hostLabel: host.address, useSudo: true, askSecret: answer(user),
    askQuestions: ({ questions }) => Promise.resolve(questions.map(() => LAB_USERS[user].password)),
    confirmUnknown: () => Promise.reject(new Error('The host key should be known')), showNotice: () => Promise.reject(new Error('Nothing to touch')),
    ...more,
  });
  opened.push(runner);
  return runner;
}

interface Watched { terminal: TerminalChannel; text: () => string; ended: Promise<TerminalEnd> }

function watch(terminal: TerminalChannel): Watched {
  let text = '';
  terminal.onData((data) => { text += Buffer.from(data).toString('utf8'); });
  return { terminal, text: () => text, ended: new Promise((resolve) => { terminal.onEnd(resolve); }) };
}

describe('the computer\'s ssh', () => {
  it.each([
    ['root', 'root'], ['admin', 'sudo'], ['nopass', 'sudo-without-password'], ['virt', 'libvirt-group'],
  ] as const)('gives %s its rights (%s), reads libvirt and follows it', async (user, privilege) => {
    const runner = await openSystem(user);
    expect(runner.privilege).toBe(privilege);
    const [networks, gathered] = await Promise.all([
      runner.virsh([['net-list', '--all', '--name']]),
      runner.gather([{ name: 'id', command: { kind: 'argv', argv: ['id', '-un'] } }]),
    ]);
    expect(networks[0]?.stdout.split('\n')).toContain('default');
    expect(gathered.get('id')?.stdout).toBe(user === 'virt' ? 'virt\n' : 'root\n');
    const lines: EventLine[] = [];
    const follow = await runner.follow([{ name: 'net', argv: ['virsh', '-c', 'qemu:///system', 'net-event', '--event', 'lifecycle', '--loop'] }], (line) => lines.push(line));
    const xml = `<network><name>carried-${user}</name><bridge name="virbr77"/><ip address="10.177.7.1" netmask="255.255.255.0"/></network>`;
    // Again and again: the monitor begins when it has reached libvirt.
    await waitFor('the event', async () => {
      expect(await runner.run({ argv: ['virsh', '-c', 'qemu:///system', 'net-define', '/dev/stdin'], stdin: { name: 'network', text: xml } })).toMatchObject({ exitCode: 0 });
      expect(await runner.run({ argv: ['virsh', '-c', 'qemu:///system', 'net-undefine', `carried-${user}`] })).toMatchObject({ exitCode: 0 });
      return lines.some(({ text }) => text?.includes(`carried-${user}`));
    });
    await follow.close();
  });

  it('logs in by a password, which is asked again when it was wrong and then is sudo\'s, too', async () => {
    await configureSshd('KbdInteractiveAuthentication no');
    const asked: SecretQuestion[] = [];
    const runner = await openSystem('admin', { askSecret: (question) => {
      asked.push(question);
      return Promise.resolve(asked.length === 1 ? 'wrong' : LAB_USERS.admin.password);
    } }, '/dev/null');
    expect(asked.map(({ secret, problem, server }) => [secret, problem, server])).toEqual([
      ['password', null, `admin@${host.address}`], ['password', 'The server did not accept that password.', `admin@${host.address}`],
    ]);
    expect(runner.privilege).toBe('sudo');
    // A second connection, for terminals, asks nobody.
    const terminals = (await Promise.all(Array.from({ length: 6 }, () => runner.openTerminal({ command: ['sh', '-c', 'echo up; read -r x'], size: { columns: 80, rows: 24 } })))).map(watch);
    await waitFor('all to be up', () => terminals.every(({ text }) => text().includes('up')));
    for (const { terminal } of terminals) terminal.close();
  });

  it('logs in by keyboard-interactive, whose questions come from the server', async () => {
    await configureSshd('KbdInteractiveAuthentication yes', 'PasswordAuthentication no');
    const runner = await openSystem('virt', {}, '/dev/null');
    expect((await runner.run({ argv: ['id', '-un'] })).stdout).toBe('virt\n');
  });

  it('is cut off when nothing comes any more', async () => {
    const runner = await openSystem('root');
    expect(await runner.ping(3000)).toBe(true);
    await host.cutLink();
    try {
      expect(await runner.ping(1500)).toBe(false);
    } finally {
      await host.restoreLink();
    }
    await waitFor('the way back', () => runner.ping(3000));
  });
});

describe.each([['built-in', openBuiltin], ['system', openSystem]] as const)('a terminal with rights over the %s client', (_name, open) => {
  it.each([['root', 'root'], ['admin', 'root'], ['nopass', 'root'], ['virt', 'virt']] as const)('of %s runs as %s and shows nothing of the asking', async (user, runsAs) => {
    const runner = await open(user);
    const { text, ended } = watch(await runner.openTerminal({ command: ['sh', '-c', 'id -un; tty; stty size; exit 3'], size: { columns: 91, rows: 31 }, elevate: true }));
    expect(await ended).toMatchObject({ exitCode: 3, error: null });
    expect(text()).toMatch(new RegExp(`^${runsAs}\r\n/dev/pts/\\d+\r\n31 91\r\n`));
    expect(text()).not.toContain(LAB_USERS[user].password + '\r');
  });
});

describe('sudo', () => {
  it('asks anew when its password was kept long enough, and once only', async () => {
    let asked = 0;
    const runner = await openBuiltin('admin', { sudoPasswordKeptMs: 1500, askSecret: () => {
      asked++;
      return Promise.resolve(LAB_USERS.admin.password);
    } });
    expect((await runner.run({ argv: ['id', '-un'] })).stdout).toBe('root\n');
    expect(asked).toBe(1);
    await waitFor('another question', async () => {
      expect((await Promise.all([1, 2, 3].map(() => runner.run({ argv: ['id', '-un'] })))).map(({ stdout }) => stdout)).toEqual(['root\n', 'root\n', 'root\n']);
      return asked > 1;
    });
    expect(asked).toBe(2);
  });

  it('that works only in a terminal is explained before a password is asked for', async () => {
    await host.execOrThrow('echo "Defaults:admin requiretty" >/etc/sudoers.d/tty');
    try {
      await expect(openBuiltin('admin', { askSecret: () => Promise.reject(new Error('asked')) })).rejects.toMatchObject({ data: { code: 'auth.no-privilege', title: 'sudo asks for a terminal' } });
    } finally {
      await host.execOrThrow('rm /etc/sudoers.d/tty');
    }
  });
});

describe('a home that can\'t be written to', () => {
  it.each(['virt', 'admin'] as const)('of %s is no hindrance', async (user) => {
    await host.execOrThrow(`mount --bind /home/${user} /home/${user} && mount -o remount,ro,bind /home/${user}`);
    try {
      const runner = await openBuiltin(user);
      expect((await runner.virsh([['net-list', '--all', '--name']]))[0]?.stdout).toContain('default');
      expect((await runner.gather([{ name: 'id', command: { kind: 'argv', argv: ['id', '-un'] } }])).get('id')?.exitCode).toBe(0);
      const xml = '<network><name>read-only-home</name><bridge name="virbr78"/><ip address="10.178.7.1" netmask="255.255.255.0"/></network>';
      expect(await runner.run({ argv: ['virsh', '-c', 'qemu:///system', 'net-define', '/dev/stdin'], stdin: { name: 'network', text: xml } })).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await runner.run({ argv: ['virsh', '-c', 'qemu:///system', 'net-undefine', 'read-only-home'] })).toMatchObject({ exitCode: 0, stderr: '' });
      await runner.close();
    } finally {
      await host.execOrThrow(`umount /home/${user}`);
    }
  });

  it('holds nothing of ours afterwards, either', async () => {
    const listing = (): Promise<string> => host.execOrThrow('find /home/virt /home/admin /root -newer /etc/ssh/sshd_config.d/00-carriers.conf -type f');
    await host.execOrThrow('touch /etc/ssh/sshd_config.d/00-carriers.conf');
    for (const user of ['virt', 'admin', 'root'] as const) {
      const runner = await openBuiltin(user);
      await runner.virsh([['net-list']]);
      await runner.run({ argv: ['virsh', '-c', 'qemu:///system', 'net-info', 'default'] });
      await runner.close();
    }
    expect(await listing()).toBe('');
  });
});
