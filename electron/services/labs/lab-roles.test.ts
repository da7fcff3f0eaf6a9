import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referencesOf } from '../../transport/practice/ovs/database';
import type { LabIntent } from '../../../shared/domain/intent';
import type { Machine } from '../../../shared/domain/machine';
import { describeLabProblem } from '../../../shared/domain/labs/read-lab-file';
import { destroyLab } from '../../../test/fakes/lab-driver';
import { labRolesArbitrary } from '../../../test/fakes/lab-roles-arbitrary';
import { troubles } from '../../../test/fakes/plan-troubles';
import { openPracticeLabs } from '../../../test/fakes/practice-labs';

/** A reservation that comes back while its network runs stands last: libvirt adds it there. For JSON.stringify. */
const anyOrder = (key: string, value: unknown): unknown => (key === 'hosts' && Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value);

/** A NIC that comes back stands last, whatever its place on the bus. */
const inOrder = <T extends { mac: string }>(nics: T[]): T[] => [...nics].sort((a, b) => a.mac.localeCompare(b.mac));

async function open() {
  const practice = await openPracticeLabs();
  const { host, runner, inventory, labs } = practice;
  const machine = (name: string): Machine => inventory.get('h')!.snapshot.machines.find((item) => item.name === name)!;
  const nics = (name: string): string[] => machine(name).nics.map((nic) => `${nic.network}${nic.portgroup === null ? '' : `/${nic.portgroup}`}${nic.pending === null ? '' : ` ${nic.pending}`}`);
  /** Everything that a lab may touch. */
  const state = (): string => JSON.stringify([
    host.state.networks.map(({ leases: _leases, ...network }) => network), host.state.machines.map(({ metadata, nics: list, running, ...rest }) => [
      rest.name, metadata ?? [], inOrder(list.map(({ bus: _bus, ...nic }) => nic)),
      running && [running.metadata ?? [], inOrder(running.nics.map(({ target: _target, portId: _port, bus: _bus, alias: _alias, ...nic }) => nic))],
    ]), host.state.ovs?.tables.Bridge.map((bridge) => [String(bridge['name']), referencesOf(bridge['ports']).length]),
  ], anyOrder);
  const detach = async (name: string, mac: string, network: string, ...sides: string[]): Promise<void> => {
    const xml = `<interface type='network'><mac address='${mac}'/><source network='${network}'/></interface>`;
    expect(await runner.run({ argv: ['virsh', '-c', 'qemu:///system', 'detach-device', name, '/dev/stdin', ...sides], stdin: { name: 'x', text: xml } })).toMatchObject({ exitCode: 0 });
    await inventory.refresh('h', 'all');
  };
  const problems = async (text: string): Promise<string[]> => (await labs.read('h', text)).problems.map(describeLabProblem);
  return { ...practice, state, machine, nics, detach, problems };
}

const networks = 'version: 1\nname: home\nnetworks:\n  web: { kind: nat, ipv4: { address: 10.99.1.1/24 } }\n  dark: { kind: isolated, ipv4: none }\n';
const text = `${networks}machines:
  server:
    machine: git
    nics:
      - { network: web, address: 10.99.1.20 }
      - { network: dark }
  client: { machine: cameras, nics: [{ network: dark }] }
  later: { nics: [{ network: web, address: 10.99.1.21 }] }
`;

