import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LabService } from '../../electron/services/labs/lab-service';
import { makeRouterImage, removeRouterImage, routerImage } from '../../shared/domain/router/router-image';
import { routerRules } from '../../shared/domain/router/router-rules';
import { firewallLab } from '../fakes/firewall-lab';
import { destroyLab, labDriver } from '../fakes/lab-driver';
import { troubles } from '../fakes/plan-troubles';
import { routerArbitrary } from '../fakes/router-arbitrary';
import { installKernel, rootOf } from '../lab/host-kernel';
import { WAN_SERVER } from '../lab/lab';
import { runProcess, runProcessOrThrow } from '../lab/run-process';
import { PlanLab } from './plan-lab';

const hostName = 'lo-routers';
let lab: PlanLab;
let services: Awaited<ReturnType<PlanLab['open']>>;
let labs: LabService;
let driver: ReturnType<typeof labDriver>;

beforeAll(async () => {
  lab = await PlanLab.up(hostName);
  await installKernel(lab.host);
  // Else libvirt's NAT takes what goes from one machine of a NAT network to the router beside it for its own, and hides the sender.
  await lab.host.execOrThrow('sysctl -w net.bridge.bridge-nf-call-iptables=0');
  services = await lab.open();
  labs = new LabService(services);
  driver = labDriver(labs, services.plans);
});
afterAll(async () => {
  await lab?.closeRunners();
  await lab?.down();
});

// A test that failed must not fail those after it.
afterEach(async () => { for (const { lab: name } of labs.labsOn('h')) await services.apply(destroyLab(name)); });

const apply = async (text: string): Promise<void> => { expect(troubles(await services.apply(await driver.read(text)))).toEqual([]); };
const destroy = async (name: string): Promise<void> => { expect(troubles(await services.apply(destroyLab(name)))).toEqual([]); };
const images = (): Promise<string> => lab.host.execOrThrow('ls -A /var/lib/libvirt/images');
const bridgeOf = async (network: string): Promise<string> => /Bridge:\s+(\S+)/.exec(await lab.host.execOrThrow(['virsh', 'net-info', network]))?.[1] ?? '';
const pings = async (address: string): Promise<boolean> => (await lab.host.exec(['ping', '-c1', '-W1', address])).code === 0;

/** Waits for a router's address in a network where the host has none, with one of the test's own. */
async function untilUp(network: string, router: string, own: string): Promise<void> {
  const bridge = await bridgeOf(network);
  await lab.host.execOrThrow(`ip addr add ${own}/24 dev ${bridge}`);
  await expect.poll(() => pings(router), { timeout: 90_000 }).toBe(true);
  await lab.host.execOrThrow(`ip addr del ${own}/24 dev ${bridge}`);
}

describe('the router of a firewall lab', () => {
  const guests = ['lo-in', 'lo-dmz', 'lo-out'];
  const said = async (guest: string, pattern: RegExp): Promise<string> => (await lab.host.waitForGuestLine(guest, pattern, 120_000))[1] ?? '';
  afterEach(async () => { for (const guest of guests) await lab.host.exec(`virsh destroy ${guest}; virsh undefine ${guest}`); });

  it('hands out addresses and lets pass what is allowed, both ways, and nothing else', async () => {
    const before = await images();
    await apply(firewallLab('[[lan, wan], [lan, dmz]]'));
    expect(await driver.preview(await driver.read(firewallLab('[[lan, wan], [lan, dmz]]')))).toBeNull();
    await untilUp('fw-inside', '10.71.2.1', '10.71.2.9');
    await lab.host.startGuest('lo-in', 'fw-inside', `ping=10.71.2.1,10.71.1.1,${WAN_SERVER},10.71.3.10 again`);
    expect(await said('lo-in', /^LAB lease (10\.71\.2\.1\d\d from 10\.71\.2\.1 gw 10\.71\.2\.1 dns 10\.71\.2\.1)$/)).not.toBe('');
    const inside = await said('lo-in', /^LAB addr (10\.71\.2\.\d+)\/24$/);
    await lab.host.startGuest('lo-dmz', 'fw-dmz', `addr=10.71.3.10/24 gw=10.71.3.1 ping=10.71.3.1,${inside},10.71.1.1 again`);
    await lab.host.startGuest('lo-out', 'fw-outside', `addr=10.71.1.50/24 gw=10.71.1.254 ping=10.71.1.1,10.71.1.254,${inside},10.71.3.10 again`);
    // Out, with the way back: to the host, to the internet, to the DMZ.
    for (const reached of ['10.71.2.1', '10.71.1.1', WAN_SERVER, '10.71.3.10']) await said('lo-in', new RegExp(`^(LAB ping ${reached} ok)$`));
    // The DMZ has its router, and no way on that is not allowed.
    await said('lo-dmz', /^(LAB ping 10\.71\.3\.1 ok)$/);
    for (const closed of [inside, '10.71.1.1']) await said('lo-dmz', new RegExp(`^(LAB ping ${closed} fail)$`));
    // From outside the router itself can't be seen, nor anything behind it; the host beside it can.
    await said('lo-out', /^(LAB ping 10\.71\.1\.1 ok)$/);
    for (const closed of ['10.71.1.254', inside, '10.71.3.10']) await said('lo-out', new RegExp(`^(LAB ping ${closed} fail)$`));
    for (const guest of ['lo-out', 'lo-dmz']) expect(await lab.host.guestConsole(guest)).not.toMatch(new RegExp(`LAB ping (${inside}|10\\.71\\.1\\.254|10\\.71\\.3\\.10) ok`));

    // It is the rule that keeps them out: with another one they are let in.
    await apply(firewallLab('[[lan, wan], [lan, dmz], [wan, lan], [dmz, wan]]'));
    await said('lo-out', new RegExp(`^(LAB ping ${inside} ok)$`));
    await said('lo-dmz', /^(LAB ping 10\.71\.1\.1 ok)$/);
    expect(await lab.host.guestConsole('lo-out')).not.toMatch(/LAB ping 10\.71\.3\.10 ok/);

    await destroy('fw');
    expect(await lab.host.execOrThrow('virsh list --all --name')).not.toContain('fw-gw');
    expect(await images()).toBe(before);
  }, 400_000);

  it('is found when somebody switches it off or deletes it, and shuts down when it is asked to', async () => {
    await apply(firewallLab('[]'));
    const waitOff = async (): Promise<void> => { await lab.host.execOrThrow('for i in $(seq 300); do [ "$(virsh domstate fw-gw)" = "shut off" ] && exit 0; virsh -q shutdown fw-gw; sleep .2; done; exit 1', { timeoutMs: 90_000 }); };
    await waitOff();
    await services.inventory.refresh('h', 'all');
    expect((await driver.preview(await driver.read(firewallLab('[]'))))?.steps.map(({ title }) => title).at(-1)).toBe('Start the router fw-gw');
    await lab.host.execOrThrow('virsh undefine fw-gw');
    await services.inventory.refresh('h', 'all');
    await apply(firewallLab('[]'));
    expect(await lab.host.execOrThrow('virsh list --autostart --name')).toContain('fw-gw');
    await destroy('fw');
  }, 200_000);
});

