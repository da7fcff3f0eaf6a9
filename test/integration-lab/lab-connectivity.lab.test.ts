import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LabService } from '../../electron/services/labs/lab-service';
import { LabTestService } from '../../electron/services/labs/lab-test-service';
import type { LabTestReport } from '../../shared/domain/labs/connectivity/lab-test-report';
import { firewallLab } from '../fakes/firewall-lab';
import { destroyLab, labDriver } from '../fakes/lab-driver';
import { differences, verdictsOf } from '../fakes/lab-test-findings';
import { troubles } from '../fakes/plan-troubles';
import { installKernel } from '../lab/host-kernel';
import { WAN_SERVER } from '../lab/lab';
import { PlanLab } from './plan-lab';

let lab: PlanLab;
let services: Awaited<ReturnType<PlanLab['open']>>;
let tests: LabTestService;
let driver: ReturnType<typeof labDriver>;

const text = `version: 1
name: conn
networks:
  web: { kind: nat, ipv4: { address: 10.99.1.1/24 } }
  shop: { kind: nat, ipv4: { address: 10.99.2.1/24, dhcp: { ranges: [{ start: 10.99.2.2, end: 10.99.2.254 }] } } }
  dmz: { kind: routed, ipv4: { address: 10.99.3.1/24 } }
  free: { kind: open, ipv4: { address: 10.99.4.1/24 }, stp: false }
  lab: { kind: isolated, ipv4: { address: 10.99.5.1/24 }, mtu: 1400 }
  dark: { kind: isolated, ipv4: none }
  flats: { kind: isolated, ipv4: { address: 10.99.6.1/24 }, portIsolation: true }
  vlans:
    kind: ovs
    createBridge: {}
    portgroups:
      - { name: staff, isDefault: true, vlan: { mode: access, tag: 10 } }
      - { name: guests, vlan: { mode: access, tag: 20 } }
      - { name: uplink, vlan: { mode: trunk, tags: [20], native: { tag: 10, mode: untagged } } }
`;

beforeAll(async () => {
  lab = await PlanLab.up('lp-connect');
  await lab.warmUp();
  services = await lab.open();
  tests = new LabTestService(services);
  driver = labDriver(new LabService(services), services.plans);
  expect(troubles(await services.apply(await driver.read(text)))).toEqual([]);
});
afterAll(async () => {
  await lab?.closeRunners();
  await lab?.down();
});

const run = (): Promise<LabTestReport> => tests.test('h', 'conn', { outside: WAN_SERVER });
const host = (command: string): Promise<string> => lab.host.execOrThrow(command);

/** All that a test could leave its marks in. A bridge without ports is down only after a moment. */
async function marks(): Promise<string> {
  return host(`ip -o link | sed 's/^[0-9]*: //; s/ state [A-Z]*//; s/<[^>]*>//' | sort; ip -br addr | awk '{ $2 = ""; print }' | sort; ip route; ip rule; ip netns; ls /run/netns 2>&1
    ovs-vsctl show; ovs-vsctl --columns=name list Port | sort; iptables-save | sed '/^#/d; s/\\[[0-9:]*\\]//'; nft list tables; cat /var/lib/libvirt/dnsmasq/*.status
    ps -eo args= | grep -E 'netwright-probe|dnsmasq|sleep' | grep -v grep | sort; sysctl net.ipv4.ip_forward; ls /run | grep -v virtlogd`);
}

