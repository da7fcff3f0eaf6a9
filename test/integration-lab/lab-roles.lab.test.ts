import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabService } from '../../electron/services/labs/lab-service';
import type { LabIntent } from '../../shared/domain/intent';
import type { Plan, PlanRun } from '../../shared/domain/plan';
import { destroyLab, labDriver } from '../fakes/lab-driver';
import { troubles } from '../fakes/plan-troubles';
import { PlanLab } from './plan-lab';

/** Labs with real guests in their roles: plugged in while they run, and by their addresses. */
let lab: PlanLab;
let services: Awaited<ReturnType<PlanLab['open']>>;
let labs: LabService;
let driver: ReturnType<typeof labDriver>;
let before: string;

const read = (text: string): Promise<LabIntent> => driver.read(text);
const preview = (intent: LabIntent): Promise<Plan | null> => driver.preview(intent);
const apply = (intent: Parameters<typeof services.apply>[0]): Promise<PlanRun> => services.apply(intent);

/** All that a lab with roles leaves its marks in. libvirt keeps an empty `<metadata/>` and the ports it added, and numbers taps anew. */
async function marks(): Promise<string> {
  return lab.host.execOrThrow(`virsh net-list --all; ip -br link | awk '{print $1}' | grep -v '^ovs-netdev$\\|^vnet' | sort; ip route; ovs-vsctl list-br
    for m in lr-a lr-b lr-c; do virsh domstate $m; virsh dumpxml $m --inactive | sed '/<metadata.>/d; /<controller/,/<.controller>/d'; virsh domiflist $m | awk 'NR > 2 {print $2, $3, $4, $5}'; done
    find /etc/libvirt/qemu/networks /var/lib/libvirt/dnsmasq -type f -o -type l | grep -v '\\.status$\\|\\.macs$' | sort`);
}

const text = `version: 1
name: home
networks:
  web: { kind: nat, ipv4: { address: 10.99.1.1/24 } }
  sw: { kind: ovs, createBridge: { datapath: netdev }, portgroups: [{ name: staff, vlan: { mode: access, tag: 10 } }] }
machines:
  first: { machine: lr-a, nics: [{ network: web, address: 10.99.1.20 }, { network: sw, portgroup: staff }] }
  second: { machine: lr-b, nics: [{ network: web, address: 10.99.1.21 }] }
  third: { machine: lr-c, nics: [{ network: web, address: 10.99.1.22 }] }
`;

beforeAll(async () => {
  lab = await PlanLab.up('lr-roles');
  await lab.warmUp();
  services = await lab.open();
  labs = new LabService(services);
  driver = labDriver(labs, services.plans);
  await lab.host.execOrThrow('virsh -q net-start default');
  await lab.host.defineGuest('lr-a', 'default', 'hotplug');
  // As virt-manager makes them: with ports to spare.
  const xml = (await lab.host.execOrThrow('virsh dumpxml lr-a --inactive')).replace('<devices>', `<devices>${'<controller type="pci" model="pcie-root-port"/>'.repeat(4)}`);
  await lab.host.execOrThrow('virsh define /dev/stdin && virsh start lr-a', { input: xml });
  await lab.host.startGuest('lr-b', 'default', 'hotplug');
  await lab.host.defineGuest('lr-c', 'default', 'hotplug');
  for (const guest of ['lr-a', 'lr-b']) await lab.host.waitForGuestLine(guest, /^LAB done/);
  await services.inventory.refresh('h', 'all');
  before = await marks();
});
afterAll(async () => {
  await lab?.closeRunners();
  await lab?.down();
});

