import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { Terminal as Screen } from '@xterm/headless';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { paceLimits } from '../../electron/services/terminals/drawing-pace';
import type { SshRunnerOptions } from '../../electron/transport/ssh/ssh-runner-options';
import { waitFor } from '../integration/support/wait-for';
import { LAB_USERS, LabHost, labKeyPath } from '../lab/lab';
import { runProcessOrThrow } from '../lab/run-process';
import { TerminalSite, type TerminalWindow } from './terminal-site';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'netwright-terminals-'));
const knownHosts = path.join(scratch, 'known_hosts');
let host: LabHost;

beforeAll(async () => {
  host = await LabHost.up('terminals', { nics: 1 });
  writeFileSync(knownHosts, await host.knownHostsLine());
});
afterAll(async () => {
  await host?.down();
  rmSync(scratch, { recursive: true });
});

const sites: TerminalSite[] = [];
afterEach(async () => { for (const site of sites.splice(0)) await site.close(); });

async function connect(user: keyof typeof LAB_USERS = 'root'): Promise<TerminalSite> {
  const site = new TerminalSite('terminals', (): SshRunnerOptions => ({
    address: host.address, port: 22, user, auth: [{ kind: 'key', path: labKeyPath }], useSudo: true, homeDirectory: scratch,
    hostKey: { userFile: knownHosts, systemFiles: [], confirmUnknown: () => Promise.reject(new Error('The host key should be known')) },
    askSecret: ({ secret }) => Promise.resolve(secret === 'sudo-password' ? LAB_USERS[user].password : null),
  }));
  sites.push(site);
  await site.sessions.connect('h');
  expect(site.sessions.stateOf('h')).toMatchObject({ phase: 'connected' });
  return site;
}

const sshConnections = async (): Promise<number> =>
  Number(await host.execOrThrow('ss -Htn state established sport = 22 | wc -l'));

