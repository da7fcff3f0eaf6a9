import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../build/bundle.mjs';
import { LabHost, labKeyPath } from '../lab/lab';
import { runProcess, waitFor, type ProcessResult } from '../lab/run-process';

const commandLine = fileURLToPath(new URL('../../dist/cli/netwright.cjs', import.meta.url));
const scratch = mkdtempSync(path.join(os.tmpdir(), 'netwright-leave-'));
beforeAll(() => bundle({ targets: ['cli'] }), 180_000);
afterAll(() => rmSync(scratch, { recursive: true }));

/** From the command line, with the host's own engine: what is left out is gone from the bridge, and an undo brings it back. */
describe('a conversion that leaves a second address and a route out', () => {
  let host: LabHost | undefined;
  afterEach(() => host?.down());

  it('is kept without it, refuses the session\'s own, and is undone with it', async () => {
    const up = await LabHost.up('leave-networkd', { stack: 'networkd' });
    host = up;
    const file = '/etc/systemd/network/10-enp1s0.network';
    const gateway = (await up.execOrThrow('ip -4 route show default')).match(/via (\S+)/)![1]!;
    await up.execOrThrow(`cat >${file}; networkctl reload; networkctl reconfigure enp1s0`, {
      input: `[Match]\nName=enp1s0\n\n[Network]\nAddress=${up.address}/24\nAddress=10.77.7.1/24\nAddress=fd77::7/64\nGateway=${gateway}\n\n[Route]\nDestination=192.0.2.0/24\nGateway=10.77.7.254\n`,
    });
    const addresses = async (device: string): Promise<string[]> => (await up.exec(`ip -o addr show dev ${device} scope global`)).stdout.split('\n').flatMap((line) => /inet6? (\S+)/.exec(line)?.[1] ?? []).sort();
    const route = async (): Promise<string> => (await up.execOrThrow('ip route show 192.0.2.0/24')).trim();
    const all = [`${up.address}/24`, '10.77.7.1/24', 'fd77::7/64'].sort();
    await waitFor('the fixed addresses', 60_000, async () => JSON.stringify(await addresses('enp1s0')) === JSON.stringify(all));
    const knownHosts = path.join(scratch, 'known');
    writeFileSync(knownHosts, await up.knownHostsLine());
    const netwright = (verb: string, ...args: string[]): Promise<ProcessResult> =>
      runProcess(['env', `NETWRIGHT_DATA=${scratch}`, process.execPath, commandLine, verb, `ssh://root@${up.address}`, ...args, '-i', labKeyPath, '--known-hosts', knownHosts]);
    const convert = (...leave: string[]): Promise<ProcessResult> => netwright('convert', 'enp1s0', '--bridge', 'br0', '--yes', ...leave.flatMap((word) => ['--leave', word]));

    expect(await convert(up.address)).toMatchObject({ code: 1, stderr: expect.stringContaining('This session comes in by it.') as string });
    expect(await convert('10.77.7.1', 'fd77::7', 'route:192.0.2.0/24')).toMatchObject({ code: 0 });
    expect(await addresses('br0')).toEqual([`${up.address}/24`]);
    expect(await addresses('enp1s0')).toEqual([]);
    const [done] = JSON.parse((await netwright('transactions', '--json')).stdout) as { id: string; leaves: string[] }[];
    expect(done!.leaves).toEqual(['10.77.7.1', 'fd77::7', 'route:192.0.2.0/24']);
    expect(await route()).toBe('');

    const undone = await netwright('undo', done!.id, '--yes');
    expect(undone, undone.stderr).toMatchObject({ code: 0 });
    await waitFor('all addresses on the NIC again', 30_000, async () => JSON.stringify(await addresses('enp1s0')) === JSON.stringify(all));
    expect(await route()).toContain('via 10.77.7.254 dev enp1s0');
  }, 300_000);
});