describe('roles on a real host', () => {
  it('come with the next start where a running guest has no slot left', async () => {
    const narrow = 'version: 1\nname: home\nnetworks:\n  dark: { kind: isolated, ipv4: none }\nmachines:\n  full: { machine: lr-b, nics: [{ network: dark }, { network: dark }, { network: dark }] }\n';
    const plan = await preview(await read(narrow));
    expect(plan?.notices.map(({ text: said }) => said)).toContainEqual(expect.stringMatching(/^lr-b runs, and has no free slot for /));
    expect(troubles(await apply(await read(narrow)))).toEqual([]);
    expect(await preview(await read(narrow))).toBeNull();
    const [now, later] = await Promise.all(['', '--inactive'].map((flag) => lab.host.execOrThrow(`virsh domiflist lr-b ${flag} | grep -c home-dark || true`)));
    expect(Number(now)).toBeLessThan(3);
    expect(later).toBe('3\n');
    expect(troubles(await apply(destroyLab('home')))).toEqual([]);
    expect(await marks()).toBe(before);
  });

  it('are plugged into guests that run and into one that is off, nothing is left to do, and destroyed they leave no trace', async () => {
    expect(troubles(await apply(await read(text)))).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
    expect(await preview(await driver.readUnkept(await labs.exportLab('h', 'home', 'host')))).toBeNull();
    const snapshot = services.inventory.get('h')!.snapshot;
    expect(labs.labsOn('h')).toMatchObject([{ lab: 'home', machines: [{ name: 'lr-a' }, { name: 'lr-b' }, { name: 'lr-c' }] }]);
    for (const [guest, at] of [['lr-a', 0], ['lr-b', 0]] as const) {
      const mac = snapshot.machines.find(({ name }) => name === guest)!.labRoles[0]!.nics[at]!.mac;
      await lab.host.waitForGuestLine(guest, new RegExp(`^LAB plugged ${mac} ping 10\\.99\\.1\\.1 ok`));
    }
    const staff = snapshot.machines.find(({ name }) => name === 'lr-a')!.nics.find(({ network }) => network === 'home-sw')!;
    expect(await lab.host.execOrThrow(['ovs-vsctl', 'get', 'port', staff.target!, 'tag'])).toBe('10\n');
    expect(troubles(await apply(destroyLab('home')))).toEqual([]);
    expect(await marks()).toBe(before);
  });

  it('keep their marks through edits and restarts of the machine and of libvirt, and another session reads them', async () => {
    await apply(await read(text));
    await lab.host.execOrThrow('virsh destroy lr-b; virsh dumpxml lr-b --inactive | sed "s/<vcpu[^<]*</<vcpu>1</" > /tmp/b.xml; virsh define /tmp/b.xml; systemctl restart libvirtd; virsh start lr-b');
    await expect.poll(async () => { await services.inventory.refresh('h', 'all'); return labs.labsOn('h').map(({ machines }) => machines.map(({ name }) => name)); }, { timeout: 20_000 }).toEqual([['lr-a', 'lr-b', 'lr-c']]);
    expect(await preview(await read(text))).toBeNull();
    await lab.host.waitForGuestLine('lr-b', /^LAB done/);
    expect(troubles(await apply(destroyLab('home')))).toEqual([]);
    expect(await marks()).toBe(before);
  });

  it('show what somebody pulled or moved by hand, and put it right', async () => {
    await apply(await read(text));
    const nic = services.inventory.get('h')!.snapshot.machines.find(({ name }) => name === 'lr-a')!.nics.find(({ network }) => network === 'home-web')!;
    await lab.host.execOrThrow(`virsh detach-interface lr-a network --mac ${nic.mac} --config`);
    await services.inventory.refresh('h', 'all');
    expect((await preview(await read(text)))?.steps.map(({ title }) => title)).toEqual([`lr-a: plug ${nic.mac} into network home-web in its definition`]);
    expect(troubles(await apply(await read(text)))).toEqual([]);
    await lab.host.execOrThrow(`virsh update-device lr-a /dev/stdin --live`, { input: `<interface type='network'><mac address='${nic.mac}'/><source network='default'/><model type='virtio'/></interface>` });
    await services.inventory.refresh('h', 'all');
    expect(troubles(await apply(await read(text)))).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
  });

  it('are undone and redone with their lab, and a role passes from one guest to another', async () => {
    const passed = text.replace('machine: lr-c', 'machine: lr-x').replace('machine: lr-b', 'machine: lr-c').replace('machine: lr-x', 'machine: lr-b');
    const run = await apply(await read(passed));
    expect(troubles(run)).toEqual([]);
    expect(await preview(await read(passed))).toBeNull();
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
    const gone = await apply(destroyLab('home'));
    expect(troubles(gone)).toEqual([]);
    expect(await marks()).toBe(before);
    expect(troubles(await apply({ kind: 'undo', historyId: gone.id }))).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
  });

  it('start and stop with their networks; a guest gets the address that is reserved for its role', async () => {
    await lab.host.execOrThrow('virsh destroy lr-a; virsh destroy lr-b');
    await services.inventory.refresh('h', 'all');
    expect((await apply({ kind: 'lab.stop', lab: 'home' })).plan.steps.map(({ title }) => title.replace(/ and remove.*/, ''))).toEqual(['Stop home-sw', 'Stop home-web']);
    // Its first NIC is the role's from here on.
    const { mac } = services.inventory.get('h')!.snapshot.machines.find(({ name }) => name === 'lr-c')!.nics.find(({ network }) => network === 'default')!;
    await lab.host.execOrThrow(`virsh detach-interface lr-c network --mac ${mac} --config`);
    await services.inventory.refresh('h', 'all');
    const start = await apply({ kind: 'lab.start', lab: 'home' });
    expect(troubles(start)).toEqual([]);
    expect(start.plan.steps.at(-1)?.title).toMatch(/^Start lr-/);
    const [, address] = await lab.host.waitForGuestLine('lr-c', /^LAB lease (\S+) from 10\.99\.1\.1/);
    expect(address).toBe('10.99.1.22');
    for (const guest of ['lr-a', 'lr-b']) await lab.host.waitForGuestLine(guest, /^LAB done/);
    expect(troubles(await apply(destroyLab('home')))).toEqual([]);
    expect(await lab.host.execOrThrow('virsh net-list --all --name; virsh dumpxml lr-a')).not.toMatch(/home-|netwright/);
  });
});
