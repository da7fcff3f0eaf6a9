import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AddressedSpec } from '../../shared/domain/addressed-spec';
import type { AddressedKind } from '../../shared/domain/network-kinds';
import { withReservation } from '../../shared/domain/with-reservation';
import { troubles } from '../fakes/plan-troubles';
import { addressed, PlanLab } from './plan-lab';

let lab: PlanLab;
beforeAll(async () => { lab = await PlanLab.up('kinds'); });
afterEach(() => lab.closeRunners());
afterAll(() => lab?.down());

/** As a careful user would have it: IPv6, records of every kind, PXE, a route, port isolation. */
function rich(spec: AddressedSpec): AddressedSpec {
  return {
    ...spec, portIsolation: true, stp: false, delaySeconds: 0, dnsServices: [{ service: 'ldap', protocol: 'tcp', domain: null, target: 'db', port: 389, priority: null, weight: null }],
    dnsTexts: [{ name: 'note', value: 'made by a test' }], dnsHosts: [{ ip: '192.168.150.7', hostnames: ['db'] }], dnsForwarders: [{ address: '10.77.0.1', domain: 'corp.example' }],
    routes: [{ destination: '10.99.0.0/16', gateway: '192.168.150.9', metric: null }], ipv6: { address: 'fd00:77::1', prefix: 64, dhcp: { ranges: [{ start: 'fd00:77::100', end: 'fd00:77::1ff' }], hosts: [] } },
    ipv4: spec.ipv4 && { ...spec.ipv4, tftpRoot: '/var/lib', dhcp: spec.ipv4.dhcp && { ...spec.ipv4.dhcp, bootp: { file: 'pxelinux.0', server: null } } },
  };
}

const variants: [string, AddressedKind, (spec: AddressedSpec) => AddressedSpec][] = [
  ['nat with everything', 'nat', rich],
  ['routed', 'routed', (spec) => spec], ['routed with everything', 'routed', rich],
  ['routed by IPv6 alone', 'routed', (spec) => ({ ...spec, ipv4: null, ipv6: { address: 'fd00:77::1', prefix: 64, dhcp: null } })],
  ['open', 'open', (spec) => spec],
  ['isolated with DHCP', 'isolated', (spec) => spec], ['isolated without DHCP', 'isolated', (spec) => ({ ...spec, ipv4: spec.ipv4 && { ...spec.ipv4, dhcp: null } })],
  ['isolated without the host', 'isolated', (spec) => ({ ...spec, ipv4: null, guestIpv6: true })],
];

