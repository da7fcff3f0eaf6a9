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
const scratch = mkdtempSync(path.join(os.tmpdir(), 'netwright-unport-'));
beforeAll(() => bundle({ targets: ['cli'] }), 180_000);
afterAll(() => rmSync(scratch, { recursive: true }));

/** A second cable that leads nowhere: two into the same LAN would be a loop. It is there before any network service. */
const secondNic = `[Unit]
DefaultDependencies=no
After=local-fs.target
Before=network-pre.target systemd-networkd.service NetworkManager.service networking.service ovsdb-server.service
Wants=network-pre.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'ip link add enp9s0 type veth peer name far9; ip link set far9 up'
[Install]
WantedBy=sysinit.target
`;

const profile = `[connection]
id=br0-enp9s0
uuid=6d5a2f0a-3c8e-4e0a-9a0f-5f4a0c1d2e99
type=ethernet
interface-name=enp9s0
master=br0
slave-type=bridge
`;
/** The second NIC becomes a port as an administrator would have it, for good. */
const joining: Record<string, string> = {
  'networkd-linux': 'printf \'[Match]\\nName=enp9s0\\n\\n[Network]\\nBridge=br0\\n\' >/etc/systemd/network/20-enp9s0.network',
  'networkd-ovs': 'printf \'[Match]\\nName=enp9s0\\n\\n[Network]\\nLinkLocalAddressing=no\\nIPv6AcceptRA=no\\n\' >/etc/systemd/network/20-enp9s0.network; ovs-vsctl add-port br0 enp9s0',
  'ifupdown-linux': 'sed -i "s/bridge_ports enp1s0/& enp9s0/" /etc/network/interfaces',
  'ifupdown-ovs': 'sed -i "s/ovs_ports enp1s0/& enp9s0/" /etc/network/interfaces; printf \'\\nallow-br0 enp9s0\\niface enp9s0 inet manual\\n    ovs_bridge br0\\n    ovs_type OVSPort\\n\' >>/etc/network/interfaces',
  'nm-linux': `cat >/etc/NetworkManager/system-connections/br0-enp9s0.nmconnection; chmod 600 /etc/NetworkManager/system-connections/br0-enp9s0.nmconnection`,
  ...Object.fromEntries(['netplan-linux', 'netplan-nm-linux', 'netplan-ovs'].map((name) => [name, 'sed -i "s/\\[ *enp1s0 *\\]/[enp1s0, enp9s0]/; s/^\\( *\\)ethernets:.*/&\\n\\1  enp9s0: {dhcp4: false, dhcp6: false, link-local: []}/" $(grep -l br0 /etc/netplan/*.yaml)'])),
};

const cases: { stack: LabStack; kind: 'linux' | 'ovs' }[] = [
  { stack: 'networkd', kind: 'linux' }, { stack: 'nm', kind: 'linux' }, { stack: 'netplan', kind: 'linux' }, { stack: 'netplan-nm', kind: 'linux' }, { stack: 'ifupdown', kind: 'linux' },
  { stack: 'networkd', kind: 'ovs' }, { stack: 'netplan', kind: 'ovs' }, { stack: 'ifupdown', kind: 'ovs' },
];
const wanted = (process.env['NETWRIGHT_TEST_STACK'] ?? 'all').split(',');
const isWanted = (name: string): boolean => wanted.includes('all') || wanted.includes(name);
const timeoutMs = 600_000;

