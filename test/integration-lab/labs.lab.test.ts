import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabService } from '../../electron/services/labs/lab-service';
import type { LabIntent } from '../../shared/domain/intent';
import { labTemplates } from '../../shared/domain/labs/templates/templates';
import type { Plan, PlanRun } from '../../shared/domain/plan';
import { destroyLab, labDriver } from '../fakes/lab-driver';
import { troubles } from '../fakes/plan-troubles';
import { installKernel } from '../lab/host-kernel';
import { PlanLab } from './plan-lab';

let lab: PlanLab;
let services: Awaited<ReturnType<PlanLab['open']>>;
let labs: LabService;
let driver: ReturnType<typeof labDriver>;

beforeAll(async () => {
  lab = await PlanLab.up('onl-labs');
  await installKernel(lab.host);
  services = await lab.open();
  labs = new LabService(services);
  driver = labDriver(labs, services.plans);
});
afterAll(async () => {
  await lab?.closeRunners();
  await lab?.down();
});

const read = (text: string): Promise<LabIntent> => driver.read(text);
const preview = (intent: LabIntent): Promise<Plan | null> => driver.preview(intent);
const apply = (intent: LabIntent): Promise<PlanRun> => services.apply(intent);

/** What an app that is killed after some steps leaves behind. */
async function cutOff(intent: LabIntent, after: number): Promise<void> {
  for (const step of (await preview(intent))!.steps.slice(0, after)) expect(await services.runner.run(step.command)).toMatchObject({ exitCode: 0 });
  await services.inventory.refresh('h', 'all');
}

/** All that labs leave their marks in. */
async function marks(): Promise<string> {
  return lab.host.execOrThrow(`virsh net-list --all; ip -br link | awk '{print $1}' | grep -v '^ovs-netdev$' | sort; ip -br addr | grep -v '^ovs-netdev' | sort; ip route; ovs-vsctl show | grep -v '^[0-9a-f-]*$'
    iptables-save | grep '^-A' | sort; find /etc/libvirt/qemu/networks /var/lib/libvirt/dnsmasq -type f -o -type l | sort`);
}

describe('labs on a real host', () => {
  let before: string;
  beforeAll(async () => {
    // libvirt makes its chains and dnsmasq's folder with the first network, and keeps them.
    await apply(await read('version: 1\nname: first\nnetworks: { net: { kind: nat } }'));
    await apply(destroyLab('first'));
    before = await marks();
  });

  it.each(labTemplates.map((template) => template.id))('%s: made, nothing left to do, known by its marks, destroyed without a trace', async (id) => {
    const text = labs.fromTemplate('h', id, 'try');
    expect(troubles(await apply(await read(text)))).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
    expect(await preview(await driver.readUnkept(await labs.exportLab('h', 'try', 'host')))).toBeNull();
    expect(troubles(await apply(destroyLab('try')))).toEqual([]);
    expect(await marks()).toBe(before);
  });

  it('is gone on with or destroyed, wherever it was cut off', async () => {
    const text = labs.fromTemplate('h', 'vlan-campus', 'cut');
    const steps = (await preview(await read(text)))!.steps.length;
    for (let after = 1; after < steps; after += 1) {
      await cutOff(await read(text), after);
      expect(troubles(await apply(destroyLab('cut')))).toEqual([]);
      expect(await marks()).toBe(before);
    }
    await cutOff(await read(text), 2);
    expect(troubles(await apply(await read(text)))).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
    await cutOff(destroyLab('cut'), 2);
    expect(troubles(await apply(destroyLab('cut')))).toEqual([]);
    expect(await marks()).toBe(before);
  });

  it('sees what somebody changed by hand, and puts it right while it runs, where libvirt can', async () => {
    const text = 'version: 1\nname: home\nnetworks:\n  web: { kind: nat, ipv4: { address: 10.99.1.1/24 } }\n  dark: { kind: isolated, ipv4: none }\n';
    await apply(await read(text));
    await lab.host.execOrThrow(`virsh net-update home-web add ip-dhcp-host "<host mac='52:54:00:00:00:01' ip='10.99.1.9'/>" --live --config; virsh net-destroy home-dark; virsh net-autostart home-web --disable`);
    await services.inventory.refresh('h', 'all');
    const plan = await preview(await read(text));
    expect(plan?.steps.map((step) => step.command.argv.slice(3, 6))).toEqual([['net-update', 'home-web', 'delete'], ['net-autostart', 'home-web'], ['net-start', 'home-dark']]);
    expect(troubles(await apply(await read(text)))).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
    expect(troubles(await apply(destroyLab('home')))).toEqual([]);
    expect(await marks()).toBe(before);
  });
});
