import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabIntent } from '../../../shared/domain/intent';
import { describeLabProblem, readLabFile } from '../../../shared/domain/labs/read-lab-file';
import { labTemplates } from '../../../shared/domain/labs/templates/templates';
import { destroyLab } from '../../../test/fakes/lab-driver';
import { labFileArbitrary } from '../../../test/fakes/lab-file-arbitrary';
import { troubles } from '../../../test/fakes/plan-troubles';
import { openPracticeLabs } from '../../../test/fakes/practice-labs';

async function open() {
  const practice = await openPracticeLabs();
  const { host, inventory } = practice;
  /** Everything that a lab may touch. */
  const state = (): string => JSON.stringify([
    host.state.networks.map(({ leases: _leases, ...network }) => network), host.state.interfaces.map((link) => [link.name, link.controller, link.addresses.map((item) => item.address)]),
    inventory.get('h')?.snapshot.ovsBridges.map((bridge) => bridge.name),
  ]);
  return { ...practice, state };
}

describe('labs on the practice host', () => {
  it.each(labTemplates.map((template) => template.id))('%s: made, nothing left to do, exported as it is, undone, made again and destroyed', async (id) => {
    const { labs, apply, state, read, readUnkept, preview, inventory } = await open();
    const before = state();
    const text = labs.fromTemplate('h', id, 'Try');
    expect(readLabFile(text).problems).toEqual([]);
    const run = await apply(await read(text));
    expect(troubles(run)).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
    expect(labs.labsOn('h').map(({ lab, networks }) => [lab, networks.length])).toEqual([['Try', Object.keys(readLabFile(text).file!.networks).length]]);
    expect(inventory.get('h')!.snapshot.networks.filter((network) => network.lab).every((network) => network.active && !network.pendingRestart)).toBe(true);
    expect(await preview(await readUnkept(await labs.exportLab('h', 'Try', 'host')))).toBeNull();
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(state()).toBe(before);
    await apply(await read(text));
    expect(troubles(await apply(destroyLab('Try')))).toEqual([]);
    expect(state()).toBe(before);
    await expect(preview(destroyLab('Try'))).rejects.toThrow('There is no lab “Try” on this host. It has none.');
  });

  it('holds for labs of every shape: applied, there is nothing left to do; destroyed, the host is as before', async () => {
    const { state, read, readUnkept, preview, apply, labs } = await open();
    const before = state();
    await fc.assert(fc.asyncProperty(labFileArbitrary, async (text) => {
      const first = await apply(await read(text));
      expect(first.error).toBeNull();
      expect(await preview(await read(text))).toBeNull();
      expect(await preview(await readUnkept(await labs.exportLab('h', 'gen', 'host')))).toBeNull();
      expect((await apply(destroyLab('gen'))).error).toBeNull();
      expect(state()).toBe(before);
    }), { numRuns: 12 });
  });

  it('goes from any lab to any other', async () => {
    const { state, read, preview, apply } = await open();
    const before = state();
    await fc.assert(fc.asyncProperty(labFileArbitrary, labFileArbitrary, async (from, to) => {
      await apply(await read(from));
      const intent = await read(to);
      if (await preview(intent)) expect(troubles(await apply(intent))).toEqual([]);
      expect(await preview(await read(to))).toBeNull();
      expect((await apply(destroyLab('gen'))).error).toBeNull();
      expect(state()).toBe(before);
    }), { numRuns: 5, endOnFailure: true });
  });

  it('hands a subnet on to another network of the lab, on another bridge', async () => {
    const { read, apply } = await open();
    const lab = (key: string, bridge: string): string => `version: 1\nname: gen\nnetworks:\n  ${key}:\n    kind: nat\n    bridge: ${bridge}\n    ipv4:\n      address: 10.44.1.1/24\n`;
    expect(troubles(await apply(await read(lab('old', 'labbr8'))))).toEqual([]);
    expect(troubles(await apply(await read(lab('new', 'labbr9'))))).toEqual([]);
  });

  it.each(['vlan-campus', 'storage', 'firewall'])('%s: cut off after any step, it is gone on with, or destroyed without a trace', async (id) => {
    const { labs, runner, apply, state, read, preview, inventory } = await open();
    const before = state();
    const text = labs.fromTemplate('h', id, 'Cut');
    const steps = (await preview(await read(text)))!.steps.length;
    const cutOff = async (intent: LabIntent, after: number): Promise<void> => {
      for (const step of (await preview(intent))!.steps.slice(0, after)) expect((await runner.run(step.command)).exitCode).toBe(0);
      await inventory.refresh('h', 'all');
    };
    for (let after = 1; after < steps; after += 1) {
      await cutOff(await read(text), after);
      expect(troubles(await apply(await read(text)))).toEqual([]);
      expect(await preview(await read(text))).toBeNull();
      const removals = (await preview(destroyLab('Cut')))!.steps.length;
      for (let removed = 1; after === 1 && removed < removals; removed += 1) {
        await cutOff(destroyLab('Cut'), removed);
        expect(troubles(await apply(destroyLab('Cut')))).toEqual([]);
        expect(state()).toBe(before);
        await apply(await read(text));
      }
      await apply(destroyLab('Cut'));
      await cutOff(await read(text), after);
      expect(troubles(await apply(destroyLab('Cut')))).toEqual([]);
      expect(state()).toBe(before);
    }
  });
});