it('asks for its address where somebody else hands them out', async () => {
  await apply(firewallLab('[[lan, wan]]').replace('zone: wan', 'zone: wan, address: dhcp'));
  const leases = (): Promise<string> => lab.host.execOrThrow(['virsh', '-q', 'net-dhcp-leases', 'fw-outside']);
  await expect.poll(leases, { timeout: 90_000 }).toContain('10.71.1.1');
  // And goes on by what it was told: the host answers what comes through it.
  await lab.host.execOrThrow(`ip netns add lo-probe && ip link add lo-probe0 type veth peer name eth0 netns lo-probe && ip link set lo-probe0 master ${await bridgeOf('fw-inside')} up
    ip -n lo-probe link set eth0 up && ip -n lo-probe addr add 10.71.2.8/24 dev eth0 && ip -n lo-probe route add default via 10.71.2.1`);
  await expect.poll(async () => (await lab.host.exec(['ip', 'netns', 'exec', 'lo-probe', 'ping', '-c1', '-W1', WAN_SERVER])).code, { timeout: 60_000 }).toBe(0);
  await lab.host.execOrThrow('ip netns del lo-probe');
  await destroy('fw');
}, 200_000);

describe('a router on a stick', () => {
  afterEach(async () => { for (const guest of ['lo-staff', 'lo-guest']) await lab.host.exec(`virsh destroy ${guest}; virsh undefine ${guest}`); });

  it('hands out addresses in every VLAN of its one cable, and keeps them apart', async () => {
    const text = labs.fromTemplate('h', 'router-on-a-stick', 'stick');
    await apply(text);
    const [, staff = '', guests = ''] = /vlan: 10.*address: ([\d.]+)\.1\/24[^]*vlan: 20.*address: ([\d.]+)\.1\/24/.exec(text) ?? [];
    const tap = (await lab.host.execOrThrow('virsh domiflist stick-gateway')).split('\n').find((line) => line.includes('campus'))?.trim().split(/\s+/)[0] ?? '';
    expect(await lab.host.execOrThrow(`ovs-vsctl get port ${tap} trunks`)).toBe('[10, 20]\n');
    const startGuest = (pinged: string) => lab.host.startGuest('lo-guest', 'stick-campus', `addr=${guests}.77/24 gw=${guests}.1 ping=${guests}.1,${WAN_SERVER}${pinged} again`, '<vlan><tag id="20"/></vlan>');
    await startGuest('');
    await lab.host.waitForGuestLine('lo-guest', new RegExp(`^LAB ping ${guests}.1 ok$`), 120_000);
    await lab.host.execOrThrow('virsh -q destroy lo-guest; virsh -q undefine lo-guest');
    // The portgroup of those who name none is staff's.
    await lab.host.startGuest('lo-staff', 'stick-campus', `ping=${staff}.1,${WAN_SERVER},${guests}.77 again`);
    await lab.host.waitForGuestLine('lo-staff', new RegExp(`^LAB lease ${staff}.1\\d\\d from ${staff}.1 `));
    const [, own = ''] = await lab.host.waitForGuestLine('lo-staff', /^LAB addr ([\d.]+)/);
    await startGuest(`,${own}`);
    for (const [guest, line] of [['lo-staff', `${staff}.1 ok`], ['lo-staff', `${WAN_SERVER} ok`], ['lo-staff', `${guests}.77 ok`], ['lo-guest', `${guests}.1 ok`], ['lo-guest', `${WAN_SERVER} ok`], ['lo-guest', `${own} fail`]] as const) {
      await lab.host.waitForGuestLine(guest, new RegExp(`^LAB ping ${line}$`));
    }
    expect(await lab.host.guestConsole('lo-guest')).not.toContain(`LAB ping ${own} ok`);
    await destroy('stick');
  }, 400_000);
});