describe('the roles of a lab on the practice host', () => {
  it('are plugged in, live and from the next boot on, known by the machine\'s metadata, exported, undone and destroyed', async () => {
    const { labs, apply, state, read, readUnkept, preview, machine, nics, problems, inventory } = await open();
    const before = state();
    expect(await problems(text)).toEqual(['Line 13, column 3: The role later has no machine.']);
    const run = await apply(await read(text));
    expect(troubles(run)).toEqual([]);
    expect([nics('git'), nics('cameras')]).toEqual([['default', 'home-web', 'home-dark'], ['house-vlans/cameras', 'default', 'home-dark']]);
    const [, web, dark] = machine('git').nics;
    expect(machine('git').labRoles).toEqual([{ lab: 'home', role: 'server', nics: [{ network: 'web', mac: web!.mac, plugged: true }, { network: 'dark', mac: dark!.mac, plugged: true }] }]);
    expect(inventory.get('h')!.snapshot.networks.find(({ name }) => name === 'home-web')!.ips[0]!.dhcp!.hosts).toMatchObject([{ mac: web!.mac, ip: '10.99.1.20', name: 'server' }, { ip: '10.99.1.21', name: 'later' }]);
    expect(labs.labsOn('h')).toMatchObject([{ lab: 'home', machines: [{ name: 'cameras' }, { name: 'git' }] }]);
    expect(await preview(await read(text))).toBeNull();
    const exported = await labs.exportLab('h', 'home', 'host');
    expect(exported).toContain(`  server:\n    machine: git\n    nics:\n      - { network: web, mac: ${web!.mac}, address: 10.99.1.20 }\n      - { network: dark, mac: ${dark!.mac} }\n`);
    expect(await preview(await readUnkept(exported))).toBeNull();
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(changed(before, state())).toEqual([]);
    await apply(await read(text));
    const gone = await apply(destroyLab('home'));
    expect(troubles(gone)).toEqual([]);
    expect(changed(before, state())).toEqual([]);
    expect(troubles(await apply({ kind: 'undo', historyId: gone.id }))).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
  });

  it('hold for roles of every shape: applied, there is nothing left to do; destroyed, the host is as before', async () => {
    const { state, read, readUnkept, preview, apply, labs } = await open();
    const before = state();
    await fc.assert(fc.asyncProperty(labRolesArbitrary, async (file) => {
      const run = await apply(await read(file));
      expect(troubles(run)).toEqual([]);
      expect(await preview(await read(file))).toBeNull();
      expect(await preview(await readUnkept(await labs.exportLab('h', 'gen', 'host')))).toBeNull();
      expect(troubles(await apply(destroyLab('gen')))).toEqual([]);
      expect(changed(before, state())).toEqual([]);
    }), { numRuns: 6 });
  });

  it('go from any to any other, and back by undo', async () => {
    const { state, read, preview, apply } = await open();
    const before = state();
    await fc.assert(fc.asyncProperty(labRolesArbitrary, labRolesArbitrary, async (from, to) => {
      await apply(await read(from));
      const between = state();
      const intent = await read(to);
      if (await preview(intent)) {
        const run = await apply(intent);
        expect(troubles(run)).toEqual([]);
        expect(await preview(await read(to))).toBeNull();
        expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
        expect(changed(between, state())).toEqual([]);
        await apply(await read(to));
      }
      expect(troubles(await apply(destroyLab('gen')))).toEqual([]);
      expect(changed(before, state())).toEqual([]);
    }), { numRuns: 3, endOnFailure: true });
  });

  it('are gone on with or destroyed without a trace, wherever it was cut off', async () => {
    const { runner, apply, state, read, preview, inventory } = await open();
    const before = state();
    const steps = (await preview(await read(text)))!.steps.length;
    const cutOff = async (intent: LabIntent, after: number): Promise<void> => {
      for (const step of (await preview(intent))!.steps.slice(0, after)) expect(await runner.run(step.command)).toMatchObject({ exitCode: 0 });
      await inventory.refresh('h', 'all');
    };
    for (let after = 1; after < steps; after += 1) {
      await cutOff(await read(text), after);
      expect(troubles(await apply(await read(text)))).toEqual([]);
      expect(await preview(await read(text))).toBeNull();
      const removals = (await preview(destroyLab('home')))!.steps.length;
      await cutOff(destroyLab('home'), after % removals);
      expect(troubles(await apply(destroyLab('home')))).toEqual([]);
      expect(changed(before, state())).toEqual([]);
    }
  });

  it('take what the machine has there already for theirs, and leave it when they go', async () => {
    const { apply, read, preview, machine, nics, runner, inventory } = await open();
    await apply(await read(networks));
    const xml = '<interface type=\'network\'><mac address=\'52:54:00:12:00:01\'/><source network=\'home-dark\'/><model type=\'e1000e\'/></interface>';
    await runner.run({ argv: ['virsh', 'attach-device', 'git', '/dev/stdin', '--live', '--config'], stdin: { name: 'x', text: xml } });
    await inventory.refresh('h', 'all');
    expect(troubles(await apply(await read(text)))).toEqual([]);
    expect(nics('git')).toEqual(['default', 'home-dark', 'home-web']);
    expect(machine('git').labRoles[0]?.nics).toMatchObject([{ network: 'web', plugged: true }, { network: 'dark', mac: '52:54:00:12:00:01', plugged: false }]);
    expect(await preview(await read(text))).toBeNull();
    expect(troubles(await apply(await read(networks)))).toEqual([]);
    expect([nics('git'), nics('cameras'), machine('git').labRoles]).toEqual([['default', 'home-dark'], ['house-vlans/cameras', 'default'], []]);
  });

  it('are put right after somebody pulled a NIC, moved it, or took the mark out', async () => {
    const { apply, read, preview, machine, nics, virsh, detach, inventory, runner } = await open();
    await apply(await read(text));
    const titles = async (): Promise<string[]> => (await preview(await read(text)))?.steps.map((step) => step.title) ?? [];
    const mac = machine('git').nics[2]!.mac;
    await detach('git', mac, 'home-dark', '--live');
    expect(await titles()).toEqual([`git: plug ${mac} into network home-dark now`]);
    await detach('git', mac, 'home-dark', '--config');
    expect(await titles()).toEqual([`git: plug ${mac} into network home-dark in its definition`, `git: plug ${mac} into network home-dark now`]);
    await apply(await read(text));
    const moved = `<interface type='network'><mac address='${mac}'/><source network='default'/><model type='virtio'/></interface>`;
    await runner.run({ argv: ['virsh', 'update-device', 'git', '/dev/stdin', '--live'], stdin: { name: 'x', text: moved } });
    await inventory.refresh('h', 'all');
    expect(await titles()).toEqual([`git: take ${mac} out now`, `git: plug ${mac} into network home-dark now`]);
    expect(troubles(await apply(await read(text)))).toEqual([]);
    expect(nics('git')).toEqual(['default', 'home-web', 'home-dark']);
    await virsh('metadata', 'git', 'urn:x-netwright:lab:1', '--remove', '--live', '--config');
    expect(await titles()).toEqual(['Note in git\'s metadata: server of the lab home']);
  });

  it('pass from one machine to another, and come back when it was started in between', async () => {
    const { apply, read, preview, nics, virsh, inventory } = await open();
    const before = JSON.stringify([nics('git'), nics('jellyfin'), nics('cameras')]);
    await apply(await read(text));
    const run = await apply(await read(text.replace('machine: git', 'machine: jellyfin')));
    expect(troubles(run)).toEqual([]);
    expect([nics('git'), nics('jellyfin')]).toEqual([['default'], ['default', 'home-web', 'home-dark']]);
    // The address stays the role's.
    expect(run.plan.steps.some((step) => step.command.argv.includes('net-update'))).toBe(false);
    await virsh('start', 'cameras');
    expect(await preview(await read(text.replace('machine: git', 'machine: jellyfin')))).toBeNull();
    await virsh('destroy', 'jellyfin');
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect([nics('git'), nics('jellyfin')]).toEqual([['default', 'home-web', 'home-dark'], ['default']]);
    await apply(destroyLab('home'));
    expect(JSON.stringify([nics('git'), nics('jellyfin'), nics('cameras')])).toBe(before);
    expect(inventory.get('h')!.snapshot.machines.flatMap(({ labRoles }) => labRoles)).toEqual([]);
  });

  it('say what is wrong with them on this host, at its line', async () => {
    const { problems } = await open();
    const said = (machines: string): Promise<string[]> => problems(`${networks}machines:\n${machines}`);
    expect(await said('  a: { machine: gti, nics: [{ network: web }] }')).toEqual(['Line 7, column 17: There is no machine “gti” on this host. Is it “git”?']);
    expect(await said('  a: { machine: git, nics: [{ network: web, mac: 52:54:00:1e:a7:03 }] }')).toEqual(['Line 7, column 50: jellyfin has this MAC already; two of the same on one host get in each other’s way.']);
    expect(await said('  a: { machine: git, nics: [{ network: web, mac: 52:54:00:6b:3c:58 }] }')).toEqual(['Line 7, column 50: git has a NIC 52:54:00:6b:3c:58 of its own on network default: move it first, or give this one another MAC.']);
    expect(await said('  a: { machine: git, nics: [{ network: web, address: 10.99.1.1 }] }')).toEqual(['Line 7, column 54: 10.99.1.1 is the host\'s own address on this network.']);
  });

  it('start and stop with their networks, in an order that makes sense', async () => {
    const { apply, read, plans, machine, inventory, virsh } = await open();
    await apply(await read(text));
    const titles = async (intent: LabIntent): Promise<string[]> => (await plans.preview('h', intent)).steps.map((step) => step.title);
    expect(await titles({ kind: 'lab.start', lab: 'home' })).toEqual(['Start cameras']);
    const stop = await apply({ kind: 'lab.stop', lab: 'home' });
    expect(stop.plan.steps.map((step) => step.title)).toEqual(['Ask the guest of git to shut down', 'Stop home-dark and remove its bridge virbr4', 'Stop home-web and remove its bridge virbr3']);
    expect(troubles(stop)).toEqual([]);
    expect([machine('git').state, inventory.get('h')!.snapshot.networks.filter((network) => network.lab && network.active)]).toEqual(['shut-off', []]);
    await expect(plans.preview('h', { kind: 'lab.stop', lab: 'home' })).rejects.toMatchObject({ code: 'plan.nothing' });
    await expect(plans.preview('h', { kind: 'lab.stop', lab: 'none' })).rejects.toThrow('There is no lab “none” on this host. It has: home.');
    expect(await titles({ kind: 'lab.start', lab: 'home' })).toEqual(['Start home-dark', 'Start home-web', 'Start git', 'Start cameras']);
    expect((await plans.preview('h', { kind: 'undo', historyId: stop.id })).steps.map((step) => step.title)).toEqual(['Start home-dark', 'Start home-web', 'Start git']);
    const start = await apply({ kind: 'lab.start', lab: 'home' });
    expect(troubles(start)).toEqual([]);
    expect(machine('cameras').state).toBe('running');
    expect(troubles(await apply({ kind: 'undo', historyId: start.id }))).toEqual([]);
    await virsh('net-destroy', 'default');
    await expect(plans.preview('h', { kind: 'lab.start', lab: 'home' })).rejects.toThrow('Its NIC is plugged into the network “default”, which is not active.');
  });
});

/** What of two states differs, whatever order it stands in. */
function changed(before: string, after: string): string[] {
  const items = (state: string): string[] => (JSON.parse(state) as unknown[][]).flatMap((list) => list.map((item) => JSON.stringify(item)));
  const [old, now] = [items(before), items(after)];
  return [...old.filter((item) => !now.includes(item)).map((item) => `- ${item}`), ...now.filter((item) => !old.includes(item)).map((item) => `+ ${item}`)];
}
