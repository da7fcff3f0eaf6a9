import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabService } from '../../electron/services/labs/lab-service';
import { readLabVersions } from '../../shared/domain/network-xml/lab-versions-xml';
import { destroyLab, labDriver } from '../fakes/lab-driver';
import { troubles } from '../fakes/plan-troubles';
import { PlanLab } from './plan-lab';

let lab: PlanLab;

beforeAll(async () => {
  lab = await PlanLab.up('lrole-kept');
  await lab.warmUp();
});
afterAll(async () => {
  await lab?.closeRunners();
  await lab?.down();
});

async function open(user: string) {
  const services = await lab.open(user);
  const labs = new LabService(services);
  return { ...services, labs, ...labDriver(labs, services.plans) };
}

const text = `# The lab of the office, as we agreed: "a" & 'b' < c > d ]]> ü 😀
version: 1
name: home
networks:
  web: # with room for all

    { kind: nat, ipv4: { address: 10.99.1.1/24 } }
  dark: { kind: isolated, ipv4: none }
machines:
  later: { nics: [{ network: web, address: 10.99.1.20 }] }
`;

describe('the file of a lab on a real host', () => {
  it('stays to the last sign through libvirt and its restart, for users without root, and goes without a trace', async () => {
    const [ana, bob] = [await open('virt'), await open('root')];
    const before = await lab.marks();
    const made = await ana.apply(await ana.read(text));
    // Who isn't root can't look at the firewall's rules.
    expect(made).toMatchObject({ outcome: 'applied', error: null });
    expect(await ana.preview(await ana.read(text))).toBeNull();
    await bob.inventory.refresh('h', 'all');
    expect(await bob.labs.definition('h', 'home')).toMatchObject({ text, isKept: true, earlier: [] });

    const second = text.replace('as we agreed', 'as it is').replace('address: 10.99.1.1/24 }', 'address: 10.99.1.1/24 }, dnsHosts: [{ ip: 10.9.9.9, hostnames: [nas] }]');
    const changed = await ana.apply(await ana.read(second));
    expect(changed).toMatchObject({ outcome: 'applied', error: null });
    expect(changed.plan.steps.map((step) => step.command.argv[3])).toEqual(['net-update', 'net-define']);
    expect(await ana.preview(await ana.read(second))).toBeNull();
    await lab.host.execOrThrow('systemctl restart libvirtd');
    expect(readLabVersions(await lab.host.execOrThrow('virsh net-dumpxml --inactive home-web')).map((version) => version.text)).toEqual([second, text]);
    const carla = await open('root');
    const { kept, isKept, earlier } = await carla.labs.definition('h', 'home');
    expect([kept?.text, isKept, earlier.map((version) => version.text)]).toEqual([second, true, [text]]);
    expect(carla.inventory.get('h')!.snapshot.networks.filter((network) => network.lab).map(({ active, pendingRestart }) => [active, pendingRestart])).toEqual([[true, false], [true, false]]);

    await lab.host.execOrThrow('virsh net-autostart home-web --disable');
    const now = await carla.labs.definition('h', 'home');
    expect(now.isKept).toBe(false);
    expect(now.text).toContain('autostart: false');
    expect(now.text).toContain('  later:\n');
    await lab.host.execOrThrow('virsh net-autostart home-web');

    const undone = await carla.apply(await carla.read(text));
    expect(troubles(undone)).toEqual([]);
    expect(troubles(await carla.apply({ kind: 'undo', historyId: undone.id }))).toEqual([]);
    expect((await carla.labs.definition('h', 'home')).kept?.text).toBe(second);
    expect(troubles(await carla.apply(destroyLab('home')))).toEqual([]);
    expect(await lab.marks()).toBe(before);
    expect(await lab.host.execOrThrow('grep -rl x-netwright /etc/libvirt /var/lib/libvirt /var/lib/netwright 2>/dev/null || true')).toBe('');
  });
});
