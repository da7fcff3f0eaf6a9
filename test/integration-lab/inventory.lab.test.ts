import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hostSnapshotSchema } from '../../shared/domain/snapshot';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import type { CommandRunner } from '../../electron/transport/command-runner';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import { LabHost, labKeyPath } from '../lab/lab';

const scratch = mkdtempSync(join(tmpdir(), 'netwright-inventory-test-'));
const runners: CommandRunner[] = [];
afterEach(async () => { for (const runner of runners.splice(0)) await runner.close(); });
afterAll(() => rmSync(scratch, { recursive: true }));

/** Counts every call, to see what idle costs. */
function counted(runner: CommandRunner): { runner: CommandRunner; calls: string[] } {
  const calls: string[] = [];
  const spied = new Proxy(runner, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (['run', 'gather', 'virsh'].includes(String(key))) calls.push(String(key));
        return (value as (...rest: unknown[]) => unknown).apply(target, args);
      };
    },
  });
  return { runner: spied, calls };
}

async function attach(host: LabHost, user = 'root') {
  const userFile = join(scratch, `known-hosts-${host.name}`);
  writeFileSync(userFile, await host.knownHostsLine());
  const opened = await openSshRunner({
    address: host.address, port: 22, user, auth: [{ kind: 'key', path: labKeyPath }], useSudo: false, homeDirectory: scratch,
    hostKey: { confirmUnknown: async () => false, userFile, systemFiles: [] }, askSecret: async () => null,
  });
  runners.push(opened);
  const { runner, calls } = counted(opened);
  const service = new InventoryService({ timing: { settleMs: 300 } });
  await service.attach('h', runner);
  const snapshot = (): HostSnapshot => service.get('h')!.snapshot;
  /** Resolves with the milliseconds it took until the snapshot is so, by events alone. */
  const until = (what: string, is: (now: HostSnapshot) => boolean, timeoutMs = 15_000): Promise<number> => {
    const began = Date.now();
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!is(snapshot())) return;
        finish();
        resolve(Date.now() - began);
      };
      const stop = service.onChanged(check);
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`Waited in vain until ${what}`));
      }, timeoutMs);
      const finish = (): void => { clearTimeout(timer); stop(); };
      check();
    });
  };
  /** Until nothing was asked for a while: the read after attaching is over. */
  const quiet = async (): Promise<void> => {
    for (let before = -1; before !== calls.length;) {
      before = calls.length;
      await new Promise((resolve) => { setTimeout(resolve, 1000); });
    }
  };
  return { service, runner, calls, snapshot, until, quiet };
}

const natXml = (name: string, n: number): string => `<network><name>${name}</name><forward mode='nat'/><bridge name='virbr${n}'/>
  <ip address='10.20.${n}.1' netmask='255.255.255.0'><dhcp><range start='10.20.${n}.100' end='10.20.${n}.199'/></dhcp></ip></network>`;

