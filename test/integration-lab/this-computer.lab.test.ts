import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../build/bundle.mjs';
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
