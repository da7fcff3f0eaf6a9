import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommandRunner, EventLine } from '../../electron/transport/command-runner';
import { LeftoverProcesses } from '../../electron/transport/process/leftover-processes';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import type { SecretQuestion, SshRunnerOptions } from '../../electron/transport/ssh/ssh-runner-options';
import { TcpRelay } from '../integration/support/tcp-relay';
import { waitFor } from '../integration/support/wait-for';
import { LabHost, LAB_USERS, labKeyPath, LAN_GATEWAY } from '../lab/lab';

type User = keyof typeof LAB_USERS;

const scratch = mkdtempSync(path.join(os.tmpdir(), 'netwright-transport-'));
const knownHosts = path.join(scratch, 'known_hosts');
let host: LabHost;
let bare: LabHost;

beforeAll(async () => {
  [host, bare] = await Promise.all([LabHost.up('transport'), LabHost.up('transport-bare', { variant: 'no-libvirt' })]);
  writeFileSync(knownHosts, await host.knownHostsLine() + await bare.knownHostsLine());
});
afterAll(async () => {
  await Promise.all([host.down(), bare.down()]);
  rmSync(scratch, { recursive: true });
});

const opened: CommandRunner[] = [];
afterEach(async () => {
  for (const runner of opened.splice(0)) await runner.close();
});

async function open(user: User, more: Partial<SshRunnerOptions> = {}): Promise<CommandRunner> {
  const runner = await openSshRunner({
    address: host.address, port: 22, user, auth: [{ kind: 'key', path: labKeyPath }], useSudo: true, homeDirectory: scratch,
    hostKey: { userFile: knownHosts, systemFiles: [], confirmUnknown: () => Promise.reject(new Error('The host key should be known')) },
    askSecret: ({ secret }) => Promise.resolve(secret === 'sudo-password' ? LAB_USERS[user].password : null),
    ...more,
  });
  opened.push(runner);
  return runner;
}

/** Lines of `ps` on the host about processes that hold these words, without the looking itself. */
async function processes(words: string): Promise<string[]> {
  const listing = await host.execOrThrow(['ps', '-eo', 'pid,args', '--no-headers']);
  return listing.split('\n').filter((line) => line.includes(words));
}

const networkEvents = { name: 'net', argv: ['virsh', '-c', 'qemu:///system', 'net-event', '--event', 'lifecycle', '--loop', '--timestamp'] };
const linkEvents = { name: 'ip', argv: ['ip', '-o', 'monitor', 'link'] };

describe.each([
  ['root', true, 'root', 'root'], ['admin', true, 'sudo', 'root'], ['nopass', true, 'sudo-without-password', 'root'],
  ['virt', true, 'libvirt-group', 'virt'], ['plain', false, 'read-only', 'plain'],
] as const)('%s (sudo: %s)', (user, useSudo, privilege, runsAs) => {
  it('gets its rights, and uses them everywhere', async () => {
    const runner = await open(user, { useSudo });
    expect(runner.privilege).toBe(privilege);
    const [plainRun, gathered, replies] = await Promise.all([
      runner.run({ argv: ['id', '-un'] }),
      runner.gather([
        { name: 'id', command: { kind: 'argv', argv: ['id', '-un'] } },
        { name: 'ovs', command: { kind: 'argv', argv: ['ovs-vsctl', '--version'] } },
        { name: 'secret', command: { kind: 'files', globs: ['/etc/shadow'] } },
      ]),
      runner.virsh([['net-list', '--all', '--name'], ['net-dumpxml', 'default'], ['net-info', `no such "net's" with a name far longer than a line ${'x'.repeat(200)}`]]),
    ]);
    expect(plainRun.stdout).toBe(`${runsAs}\n`);
    expect(gathered.get('id')?.stdout).toBe(`${runsAs}\n`);
    expect(gathered.get('ovs')?.stdout).toContain('Open vSwitch');
    expect(gathered.get('secret')?.stdout.startsWith(runsAs === 'root' ? 'F 0 ' : 'F 1 0 ')).toBe(true);
    expect(replies.map(({ exitCode }) => exitCode)).toEqual([0, 0, 1]);
    expect(replies[0]?.stdout.split('\n')).toContain('default');
    expect(replies[1]?.stdout).toMatch(/^<network[\s\S]*<\/network>\n\n?$/);
    expect(replies[2]?.stderr).toContain('no such "net\'s"');
    expect((await runner.run({ argv: ['id', '-un'] }, { elevate: false })).stdout).toBe(`${user}\n`);
  });

  it('gives stdin to commands untouched, and kills those that hang', async () => {
    const runner = await open(user, { useSudo });
    const text = '<network>é\'"$x</network>\n'.repeat(2000);
    expect((await runner.run({ argv: ['cat'], stdin: { name: 'doc', text } })).stdout).toBe(text);
    const marker = `slow-${user}`;
    await expect(runner.run({ argv: ['sh', '-c', `sh -c 'sleep 900; : ${marker}' & trap '' TERM; sleep 900; : ${marker}`] }, { timeoutMs: 500 }))
      .rejects.toMatchObject({ data: { code: 'command.timeout' } });
    await waitFor('the command to be gone', async () => (await processes(marker)).length === 0);
  });

  it('leaves nothing on the host when it closes', async () => {
    const runner = await open(user, { useSudo });
    await runner.virsh([['uri']]);
    await runner.follow([linkEvents], () => undefined);
    await waitFor('the monitor', async () => (await processes('monitor link')).length > 0);
    await runner.close();
    await waitFor('everything to be gone', async () => (await processes('monitor link')).length === 0 && (await processes('virsh -q')).length === 0);
  });
});

