import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AddressedSpec, StaticLease } from '../../shared/domain/addressed-spec';
import type { Intent } from '../../shared/domain/intent';
import { planToScript } from '../../shared/domain/plan-script';
import type { LabHost } from '../lab/lab';
import { waitFor } from '../lab/run-process';
import { troubles } from '../fakes/plan-troubles';
import { addressed, PlanLab } from './plan-lab';

let lab: PlanLab;
let host: LabHost;

beforeAll(async () => {
  lab = await PlanLab.up('plans');
  host = lab.host;
});
afterEach(() => lab.closeRunners());
afterAll(() => lab?.down());

const open = (user?: string) => lab.open(user);
const marks = (): Promise<string> => lab.marks();
const warmUp = (): Promise<void> => lab.warmUp();
const connect = (inventory: Parameters<PlanLab['connect']>[0]): Promise<void> => lab.connect(inventory).then(() => undefined);

/** What libvirt runs while a network starts. */
async function setStartHook(line: string): Promise<void> {
  await host.execOrThrow(['sh', '-c', `printf '#!/bin/sh\n[ "$2" != start ] || %s\n' "$0" > /etc/libvirt/hooks/network; chmod +x /etc/libvirt/hooks/network; systemctl reload libvirtd`, line]);
}

async function removeStartHook(): Promise<void> {
  await host.execOrThrow('rm /etc/libvirt/hooks/network; systemctl reload libvirtd');
}

function withDhcp({ ipv4 }: AddressedSpec, ranges: { start: string; end: string }[], hosts: StaticLease[] = []): AddressedSpec['ipv4'] {
  return ipv4 && { ...ipv4, dhcp: { ranges, hosts, bootp: null } };
}