describe('a lab that somebody changed by hand', () => {
  const text = 'version: 1\nname: home\nnetworks:\n  web: { kind: nat, ipv4: { address: 10.99.1.1/24 } }\n  dark: { kind: isolated, ipv4: none }\n';

  it('is seen, and put right: stopped, deleted, redefined, or no longer started with the host', async () => {
    const { runner, inventory, apply, read, preview } = await open();
    await apply(await read(text));
    const virsh = async (...words: string[]): Promise<void> => {
      expect((await runner.run({ argv: ['virsh', '-c', 'qemu:///system', ...words] })).exitCode).toBe(0);
      await inventory.refresh('h', 'all');
    };
    const titles = async (): Promise<string[]> => (await preview(await read(text)))?.steps.map((step) => step.title) ?? [];
    await virsh('net-destroy', 'home-dark');
    expect(await titles()).toEqual(['Start home-dark']);
    await virsh('net-undefine', 'home-dark');
    expect(await titles()).toEqual([expect.stringMatching(/^Define the network home-dark/), 'Start home-dark with the host', 'Start home-dark']);
    await apply(await read(text));
    await virsh('net-autostart', 'home-web', '--disable');
    expect(await titles()).toEqual(['Start home-web with the host']);
    await virsh('net-autostart', 'home-web');
    await virsh('net-update', 'home-web', 'add', 'ip-dhcp-host', '--xml', "<host mac='52:54:00:00:00:01' ip='10.99.1.9'/>", '--live', '--config');
    expect((await preview(await read(text)))?.steps.map((step) => step.command.argv[3])).toEqual(['net-update']);
    expect(troubles(await apply(await read(text)))).toEqual([]);
    expect(await preview(await read(text))).toBeNull();
  });

  it('is not touched where it is somebody else\'s, and says what stands in the way', async () => {
    const { labs, read } = await open();
    const problems = async (networks: string): Promise<string[]> => (await labs.read('h', `version: 1\nname: home\nnetworks:\n${networks}`)).problems.filter(({ severity }) => severity === 'error').map(describeLabProblem);
    expect(await problems('  web: { kind: nat, name: default }')).toEqual([expect.stringMatching(/^Line 4, column 27: There is a network “default” on this host already/)]);
    expect(await problems('  web: { kind: nat, ipv4: { address: 192.168.122.1/24 } }')).toEqual([expect.stringMatching(/^Line 4, column 38: .*default/)]);
    expect(await problems('  web: { kind: bridged, bridge: br99 }')).toEqual([expect.stringMatching(/^Line 4, column 33: There is no bridge “br99”/)]);
    await expect(read('version: 1\nname: home\nnetworks: { web: { kind: nat } }')).resolves.toMatchObject({ lab: 'home' });
  });

  it('changes while it runs where libvirt can, and keeps what the file leaves open', async () => {
    const { apply, read, preview, inventory } = await open();
    await apply(await read('version: 1\nname: home\nnetworks:\n  web: { kind: nat }\n'));
    const ips = () => inventory.get('h')!.snapshot.networks.find((network) => network.name === 'home-web')!.ips;
    const { address } = ips()[0]!;
    const more = 'version: 1\nname: home\nnetworks:\n  web: { kind: nat, dnsHosts: [{ ip: 10.9.9.9, hostnames: [nas] }] }\n  lan: { kind: isolated }\n';
    const plan = await preview(await read(more));
    expect(plan?.steps.map((step) => step.command.argv[3])).toEqual(['net-update', 'net-define', 'net-define', 'net-autostart', 'net-start']);
    expect(troubles(await apply(await read(more)))).toEqual([]);
    expect(ips()[0]!.address).toBe(address);
    const less = await preview(await read('version: 1\nname: home\nnetworks:\n  lan: { kind: isolated }\n'));
    expect(less?.steps.map((step) => step.title)).toEqual([expect.stringMatching(/^Stop home-web/), 'Remove the definition of home-web', "Keep the lab's file in the metadata of home-lan"]);
  });
});