describe('a fake internet', () => {
  it('answers every name with itself, whomever is asked, and lets nothing pass', async () => {
    await apply(`version: 1
name: mal
networks: { cell: { kind: isolated, ipv4: none } }
routers:
  internet:
    dns: fake
    interfaces: [{ network: cell, zone: cell, address: 10.72.9.1/24 }]
`);
    await untilUp('mal-cell', '10.72.9.1', '10.72.9.8');
    await lab.host.execOrThrow(`ip addr add 10.72.9.9/24 dev ${await bridgeOf('mal-cell')} && ip route add 198.51.100.53 via 10.72.9.1`);
    const answers = async (server: string): Promise<boolean> => {
      const { stdout } = await runProcess(['nsenter', `--net=/run/netns/lab-${hostName}`, 'busybox', 'nslookup', '-type=a', 'evil.example', server]);
      return /Address:\s+10\.72\.9\.1\s*$/m.test(stdout.slice(stdout.indexOf('evil.example')));
    };
    expect(await answers('10.72.9.1')).toBe(true);
    expect(await answers('198.51.100.53')).toBe(true);
    expect(await pings('198.51.100.53')).toBe(false);
    expect(await pings('10.72.9.1')).toBe(true);
    await destroy('mal');
  });
});

describe('what routers boot', () => {
  it('is not made where something is missing, and leaves nothing behind', async () => {
    const before = await images();
    expect(before).not.toContain('netwright');
    await lab.host.execOrThrow('mv /usr/sbin/nft /usr/sbin/nft.away');
    const make = makeRouterImage();
    const lacking = await services.runner.run(make);
    await lab.host.execOrThrow('mv /usr/sbin/nft.away /usr/sbin/nft && mv /usr/lib/modules /usr/lib/modules.away');
    const kernelless = await services.runner.run(make);
    await lab.host.execOrThrow('mv /usr/lib/modules.away /usr/lib/modules; mv /usr/lib/modules/*/kernel/net/netfilter/nft_masq.ko /root');
    const moduleless = await services.runner.run(make);
    await lab.host.execOrThrow('mv /root/nft_masq.ko /usr/lib/modules/*/kernel/net/netfilter');
    expect([lacking, kernelless, moduleless].map(({ exitCode, stderr }) => `${exitCode}: ${stderr.trim()}`)).toEqual([
      '65: programs are missing: nft', '66: no kernel with its modules is in /boot and /lib/modules', expect.stringMatching(/^67: the kernel \S+ has no module nft_masq$/),
    ]);
    expect(await images()).toBe(before);
  });

  it('is made of compressed modules, too, once for all', async () => {
    // By this machine's xz, for the host has none: the guest's kmod, which is the host's, reads them all the same.
    const root = rootOf(lab.host);
    const [release = ''] = (await lab.host.execOrThrow('ls /usr/lib/modules')).trim().split('\n');
    await runProcessOrThrow(['sh', '-c', 'find "$0" -name "*.ko" -exec xz -0 --check=crc32 {} +; depmod -b "$1" "$2"', `${root}/usr/lib/modules/${release}`, `${root}/usr`, release], { timeoutMs: 300_000 });
    await lab.host.execOrThrow(`depmod ${release}`);
    await apply(firewallLab('[[lan, wan]]'));
    await untilUp('fw-inside', '10.71.2.1', '10.71.2.9');
    expect((await services.runner.run(makeRouterImage())).stdout).toBe('the image is there already\n');
    expect((await services.runner.run(removeRouterImage([]))).stdout).toContain('fw-gw.xml boots it');
    expect(await lab.host.execOrThrow(`ls ${routerImage.kernel}`)).toContain('vmlinuz');
    await destroy('fw');
  }, 300_000);
});

it('rules of every router are rules to nft', async () => {
  const rules: string[] = [];
  fc.assert(fc.property(routerArbitrary, (spec) => { rules.push(routerRules(spec)); }), { numRuns: 40 });
  for (const text of rules) {
    const { code, stderr } = await lab.host.exec(['nft', '--check', '--file', '/dev/stdin'], { input: text });
    expect([code, stderr, text]).toEqual([0, '', text]);
  }
});