describe('plans on a real host', () => {
  it('creates what was proposed, verifies it, undoes it without a trace, and redoes it', async () => {
    await warmUp();
    const { drafts, apply, history } = await open();
    const before = await marks();
    const proposal = drafts.propose('h', 'nat');
    const proposed = addressed(proposal.spec);
    const spec: AddressedSpec = {
      ...proposed, title: 'Web lab', ipv6: { ...proposal.ipv6, dhcp: null }, domain: { name: 'lab.internal', localOnly: true }, mtu: 1400, forwardDev: 'enp1s0',
      dnsHosts: [{ ip: '192.168.150.7', hostnames: ['db', 'db.lab.internal'] }], dnsForwarders: [{ address: '10.77.0.1', domain: null }],
      ipv4: withDhcp(proposed, proposed.ipv4?.dhcp?.ranges ?? [], [{ mac: '52:54:00:00:00:01', ip: '192.168.150.11', name: 'web1' }]),
    };
    const uuid = randomUUID();
    const run = await apply({ kind: 'network.create', uuid, spec, start: true });
    expect(troubles(run)).toEqual([]);
    expect(run.outcome).toBe('applied');
    expect(run.checks.map((check) => check.detail)).toContainEqual(expect.stringMatching(/^it answered a question/));
    expect((await drafts.draft('h', uuid)).spec).toEqual({ ...spec, title: null });
    const undo = await apply({ kind: 'undo', historyId: run.id });
    expect(troubles(undo)).toEqual([]);
    expect(await marks()).toBe(before);
    const redo = await apply({ kind: 'undo', historyId: undo.id });
    expect(troubles(redo)).toEqual([]);
    expect(troubles(await apply({ kind: 'network.delete', uuid }))).toEqual([]);
    expect(await marks()).toBe(before);
    expect(history.list('h').map((row) => row.title.replace(/lab-net/g, 'N'))).toEqual([
      'Delete the network N', 'Undo: Undo: Create the NAT network N', 'Undo: Create the NAT network N', 'Create the NAT network N',
    ]);
  });

  it('runs the same as the script that can be copied', async () => {
    const { drafts, plans } = await open();
    const before = await marks();
    const { spec } = drafts.propose('h', 'nat');
    const plan = await plans.preview('h', { kind: 'network.create', uuid: randomUUID(), spec: { ...spec, name: 'it\'s "ü" -x' }, start: true });
    await host.execOrThrow(['sh', '-s'], { input: planToScript(plan) });
    expect(await host.execOrThrow('virsh net-list --name --autostart')).toContain('it\'s "ü" -x');
    const undo = planToScript(plan).split('# How it is undone, in this order:\n')[1] ?? '';
    await host.execOrThrow(['sh', '-s'], { input: undo.replace(/^# /gm, '').replace(/^(?!virsh).*$/gm, '') });
    expect(await marks()).toBe(before);
  });

  it('changes a network under a running guest and plugs the guest in again', async () => {
    const { drafts, plans, apply, inventory } = await open();
    const { spec } = drafts.propose('h', 'nat');
    const uuid = randomUUID();
    expect(troubles(await apply({ kind: 'network.create', uuid, spec, start: true }))).toEqual([]);
    await host.startGuest('g1', spec.name, 'ping=10.77.0.1');
    await host.waitForGuestLine('g1', /LAB ping 10\.77\.0\.1 ok/);
    await inventory.refresh('h', 'all');
    // libvirt's own list of leases is written by a helper of dnsmasq, somewhat after the guest has its address.
    const guestAddress = (): Promise<string> => waitFor('the lease in libvirt\'s list', 10_000, async () =>
      (await host.execOrThrow(`virsh net-dhcp-leases ${spec.name} | grep -o '192[0-9.]*' | head -1`)).trim() || undefined);
    const ip = await guestAddress();
    expect(await host.execOrThrow(`ping -c 3 -i 0.3 -W 5 ${ip}`)).toContain(' 0% packet loss');
    const before = await marks();

    const draft = addressed((await drafts.draft('h', uuid)).spec);
    const [range] = draft.ipv4?.dhcp?.ranges ?? [];
    const wider = { start: range?.start.replace(/\.\d+$/, '.50') ?? '', end: range?.end ?? '' };
    const intent: Intent = { kind: 'network.edit', uuid, when: 'now', spec: { ...draft, mtu: 1400, ipv4: withDhcp(draft, [wider]) } };
    const plan = await plans.preview('h', intent);
    expect(plan.notices[0]?.text).toMatch(/^g1 has no network for about five seconds/);
    const run = await apply(intent);
    expect(troubles(run)).toEqual([]);
    expect(await host.execOrThrow(`ping -c 3 -i 0.3 -W 5 ${ip}`)).toContain(' 0% packet loss');
    expect(await host.execOrThrow('cat /sys/class/net/vnet0/mtu')).toBe('1400\n');
    const undo = await apply({ kind: 'undo', historyId: run.id });
    expect(troubles(undo)).toEqual([]);
    expect(await host.execOrThrow(`ping -c 3 -i 0.3 -W 5 ${ip}`)).toContain(' 0% packet loss');
    expect((await marks()).replace(/^\d+ .*dnsmasq.*$/gm, '')).toBe(before.replace(/^\d+ .*dnsmasq.*$/gm, ''));

    const gone = await apply({ kind: 'network.delete', uuid });
    expect(gone.plan.notices[0]).toMatchObject({ severity: 'warning', text: `g1 runs on ${spec.name} and loses this network at once.` });
    expect(troubles(gone)).toEqual([]);
    expect(troubles(await apply({ kind: 'undo', historyId: gone.id }))).toEqual([]);
    expect(await host.execOrThrow(`ping -c 3 -i 0.3 -W 5 ${ip}`)).toContain(' 0% packet loss');
    await host.execOrThrow('virsh -q destroy g1; virsh -q undefine g1');
    expect(troubles(await apply({ kind: 'network.delete', uuid }))).toEqual([]);
  });

  it('takes everything back when libvirt refuses to start it', async () => {
    const { drafts, plans, apply } = await open();
    const before = await marks();
    const { spec } = drafts.propose('h', 'nat');
    const intent = { kind: 'network.create', uuid: randomUUID(), spec, start: true } as const;
    const good = await plans.preview('h', intent);
    // A hook of the administrator's may refuse any start; nothing tells before.
    await setStartHook('exit 1');
    const run = await plans.finished((await plans.apply('h', intent, good.digest)).id);
    await removeStartHook();
    expect(run.outcome).toBe('rolled-back');
    expect(run.steps.map((step) => step.state)).toEqual(['undone', 'undone', 'failed']);
    expect(await marks()).toBe(before);
    expect(troubles(await apply(intent))).toEqual([]);
    expect(troubles(await apply({ kind: 'network.delete', uuid: intent.uuid }))).toEqual([]);
  });

  it('finds out what became of a step whose connection was cut', async () => {
    const { drafts, plans, inventory } = await open();
    const before = await marks();
    const { spec } = drafts.propose('h', 'nat');
    const intent: Intent = { kind: 'network.create', uuid: randomUUID(), spec, start: true };
    const plan = await plans.preview('h', intent);
    // libvirt goes on starting the network after the session is gone.
    await setStartHook('sleep 3');
    const cuts: Promise<void>[] = [];
    plans.onProgress((run) => {
      if (cuts.length === 0 && run.steps[2]?.state === 'running') cuts.push(host.restartSshd().then(() => connect(inventory)));
    });
    const run = await plans.finished((await plans.apply('h', intent, plan.digest)).id);
    await Promise.all(cuts);
    await removeStartHook();
    expect(run).toMatchObject({ outcome: 'rolled-back', error: { code: 'ssh.closed' } });
    expect(run.steps.map((step) => step.state)).toEqual(['undone', 'undone', 'undone']);
    expect(await marks()).toBe(before);
  });

  it.each(['virt', 'nopass'])('works for the user %s, and says what that user can\'t see', async (user) => {
    const { drafts, apply, inventory } = await open(user);
    const before = await marks();
    const { spec } = drafts.propose('h', 'nat');
    const run = await apply({ kind: 'network.create', uuid: randomUUID(), spec, start: true });
    expect(run.outcome).toBe('applied');
    const unknown = run.checks.filter((check) => check.state === 'unknown').map((check) => check.detail);
    expect(run.checks.filter((check) => check.state === 'failed')).toEqual([]);
    if (user === 'virt') expect(unknown).toEqual([expect.stringMatching(/the rules can't be read/)]);
    else expect(unknown).toEqual([]);
    expect(inventory.get('h')?.snapshot.privilege).toBe(user === 'virt' ? 'libvirt-group' : 'sudo-without-password');
    expect((await apply({ kind: 'undo', historyId: run.id })).outcome).toBe('applied');
    expect(await marks()).toBe(before);
  });
});
