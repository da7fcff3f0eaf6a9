import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabHost, LAB_USERS, labKeyPath, LAN_GATEWAY, runInClient, WAN_SERVER } from './lab';
import { runProcessOrThrow } from './run-process';
import type { ProcessResult } from './run-process';

const NAT_NETWORK = `<network><name>nat7</name><forward mode='nat'/><bridge name='virbr7'/>
  <ip address='10.20.7.1' netmask='255.255.255.0'><dhcp><range start='10.20.7.100' end='10.20.7.199'/></dhcp></ip></network>`;

const scratch = mkdtempSync(join(tmpdir(), 'netwright-lab-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

async function ssh(host: LabHost, user: string, command: string, ...options: string[]): Promise<ProcessResult> {
  const knownHosts = join(scratch, `known-hosts-${host.name}`);
  writeFileSync(knownHosts, await host.knownHostsLine());
  const fixed = ['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${knownHosts}`, ...options];
  const argv = ['ssh', '-i', labKeyPath, ...fixed.flatMap((option) => ['-o', option]), `${user}@${host.address}`, command];
  return runInClient(argv);
}

/** Everything a host could leave behind on this machine, as short descriptions. */
async function traces(name: string, number: string): Promise<string[]> {
  const processes = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && existsSync(`/proc/${entry}/cmdline`))
    .map((id) => readCommandLine(id))
    .filter((line) => line.includes(`--machine=${name} `) || line.endsWith(`lab-host-run ${name} `));
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(`/${name}/`) || line.includes(`lab-${name} `));
  const groups = (await runProcessOrThrow(['find', '/sys/fs/cgroup', '-name', `lab-${name}`])).split('\n').filter(Boolean);
  const ports = (await runProcessOrThrow(['ip', '-n', 'lab-lan', '-br', 'link']))
    .split('\n')
    .filter((line) => line.startsWith(`h${number}-`));
  const paths = [`/run/netns/lab-${name}`, `/run/netwright-lab/hosts/${name}`, `/run/systemd/nspawn/propagate/${name}`];
  return [...processes, ...mounts, ...groups, ...ports, ...paths.filter((path) => existsSync(path))];
}

/** Empty for a process that has just ended, and for a zombie. */
function readCommandLine(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}

const hostNumber = (name: string): string =>
  /^NUMBER=(\d+)$/m.exec(readFileSync(`/run/netwright-lab/hosts/${name}/conf`, 'utf8'))![1]!;

describe('a plain host', () => {
  let host: LabHost;
  beforeAll(async () => {
    host = await LabHost.up('lab-self');
  });
  afterAll(() => host?.down());

  it('boots without a failed unit, with libvirt answering and its default network inactive', async () => {
    expect(await host.execOrThrow(['systemctl', '--failed', '--no-legend'])).toBe('');
    expect(await host.execOrThrow(['virsh', '-q', 'net-list', '--all'])).toMatch(/^\s*default\s+inactive\s+no\s+yes\s*$/);
    expect(await host.execOrThrow(['ovs-vsctl', 'get', 'Open_vSwitch', '.', 'ovs_version'])).toMatch(/^"\d+\.\d+/);
  });

  it('can be driven from another process', async () => {
    const attached = LabHost.attach('lab-self');
    expect(attached.address).toBe(host.address);
    expect(await attached.exec(['sh', '-c', 'cat; exit 3'], { input: 'heard' })).toMatchObject({ code: 3, stdout: 'heard' });
  });

  it.each(Object.keys(LAB_USERS))('lets %s in by key', async (user) => {
    expect(await ssh(host, user, 'id -un')).toMatchObject({ code: 0, stdout: `${user}\n` });
  });

  it('gives each user the rights it is there for', async () => {
    const virsh = 'virsh -c qemu:///system -q net-list --all --name';
    expect((await ssh(host, 'virt', virsh)).stdout).toContain('default');
    expect((await ssh(host, 'nopass', `sudo -n ${virsh}`)).stdout).toContain('default');
    expect((await ssh(host, 'plain', virsh)).stderr).toContain('authentication unavailable');
    expect((await ssh(host, 'admin', 'sudo -n true')).stderr).toContain('a password is required');
    expect((await ssh(host, 'admin', `echo ${LAB_USERS.admin.password} | sudo -S -p '' id -u`)).stdout).toBe('0\n');
  });

  it('makes Open vSwitch bridges that work', async () => {
    await host.execOrThrow(['ovs-vsctl', 'add-br', 'ovsbr7']);
    expect(await host.execOrThrow(['ovs-vsctl', 'get', 'bridge', 'ovsbr7', 'datapath_type'])).toBe('netdev\n');
    expect(await host.execOrThrow(['ip', '-br', 'link', 'show', 'ovsbr7'])).toContain('ovsbr7');
    await host.execOrThrow(['ovs-vsctl', 'del-br', 'ovsbr7']);
  });

  it('runs a guest on a NAT network that takes a lease and reaches gateway, LAN and WAN', async () => {
    await host.execOrThrow(['virsh', '-q', 'net-define', '/dev/stdin'], { input: NAT_NETWORK });
    await host.execOrThrow(['virsh', '-q', 'net-start', 'nat7']);
    await host.startGuest('guest7', 'nat7', `ping=10.20.7.1,${LAN_GATEWAY},${WAN_SERVER},10.20.7.77`);
    const [, address] = await host.waitForGuestLine('guest7', /^LAB lease (\S+) from 10\.20\.7\.1 gw 10\.20\.7\.1/);
    await host.waitForGuestLine('guest7', /^LAB done/);
    const console = await host.guestConsole('guest7');
    for (const reached of ['10.20.7.1', LAN_GATEWAY, WAN_SERVER]) expect(console).toContain(`LAB ping ${reached} ok`);
    expect(console).toContain('LAB ping 10.20.7.77 fail');
    expect(await host.execOrThrow(['virsh', '-q', 'net-dhcp-leases', 'nat7'])).toContain(`${address}/24`);
  });

  it('can be cut off from the LAN without a sign, and come back', async () => {
    await host.cutLink();
    expect((await ssh(host, 'root', 'true', 'ConnectTimeout=2')).stderr).toMatch(/timed out|No route/);
    expect(await host.execOrThrow(['cat', '/sys/class/net/enp1s0/carrier'])).toBe('1\n');
    await host.restoreLink();
    expect((await ssh(host, 'root', 'true')).code).toBe(0);
  });

  it('ends SSH sessions when sshd is restarted, and takes new ones', async () => {
    const session = ssh(host, 'root', 'touch /run/session-began; sleep 60');
    await host.execOrThrow('until [ -e /run/session-began ]; do sleep 0.05; done', { timeoutMs: 10_000 });
    await host.restartSshd();
    expect((await session).code).toBe(255);
    expect((await ssh(host, 'root', 'true')).code).toBe(0);
  });

  it('keeps its disk and forgets its bridges when it reboots', async () => {
    await host.execOrThrow('echo kept > /root/note; ip link add br-gone type bridge');
    await host.reboot();
    expect(await host.execOrThrow('cat /root/note; ip -br link show br-gone 2>&1 || true')).toMatch(/^kept\n.*does not exist/);
    expect((await ssh(host, 'root', 'true')).code).toBe(0);
  });
});

describe('hosts of each kind', () => {
  const kinds = [
    { name: 'lab-nm', stack: 'nm', service: 'NetworkManager' },
    { name: 'lab-netplan', stack: 'netplan', service: 'systemd-networkd' },
    { name: 'lab-netplan-nm', stack: 'netplan-nm', service: 'NetworkManager' },
    { name: 'lab-networkd', stack: 'networkd', service: 'systemd-networkd' },
  ] as const;

  it('come up four at a time, each with its own stack, and leave nothing behind', async () => {
    const hosts = await Promise.all(kinds.map(({ name, stack }) => LabHost.up(name, { stack, nics: 3 })));
    const numbers = kinds.map(({ name }) => hostNumber(name));
    try {
      for (const [index, host] of hosts.entries()) {
        expect(await host.execOrThrow(['systemctl', 'is-active', kinds[index]!.service])).toBe('active\n');
        expect((await host.execOrThrow('ls /sys/class/net')).split('\n')).toEqual(
          expect.arrayContaining(['enp1s0', 'enp2s0', 'enp3s0', 'lo']),
        );
        expect((await traces(host.name, numbers[index]!)).length).toBeGreaterThan(5);
      }
    } finally {
      await Promise.all(kinds.map(({ name }) => runProcessOrThrow([join(import.meta.dirname, 'lab-down'), name])));
    }
    for (const [index, { name }] of kinds.entries()) expect(await traces(name, numbers[index]!)).toEqual([]);
  });

  it('exist without libvirt', async () => {
    const host = await LabHost.up('lab-no-libvirt', { variant: 'no-libvirt' });
    try {
      expect(await host.execOrThrow('command -v virsh libvirtd; command -v ovs-vsctl')).toBe('/usr/bin/ovs-vsctl\n');
      expect((await ssh(host, 'virt', 'virsh list')).code).toBe(127);
    } finally {
      await host.down();
    }
  });

  it('exist without Open vSwitch', async () => {
    const host = await LabHost.up('lab-no-ovs', { variant: 'no-ovs' });
    try {
      expect(await host.execOrThrow('command -v ovs-vsctl ovs-vswitchd; command -v virsh')).toBe('/usr/bin/virsh\n');
      expect(await host.execOrThrow(['virsh', '-q', 'net-list', '--all', '--name'])).toContain('default');
    } finally {
      await host.down();
    }
  });
});

it('says why a host cannot come up', async () => {
  await expect(LabHost.up('lan')).rejects.toThrow('lan is the name of a part of the LAN');
  await expect(LabHost.up('Bad_Name')).rejects.toThrow('letters, digits and dashes');
});
