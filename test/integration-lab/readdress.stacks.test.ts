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
const scratch = mkdtempSync(path.join(os.tmpdir(), 'netwright-readdress-'));
beforeAll(() => bundle({ targets: ['cli'] }), 180_000);
afterAll(() => rmSync(scratch, { recursive: true }));

/** The LAN's router and this computer have addresses of it while this runs. */
const lan6 = 'fd70:77:6';
const lanSix = async (verb: 'add' | 'del'): Promise<void> => {
  await runProcess(['ip', '-n', 'lab-lan', 'addr', verb, `${lan6}::1/64`, 'dev', 'br-lan', ...verb === 'add' ? ['nodad'] : []]);
  await runProcess(['ip', 'addr', verb, `${lan6}::10/64`, 'dev', 'eth0', ...verb === 'add' ? ['nodad'] : []]);
};
beforeAll(() => lanSix('add'));
afterAll(() => lanSix('del'));

/** Outside of what the LAN's server gives, and each stack another one. */
const stacks: { stack: LabStack; last: number }[] = [{ stack: 'networkd', last: 241 }, { stack: 'ifupdown', last: 242 }, { stack: 'nm', last: 243 }, { stack: 'netplan', last: 244 }, { stack: 'netplan-nm', last: 245 }];
const wanted = (process.env['NETWRIGHT_TEST_STACK'] ?? 'all').split(',');
const isWanted = (name: string): boolean => wanted.includes('all') || wanted.includes(name);
const timeoutMs = 600_000;

/** The command line, and looks at the host. `known`: the file with its key. */
function toolsOn(up: LabHost, known: string) {
  const netwright = (at: string, verb: string, ...args: string[]): Promise<ProcessResult> =>
    runProcess(['env', `NETWRIGHT_DATA=${scratch}`, process.execPath, commandLine, verb, `ssh://root@${at}`, ...args, '-i', labKeyPath, '--known-hosts', known]);
  const done = async (at: string, verb: string, ...args: string[]): Promise<ProcessResult> => {
    const result = await netwright(at, verb, ...args);
    const journal = result.code === 0 ? '' : (await up.exec('journalctl --no-pager -o short-precise -n 60 -u systemd-networkd -u NetworkManager -u networking; ip address')).stdout;
    expect(result, `${verb} ${args.join(' ')}\n${result.stdout}\n${result.stderr}\n${journal}`).toMatchObject({ code: 0 });
    return result;
  };
  const addresses = async (): Promise<string> => (await up.execOrThrow(`ip -br -4 addr show dev enp1s0`)).trim().replace(/^\S+\s+\S+\s+/, '').replace(/ metric \d+/g, '');
  const files = (): Promise<string> => up.execOrThrow('find /etc/systemd/network /etc/network /etc/netplan /etc/NetworkManager/system-connections -type f -exec stat -c "%n %a %U" {} + -exec sha256sum {} + 2>/dev/null | sort');
  const expectAddress = async (address: string): Promise<void> => {
    await waitFor(`${address} to be the address`, 60_000, async () => (await addresses()) === `${address}/24` && (await up.exec(['ping', '-c1', '-W1', LAN_GATEWAY])).code === 0);
  };
  return { netwright, done, addresses, files, expectAddress };
}

