import { describe, expect, it } from 'vitest';
import { readLabVersions } from '../../../shared/domain/network-xml/lab-versions-xml';
import { destroyLab } from '../../../test/fakes/lab-driver';
import { troubles } from '../../../test/fakes/plan-troubles';
import { openPracticeLabs } from '../../../test/fakes/practice-labs';
import { InventoryService } from '../inventory/inventory-service';
import { LabService } from './lab-service';

async function open() {
  const practice = await openPracticeLabs();
  const { host, inventory, read, preview } = practice;
  const state = (): string => JSON.stringify([host.state.networks.map(({ leases: _leases, ...network }) => network), host.state.machines.map(({ name, metadata, nics }) => [name, metadata ?? [], nics.map(({ mac }) => mac)])]);
  /** The names of the networks that keep files. */
  const keepers = async (): Promise<string[]> => {
    const networks = inventory.get('h')!.snapshot.networks;
    const kept = await Promise.all(networks.map(async ({ uuid, name }) => (readLabVersions((await inventory.xml('h', 'network', uuid)).persistent ?? '<network/>').length > 0 ? [name] : [])));
    return kept.flat();
  };
  const titles = async (text: string): Promise<string[]> => (await preview(await read(text)))?.steps.map(({ title }) => title) ?? [];
  return { ...practice, state, keepers, titles };
}

const text = `# The lab of the office, as we agreed: "a" & 'b' < c ü 😀
version: 1
name: home
title: Home, sweet home
networks:
  web:	# where the servers are
    { kind: nat, ipv4: { address: 10.99.1.1/24 } }

  dark: { kind: isolated, ipv4: none }
machines:
  server: { machine: git, nics: [{ network: web, address: 10.99.1.20 }] }
  later: { title: For a rainy day, nics: [{ network: dark, model: e1000 }] }
`.replace('\t', ' ');

describe('the file of a lab', () => {
  it('stays with it to the last sign, is there for every computer, and goes with it', async () => {
    const { labs, runner, hosts, apply, state, read, preview, keepers } = await open();
    const before = state();
    const run = await apply(await read(text));
    expect(troubles(run)).toEqual([]);
    expect(await keepers()).toEqual(['home-web']);
    expect(await labs.definition('h', 'home')).toMatchObject({ text, isKept: true, kept: { text }, earlier: [] });
    const elsewhere = new InventoryService({ timing: { debounceMs: 1, settleMs: 5 } });
    await elsewhere.attach('h', runner);
    expect(await new LabService({ inventory: elsewhere, hosts }).exportLab('h', 'home')).toBe(text);
    expect(await preview(await read(text))).toBeNull();
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(state()).toBe(before);
    await apply(await read(text.replaceAll('\n', '\r\n')));
    expect(await labs.exportLab('h', 'home', 'kept')).toBe(text);
    await apply(destroyLab('home'));
    expect(state()).toBe(before);
  });

  it('changes by itself when only its remarks do, and those before are kept, can be had again, and come back by undo', async () => {
    const { labs, apply, read, preview, titles } = await open();
    await apply(await read(text));
    const second = text.replace('as we agreed', 'as it is');
    expect(await titles(second)).toEqual(["Keep the lab's file in the metadata of home-web"]);
    const run = await apply(await read(second));
    expect(troubles(run)).toEqual([]);
    const { kept, earlier } = await labs.definition('h', 'home');
    expect([kept?.text, ...earlier.map((version) => version.text)]).toEqual([second, text]);
    expect(Date.parse(earlier[0]!.appliedAt)).toBeLessThanOrEqual(Date.parse(kept!.appliedAt));
    await apply({ kind: 'undo', historyId: run.id });
    expect(await labs.definition('h', 'home')).toMatchObject({ text, isKept: true, earlier: [] });
    await apply(await read(second));
    await apply(await read(text));
    expect((await labs.definition('h', 'home')).earlier.map((version) => version.text)).toEqual([second]);
    expect(await preview(await read(text))).toBeNull();
  });

  it('is put beside what the host has where somebody changed that, with all that only the file knows', async () => {
    const { labs, apply, read, preview, virsh, titles } = await open();
    await apply(await read(text));
    await virsh('net-update', 'home-web', 'add', 'ip-dhcp-host', '--xml', "<host mac='52:54:00:00:00:01' ip='10.99.1.9'/>", '--live', '--config');
    const { text: now, isKept, kept } = await labs.definition('h', 'home');
    expect([isKept, kept?.text]).toEqual([false, text]);
    expect(now).toContain('{ mac: 52:54:00:00:00:01, ip: 10.99.1.9 }');
    expect(now).toContain('title: Home, sweet home');
    expect(now).toContain('  later:\n    title: For a rainy day\n    nics:\n      - { network: dark, model: e1000 }\n');
    expect(await titles(now)).toEqual(["Keep the lab's file in the metadata of home-web"]);
    expect(await labs.exportLab('h', 'home', 'host')).not.toContain('later');
    expect(await labs.exportLab('h', 'home', 'kept')).toBe(text);
    await apply(await read(text));
    expect(await preview(await read(text))).toBeNull();
    expect((await labs.definition('h', 'home')).isKept).toBe(true);
  });

  it('still says how the lab is while it is switched off, and no longer when a network or a role is gone', async () => {
    const { labs, apply, read, virsh } = await open();
    await apply(await read(text));
    await apply({ kind: 'lab.stop', lab: 'home' });
    expect((await labs.definition('h', 'home')).isKept).toBe(true);
    await virsh('net-undefine', 'home-dark');
    expect(await labs.definition('h', 'home')).toMatchObject({ isKept: false, kept: { text } });
    expect((await labs.definition('h', 'home')).text).not.toContain('later');
  });

  it('is taken back with a change that was made while the network ran, which stays without a restart', async () => {
    const { labs, apply, read, inventory } = await open();
    await apply(await read(text));
    const more = text.replace('address: 10.99.1.1/24 }', 'address: 10.99.1.1/24 }, dnsHosts: [{ ip: 10.9.9.9, hostnames: [nas] }]');
    const run = await apply(await read(more));
    expect(run.plan.steps.map((step) => step.command.argv[3])).toEqual(['net-update', 'net-define']);
    const undo = await apply({ kind: 'undo', historyId: run.id });
    expect(troubles(undo)).toEqual([]);
    expect(undo.plan.steps.map((step) => step.command.argv[3])).toEqual(['net-update', 'net-define']);
    expect(await labs.definition('h', 'home')).toMatchObject({ text, isKept: true, earlier: [] });
    expect(inventory.get('h')!.snapshot.networks.filter(({ lab }) => lab).map(({ pendingRestart }) => pendingRestart)).toEqual([false, false]);
  });

  it('moves to another network when the one that keeps it leaves the lab', async () => {
    const { labs, apply, read, keepers } = await open();
    await apply(await read(text));
    const less = 'version: 1\nname: home # smaller\nnetworks:\n  dark: { kind: isolated, ipv4: none }\n';
    expect(troubles(await apply(await read(less)))).toEqual([]);
    expect(await keepers()).toEqual(['home-dark']);
    expect((await labs.definition('h', 'home')).earlier.map((version) => version.text)).toEqual([text]);
  });
});