describe('sudo', () => {
  it('asks for its password again when it was wrong, and keeps it out of every command line', async () => {
    const asked: SecretQuestion[] = [];
    const runner = await open('admin', { askSecret: (question) => {
      asked.push(question);
      return Promise.resolve(asked.length === 1 ? 'wrong' : LAB_USERS.admin.password);
    } });
    expect(asked.map(({ secret, problem }) => [secret, problem])).toEqual([['sudo-password', null], ['sudo-password', 'sudo did not accept that password.']]);
    const slow = runner.run({ argv: ['sh', '-c', 'sleep 900'] }, { timeoutMs: 1500 }).catch(() => undefined);
    await waitFor('the command', async () => (await processes('sleep 900')).length > 0);
    expect(await processes(LAB_USERS.admin.password)).toEqual([]);
    await slow;
    expect(await host.execOrThrow('journalctl --no-pager -q | grep -c adminpw || true')).toBe('0\n');
  });

  it('gets the password of the login without being asked', async () => {
    const asked: string[] = [];
    const runner = await open('admin', { auth: [{ kind: 'password' }], askSecret: ({ secret }) => {
      asked.push(secret);
      return Promise.resolve(LAB_USERS.admin.password);
    } });
    expect(runner.privilege).toBe('sudo');
    expect(asked).toEqual(['password']);
  });

  it('gives up after three wrong passwords, and when cancelled', async () => {
    await expect(open('admin', { askSecret: () => Promise.resolve('wrong') })).rejects.toMatchObject({ data: { code: 'auth.sudo-password' } });
    await expect(open('admin', { askSecret: () => Promise.resolve(null) })).rejects.toMatchObject({ data: { code: 'cancelled' } });
  });

  it('notices that its password was changed meanwhile, and passes it to no command', async () => {
    const runner = await open('admin');
    try {
      await host.execOrThrow('echo admin:other | chpasswd');
      await expect(runner.run({ argv: ['cat'], stdin: { name: 'x', text: 'text\n' } })).rejects.toMatchObject({ data: { code: 'auth.sudo-password' } });
      await host.execOrThrow('echo "admin ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/zz-test');
      expect((await runner.run({ argv: ['cat'], stdin: { name: 'x', text: 'text\n' } })).stdout).toBe('text\n');
    } finally {
      await host.execOrThrow(`rm -f /etc/sudoers.d/zz-test; echo admin:${LAB_USERS.admin.password} | chpasswd`);
    }
  });

  it('is done without where the user may not use it', async () => {
    expect((await open('plain')).privilege).toBe('read-only');
  });
});

describe('events', () => {
  it('come from libvirt and the kernel, also after libvirtd was started anew', async () => {
    const runner = await open('root');
    const lines: EventLine[] = [];
    await runner.follow([networkEvents, linkEvents], (line) => lines.push(line));
    const xml = '<network><name>ev1</name><uuid>5f0c1f6e-0f0e-4c8a-9a53-6d2f3b1a7e01</uuid><bridge name="vbev1"/></network>';
    const seen = (pattern: RegExp): boolean => lines.some(({ source, text }) => source === 'net' && pattern.test(text ?? ''));
    // The monitor says nothing when it is ready: define until it tells.
    await waitFor('an event', async () => {
      await host.execOrThrow(['virsh', '-q', 'net-define', '/dev/stdin'], { input: xml });
      return seen(/ev1: Defined/);
    });
    await host.execOrThrow('virsh -q net-start ev1; virsh -q net-destroy ev1');
    await waitFor('the bridge', () => seen(/ev1: Stopped/) && lines.some(({ source, text }) => source === 'ip' && text?.includes('vbev1')));
    await host.execOrThrow('systemctl restart libvirtd');
    await waitFor('word that the source ended', () => lines.some(({ source, text }) => source === 'net' && text === null));
    lines.length = 0;
    await waitFor('an event after the restart', async () => {
      await host.execOrThrow('virsh -q net-undefine ev1 || true');
      await host.execOrThrow(['virsh', '-q', 'net-define', '/dev/stdin'], { input: xml });
      return seen(/ev1/);
    }, 40_000);
    await host.execOrThrow('virsh -q net-undefine ev1');
  });

  it('end on the host when the link is cut without a word', async () => {
    const relay = await TcpRelay.open(22, { host: host.address });
    const runner = await open('root', {
      address: '127.0.0.1', port: relay.port, keepaliveIntervalMs: 500, keepaliveCountMax: 2,
      hostKey: { userFile: path.join(scratch, 'relay'), systemFiles: [], confirmUnknown: () => Promise.resolve(true) },
    });
    const closed = new Promise((resolve) => runner.onClose(resolve));
    await runner.follow([{ name: 'ip', argv: ['ip', '-o', 'monitor', 'address'] }], () => undefined);
    await waitFor('the monitor', async () => (await processes('monitor address')).length > 0);
    relay.drop();
    expect(await closed).toMatchObject({ data: { code: 'ssh.closed' } });
    await waitFor('the watchdog to end it', async () => (await processes('monitor address')).length === 0, 70_000);
    await relay.close();
  });
});