describe('the connectivity test of a lab on a real host', () => {
  let before: string;
  beforeAll(async () => { before = await marks(); });

  it('finds all as promised, and leaves the host as it was', async () => {
    const report = await run();
    expect(differences(report)).toEqual([]);
    expect(report).toMatchObject({ outcome: 'as-promised', removedLeftovers: 0 });
    expect(verdictsOf(report)).toMatchObject({
      'web>web': 'as-promised reached', 'web>shop': 'as-promised', 'web>dmz': 'as-promised reached', 'dmz>web': 'as-promised', 'dmz>dmz': 'as-promised reached',
      'web>free': 'seen reached', 'free>dmz': 'seen reached', 'lab>dmz': 'as-promised', 'dmz>lab': 'as-promised', 'dark>dark': 'as-promised reached', 'dark>web': 'as-promised', 'web>dark': 'as-promised',
      'flats>flats': 'as-promised', 'flats>host': 'as-promised reached', 'host>flats': 'as-promised reached', 'dark>host': 'as-promised', 'lab>host': 'as-promised reached',
      'vlans/staff>vlans/staff': 'as-promised reached', 'vlans/staff>vlans/guests': 'as-promised', 'vlans/staff>vlans/uplink': 'as-promised reached', 'vlans/uplink>vlans/guests': 'as-promised',
      'vlans/uplink VLAN 20>vlans/guests': 'out-of-reach', 'web>lan': 'as-promised reached', 'web>internet': 'as-promised reached', 'lab>internet': 'as-promised', 'dmz>internet': 'seen', 'lan>web': 'out-of-reach',
    });
    expect(await marks()).toBe(before);
  }, 120_000);

  it('sees a firewall that shuts and one that opens, whatever pings say', async () => {
    await host('iptables -I FORWARD ! -s 10.99.3.0/24 -d 10.99.3.0/24 -p tcp -j DROP; iptables -I FORWARD -s 10.99.5.0/24 -d 10.99.2.0/24 -j ACCEPT; iptables -I FORWARD -s 10.99.2.0/24 -d 10.99.5.0/24 -j ACCEPT; iptables -I INPUT -i conn-none -j DROP');
    try {
      const report = await run();
      expect(report.outcome).toBe('differs');
      expect(differences(report).sort()).toEqual(['lab>shop', 'shop>dmz', 'shop>lab', 'web>dmz']);
      const shut = report.findings.find(({ from, to }) => from.id === 'web' && to.id === 'dmz');
      expect(shut).toMatchObject({ sentence: expect.stringContaining('web does not reach dmz, though it should: ') as unknown, hint: expect.stringContaining('Pings pass and connections don\'t') as unknown });
      expect(report.findings.find(({ from, to }) => from.id === 'lab' && to.id === 'shop')?.sentence).toBe('lab reaches shop, though it should not: isolated networks keep to themselves.');
    } finally {
      await host('iptables -D FORWARD ! -s 10.99.3.0/24 -d 10.99.3.0/24 -p tcp -j DROP; iptables -D FORWARD -s 10.99.5.0/24 -d 10.99.2.0/24 -j ACCEPT; iptables -D FORWARD -s 10.99.2.0/24 -d 10.99.5.0/24 -j ACCEPT; iptables -D INPUT -i conn-none -j DROP');
    }
    expect(await marks()).toBe(before);
  }, 120_000);

  it('sees VLANs that were taken away from what runs, and a cable between two networks', async () => {
    for (const group of ['staff', 'guests']) await host(`virsh -q net-update conn-vlans modify portgroup "<portgroup name='${group}'${group === 'staff' ? ' default=\'yes\'' : ''}/>" --live`);
    const bridge = async (name: string): Promise<string> => (await host(`virsh net-info conn-${name} | sed -n 's/^Bridge: *//p'`)).trim();
    await host(`ip link add cable-a type veth peer name cable-b; ip link set cable-a master ${await bridge('dark')} up; ip link set cable-b master ${await bridge('lab')} up`);
    try {
      const report = await run();
      expect(differences(report)).toEqual(expect.arrayContaining(['vlans/staff>vlans/guests', 'vlans/guests>vlans/staff', 'dark>lab', 'lab>dark', 'vlans/staff>vlans/uplink']));
      expect(report.findings.find(({ from, to }) => from.id === 'vlans/staff' && to.id === 'vlans/guests')?.sentence).toBe('vlans/staff reaches vlans/guests, though it should not: one is in VLAN 10 and the other in VLAN 20.');
    } finally {
      await host('ip link del cable-a');
      for (const [group, tag] of [['staff', 10], ['guests', 20]]) await host(`virsh -q net-update conn-vlans modify portgroup "<portgroup name='${group}'${group === 'staff' ? ' default=\'yes\'' : ''}><vlan><tag id='${tag}'/></vlan></portgroup>" --live`);
    }
    expect(await marks()).toBe(before);
  }, 120_000);

  it('says of a stopped network that it was not tried', async () => {
    await host('virsh -q net-destroy conn-dmz');
    const report = await run();
    expect(report.outcome).toBe('incomplete');
    expect(differences(report)).toEqual([]);
    expect(verdictsOf(report)).toMatchObject({ 'web>dmz': 'failed', 'dmz>dmz': 'failed', 'dmz>web': 'failed', 'web>web': 'as-promised reached' });
    expect(report.findings.find(({ from, to }) => from.id === 'web' && to.id === 'dmz')?.sentence).toBe('Whether web reaches dmz was not tried: the network conn-dmz is not active.');
    await host('virsh -q net-start conn-dmz');
    // Its rules come first now.
    before = await marks();
  }, 120_000);

  it('leaves nothing when it is killed, after the next run; and nothing when the connection is cut', async () => {
    const killed = run();
    await Promise.all([
      expect(killed).rejects.toMatchObject({ code: 'command.failed' }),
      host('until ovs-vsctl --bare --columns=name list Port | grep -q ^nwp; do sleep 0.05; done; kill -KILL $(pgrep -f "[-]s netwright-probe")'),
    ]);
    expect(await marks()).not.toBe(before);
    expect(await run()).toMatchObject({ outcome: 'as-promised', removedLeftovers: 1 });
    expect(await marks()).toBe(before);

    const cut = run();
    await Promise.all([expect(cut).rejects.toThrow(), host('until ovs-vsctl --bare --columns=name list Port | grep -q ^nwp; do sleep 0.05; done').then(() => lab.closeRunners())]);
    await vi.waitFor(async () => { expect(await marks()).toBe(before); }, { timeout: 60_000, interval: 500 });
    services = await lab.open();
    expect(troubles(await services.apply(destroyLab('conn')))).toEqual([]);
  }, 240_000);
});