describe.each(stacks.filter(({ stack }) => isWanted(stack)))('the address of the session, on $stack', ({ stack, last }) => {
  let host: LabHost | undefined;
  afterEach(() => host?.down());

  it('becomes another one, is confirmed there only, and comes back by an undo', async () => {
    const up = await LabHost.up(`un-ad-${stack}`, { stack, variant: 'no-libvirt' });
    host = up;
    const moved = `10.77.0.${last}`;
    const known = path.join(scratch, stack);
    const key = await up.knownHostsLine();
    writeFileSync(known, key);
    const { netwright, done, files, expectAddress } = toolsOn(up, known);
    const before = await files();
    const old = up.address;
    if (stack === 'nm' && !before.includes('.nmconnection')) throw new Error('The lab\'s profile stands in memory only');

    expect(await netwright(old, 'readdress', 'enp1s0', '--gateway', '10.99.0.1', '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining('in no subnet') as string });
    const changed = await done(old, 'readdress', 'enp1s0', '--address', `${moved}/24`, '--yes');
    expect(changed.stdout).toBe('enp1s0: the new addresses are there to stay\n');
    expect(changed.stderr).toContain(`The host is reached at ${moved} now`);
    await expectAddress(moved);

    // With the same key, under the address that it has now.
    writeFileSync(known, key + key.replace(old, moved));
    await up.reboot({ leased: false });
    await expectAddress(moved);
    const asMoved = await files();
    const nowhere = await netwright(moved, 'readdress', 'enp1s0', '--gateway', '10.77.0.249', '--yes');
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('the gateway 10.77.0.249 does not answer') as string });
    await expectAddress(moved);
    expect(await files()).toBe(asMoved);

    // ifupdown has no word in names without resolvconf.
    const search = stack === 'ifupdown' ? [] : ['--search', 'home.arpa'];
    await done(moved, 'readdress', 'enp1s0', '--mtu', '1400', ...search, '--yes');
    const says = await up.exec('grep -rl home.arpa /etc/systemd/network /etc/netplan /etc/NetworkManager/system-connections');
    expect(says.stdout !== '').toBe(search.length > 0);
    if (stack === 'nm') expect(await up.execOrThrow('cat /etc/resolv.conf')).toContain('search home.arpa');
    expect((await up.execOrThrow('cat /sys/class/net/enp1s0/mtu')).trim()).toBe('1400');
    const transactions = JSON.parse((await done(moved, 'transactions', '--json')).stdout) as { id: string; state: string; goal: string }[];
    expect(transactions.map(({ state, goal }) => [state, goal])).toEqual([['DONE', 'address'], ['REVERTED', 'address'], ['DONE', 'address']]);
    // The first one's files are not as it left them: the last comes first.
    expect(await netwright(moved, 'undo', transactions[0]!.id, '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining('The configuration was changed since') as string });
    await done(moved, 'undo', transactions[2]!.id, '--yes');
    expect((await up.execOrThrow('cat /sys/class/net/enp1s0/mtu')).trim()).toBe('1500');
    await expectAddress(moved);
    expect(await files()).toBe(asMoved);
    await done(moved, 'undo', transactions[0]!.id, '--yes');
    await expectAddress(old);
    expect(await files()).toBe(before);
  }, timeoutMs);

  it('comes by DHCP again, as the lease that is expected and no other', async () => {
    const up = await LabHost.up(`lc-dhcp-${stack}`, { stack, variant: 'no-libvirt' });
    host = up;
    const [moved, old, known] = [`10.77.0.${last + 5}`, up.address, path.join(scratch, `${stack}-dhcp`)];
    const key = await up.knownHostsLine();
    writeFileSync(known, key + key.replace(old, moved));
    const { netwright, done, files, expectAddress } = toolsOn(up, known);
    await done(old, 'readdress', 'enp1s0', '--address', `${moved}/24`, '--yes');
    await expectAddress(moved);
    const asMoved = await files();

    // The server knows this host by another address.
    const another = await netwright(moved, 'readdress', 'enp1s0', '--dhcp', '--yes');
    expect(another).toMatchObject({ code: 1, stderr: expect.stringContaining(`enp1s0 was given another address: ${old}/24`) as string });
    await expectAddress(moved);
    expect(await files()).toBe(asMoved);

    await done(moved, 'readdress', 'enp1s0', '--dhcp', '--address', `${old}/24`, '--yes');
    const isLeased = async (): Promise<boolean> => (await up.execOrThrow('ip -4 -o addr show dev enp1s0 dynamic')).includes(` inet ${old}/24 `);
    await expectAddress(old);
    expect(await isLeased()).toBe(true);
    await up.reboot();
    await expectAddress(old);
    expect(await isLeased()).toBe(true);
    const transactions = JSON.parse((await done(old, 'transactions', '--json')).stdout) as { id: string; state: string }[];
    expect(transactions.map(({ state }) => state)).toEqual(['DONE', 'REVERTED', 'DONE']);
    await done(old, 'undo', transactions[2]!.id, '--yes');
    await expectAddress(moved);
    expect(await files()).toBe(asMoved);
  }, timeoutMs);

  it('has other ones of IPv6 beside it, with a gateway, and is found at the one that the session has moved to', async () => {
    const up = await LabHost.up(`cnv-six-${stack}`, { stack, variant: 'no-libvirt' });
    host = up;
    const known = path.join(scratch, `${stack}-six`);
    const key = await up.knownHostsLine();
    const [first, second] = [`${lan6}::${last}`, `${lan6}::${last}:2`];
    writeFileSync(known, key + [first, second].map((address) => key.replace(up.address, address)).join(''));
    const { netwright, done, files } = toolsOn(up, known);
    const before = await files();
    const fixed6 = async (): Promise<string> => (await up.execOrThrow('ip -o -6 addr show dev enp1s0 scope global | awk \'{print $4}\'')).trim();
    const gateway6 = async (): Promise<string> => /via (\S+)/.exec(await up.execOrThrow('ip -6 route show default'))?.[1] ?? '';

    await done(up.address, 'readdress', 'enp1s0', '--address6', `${first}/64`, '--yes');
    expect([await fixed6(), await gateway6()]).toEqual([`${first}/64`, '']);
    const asFirst = await files();
    expect(await netwright(up.address, 'readdress', 'enp1s0', '--gateway6', `${lan6}::99`, '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining(`the gateway ${lan6}::99 does not answer`) as string });
    // Somebody else on the LAN has it: ifup sees that itself.
    expect(await netwright(up.address, 'readdress', 'enp1s0', '--address6', `${first}/64,${lan6}::1/64`, '--yes')).toMatchObject({ code: 1, stderr: expect.stringMatching(/somebody else on the LAN has \S+::1\/64 already|a step failed: Have ifupdown bring enp1s0 up/) as string });
    expect([await fixed6(), await files()]).toEqual([`${first}/64`, asFirst]);
    await done(up.address, 'readdress', 'enp1s0', '--gateway6', `${lan6}::1`, '--yes');
    expect(await gateway6()).toBe(`${lan6}::1`);
    const asRouted = await files();

    const moved = await done(`[${first}]`, 'readdress', 'enp1s0', '--address6', `${second}/64`, '--yes');
    expect(moved.stderr).toContain(`The host is reached at ${second} now`);
    expect([await fixed6(), await gateway6()]).toEqual([`${second}/64`, `${lan6}::1`]);
    await up.reboot();
    await waitFor('IPv6 as before the start', 60_000, async () => (await fixed6()) === `${second}/64` && (await gateway6()) === `${lan6}::1`);
    const transactions = JSON.parse((await done(`[${second}]`, 'transactions', '--json')).stdout) as { id: string; state: string }[];
    expect(transactions.map(({ state }) => state)).toEqual(['DONE', 'REVERTED', 'REVERTED', 'DONE', 'DONE']);
    const undone = await done(`[${second}]`, 'undo', transactions[4]!.id, '--yes');
    expect(undone.stderr).toContain(`The host is reached at ${first} now`);
    expect([await fixed6(), await files()]).toEqual([`${first}/64`, asRouted]);
    await done(up.address, 'readdress', 'enp1s0', '--address6', 'none', '--gateway6', 'none', '--yes');
    expect([await fixed6(), await gateway6()]).toEqual(['', '']);
    expect(before).not.toBe(asFirst);
  }, timeoutMs);
});
