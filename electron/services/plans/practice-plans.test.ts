import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { addressedKinds, isAddressed } from '../../../shared/domain/network-kinds';
import type { AddressedSpec } from '../../../shared/domain/addressed-spec';
import type { Intent } from '../../../shared/domain/intent';
import type { NetworkSpec } from '../../../shared/domain/network-spec';
import { withReservation } from '../../../shared/domain/with-reservation';
import { troubles } from '../../../test/fakes/plan-troubles';
import { openPracticePlans } from '../../../test/fakes/practice-plans';
import { NetworkDrafts } from '../networks/network-drafts';

async function open() {
  const { host, inventory, hosts, plans, apply } = await openPracticePlans();
  const state = (): string => JSON.stringify([host.state.networks.map(({ leases: _leases, ...network }) => network), host.state.interfaces.map((link) => [link.name, link.controller, link.isolated ?? false])]);
  return { host, inventory, plans, drafts: new NetworkDrafts({ inventory, hosts, random: () => 0.5 }), apply, state };
}

function addressed(spec: NetworkSpec): AddressedSpec {
  if (!isAddressed(spec)) throw new Error('It has no addresses');
  return spec;
}

const sandbox = '5c1f4d3e-7a60-4c0e-9d55-2f6f0f1f7a03';
const standard = '5c1f4d3e-7a60-4c0e-9d55-2f6f0f1f7a01';

describe('networks of libvirt\'s own bridge on the practice host', () => {
  it.each(addressedKinds)('%s: made, verified, read back and undone', async (kind) => {
    const { drafts, apply, state } = await open();
    const before = state();
    const spec = addressed(drafts.propose('h', kind).spec);
    const uuid = randomUUID();
    const run = await apply({ kind: 'network.create', uuid, spec, start: true });
    expect(troubles(run)).toEqual([]);
    expect(run.plan.title).toBe(`Create the ${kind === 'nat' ? 'NAT' : kind} network ${spec.name}`);
    expect((await drafts.draft('h', uuid)).spec).toEqual(spec);
    expect(run.plan.checks.map((check) => check.check.kind)).toContain(kind === 'nat' ? 'nat-rules' : 'forward-rules');
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(state()).toBe(before);
  });

  it('makes an isolated network without the host, and one that machines start from', async () => {
    const { drafts, apply } = await open();
    const base = addressed(drafts.propose('h', 'isolated').spec);
    const alone = await apply({ kind: 'network.create', uuid: randomUUID(), spec: { ...base, ipv4: null, guestIpv6: true }, start: true });
    expect(troubles(alone)).toEqual([]);
    expect(alone.plan.checks.map((check) => check.title)).toContain(`${base.bridge} is up, without an address`);
    const boot = addressed(drafts.propose('h', 'isolated').spec);
    const spec: AddressedSpec = { ...boot, ipv4: boot.ipv4 && { ...boot.ipv4, tftpRoot: '/srv/tftp', dhcp: boot.ipv4.dhcp && { ...boot.ipv4.dhcp, bootp: { file: 'x.0', server: null } } } };
    const run = await apply({ kind: 'network.create', uuid: randomUUID(), spec, start: true });
    expect(troubles(run)).toEqual([]);
    expect(run.plan.checks.map((check) => check.check.kind)).toContain('tftp-listens');
  });

  it('reserves an address while the network runs, and takes it back the same way', async () => {
    const { host, drafts, apply, state } = await open();
    const before = state();
    const taps = host.state.interfaces.filter((link) => link.kind === 'tap').map((link) => link.controller);
    const lease = host.state.networks.find((network) => network.uuid === sandbox)?.leases[0];
    const draft = addressed((await drafts.draft('h', sandbox)).spec);
    const run = await apply({ kind: 'network.edit', uuid: sandbox, when: 'live', spec: withReservation(draft, { mac: lease?.mac ?? '', ip: lease?.address ?? '', name: 'patient-zero' }) });
    expect(troubles(run)).toEqual([]);
    expect(run.plan.steps.map((step) => step.title)).toEqual([`Add the reservation of ${lease?.address} for ${lease?.mac} (patient-zero) on sandbox`]);
    expect(run.plan.notices[0]?.text).toMatch(/keep it until they ask DHCP again/);
    const network = host.state.networks.find((item) => item.uuid === sandbox);
    expect([network?.running, network?.persistent].map((definition) => definition?.ips[0]?.dhcp?.hosts.length)).toEqual([1, 1]);
    expect(host.state.interfaces.filter((link) => link.kind === 'tap').map((link) => link.controller)).toEqual(taps);
    const undo = await apply({ kind: 'undo', historyId: run.id });
    expect(troubles(undo)).toEqual([]);
    expect(undo.plan.steps.every((step) => step.command.argv.includes('net-update'))).toBe(true);
    expect(state()).toBe(before);
  });

  it('takes finished updates back when libvirt refuses a later one', async () => {
    const { host, drafts, plans, state } = await open();
    const draft = addressed((await drafts.draft('h', standard)).spec);
    const intent: Intent = { kind: 'network.edit', uuid: standard, when: 'live', spec: { ...draft, dnsTexts: [{ name: 'a', value: '1' }, { name: 'b', value: '2' }] } };
    const plan = await plans.preview('h', intent);
    // Someone adds the second in what runs, between review and apply; the definition doesn't tell.
    const before = state();
    const run = await plans.apply('h', intent, plan.digest);
    host.state.networks.find((network) => network.uuid === standard)?.running?.dns.txt.push({ name: 'b', value: 'other' });
    const ended = await plans.finished(run.id);
    expect(ended.outcome).toBe('rolled-back');
    expect(ended.steps.map((step) => step.state)).toEqual(['undone', 'failed']);
    host.state.networks.find((network) => network.uuid === standard)?.running?.dns.txt.splice(0);
    expect(state()).toBe(before);
  });

  it('says what takes a restart, and isolates the ports of machines that it plugs in again', async () => {
    const { host, drafts, apply } = await open();
    const draft = addressed((await drafts.draft('h', sandbox)).spec);
    await expect(apply({ kind: 'network.edit', uuid: sandbox, when: 'live', spec: { ...draft, portIsolation: true } })).rejects.toMatchObject({ data: { code: 'plan.invalid', field: 'when' } });
    const run = await apply({ kind: 'network.edit', uuid: sandbox, when: 'now', spec: { ...draft, portIsolation: true } });
    expect(troubles(run)).toEqual([]);
    expect(run.plan.checks.map((check) => check.check.kind)).toContain('ports-isolated');
    expect(host.state.interfaces.filter((link) => link.controller === 'virbr1').map((link) => link.isolated)).toEqual([true]);
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(host.state.interfaces.filter((link) => link.controller === 'virbr1').map((link) => link.isolated ?? false)).toEqual([false]);
  });
});
