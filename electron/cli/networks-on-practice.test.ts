import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIdentity } from '../../shared/domain/network-xml/network-identity';
import { openPracticeCli } from '../../test/fakes/practice-cli';
import type { PracticeCli } from '../../test/fakes/practice-cli';
import { parseInvocation } from './arguments';
import type { Invocation } from './arguments';
import { editNetwork, reserveAddress } from './commands/edit-network';
import { exportNetwork } from './commands/export-network';
import { importNetwork } from './commands/import-network';
import { undo } from './commands/undo';
import { exitCode } from './exit-code';

/** The commands about networks as they are typed, on a practice host of their own. */
let folder: PracticeCli['folder'];
let context: PracticeCli['context'];
let host: PracticeCli['host'];
let close: PracticeCli['close'];
beforeEach(async () => { ({ folder, context, host, close } = await openPracticeCli()); });
afterEach(() => close());

/** Types `netwright …`. */
async function type(...words: string[]): Promise<number> {
  const invocation: Invocation = parseInvocation(words);
  switch (invocation.command) {
    case 'edit': return editNetwork(context, host, invocation.name, invocation.options);
    case 'reserve': return reserveAddress(context, host, invocation.network, { mac: invocation.mac, ip: invocation.ip, name: invocation.options.name ?? null }, invocation.options);
    case 'export': return exportNetwork(context, host, invocation.name, invocation.file);
    case 'import': return importNetwork(context, host, invocation.file, invocation.options);
    case 'undo': return undo(context, host, invocation.historyId, invocation.options);
    default: throw new Error(`${invocation.command} is not tried here`);
  }
}
const snapshot = () => context.core.inventory.get(host.id)!.snapshot;
const network = (name: string) => snapshot().networks.find((candidate) => candidate.name === name);
const file = (name: string): string => join(folder, name);

describe('export and import', () => {
  it('make another network of a definition, beside the first and undone again', async () => {
    expect(await type('export', 'practice', 'default', file('default.xml'))).toBe(exitCode.ok);
    await expect(type('export', 'practice', 'default', file('default.xml'))).rejects.toThrow('is there already');
    await expect(type('import', 'practice', file('default.xml'), '--yes')).rejects.toThrow(/has the document's UUID/);
    // The same subnet twice can't run at a time.
    expect(await type('import', 'practice', file('default.xml'), '--as', 'second', '--no-start', '--yes')).toBe(exitCode.ok);
    const [first, second] = [network('default')!, network('second')!];
    expect(second).toMatchObject({ active: false, autostart: true, kind: 'nat', ips: first.ips });
    for (const part of ['uuid', 'mac'] as const) expect(second[part]).not.toBe(first[part]);
    expect(second.bridge!.name).not.toBe(first.bridge!.name);
    const [entry] = context.core.history.list(host.id);
    expect(await type('undo', entry!.id, '--yes')).toBe(exitCode.ok);
    expect(network('second')).toBeUndefined();
  });

  it('carry a definition to a network of the same name, and what is said of autostart with it', async () => {
    await type('export', 'practice', 'sandbox', file('sandbox.xml'));
    const xml = readFileSync(file('sandbox.xml'), 'utf8');
    const { uuid } = network('sandbox')!;
    // As another host would have it: its own UUID, and a change.
    writeFileSync(file('other.xml'), xml.replace(/<uuid>.*?<\/uuid>/, '<uuid>0d2c7f9a-41c5-4f1b-8f27-3f6b8f0e1a11</uuid>').replace('</name>', '</name>\n  <title>From afar</title>'));
    const { autostart } = network('sandbox')!;
    expect(await type('import', 'practice', file('other.xml'), '--replace', '--yes')).toBe(exitCode.ok);
    expect(network('sandbox')).toMatchObject({ uuid, autostart });
    expect(readIdentity((await context.core.inventory.xml(host.id, 'network', uuid)).persistent!)).toMatchObject({ name: 'sandbox', uuid });
    expect(await type('edit', 'practice', 'sandbox', '--autostart', '--yes')).toBe(exitCode.ok);
    expect(network('sandbox')!.autostart).toBe(true);
    expect(await type('import', 'practice', file('other.xml'), '--replace', '--no-autostart', '--yes')).toBe(exitCode.ok);
    expect(network('sandbox')!.autostart).toBe(false);
  });
});

describe('edit of a network that is only attached', () => {
  it('changes what is said, and keeps the rest', async () => {
    await context.connect(host.id);
    const before = network('house-vlans')!;
    expect(before.portgroups.length).toBeGreaterThan(0);
    expect(await type('edit', 'practice', 'house-vlans', '--no-autostart', '--yes')).toBe(exitCode.ok);
    expect(network('house-vlans')).toMatchObject({ autostart: false, portgroups: before.portgroups, bridge: before.bridge });
    expect(await type('edit', 'practice', 'lan', '--port-isolation', '--no-autostart', '--when', 'next-start', '--yes')).toBe(exitCode.ok);
    expect((await context.core.inventory.xml(host.id, 'network', network('lan')!.uuid)).persistent).toMatch(/<port isolated=['"]yes['"]\/>/);
    expect(network('lan')!.autostart).toBe(false);
  });

  it('says all port groups at once, while the network runs', async () => {
    await context.connect(host.id);
    expect(await type('edit', 'practice', 'house-vlans', '--portgroup', 'trusted:vlan=10', '--portgroup', 'cameras:vlan=30', '--portgroup', 'lab:vlan=77,default', '--portgroup', 'all:trunk=77,78', '--yes')).toBe(exitCode.ok);
    expect(network('house-vlans')!.portgroups.map(({ name, isDefault }) => [name, isDefault])).toEqual([['trusted', false], ['cameras', false], ['lab', true], ['all', false]]);
    expect(network('house-vlans')!.pendingRestart).toBe(false);
  });

  it('refuses what belongs to another kind, by its name', async () => {
    await expect(type('edit', 'practice', 'lan', '--dhcp', '10.0.0.2-10.0.0.9', '--yes')).rejects.toThrow('--dhcp says nothing for “lan”, which is bridged.');
    await expect(type('edit', 'practice', 'default', '--portgroup', 'a', '--yes')).rejects.toThrow('--portgroup says nothing for “default”, which is NAT.');
    await expect(type('edit', 'practice', 'lan', '--new-bridge', '--yes')).rejects.toThrow('--new-bridge says nothing for this kind');
    await expect(type('edit', 'practice', 'lan', '--autostart', '--no-autostart', '--yes')).rejects.toThrow('exclude each other');
    await expect(type('reserve', 'practice', 'lan', '52:54:00:00:00:0a', '10.0.0.9', '--yes')).rejects.toThrow('in the router of the LAN behind it');
  });
});