describe('networks of libvirt\'s own bridge', () => {
  it.each(variants)('%s: made, verified, read back, undone without a trace', async (_, kind, change) => {
    await lab.warmUp();
    const { drafts, apply } = await lab.open();
    const before = await lab.marks();
    const spec = change(addressed(drafts.propose('h', kind).spec));
    const uuid = randomUUID();
    const run = await apply({ kind: 'network.create', uuid, spec, start: true });
    expect(troubles(run)).toEqual([]);
    expect(run.outcome).toBe('applied');
    expect((await drafts.draft('h', uuid)).spec).toEqual(spec);
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(await lab.marks()).toBe(before);
  });

  it('changes a running network under a guest that never loses its link, and takes it back the same way', async () => {
    const { host } = lab;
    const { drafts, apply, inventory } = await lab.open();
    const uuid = randomUUID();
    const { spec } = drafts.propose('h', 'nat');
    expect(troubles(await apply({ kind: 'network.create', uuid, spec, start: true }))).toEqual([]);
    await host.startGuest('g1', spec.name, 'ping=10.77.0.1');
    await host.waitForGuestLine('g1', /LAB ping 10\.77\.0\.1 ok/);
    await inventory.refresh('h', 'all');
    const tap = inventory.get('h')?.snapshot.machines.find((machine) => machine.name === 'g1')?.nics[0]?.target ?? '';
    const linkIndex = async (): Promise<string> => (await host.execOrThrow(`cat /sys/class/net/${tap}/ifindex /sys/class/net/${tap}/brport/state`)).trim();
    const link = await linkIndex();
    const [mac = '', ip = ''] = (await host.execOrThrow(`virsh -q net-dhcp-leases ${spec.name}`)).trim().split(/\s+/).slice(2, 5).filter((_, at) => at !== 1).map((text) => text.split('/')[0] ?? '');
    // libvirt 9.0 forgets its count of connections with every net-update.
    const definitions = async (): Promise<string> => (await host.execOrThrow(`virsh net-dumpxml ${spec.name}; virsh net-dumpxml --inactive ${spec.name}`)).replace(/ connections='\d+'/, '');
    const before = await definitions();

    const draft = addressed((await drafts.draft('h', uuid)).spec);
    const reserved = withReservation(draft, { mac, ip, name: 'guest-one' });
    const changed: AddressedSpec = {
      ...reserved, dnsHosts: [{ ip: '192.168.150.7', hostnames: ['db'] }], dnsTexts: [{ name: 'note', value: 'live' }],
      dnsServices: [{ service: 'ldap', protocol: 'tcp', domain: null, target: 'db', port: 389, priority: null, weight: null }],
      ipv4: reserved.ipv4 && { ...reserved.ipv4, dhcp: reserved.ipv4.dhcp && { ...reserved.ipv4.dhcp, ranges: [{ start: '192.168.150.50', end: '192.168.150.199' }] } },
    };
    const run = await apply({ kind: 'network.edit', uuid, when: 'live', spec: changed });
    expect(troubles(run)).toEqual([]);
    expect(run.plan.steps.every((step) => step.command.argv.includes('net-update'))).toBe(true);
    expect(run.plan.steps.length).toBeGreaterThanOrEqual(6);
    expect(await linkIndex()).toBe(link);
    expect(await host.execOrThrow(`ping -c 2 -i 0.3 -W 5 ${ip}`)).toContain(' 0% packet loss');
    // What dnsmasq reads: libvirt writes it anew and tells it.
    expect(await host.execOrThrow(`cat /var/lib/libvirt/dnsmasq/${spec.name}.hostsfile`)).toContain(`${mac},${ip},guest-one`);

    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(await definitions()).toBe(before);
    expect(await linkIndex()).toBe(link);
    await expect(apply({ kind: 'network.edit', uuid, when: 'live', spec: { ...changed, mtu: 1400 } })).rejects.toMatchObject({ data: { code: 'plan.invalid', field: 'when' } });
    await host.execOrThrow('virsh -q destroy g1; virsh -q undefine g1');
    expect(troubles(await apply({ kind: 'network.delete', uuid }))).toEqual([]);
  });

  it('isolates a guest\'s port again after a restart of its network', async () => {
    const { host } = lab;
    const { drafts, apply, inventory } = await lab.open();
    const uuid = randomUUID();
    const spec: AddressedSpec = { ...addressed(drafts.propose('h', 'isolated').spec), portIsolation: true };
    expect(troubles(await apply({ kind: 'network.create', uuid, spec, start: true }))).toEqual([]);
    await host.startGuest('g2', spec.name, `ping=${spec.ipv4?.address}`);
    await host.waitForGuestLine('g2', /LAB ping .* ok/);
    await inventory.refresh('h', 'all');
    const run = await apply({ kind: 'network.edit', uuid, when: 'now', spec: { ...spec, domain: { name: 'lab.internal', localOnly: true } } });
    expect(troubles(run)).toEqual([]);
    expect(run.plan.checks.map((check) => check.check.kind)).toContain('ports-isolated');
    await host.execOrThrow('virsh -q destroy g2; virsh -q undefine g2');
    expect(troubles(await apply({ kind: 'network.delete', uuid }))).toEqual([]);
  });
});
