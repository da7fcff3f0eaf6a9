import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noBandwidth } from '../../shared/domain/attached-spec';
import { isAttached } from '../../shared/domain/network-kinds';
import type { AttachedSpec } from '../../shared/domain/attached-spec';
import type { Intent } from '../../shared/domain/intent';
import type { PlanRun } from '../../shared/domain/plan';
import { HistoryService } from '../../electron/services/history/history-service';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import { PreflightService } from '../../electron/services/preflight/preflight-service';
import { NetworkDrafts } from '../../electron/services/networks/network-drafts';
import { PlanService } from '../../electron/services/plans/plan-service';
import { FileHistoryStore } from '../../electron/storage/history-store';
import type { CommandRunner } from '../../electron/transport/command-runner';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import { troubles } from '../fakes/plan-troubles';
import { LabHost, labKeyPath } from '../lab/lab';

const scratch = mkdtempSync(join(tmpdir(), 'netwright-attached-test-'));
const runners: CommandRunner[] = [];
let host: LabHost;

beforeAll(async () => { host = await LabHost.up('attached', { nics: 2 }); });
afterEach(async () => { for (const runner of runners.splice(0)) await runner.close(); });
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  await host?.down();
});

async function open() {
  const userFile = join(scratch, 'known-hosts');
  writeFileSync(userFile, await host.knownHostsLine());
  const runner = await openSshRunner({
    address: host.address, port: 22, user: 'root', auth: [{ kind: 'key', path: labKeyPath }], useSudo: false, homeDirectory: scratch,
    hostKey: { confirmUnknown: async () => false, userFile, systemFiles: [] }, askSecret: async () => null,
  });
  runners.push(runner);
  const inventory = new InventoryService({ timing: { settleMs: 300 } });
  await inventory.attach('h', runner);
  const history = new HistoryService(new FileHistoryStore(join(scratch, 'history')));
  await history.load();
  const preflight = new PreflightService({ inventory, now: () => new Date(), onProblem: (error) => { throw error; } });
  const hosts = { get: () => ({ name: 'attached' }), list: () => [{ id: 'h', name: 'attached' }] };
  const plans = new PlanService({
    inventory, preflight, history, hosts, now: () => new Date(), newId: randomUUID, sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });
  const drafts = new NetworkDrafts({ inventory, hosts });
  const propose = (kind: AttachedSpec['kind']): AttachedSpec => {
    const { spec } = drafts.propose('h', kind);
    if (!isAttached(spec)) throw new Error(`It is ${spec.kind}`);
    return spec;
  };
  const apply = async (intent: Intent): Promise<PlanRun> => {
    const plan = await plans.preview('h', intent);
    return plans.finished((await plans.apply('h', intent, plan.digest)).id);
  };
  return { inventory, plans, drafts, propose, apply };
}

/** All that these networks leave their marks in. */
async function marks(): Promise<string> {
  return host.execOrThrow(`virsh net-list --all; ip -br link | awk '{print $1}' | grep -v '^ovs-netdev$' | sort; ip -br addr | grep -v '^ovs-netdev' | sort; ip route; ovs-vsctl show | grep -v '^[0-9a-f-]*$'
    find /etc/libvirt/qemu/networks -type f -o -type l | sort`);
}

const group = (name: string, tag: number, isDefault = false): AttachedSpec['portgroups'][number] => ({ name, isDefault, vlan: { mode: 'access', tag }, bandwidth: noBandwidth });

/** Userspace Open vSwitch computes no checksums that a virtual NIC leaves open. */
async function settleTaps(): Promise<void> {
  await host.execOrThrow('for tap in $(ls /sys/class/net | grep ^vnet); do ethtool -K $tap tx off >/dev/null 2>&1 || true; done');
}