describe.each(cases.filter(({ stack, kind }) => isWanted(`${stack}-${kind}`)))('a port of a $kind bridge on $stack', ({ stack, kind }) => {
  let host: LabHost | undefined;
  afterEach(() => host?.down());

  it('leaves it, and the bridge stays as it is', async () => {
    const name = `cnv-up-${stack}-${kind}`;
    const up = await LabHost.up(name, { stack, nics: 1, ...kind === 'linux' && { variant: 'no-libvirt' as const } });
    host = up;
    const pin = async (): Promise<void> => writeFileSync(path.join(scratch, name), await up.knownHostsLine());
    await pin();
    const netwright = (verb: string, ...args: string[]): Promise<ProcessResult> =>
      runProcess(['env', `NETWRIGHT_DATA=${scratch}`, process.execPath, commandLine, verb, `ssh://root@${up.address}`, ...args, '-i', labKeyPath, '--known-hosts', path.join(scratch, name)]);
    const done = async (verb: string, ...args: string[]): Promise<string> => {
      const result = await netwright(verb, ...args);
      const journal = result.code === 0 ? '' : (await up.exec('journalctl --no-pager -o short-precise -n 60 -u systemd-networkd -u NetworkManager -u networking; ip address; cat /etc/netplan/*')).stdout;
      expect(result, `${verb} ${args.join(' ')}\n${result.stdout}\n${result.stderr}\n${journal}`).toMatchObject({ code: 0 });
      return result.stdout;
    };
    const isOvs = kind === 'ovs';
    const ports = async (): Promise<string> => (isOvs ? await up.execOrThrow('ovs-vsctl list-ports br0') : await up.execOrThrow('ip -br link show master br0 | sed "s/[@ ].*//"')).trim().split('\n').sort().join(' ');
    const files = (): Promise<string> => up.execOrThrow('find /etc/systemd/network /etc/network /etc/netplan /etc/NetworkManager/system-connections -type f -exec stat -c "%n %a %U" {} + -exec sha256sum {} + 2>/dev/null | sort');
    const bridge = (): Promise<string> => up.execOrThrow('ip -o link show br0 | sed "s/ .*//"; cat /sys/class/net/br0/address; ip -o -4 addr show br0 | awk \'{print $4}\'; ip route show default | sed "s/ *src [^ ]*//"');
    const expectPorts = async (expected: string): Promise<void> => {
      await waitFor(`${expected} to be the ports`, 60_000, async () => (await ports()) === expected && (await up.exec(['ping', '-c1', '-W1', LAN_GATEWAY])).code === 0);
    };

    await up.execOrThrow('cat >/etc/systemd/system/second-nic.service; systemctl enable --now second-nic.service', { input: secondNic });
    await done('convert', 'enp1s0', '--bridge', 'br0', '--yes', ...isOvs ? ['--ovs'] : []);
    await up.execOrThrow(joining[`${stack}-${kind}`]!, { input: profile });
    await up.reboot();
    await pin();
    await expectPorts('enp1s0 enp9s0');
    const [before, asBridge] = [await files(), await bridge()];

    expect(await netwright('unbridge', 'br0', '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining('enp1s0, enp9s0 are its ports') as string });
    // The one that leads to the LAN: without it nobody reaches the host.
    expect(await netwright('unbridge', 'br0', '--port', 'enp1s0', '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining('does not answer') as string });
    await expectPorts('enp1s0 enp9s0');
    expect([await files(), await bridge()]).toEqual([before, asBridge]);

    expect(await done('unbridge', 'br0', '--port', 'enp9s0', '--plan')).toMatch(/enp9s0 leaves the (Open vSwitch )?bridge br0, which stays/);
    await done('unbridge', 'br0', '--port', 'enp9s0', '--yes', '--hold');
    await expectPorts('enp1s0');
    expect(await bridge()).toBe(asBridge);
    await done('revert');
    await expectPorts('enp1s0 enp9s0');
    expect([await files(), await bridge()]).toEqual([before, asBridge]);

    // The power goes in the trial.
    await done('unbridge', 'br0', '--port', 'enp9s0', '--yes', '--hold');
    await up.reboot({ hard: true });
    await pin();
    await expectPorts('enp1s0 enp9s0');
    expect(await files()).toBe(before);
    await waitFor('the guard to have ended it', 30_000, async () => (await up.exec('cat /var/lib/netwright/tx/*/state')).stdout.trim().endsWith('REVERTED'));

    const kept = await bridge();
    expect(await done('unbridge', 'br0', '--port', 'enp9s0', '--yes')).toBe('enp9s0: it is out of its bridge for good\n');
    await expectPorts('enp1s0');
    expect(await bridge()).toBe(kept);
    await up.reboot();
    await pin();
    await expectPorts('enp1s0');
    const plain = async (): Promise<string> => (await up.execOrThrow('ip -o addr show enp9s0 scope global')).trim();
    expect(await plain()).toBe('');
    expect((await up.execOrThrow('readlink /sys/class/net/enp9s0/master || true')).trim()).toBe('');
    expect(JSON.parse(await done('transactions', '--json'))).toMatchObject([{}, { goal: 'unport', state: 'REVERTED' }, { goal: 'unport', state: 'REVERTED' }, { goal: 'unport', state: 'REVERTED' }, { goal: 'unport', state: 'DONE', nic: 'enp9s0', bridge: 'br0' }]);
  }, timeoutMs);
});
