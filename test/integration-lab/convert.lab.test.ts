import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../build/bundle.mjs';
import { LabHost, labKeyPath } from '../lab/lab';
import { runProcess, type ProcessResult } from '../lab/run-process';

const commandLine = fileURLToPath(new URL('../../dist/cli/netwright.cjs', import.meta.url));
const scratch = mkdtempSync(path.join(os.tmpdir(), 'netwright-convert-'));
beforeAll(() => bundle({ targets: ['cli'] }), 180_000);
afterAll(() => rmSync(scratch, { recursive: true }));

/** What the engine's own tests leave out: real plans of real hosts, from the command line, over the session's own NIC. */
describe.each(['nm', 'netplan'] as const)('converting the NIC of a host with %s from the command line', (stack) => {
  let host: LabHost;
  beforeAll(async () => {
    host = await LabHost.up(`cli-${stack}`, { stack, variant: 'no-libvirt' });
    writeFileSync(path.join(scratch, stack), await host.knownHostsLine());
  });
  afterAll(() => host?.down());

  function netwright(verb: string, ...args: string[]): Promise<ProcessResult> {
    const options = ['-i', labKeyPath, '--known-hosts', path.join(scratch, stack)];
    return runProcess(['env', `NETWRIGHT_DATA=${scratch}`, process.execPath, commandLine, verb, `ssh://root@${host.address}`, ...args, ...options]);
  }

  const uplink = async (): Promise<string> => (await host.execOrThrow('ip -br -4 addr show to 10.77.0.0/24')).split(/[\s@]/)[0]!;
  const lastState = async (): Promise<string> => (JSON.parse((await netwright('transactions', '--json')).stdout) as { state: string }[]).at(-1)!.state;

  it('shows its plan and changes nothing', async () => {
    const planned = await netwright('convert', 'enp1s0', '--bridge', 'br0', '--plan');
    expect(planned, planned.stderr).toMatchObject({ code: 0 });
    expect(planned.stdout).toMatch(/enp1s0 becomes a port of the bridge br0[^]*The way back:[^]*--- \/etc\//);
    expect(await host.execOrThrow('ip -br link')).not.toContain('br0');
    expect(JSON.parse((await netwright('transactions', '--json')).stdout)).toEqual([]);
  });

  it('refuses what it can not do, with the reason, and without a question nobody answers', async () => {
    expect(await netwright('convert', 'enp7s0', '--bridge', 'br0', '--yes')).toMatchObject({ code: 1, stderr: expect.stringMatching(/enp7s0 can't be converted: ✕ There is no enp7s0/) as string });
    expect(await netwright('convert', 'enp1s0', '--bridge', 'br0')).toMatchObject({ code: 2, stderr: expect.stringContaining('Nobody can be asked here') as string });
  });

  it('holds on trial until it is told to go back', async () => {
    const held = await netwright('convert', 'enp1s0', '--bridge', 'br0', '--yes', '--hold');
    expect(held, held.stderr).toMatchObject({ code: 0 });
    expect(held.stderr).toMatch(/reached over a new connection[^]*keeps it within \d+ s/);
    expect(await uplink()).toBe('br0');
    const reverted = await netwright('revert');
    expect(reverted, reverted.stderr).toMatchObject({ code: 0 });
    expect(await uplink()).toBe('enp1s0');
    expect(await lastState()).toBe('REVERTED');
  });

  it('converts for good', async () => {
    const address = host.address;
    const converted = await netwright('convert', 'enp1s0', '--bridge', 'br0', '--yes');
    expect(converted, converted.stderr).toMatchObject({ code: 0, stdout: 'br0: the bridge is there to stay\n' });
    await host.reboot();
    expect(host.address).toBe(address);
    expect(await uplink()).toBe('br0');
    expect(await lastState()).toBe('DONE');
  });
});