describe('virsh', () => {
  it('survives a restart of libvirtd', async () => {
    const runner = await open('root');
    await runner.virsh([['net-list']]);
    await host.execOrThrow('systemctl restart libvirtd');
    await waitFor('libvirt to answer again', async () => (await runner.virsh([['net-list', '--all', '--name']]))[0]?.exitCode === 0);
    expect((await runner.virsh([['net-list', '--all', '--name']]))[0]?.stderr).toBe('');
  });

  it('does not wait for a libvirtd that hangs', async () => {
    const runner = await open('root');
    await runner.virsh([['uri']]);
    await host.execOrThrow('systemctl kill -s STOP libvirtd');
    try {
      await expect(runner.virsh([['net-list']], { timeoutMs: 1000 })).rejects.toMatchObject({ data: { code: 'command.timeout' } });
      expect(await processes('virsh -q')).toEqual([]);
    } finally {
      await host.execOrThrow('systemctl kill -s CONT libvirtd');
    }
    expect((await runner.virsh([['uri']]))[0]?.stdout).toBe('qemu:///system\n');
  });

  it('says why there is no libvirt to talk to', async () => {
    await expect((await open('root', { address: bare.address })).virsh([['uri']])).rejects.toMatchObject({ data: { code: 'libvirt.missing' } });
    await host.execOrThrow('systemctl stop libvirtd.service libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket');
    try {
      const runner = await open('root');
      await expect(runner.virsh([['uri']])).rejects.toMatchObject({ data: { code: 'libvirt.not-running' } });
      await host.execOrThrow('systemctl start libvirtd.socket libvirtd-ro.socket libvirtd.service');
      expect((await runner.virsh([['uri']]))[0]?.exitCode).toBe(0);
    } finally {
      await host.execOrThrow('systemctl start libvirtd.socket libvirtd-ro.socket libvirtd.service');
    }
  });

  it('lets a user without rights look, and not write', async () => {
    const runner = await open('plain', { useSudo: false });
    const [reply] = await runner.virsh([['net-start', 'default']]);
    expect(reply?.exitCode).toBe(1);
    expect(reply?.stderr).toMatch(/read.?only|denied/i);
  });
});

describe('a lost connection', () => {
  it('is told at once when sshd is restarted', async () => {
    const runner = await open('root');
    const closed = new Promise((resolve) => runner.onClose(resolve));
    const running = runner.run({ argv: ['sleep', '30'] }).catch((error: unknown) => error);
    await waitFor('the command', async () => (await processes('sleep 30')).length > 0);
    await host.restartSshd();
    expect(await closed).toMatchObject({ data: { code: 'ssh.closed' } });
    expect(await running).toMatchObject({ data: { code: 'ssh.closed' } });
    await expect(runner.run({ argv: ['true'] })).rejects.toMatchObject({ data: { code: 'ssh.closed' } });
  });

  it('leaves a virsh that the next connection ends', async () => {
    const leftovers = new LeftoverProcesses();
    const short = { keepaliveIntervalMs: 500, keepaliveCountMax: 2, leftovers };
    const runner = await open('admin', short);
    await runner.virsh([['uri']]);
    const before = await processes('virsh -q');
    expect(before.length).toBeGreaterThan(0);
    const closed = new Promise((resolve) => runner.onClose(resolve));
    await host.cutLink();
    await closed;
    await host.restoreLink();
    await open('admin', short);
    await waitFor('the old virsh to be gone', async () => (await processes('virsh -q')).length === 0, 20_000);
  });
});

it('reaches services of the host\'s own network', async () => {
  const runner = await open('root');
  const stream = await runner.connectTcp(LAN_GATEWAY, 53);
  stream.destroy();
  await expect(runner.connectTcp('127.0.0.1', 1)).rejects.toMatchObject({ data: { code: 'ssh.channel-refused' } });
});
