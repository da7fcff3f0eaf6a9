import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../build/bundle.mjs';
import { LAN_GATEWAY, LabHost, labKeyPath } from '../lab/lab';
import type { LabStack } from '../lab/lab';
import { runProcess, waitFor, type ProcessResult } from '../lab/run-process';

const commandLine = fileURLToPath(new URL('../../dist/cli/netwright.cjs', import.meta.url));
const scratch = mkdtempSync(path.join(os.tmpdir(), 'netwright-undo-'));
beforeAll(() => bundle({ targets: ['cli'] }), 180_000);
afterAll(() => rmSync(scratch, { recursive: true }));

const cases: { stack: LabStack; kind: 'linux' | 'ovs' }[] = [
  { stack: 'networkd', kind: 'linux' }, { stack: 'networkd', kind: 'ovs' }, { stack: 'ifupdown', kind: 'linux' }, { stack: 'ifupdown', kind: 'ovs' },
  { stack: 'nm', kind: 'linux' }, { stack: 'netplan', kind: 'linux' }, { stack: 'netplan', kind: 'ovs' }, { stack: 'netplan-nm', kind: 'linux' },
];
/** All: `node test/matrix/stacks.mjs`. */
const wanted = (process.env['NETWRIGHT_TEST_STACK'] ?? 'ifupdown-linux').split(',');
const isWanted = (name: string): boolean => wanted.includes('all') || wanted.includes(name);
const timeoutMs = 600_000;

/** From the command line, over the NIC of the session: what is undone is gone, from the files as from the network, and stays gone. */
describe.each(cases.filter(({ stack, kind }) => isWanted(`${stack}-${kind}`)))('a $kind bridge that was made on $stack', ({ stack, kind }) => {
  let host: LabHost | undefined;
  afterEach(() => host?.down());

  it('is taken away by an undo, and by itself', async () => {
    const name = `un-${stack}-${kind}`;
    const up = await LabHost.up(name, { stack });
    host = up;
    const pin = async (): Promise<void> => writeFileSync(path.join(scratch, name), await up.knownHostsLine());
    await pin();
    /** ifupdown gives the lease back when it shuts down: the address may be another one then. */
    const reboot = (): Promise<void> => up.reboot().then(pin);
    const netwright = (verb: string, ...args: string[]): Promise<ProcessResult> =>
      runProcess(['env', `NETWRIGHT_DATA=${scratch}`, process.execPath, commandLine, verb, `ssh://root@${up.address}`, ...args, '-i', labKeyPath, '--known-hosts', path.join(scratch, name)]);
    const done = async (verb: string, ...args: string[]): Promise<string> => {
      const result = await netwright(verb, ...args);
      const journal = result.code === 0 ? '' : (await up.exec('journalctl --no-pager -o short-precise -n 60 -u systemd-networkd -u NetworkManager -u networking; ip address')).stdout;
      expect(result, `${verb} ${args.join(' ')}\n${result.stdout}\n${result.stderr}\n${journal}`).toMatchObject({ code: 0 });
      return result.stdout;
    };
    const uplink = async (): Promise<string> => (await up.execOrThrow(`ip -br -4 addr show to ${up.address}`)).trim().split('\n').map((line) => line.split(/[\s@]/)[0]).join(' ');
    const last = async (): Promise<{ id: string; state: string; undoes?: string }> => (JSON.parse(await done('transactions', '--json')) as { id: string; state: string; undoes?: string }[]).at(-1)!;
    const files = (): Promise<string> => up.execOrThrow('find /etc/systemd/network /etc/network /etc/netplan /etc/NetworkManager/system-connections /etc/NetworkManager/conf.d -type f -exec stat -c "%n %a %U" {} + -exec sha256sum {} + 2>/dev/null | sort');
    const bridges = async (): Promise<string> => `${await up.execOrThrow('ip -br link show type bridge')}${(await up.exec('ovs-vsctl list-br')).stdout}`.replace(/^virbr.*\n/gm, '').trim();
    /** Real traffic, and nothing but the one interface with the address. */
    const expectUplink = async (expected: string): Promise<void> => {
      await waitFor(`${expected} to carry the network`, 60_000, async () => (await uplink()) === expected && (await up.exec(['ping', '-c1', '-W1', LAN_GATEWAY])).code === 0);
    };
    const ovs = kind === 'ovs' ? ['--ovs'] : [];
    const before = await files();
    const address = up.address;

    await done('convert', 'enp1s0', '--bridge', 'br0', '--yes', ...ovs);
    await expectUplink('br0');
    const { id } = await last();
    const converted = await files();

    // Somebody has changed what the conversion wrote.
    const written = converted.split('\n').filter((line) => !before.includes(line)).map((line) => /^[0-9a-f]{64} {2}(.*)$/.exec(line)?.[1]).find((file) => file !== undefined)!;
    await up.execOrThrow(`cp -a '${written}' /root/as-written; echo '# mine' >>'${written}'`);
    expect(await netwright('undo', id, '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining(`no longer as ${id} left them: ${written}`) as string });
    await up.execOrThrow(`cp -a /root/as-written '${written}'`);

    expect(await done('undo', id, '--plan')).toMatch(/enp1s0 takes its addresses back, and the (Open vSwitch )?bridge br0 goes, as before[^]*The way back:/);
    await done('undo', id, '--yes', '--hold');
    await expectUplink('enp1s0');
    await done('revert');
    await expectUplink('br0');
    expect(await files()).toBe(converted);

    await done('undo', id, '--yes');
    expect(await last()).toMatchObject({ state: 'DONE', undoes: id });
    await expectUplink('enp1s0');
    expect(await bridges()).toBe('');
    expect(await files()).toBe(before);
    await reboot();
    await expectUplink('enp1s0');
    expect(await bridges()).toBe('');
    expect(await netwright('undo', id, '--yes')).toMatchObject({ code: 1 });

    await done('convert', 'enp1s0', '--bridge', 'br0', '--yes', ...ovs);
    await expectUplink('br0');
    await reboot();
    await expectUplink('br0');
    await done('unbridge', 'br0', '--yes', '--hold');
    await expectUplink('enp1s0');
    await done('revert');
    await expectUplink('br0');
    await done('unbridge', 'br0', '--yes');
    await expectUplink('enp1s0');
    expect(await bridges()).toBe('');
    await reboot();
    await expectUplink('enp1s0');
    expect(await bridges()).toBe('');
    if (stack !== 'ifupdown') expect(up.address).toBe(address);
  }, timeoutMs);
});