describe('a host\'s shell', () => {
  it('is the user\'s login shell on a terminal, follows its size, and puts a command on the line without running it', async () => {
    const site = await connect('virt');
    const terminal = await site.open({ kind: 'host', hostId: 'h' }, { columns: 101, rows: 33 }, 'echo typed-not-run');
    await terminal.untilText(/\$ echo typed-not-run$/);
    terminal.type('\x15');
    expect(await terminal.run('id -un; tty; echo $TERM; stty size')).toMatch(/\nvirt\n\/dev\/pts\/\d+\nxterm-256color\n33 101\n/);
    site.service.resize(terminal.id, { columns: 140, rows: 50 });
    await waitFor('the new size', async () => /\n50 140\n/.test(await terminal.run('stty size')));
    expect(terminal.text).not.toMatch(/\ntyped-not-run/);
    expect(site.activity.list('h').filter(({ argv }) => argv[0] === 'Terminal opened')).toHaveLength(1);
    expect(JSON.stringify(site.activity.list('h'))).not.toContain('typed-not-run');
    terminal.type('exit 7\r');
    await waitFor('the end', () => site.stateOf(terminal.id)?.phase === 'ended');
    expect(site.stateOf(terminal.id)).toEqual({ phase: 'ended', exitCode: 7, signal: null });
  });

  it('brings characters whole that come in pieces', async () => {
    const site = await connect();
    const terminal = await site.open();
    const screen = new Screen({ cols: 80, rows: 24, allowProposedApi: true });
    let pieces = 0;
    terminal.sink = (data) => { pieces += 1; screen.write(data); };
    const shown = (): string => Array.from({ length: screen.buffer.active.length }, (_, row) => screen.buffer.active.getLine(row)?.translateToString(true) ?? '').join('\n');
    await waitFor('the prompt', () => /# $|#$/m.test(shown()));
    const before = pieces;
    terminal.type('printf "<\\342"; sleep 0.1; printf "\\202"; sleep 0.1; printf "\\254 \\360\\237"; sleep 0.1; printf "\\220\\247>\\n"\r');
    await waitFor('the characters', () => /^<€ 🐧>$/m.test(shown()));
    expect(pieces - before).toBeGreaterThan(3);
    screen.dispose();
  });

  it('brings a hundred megabytes without loss, and stops the host while nothing is drawn', async () => {
    const site = await connect();
    const [expected] = (await host.execOrThrow('head -c 75000000 /dev/urandom | base64 -w 0 | tee /var/tmp/big | sha256sum')).split(' ');
    const terminal = await site.open();
    await terminal.run('stty -opost');
    const hash = createHash('sha256');
    const size = 100_000_000;
    let hasBegun = false;
    let bytes = 0;
    terminal.isDrawing = false;
    terminal.sink = (data) => {
      const begin = hasBegun ? 0 : data.indexOf(1) + 1;
      hasBegun ||= begin > 0;
      const part = hasBegun ? data.subarray(begin, begin + size - bytes) : new Uint8Array();
      hash.update(part);
      bytes += part.length;
    };
    terminal.type('printf "\\001"; cat /var/tmp/big\r');
    // So much may always be on its way to the window; what it draws in a moment beyond that. Then the host's cat is held up.
    await terminal.until('the first of it', () => bytes >= paceLimits.leastBytes);
    const isCatWaiting = async (): Promise<boolean> => /^S/.test(await host.execOrThrow('ps -o stat= -C cat | head -1')) && bytes < 8_000_000;
    await waitFor('cat to wait', isCatWaiting);
    const startedAt = performance.now();
    terminal.drawAll();
    await terminal.until('all of it', () => bytes >= size, 120_000);
    console.log(`100 MB over SSH in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    expect(hash.digest('hex')).toBe(expected);
  });

  it('answers Ctrl-C while yes floods it', async () => {
    const site = await connect();
    const terminal = await site.open();
    await terminal.run('PS1="<prompt>"');
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const from = terminal.text.length;
      terminal.type('yes\r');
      await terminal.until('a flood', () => terminal.text.length > from + 500_000);
      const startedAt = performance.now();
      terminal.type('\x03');
      await terminal.untilText(/\^C[^]*<prompt>$/, from);
      times.push(performance.now() - startedAt);
    }
    console.log(`Ctrl-C on yes answered after ${times.map((time) => time.toFixed(1)).join(', ')} ms`);
  });
});

describe('many terminals and lost connections', () => {
  it('opens twenty at once, on further connections where MaxSessions leaves no room, and closes those again', async () => {
    const site = await connect();
    const before = await sshConnections();
    const terminals = await Promise.all(Array.from({ length: 20 }, () => site.open()));
    const answers = await Promise.all(terminals.map((terminal, index) => terminal.run(`echo number $((${index} * 3))`)));
    answers.forEach((answer, index) => expect(answer).toContain(`\nnumber ${index * 3}\n`));
    expect(await sshConnections()).toBeGreaterThan(before);
    // The session's own work still finds room.
    expect((await site.inventory.runner('h').run({ argv: ['true'] })).exitCode).toBe(0);
    for (const { id } of terminals) site.service.close(id);
    await waitFor('the further connections to be closed', async () => await sshConnections() === before);
    await waitFor('all shells to be gone', async () => (await host.execOrThrow('ps -eo tty= | grep -c pts/ || true')).trim() === '0');
  });

  it('goes on in place after sshd was restarted', async () => {
    const site = await connect();
    const terminal = await site.open();
    await terminal.run('echo before the restart');
    await host.restartSshd();
    await waitFor('the terminal to be lost', () => site.stateOf(terminal.id)?.phase === 'lost');
    expect(site.stateOf(terminal.id)).toMatchObject({ phase: 'lost', error: { code: 'ssh.closed' } });
    await waitFor('the session to be there again', () => site.sessions.stateOf('h').phase === 'connected', 30_000);
    await site.service.reopen(terminal.id, { columns: 90, rows: 20 });
    expect(await terminal.run('stty size')).toContain('\n20 90\n');
    const { replay } = site.service.attach(terminal.id);
    expect(Buffer.from(replay).toString()).toMatch(/before the restart[^]*connected again[^]*20 90/);
  });

  it('says so when the user disconnects, and leaves no shell on the host', async () => {
    const site = await connect();
    const terminal = await site.open();
    await terminal.run('echo here');
    await site.sessions.disconnect('h');
    expect(site.stateOf(terminal.id)).toMatchObject({ phase: 'lost', error: { code: 'host.not-connected' } });
    await waitFor('the shell to be gone', async () => (await host.execOrThrow('ps -eo tty= | grep -c pts/ || true')).trim() === '0');
  });
});

describe('a machine\'s console', () => {
  const guestXml = fileURLToPath(new URL('../lab/guest-xml', import.meta.url));
  let uuid: string;

  beforeAll(async () => {
    const xml = await runProcessOrThrow([guestXml, 'serial1', 'default', 'addr=192.168.122.50/24']);
    // The lab's guests write to a file; a console needs a PTY.
    const withPty = xml.replace(/<serial type='file'>.*<\/serial>/, '<serial type=\'pty\'/><console type=\'pty\'/>');
    await host.execOrThrow('virsh -q net-start default || true');
    await host.execOrThrow(['virsh', '-q', 'define', '/dev/stdin'], { input: withPty });
    await host.execOrThrow(['virsh', '-q', 'start', 'serial1']);
    uuid = (await host.execOrThrow(['virsh', 'domuuid', 'serial1'])).trim();
  });
  afterAll(() => host.execOrThrow('virsh destroy serial1; virsh undefine serial1'));

  const open = (site: TerminalSite): Promise<TerminalWindow> => site.open({ kind: 'console', hostId: 'h', machineUuid: uuid });

  it.each(['root', 'admin', 'nopass', 'virt'] as const)('is reached by %s, talks to the guest, and is left by Ctrl+]', async (user) => {
    const site = await connect(user);
    const terminal = await open(site);
    expect(site.service.list()[0]?.title).toBe('serial1 console');
    await terminal.untilText(/Connected to domain 'serial1'/);
    // The guest boots in some seconds, under emulation; Enter brings its prompt.
    await waitFor('the guest\'s shell', () => {
      terminal.type('\r');
      // busybox asks the terminal for the place of its cursor behind every prompt.
      return /# $/.test(stripVTControlCharacters(terminal.text));
    }, 90_000);
    terminal.type('echo $((6 * 7))-guest\r');
    await terminal.untilText(/\n42-guest/);
    expect(terminal.text).not.toContain(LAB_USERS[user].password);
    terminal.type('\x1d');
    await waitFor('the end', () => site.stateOf(terminal.id)?.phase === 'ended');
    expect(site.stateOf(terminal.id)).toEqual({ phase: 'ended', exitCode: 0, signal: null });
  });

  it('leaves a console that is in use to whoever has it, and says how to take it', async () => {
    const [first, second] = [await connect('virt'), await connect('root')];
    const mine = await open(first);
    await mine.untilText(/Connected to domain/);
    const theirs = await open(second);
    await waitFor('the refusal', () => second.stateOf(theirs.id)?.phase === 'ended');
    expect(theirs.text).toMatch(/Active console session exists[^]*--force/);
    expect(first.stateOf(mine.id)).toEqual({ phase: 'open' });
  });

  it('ends with its machine', async () => {
    const site = await connect();
    const terminal = await open(site);
    await terminal.untilText(/Connected to domain/);
    await host.execOrThrow(['virsh', 'destroy', 'serial1']);
    await waitFor('the end', () => site.stateOf(terminal.id)?.phase === 'ended');
    await waitFor('the inventory to see it', () => site.inventory.get('h')?.snapshot.machines.find((machine) => machine.uuid === uuid)?.state === 'shut-off');
    await expect(open(site)).rejects.toMatchObject({ code: 'libvirt.not-active' });
  });
});
