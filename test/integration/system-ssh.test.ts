import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandRunner, EventLine } from '../../electron/transport/command-runner';
import type { HostKeyQuestion, SecretQuestion } from '../../electron/transport/ssh/ssh-runner-options';
import { openSystemSshRunner, type SystemSshRunnerOptions } from '../../electron/transport/system-ssh/open-system-ssh-runner';
import { SshDaemon } from './support/ssh-daemon';
import { waitFor } from './support/wait-for';

const fakeVirsh = readFileSync(fileURLToPath(new URL('support/fake-virsh.sh', import.meta.url)), 'utf8');

let daemon: SshDaemon;
const runtimeFolder = process.env.XDG_RUNTIME_DIR;
const privateFolders = mkdtempSync('/tmp/nw-test-');
beforeAll(async () => {
  process.env.XDG_RUNTIME_DIR = privateFolders;
  daemon = await SshDaemon.start();
  daemon.install('virsh', fakeVirsh);
});
afterAll(async () => {
  if (runtimeFolder === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = runtimeFolder;
  await daemon.remove();
  // Control sockets and askpass' pipes: none may stay.
  await waitFor('the private folders to go', () => readdirSync(privateFolders).length === 0);
  rmSync(privateFolders, { recursive: true });
});

function options(more: Partial<SystemSshRunnerOptions> = {}, target: Partial<SystemSshRunnerOptions['target']> = {}): SystemSshRunnerOptions {
  return {
    target: {
      destination: '127.0.0.1', user: daemon.user, port: daemon.port, proxyJump: null, identityFile: daemon.keyFile,
      knownHostsFile: daemon.knownHosts, configFile: 'none', ...target,
    },
    server: `${daemon.user}@127.0.0.1:${daemon.port}`, hostLabel: `127.0.0.1:${daemon.port}`, useSudo: false,
    askSecret: (question) => Promise.reject(new Error(`Nobody to ask: ${question.label}`)),
    askQuestions: (round) => Promise.reject(new Error(`Nobody to ask: ${round.questions[0]?.label}`)),
    confirmUnknown: () => Promise.resolve(true),
    showNotice: () => Promise.reject(new Error('Nobody to tell')),
    ...more,
  };
}

const failure = (more: Partial<SystemSshRunnerOptions> = {}, target: Partial<SystemSshRunnerOptions['target']> = {}): Promise<unknown> =>
  openSystemSshRunner(options(more, target)).then(() => null, (error: unknown) => error);


describe.each([['over one connection', true], ['with a login for each channel, as on Windows', false]])('the computer\'s ssh %s', (_title, sharesConnection) => {
  let runner: CommandRunner;
  beforeAll(async () => {
    // The second way asks nobody: known_hosts holds the key since the first.
    runner = await openSystemSshRunner(options({ sharesConnection }));
  });
  afterAll(() => runner.close());

  it('runs commands, with their streams and exit codes', async () => {
    const text = 'é<xml/>\n'.repeat(50_000);
    expect(await runner.run({ argv: ['sh', '-c', 'cat | wc -c; echo err >&2; exit 7'], stdin: { name: 'doc', text } })).toMatchObject({
      exitCode: 7, stdout: `${Buffer.byteLength(text)}\n`, stderr: 'err\n',
    });
    expect((await runner.run({ argv: ['no-such-command-here'] })).exitCode).toBe(127);
  });

  it('runs more at once than the server opens', async () => {
    const results = await Promise.all(Array.from({ length: 14 }, (_unused, index) => runner.run({ argv: ['printf', '%s', String(index)] })));
    expect(results.map(({ stdout }) => Number(stdout))).toEqual(Array.from({ length: 14 }, (_unused, index) => index));
  });

  it('gathers, asks virsh, follows events', async () => {
    expect((await runner.gather([{ name: 'kernel', command: { kind: 'argv', argv: ['uname', '-s'] } }])).get('kernel')?.stdout).toBe('Linux\n');
    expect((await runner.virsh([['words', 'a b', 'c'], ['fail']])).map(({ exitCode }) => exitCode)).toEqual([0, 1]);
    const lines: EventLine[] = [];
    const follow = await runner.follow([{ name: 'ticks', argv: ['sh', '-c', 'echo tick; sleep 100'] }], (line) => lines.push(line));
    await waitFor('a line', () => lines.length > 0);
    expect(lines[0]).toEqual({ source: 'ticks', text: 'tick' });
    await follow.close();
  });

  it('kills what takes too long', async () => {
    await expect(runner.run({ argv: ['sh', '-c', 'sleep 1234.5 & wait'] }, { timeoutMs: 500 })).rejects.toMatchObject({ data: { code: 'command.timeout' } });
    expect(execFileSync('sh', ['-c', 'pgrep -f "sleep 1234[.]5" || true'], { encoding: 'utf8' })).toBe('');
  });

  it('opens terminals', async () => {
    const terminal = await runner.openTerminal({ command: ['sh', '-c', 'stty size; read -r line; echo "<$line>"; exit 3'], size: { columns: 91, rows: 31 } });
    let text = '';
    terminal.onData((data) => { text += Buffer.from(data).toString('utf8'); });
    const ended = new Promise((resolve) => { terminal.onEnd(resolve); });
    await waitFor('its size', () => text.includes('31 91'));
    terminal.write('hello\r');
    expect(await ended).toEqual({ exitCode: 3, signal: null, error: null });
    expect(text).toContain('<hello>');
    expect(text).not.toContain('Shared connection');
  });

  it('makes TCP connections from the host', async () => {
    const server = net.createServer((socket) => socket.end('from the host'));
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    try {
      const stream = await runner.connectTcp('127.0.0.1', (server.address() as net.AddressInfo).port);
      let text = '';
      for await (const chunk of stream) text += String(chunk);
      expect(text).toBe('from the host');
      await expect(runner.connectTcp('127.0.0.1', 1)).rejects.toMatchObject({ data: { code: 'ssh.channel-refused' } });
      expect(await runner.ping(3000)).toBe(true);
    } finally {
      server.close();
    }
  });
});

describe('its questions', () => {
  it('asks for an unknown key, and takes no for an answer', async () => {
    const asked: HostKeyQuestion[] = [];
    const target = { knownHostsFile: `${daemon.folder}/other_hosts` };
    expect(await failure({ confirmUnknown: (question) => { asked.push(question); return Promise.resolve(false); } }, target)).toMatchObject({ data: { code: 'hostkey.rejected' } });
    const fingerprint = execFileSync('ssh-keygen', ['-lf', `${daemon.folder}/host_ed25519.pub`], { encoding: 'utf8' }).split(' ')[1];
    expect(asked).toEqual([{ address: '127.0.0.1', port: daemon.port, algorithm: 'ssh-ed25519', fingerprint, knownHostsFile: target.knownHostsFile, onWayTo: null }]);
    const runner = await openSystemSshRunner(options({}, target));
    await runner.close();
    expect(readFileSync(target.knownHostsFile, 'utf8')).toContain('ssh-ed25519');
  });

  it('asks for a passphrase until it is right, or given up', async () => {
    const identityFile = daemon.makeKey('locked', { passphrase: 'open\\sesame $x' });
    daemon.authorize(identityFile);
    const asked: SecretQuestion[] = [];
    const answers = ['wrong', 'open\\sesame $x'];
    const runner = await openSystemSshRunner(options({ askSecret: (question) => { asked.push(question); return Promise.resolve(answers.shift() ?? null); } }, { identityFile }));
    expect(asked.map(({ secret, keyPath, problem }) => [secret, keyPath, problem])).toEqual([['passphrase', identityFile, null], ['passphrase', identityFile, 'That was not the passphrase.']]);
    await runner.close();
    expect(await failure({ askSecret: () => Promise.resolve(null) }, { identityFile })).toMatchObject({ data: { code: 'cancelled' } });
  });

  it('is stopped while it asks', async () => {
    const controller = new AbortController();
    const identityFile = `${daemon.folder}/locked`;
    expect(await failure({ signal: controller.signal, askSecret: () => { controller.abort(); return new Promise(() => undefined); } }, { identityFile })).toMatchObject({ data: { code: 'cancelled' } });
  });
});

describe('its failures', () => {
  it.each<[string, Partial<SystemSshRunnerOptions['target']>, string]>([
    ['a closed port', { port: 1 }, 'ssh.refused'],
    ['a name nobody knows', { destination: 'no-such-host.invalid' }, 'ssh.unreachable'],
    ['a name that looks like an option', { destination: '-oProxyCommand=touch /tmp/never' }, 'ssh.closed'],
    ['a broken configuration', { configFile: fileURLToPath(import.meta.url) }, 'ssh.config-broken'],
  ])('%s', async (_title, target, code) => {
    expect(await failure({}, target)).toMatchObject({ data: { code } });
  });

  it('says that no key fits', async () => {
    const identityFile = daemon.makeKey('stranger');
    expect(await failure({}, { identityFile })).toMatchObject({ data: { code: 'auth.failed', detail: expect.stringContaining('publickey') as string } });
  });

  it('blocks a key that changed', async () => {
    const file = `${daemon.folder}/changed_hosts`;
    const stranger = readFileSync(`${daemon.makeKey('another_host')}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
    execFileSync('sh', ['-c', `printf '%s\\n' "$1" >"$2"`, 'sh', `[127.0.0.1]:${daemon.port} ${stranger}`, file]);
    expect(await failure({}, { knownHostsFile: file })).toMatchObject({ data: { code: 'hostkey.changed' } });
  });
});

describe('a lost connection', () => {
  it('ends what runs, and says so', async () => {
    const runner = await openSystemSshRunner(options());
    let reason: Error | null | undefined;
    runner.onClose((error) => { reason = error; });
    const running = runner.run({ argv: ['sh', '-c', 'kill -9 $PPID; sleep 100'] }).catch((error: unknown) => error);
    expect(await running).toMatchObject({ data: { code: 'ssh.closed' } });
    await waitFor('the end', () => reason !== undefined);
    expect(reason).toMatchObject({ data: { code: 'ssh.closed' } });
    await expect(runner.run({ argv: ['true'] })).rejects.toMatchObject({ data: { code: 'ssh.closed' } });
    expect(await runner.ping(1000)).toBe(false);
  });

  it('is noticed when the ssh that holds it is killed', async () => {
    const runner = await openSystemSshRunner(options());
    let reason: Error | null | undefined;
    runner.onClose((error) => { reason = error; });
    const terminal = await runner.openTerminal({ command: null, size: { columns: 80, rows: 24 } });
    let end: unknown;
    terminal.onEnd((how) => { end = how; });
    execFileSync('pkill', ['-KILL', '-P', String(process.pid), '-f', '^ssh -v -N']);
    await waitFor('the end of both', () => reason !== undefined && end !== undefined);
    expect(reason).toMatchObject({ data: { code: 'ssh.closed' } });
    expect(end).toMatchObject({ exitCode: null, error: { data: { code: 'ssh.closed' } } });
    await runner.close();
  });

  it('is no error when we end it', async () => {
    const runner = await openSystemSshRunner(options());
    let reason: Error | null | undefined;
    runner.onClose((error) => { reason = error; });
    await runner.close();
    expect(reason).toBeNull();
  });
});

describe.each([1, 2])('a server with MaxSessions %i', (count) => {
  it('carries work and terminals', async () => {
    const small = await SshDaemon.start({ config: `MaxSessions ${count}` });
    small.install('virsh', fakeVirsh);
    try {
      const runner = await openSystemSshRunner(options({}, { user: small.user, port: small.port, identityFile: small.keyFile, knownHostsFile: small.knownHosts }));
      const terminal = await runner.openTerminal({ command: null, size: { columns: 80, rows: 24 } });
      const results = await Promise.all(['a', 'b', 'c'].map((word) => runner.run({ argv: ['echo', word] })));
      expect(results.map(({ stdout }) => stdout)).toEqual(['a\n', 'b\n', 'c\n']);
      expect(await runner.virsh([['words', 'x']])).toMatchObject([{ stdout: '<x>\n' }]);
      terminal.close();
      await runner.close();
    } finally {
      await small.remove();
    }
  });
});
