import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node-pty';
import type { PtyProcess } from 'node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../build/bundle.mjs';
import { waitFor } from '../integration/support/wait-for';
import { LabHost, LAB_USERS } from '../lab/lab';
import type { ProcessResult } from '../lab/run-process';

const labExec = fileURLToPath(new URL('../lab/lab-exec', import.meta.url));
const commandLine = fileURLToPath(new URL('../../dist/cli/netwright.cjs', import.meta.url));

let host: LabHost;

/** Puts a file onto the host's disk. */
function copyIn(file: string, target: string): void {
  execFileSync('sh', ['-c', 'exec "$1" "$2" sh -c \'cat >"$0" && chmod 755 "$0"\' "$3" <"$4"', 'sh', labExec, host.name, target, file]);
}

beforeAll(async () => {
  [host] = await Promise.all([LabHost.up('this-computer'), bundle({ targets: ['cli'] })]);
  // The command line in plain Node, as a user of this computer has it: no SSH on the way.
  copyIn(process.execPath, '/usr/local/bin/node');
  copyIn(commandLine, '/usr/local/lib/netwright.cjs');
  await host.execOrThrow('node --version');
}, 180_000);
afterAll(() => host.down());

type User = keyof typeof LAB_USERS;

function netwright(user: User, args: readonly string[], input?: string): Promise<ProcessResult> {
  return host.exec(['runuser', '-u', user, '--', 'env', '-C', '/', `NETWRIGHT_DATA=/tmp/netwright-${user}`, 'node', '/usr/local/lib/netwright.cjs', ...args], { input });
}

const rights: [User, string[], string | undefined][] = [
  ['root', [], undefined], ['admin', ['--sudo', '--password-stdin'], `${LAB_USERS.admin.password}\n`], ['nopass', ['--sudo'], undefined], ['virt', [], undefined],
];

describe.each(rights)('this computer, as %s %j', (user, options, input) => {
  it('is looked at, gets a network, and loses it again', async () => {
    const inspected = await netwright(user, ['inspect', 'local', '--json', ...options], input);
    expect(inspected).toMatchObject({ code: 0 });
    const snapshot = JSON.parse(inspected.stdout) as { system: { hostname: string }; networks: { name: string }[] };
    expect(snapshot.system.hostname).toBe((await host.execOrThrow(['hostname'])).trim());
    expect(snapshot.networks.map(({ name }) => name)).toContain('default');

    const created = await netwright(user, ['create', 'nat', 'local', `own-${user}`, '--yes', ...options], input);
    expect(created, created.stderr).toMatchObject({ code: 0 });
    expect(await host.execOrThrow('virsh net-list --name')).toContain(`own-${user}\n`);

    const deleted = await netwright(user, ['delete', 'network', 'local', `own-${user}`, '--yes', ...options], input);
    expect(deleted, deleted.stderr).toMatchObject({ code: 0 });
    expect(await host.execOrThrow('virsh net-list --all --name')).not.toContain(`own-${user}\n`);
  });

  it('leaves nothing running', async () => {
    expect((await host.exec(['pgrep', '-fa', 'NETWRIGHT_MARK|virsh -q'])).stdout).toBe('');
  });
});

describe('this computer without rights', () => {
  it('is looked at, and says who may change it', async () => {
    expect(await netwright('plain', ['inspect', 'local'])).toMatchObject({ code: 0 });
    const refused = await netwright('plain', ['create', 'nat', 'local', 'never', '--yes']);
    expect(refused.code).not.toBe(0);
    expect(await host.execOrThrow('virsh net-list --all --name')).not.toContain('never');
  });

  it('takes a wrong sudo password for what it is', async () => {
    const refused = await netwright('admin', ['inspect', 'local', '--sudo', '--password-stdin'], 'wrong\n');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('sudo');
  });
});

/** polkit's own agent on a terminal of the user's, which answers for one process and those below it. */
class PolkitAgent {
  readonly #terminal: PtyProcess;
  #shown = '';
  readonly #answered: Promise<void>;