describe('a host with everything', () => {
  let host: LabHost;
  beforeAll(async () => { host = await LabHost.up('inventory', { nics: 2 }); });
  afterAll(() => host?.down());

  it('is read whole, and follows what is done outside the app', async () => {
    const { snapshot, until, quiet, calls, service } = await attach(host);
    hostSnapshotSchema.parse(snapshot());
    expect(snapshot().problems).toEqual([]);
    expect(snapshot().system).toMatchObject({ hostname: 'inventory', libvirtVersion: expect.stringMatching(/^\d/), ovsVersion: expect.stringMatching(/^\d/), networkStacks: ['ifupdown'] });
    expect(snapshot().networks).toMatchObject([{ name: 'default', kind: 'nat', active: false, autostart: false, persistent: true, pendingRestart: false }]);
    await quiet();

    const network = (name: string) => snapshot().networks.find((item) => item.name === name);
    let seen = until('the network is defined', () => network('out\'side ü') !== undefined);
    await host.execOrThrow(['virsh', '-q', 'net-define', '/dev/stdin'], { input: natXml('out\'side ü', 31) });
    expect(await seen).toBeLessThan(2000);
    seen = until('it is active, with its bridge and route', (now) => network('out\'side ü')!.active
      && now.interfaces.some((item) => item.name === 'virbr31') && now.routes.some((route) => route.destination === '10.20.31.0/24'));
    await host.execOrThrow(['virsh', '-q', 'net-start', 'out\'side ü']);
    await seen;
    hostSnapshotSchema.parse(snapshot());

    // Autostart emits no event.
    await host.execOrThrow(['virsh', '-q', 'net-autostart', 'out\'side ü']);
    await service.refresh('h', 'quiet');
    expect(network('out\'side ü')).toMatchObject({ autostart: true, pendingRestart: false });
    await host.execOrThrow(['virsh', '-q', 'net-update', 'out\'side ü', 'add', 'ip-dhcp-host', '<host mac="52:54:00:00:00:31" ip="10.20.31.50"/>', '--live']);
    await service.refresh('h', 'quiet');
    expect(network('out\'side ü')).toMatchObject({ pendingRestart: true });

    await quiet();
    const before = calls.length;
    await new Promise((resolve) => { setTimeout(resolve, 5000); });
    expect(calls.slice(before)).toEqual([]);

    seen = until('it is gone', () => network('out\'side ü') === undefined);
    await host.execOrThrow('virsh -q net-destroy "out\'side ü"; virsh -q net-undefine "out\'side ü"');
    await seen;
  });

  it('shows a guest, its lease and its end by events', async () => {
    const { snapshot, until, service } = await attach(host);
    await host.execOrThrow('virsh -q net-define /dev/stdin; virsh -q net-start leased', { input: natXml('leased', 32) });
    const guest = () => snapshot().machines.find((item) => item.name === 'guest32');
    const running = until('the guest runs', () => guest()?.state === 'running' && guest()!.nics[0]!.target !== null);
    const leased = until('its lease is there', (now) => (now.networks.find((item) => item.name === 'leased')?.leases.length ?? 0) > 0, 60_000);
    await host.startGuest('guest32', 'leased', 'ping=10.20.32.1');
    await running;
    await leased;
    const lease = snapshot().networks.find((item) => item.name === 'leased')!.leases[0]!;
    expect(lease).toMatchObject({ family: 'ipv4', prefix: 24, mac: guest()!.nics[0]!.mac });
    const leftMs = Date.parse(lease.expiresAt!) - Date.now();
    expect(leftMs).toBeGreaterThan(3_000_000);
    expect(leftMs).toBeLessThan(3_660_000);
    expect(guest()!.nics[0]).toMatchObject({ network: 'leased', bridge: 'virbr32', addresses: [{ address: lease.address, source: 'lease' }] });
    expect(await service.xml('h', 'machine', guest()!.uuid)).toMatchObject({ running: expect.stringContaining('vnet'), persistent: expect.stringContaining('guest32') });
    const off = until('it is off', () => guest()?.state === 'shut-off');
    await host.execOrThrow(['virsh', '-q', 'destroy', 'guest32']);
    await off;
    expect(guest()!.nics[0]!.addresses).toEqual([]);
    await host.execOrThrow('virsh -q undefine guest32; virsh -q net-destroy leased; virsh -q net-undefine leased');
  });

  it('shows Open vSwitch bridges, ports and VLANs made outside', async () => {
    const { snapshot, until, quiet } = await attach(host);
    await quiet();
    const seen = until('the port is there', (now) => now.ovsBridges.some((bridge) => bridge.ports.some((port) => port.name === 'lan7' && port.tag === 7)));
    await host.execOrThrow('ovs-vsctl add-br ovs7; ovs-vsctl add-port ovs7 lan7 tag=7 -- set interface lan7 type=internal');
    await seen;
    expect(snapshot().ovsBridges.find((bridge) => bridge.name === 'ovs7')).toMatchObject({ problem: null });
    const gone = until('it is gone', (now) => now.ovsBridges.length === 0);
    await host.execOrThrow(['ovs-vsctl', 'del-br', 'ovs7']);
    await gone;
  });

  it('survives a restart of libvirtd: events go on', async () => {
    const { snapshot, until, quiet } = await attach(host);
    await quiet();
    await host.execOrThrow(['systemctl', 'restart', 'libvirtd.service']);
    await host.execOrThrow(['virsh', '-q', 'net-define', '/dev/stdin'], { input: natXml('after', 33) });
    await until('the network of after the restart is there', (now) => now.networks.some((item) => item.name === 'after'), 30_000);
    await until('no problem is left', (now) => now.problems.length === 0, 30_000);
    await quiet();
    const gone = until('it is gone again', (now) => !now.networks.some((item) => item.name === 'after'));
    await host.execOrThrow(['virsh', '-q', 'net-undefine', 'after']);
    await gone;
    hostSnapshotSchema.parse(snapshot());
  });

  it('shows a user of group libvirt everything but Open vSwitch', async () => {
    const { snapshot } = await attach(host, 'virt');
    expect(snapshot().privilege).toBe('libvirt-group');
    expect(snapshot().problems.map((problem) => problem.code)).toEqual(['ovs.denied']);
    expect(snapshot().networks.map((item) => item.name)).toContain('default');
  });

  it('shows a user without rights what anyone may see', async () => {
    const { snapshot } = await attach(host, 'plain');
    expect(snapshot().privilege).toBe('read-only');
    expect(snapshot().problems.map((problem) => problem.code)).toEqual(['auth.no-privilege', 'ovs.denied']);
    expect(snapshot().networks.map((item) => item.name)).toContain('default');
    expect(snapshot().interfaces.some((item) => item.name === 'enp1s0')).toBe(true);
  });

  it('goes stale when the connection ends', async () => {
    const { service, runner } = await attach(host);
    await runner.close();
    expect(service.get('h')).toMatchObject({ stale: true, snapshot: { hostId: 'h' } });
    await expect(service.refresh('h', 'all')).rejects.toMatchObject({ code: 'host.not-connected' });
  });
});

describe('hosts that lack something', () => {
  it('a host without libvirt gives a problem and the rest', async () => {
    const host = await LabHost.up('inventory-bare', { variant: 'no-libvirt' });
    try {
      const { snapshot } = await attach(host);
      expect(snapshot().problems).toMatchObject([{ area: 'libvirt', code: 'libvirt.missing', hint: expect.any(String) }]);
      expect(snapshot()).toMatchObject({ networks: [], machines: [], system: { libvirtVersion: null } });
      expect(snapshot().interfaces.some((item) => item.name === 'enp1s0')).toBe(true);
    } finally {
      await host.down();
    }
  });

  it('a host without Open vSwitch gives a problem and the rest', async () => {
    const host = await LabHost.up('inventory-plain', { variant: 'no-ovs', stack: 'netplan' });
    try {
      const { snapshot } = await attach(host);
      expect(snapshot().problems).toMatchObject([{ area: 'ovs', code: 'ovs.missing' }]);
      expect(snapshot()).toMatchObject({ ovsBridges: [], system: { ovsVersion: null, networkStacks: ['netplan', 'systemd-networkd'] } });
      expect(snapshot().networks).toHaveLength(1);
    } finally {
      await host.down();
    }
  });
});