describe('the connectivity test of a lab with a router', () => {
  let clean: string;
  beforeAll(async () => {
    await installKernel(lab.host);
    // Else libvirt's NAT takes what goes from one machine of a NAT network to the router beside it for its own.
    await host('sysctl -w net.bridge.bridge-nf-call-iptables=0');
    clean = await marks();
    tests = new LabTestService(services);
    driver = labDriver(new LabService(services), services.plans);
  });

  it('finds as promised what it lets pass each way, then a rule that is gone, one too many, and a router that is off', async () => {
    const text = firewallLab('[[lan, wan], [lan, dmz]]');
    expect(troubles(await services.apply(await driver.read(text)))).toEqual([]);
    const progress: string[] = [];
    // At once after it was made: the test waits until the router has booted.
    const report = await tests.test('h', 'fw', { outside: WAN_SERVER, onProgress: ({ step }) => progress.push(step) });
    expect(differences(report)).toEqual([]);
    expect(report.outcome).toBe('as-promised');
    expect([...new Set(progress)]).toEqual(['reading', 'plugging', 'waiting', 'trying']);
    expect(verdictsOf(report)).toMatchObject({
      'inside>dmz': 'as-promised reached', 'dmz>inside': 'as-promised', 'inside>outside': 'as-promised reached', 'outside>inside': 'as-promised', 'outside>dmz': 'as-promised', 'dmz>outside': 'as-promised',
      'inside>lan': 'as-promised reached', 'inside>internet': 'as-promised reached', 'dmz>internet': 'as-promised', 'inside>host': 'as-promised reached', 'host>inside': 'as-promised', 'inside>gw': 'as-promised reached',
      'dmz>gw': 'as-promised reached', 'outside>gw': 'as-promised', 'inside>inside': 'as-promised reached', 'outside>internet': 'as-promised reached',
    });

    // What runs has other rules than the definition: the sides of one pair changed by hand, as its console would.
    const xml = await host('virsh dumpxml --inactive fw-gw');
    await lab.host.execOrThrow('virsh destroy fw-gw; virsh create /dev/stdin', { input: xml.replace('iifname lan-0 oifname dmz-0 accept', 'iifname dmz-0 oifname lan-0 accept') });
    await services.inventory.refresh('h', 'all');
    const changed = await tests.test('h', 'fw', { outside: WAN_SERVER });
    expect(differences(changed).sort()).toEqual(['dmz>inside', 'inside>dmz']);
    expect(changed.findings.find(({ from, to }) => from.id === 'dmz' && to.id === 'inside')?.sentence).toBe('dmz reaches inside, though it should not: gw lets nobody of dmz begin to talk to lan.');

    await host('virsh destroy fw-gw');
    const off = await tests.test('h', 'fw', { outside: WAN_SERVER });
    expect(differences(off)).toEqual(expect.arrayContaining(['inside>outside', 'inside>gw', 'inside>internet', 'inside>host']));
    expect(off.findings.find(({ from, to }) => from.id === 'inside' && to.id === 'gw')?.hint).toContain('is not running');
    expect(troubles(await services.apply(destroyLab('fw')))).toEqual([]);
    expect(await marks()).toBe(clean);
  }, 400_000);
});