describe('attached networks on a real host', () => {
  it('bridged: attaches to the bridge of the host, and goes without a trace', async () => {
    await host.execOrThrow('ip link add br-lab type bridge && ip link set br-lab up && ip link set enp2s0 master br-lab up');
    const { propose, apply, drafts } = await open();
    const before = await marks();
    const spec = propose('bridged');
    expect(spec).toMatchObject({ bridge: 'br-lab', name: 'lan' });
    const uuid = randomUUID();
    const run = await apply({ kind: 'network.create', uuid, spec, start: true });
    expect(troubles(run)).toEqual([]);
    expect(run.checks.map((check) => check.detail)).toContain('it is there and up');
    expect((await drafts.draft('h', uuid)).spec).toEqual(spec);
    await host.startGuest('gb', 'lan', 'ping=10.77.0.1');
    await host.waitForGuestLine('gb', /LAB ping 10\.77\.0\.1 ok/);
    await host.execOrThrow('virsh -q destroy gb; virsh -q undefine gb');
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(await marks()).toBe(before);
    await host.execOrThrow('ip link set enp2s0 nomaster; ip link del br-lab');
  });

  it('macvtap: on a second NIC, without a trace', async () => {
    await host.execOrThrow('ip link set enp2s0 up');
    const { propose, apply } = await open();
    const before = await marks();
    const spec: AttachedSpec = { ...propose('macvtap'), kind: 'macvtap', mode: 'bridge', devices: ['enp2s0'] };
    const run = await apply({ kind: 'network.create', uuid: randomUUID(), spec, start: true });
    expect(troubles(run)).toEqual([]);
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(await marks()).toBe(before);
  });

  it('ovs: a new switch with two VLANs keeps them apart, and undo leaves it alone while somebody uses it', async () => {
    const { propose, apply, inventory, plans, drafts } = await open();
    const before = await marks();
    const proposed = propose('ovs');
    expect(proposed).toMatchObject({ bridge: 'ovsbr0', createBridge: { datapath: 'system' } });
    const spec: AttachedSpec = { ...proposed, kind: 'ovs', bridge: 'ovsbr0', createBridge: { datapath: 'netdev', stp: false }, portgroups: [group('ten', 10, true), group('twenty', 20)] };
    const uuid = randomUUID();
    const run = await apply({ kind: 'network.create', uuid, spec, start: true });
    expect(troubles(run)).toEqual([]);
    expect(run.plan.steps[0]?.command.argv).toEqual(['ovs-vsctl', '--timeout=10', 'add-br', 'ovsbr0', '--', 'set', 'bridge', 'ovsbr0', 'datapath_type=netdev']);

    await host.startGuest('g1', spec.name, 'addr=10.90.0.1/24');
    await host.defineGuest('g3', spec.name, 'addr=10.90.0.3/24');
    await host.execOrThrow(`virsh -q dumpxml --inactive g3 | sed "s#<source network='${spec.name}'/>#<source network='${spec.name}' portgroup='twenty'/>#" > /tmp/g3.xml; virsh -q define /tmp/g3.xml; virsh -q start g3`);
    await settleTaps();
    await host.startGuest('g2', spec.name, 'addr=10.90.0.2/24 ping=10.90.0.1,10.90.0.3');
    await settleTaps();
    await host.waitForGuestLine('g2', /LAB ping 10\.90\.0\.1 ok/);
    await host.waitForGuestLine('g2', /LAB ping 10\.90\.0\.3 fail/);

    await inventory.refresh('h', 'all');
    await expect(plans.preview('h', { kind: 'undo', historyId: run.id })).rejects.toMatchObject({ code: 'undo.refused', message: expect.stringMatching(/g1 \(vnet\d+\).* were plugged into ovsbr0 in the meantime/) });

    const { spec: draft } = await drafts.draft('h', uuid);
    if (!isAttached(draft)) throw new Error('it is attached');
    const edit = await apply({ kind: 'network.edit', uuid, spec: { ...draft, portgroups: [group('ten', 10), group('twenty', 21), group('thirty', 30, true)] }, when: 'live' });
    expect(troubles(edit)).toEqual([]);
    expect(edit.plan.notices.map((notice) => notice.text)).toContainEqual(expect.stringMatching(/^g1, g2 and g3 stay plugged in as now/));
    expect((await host.execOrThrow('ovs-vsctl --bare --columns=tag list Port | sort -n')).trim().split(/\s+/)).toEqual(['10', '10', '20']);
    expect(troubles(await apply({ kind: 'undo', historyId: edit.id }))).toEqual([]);

    await host.execOrThrow('for guest in g1 g2 g3; do virsh -q destroy $guest; virsh -q undefine $guest || true; done');
    await inventory.refresh('h', 'all');
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(await marks()).toBe(before);
  });

  it('ovs: takes everything back when Open vSwitch could not make the bridge, although ovs-vsctl says it did', async () => {
    const { propose, apply, plans } = await open();
    const before = await marks();
    const spec: AttachedSpec = { ...propose('ovs'), kind: 'ovs', bridge: 'ovsbr7', createBridge: { datapath: 'netdev', stp: false } };
    const intent: Intent = { kind: 'network.create', uuid: randomUUID(), spec, start: true };
    const plan = await plans.preview('h', intent);
    // Between the last look and the step somebody takes the name; the wrapper stands for that.
    await host.execOrThrow(['sh', '-c', 'mv /usr/bin/ovs-vsctl /usr/bin/ovs-vsctl.kept; printf "%s" "$0" > /usr/bin/ovs-vsctl; chmod +x /usr/bin/ovs-vsctl',
      '#!/bin/sh\ncase "$*" in *add-br*) ip link add ovsbr7 type bridge;; esac\nexec /usr/bin/ovs-vsctl.kept "$@"\n']);
    const run = await plans.finished((await plans.apply('h', intent, plan.digest)).id);
    await host.execOrThrow('mv /usr/bin/ovs-vsctl.kept /usr/bin/ovs-vsctl; ip link del ovsbr7');
    expect(run).toMatchObject({ outcome: 'rolled-back', error: { code: 'ovs.not-made' } });
    expect(run.steps[0]?.state).toBe('undone');
    expect(await marks()).toBe(before);
    expect(troubles(await apply(intent))).toEqual([]);
    expect(troubles(await apply({ kind: 'network.delete', uuid: intent.uuid }))).toEqual([]);
    await host.execOrThrow('ovs-vsctl del-br ovsbr7');
  });
});