  constructor(user: User, pid: string, password: string) {
    // It closes its third descriptor once polkit knows of it.
    const script = 'rm -f "$1"; mkfifo "$1"; { cat "$1"; touch "$1.done"; } & exec pkttyagent --process "$0" --notify-fd 3 3>"$1"';
    this.#terminal = spawn(labExec, [host.name, 'runuser', '-u', user, '--', 'sh', '-c', script, pid, `/tmp/agent-${pid}`], {
      name: 'xterm', cols: 100, rows: 30, cwd: '/', env: process.env, encoding: null,
    });
    this.#answered = new Promise((resolve) => {
      // What is typed before the agent has turned the echo off is thrown away (getpass(3)): so it is typed until it counts.
      let typing: NodeJS.Timeout | undefined;
      this.#terminal.onData((bytes) => {
        this.#shown += bytes.toString('utf8');
        if (this.#shown.includes('Password: ')) typing ??= setInterval(() => this.#terminal.write(`${password}\n`), 250);
        if (!/AUTHENTICATION (COMPLETE|FAILED)/.test(this.#shown)) return;
        clearInterval(typing);
        resolve();
      });
      this.#terminal.onExit(() => clearInterval(typing));
    });
  }

  /** Resolves once it was asked and answered. */
  answered(): Promise<void> {
    return this.#answered;
  }

  end(): void {
    this.#terminal.kill();
  }
}

/** Runs `netwright` with an agent beside it: the process waits for a line until polkit knows of the agent. */
async function withAgent(user: User, password: string, args: readonly string[]): Promise<{ result: ProcessResult; asked: number }> {
  const pidFile = `/tmp/netwright-pid-${user}`;
  const go = `/tmp/netwright-go-${user}`;
  await host.execOrThrow(['sh', '-c', 'rm -f "$0" "$1"; mkfifo -m 666 "$1"', pidFile, go]);
  const running = host.exec(['runuser', '-u', user, '--', 'env', '-C', '/', `NETWRIGHT_DATA=/tmp/netwright-${user}`,
    'sh', '-c', 'echo $$ >"$0"; read -r line <"$1"; shift; exec node /usr/local/lib/netwright.cjs "$@"', pidFile, go, ...args]);
  await waitFor('the process is there', async () => (await host.exec(['test', '-s', pidFile])).code === 0);
  const pid = (await host.execOrThrow(['cat', pidFile])).trim();
  const agent = new PolkitAgent(user, pid, password);
  try {
    await waitFor('polkit knows the agent', async () => (await host.exec(['test', '-e', `/tmp/agent-${pid}.done`])).code === 0);
    let asked = 0;
    void agent.answered().then(() => { asked += 1; });
    await host.execOrThrow(['sh', '-c', 'echo >"$0"', go]);
    const result = await running;
    return { result, asked };
  } finally {
    agent.end();
  }
}

describe('this computer by polkit', () => {
  it('asks for the administrator\'s password once, gets a network, and loses it again', async () => {
    const created = await withAgent('admin', LAB_USERS.admin.password, ['create', 'nat', 'local', 'by-polkit', '--yes', '--pkexec']);
    expect(created.result, created.result.stderr).toMatchObject({ code: 0 });
    expect(created.asked).toBe(1);
    expect(await host.execOrThrow('virsh net-list --name')).toContain('by-polkit\n');
    const deleted = await withAgent('admin', LAB_USERS.admin.password, ['delete', 'network', 'local', 'by-polkit', '--yes', '--pkexec']);
    expect(deleted.result, deleted.result.stderr).toMatchObject({ code: 0 });
    expect(await host.execOrThrow('virsh net-list --all --name')).not.toContain('by-polkit\n');
    await waitFor('root\'s shell has ended', async () => (await host.exec(['pgrep', '-f', 'netwright-root'])).code === 1);
  });

  it('takes a wrong password for a refusal, and changes nothing', async () => {
    const { result } = await withAgent('admin', 'wrong', ['create', 'nat', 'local', 'never', '--yes', '--pkexec']);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain('Not authorized');
    expect(await host.execOrThrow('virsh net-list --all --name')).not.toContain('never');
  });

  it('says that nobody can be asked where no agent runs', async () => {
    const refused = await netwright('admin', ['inspect', 'local', '--pkexec']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('Nothing here can ask for your password');
  });
});
