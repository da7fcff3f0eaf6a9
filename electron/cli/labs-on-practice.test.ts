import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labTestReportSchema } from '../../shared/domain/labs/connectivity/lab-test-report';
import { readLabFile } from '../../shared/domain/labs/read-lab-file';
import { openPracticeCli } from '../../test/fakes/practice-cli';
import type { PracticeCli } from '../../test/fakes/practice-cli';
import { parseInvocation } from './arguments';
import { applyLab, assignRole, cloneLab, destroyLab, exportLab, listLabs, newLab, planLab, showJumpBox, showTemplates, switchLab } from './commands/lab';
import { testLab } from './commands/test-lab';
import { exitCode } from './exit-code';

/** `netwright lab …` as it is typed, on a practice host of its own. */
let folder: PracticeCli['folder'];
let context: PracticeCli['context'];
let host: PracticeCli['host'];
let printed: PracticeCli['printed'];
let close: PracticeCli['close'];
beforeEach(async () => { ({ folder, context, host, printed, close } = await openPracticeCli()); });
afterEach(() => close());

/** Types `netwright lab …`. */
async function type(...words: string[]): Promise<number> {
  const invocation = parseInvocation(['lab', ...words]);
  switch (invocation.command) {
    case 'lab-templates': return showTemplates(context, invocation.options);
    case 'lab-list': return listLabs(context, host, invocation.options);
    case 'lab-new': return newLab(context, host, invocation);
    case 'lab-plan': return planLab(context, host, invocation);
    case 'lab-apply': return applyLab(context, host, invocation);
    case 'lab-destroy': return destroyLab(context, host, invocation);
    case 'lab-test': return testLab(context, host, invocation);
    case 'lab-jump': return showJumpBox(context, host, invocation);
    case 'lab-power': return switchLab(context, host, invocation);
    case 'lab-assign': return assignRole(context, host, invocation);
    case 'lab-export': return exportLab(context, host, invocation);
    case 'lab-clone': return cloneLab(context, host, invocation);
    default: throw new Error(`${invocation.command} is none of labs`);
  }
}
const file = (name: string): string => join(folder, name);

describe('netwright lab', () => {
  it('gives what ssh needs to go through a lab\'s jump box', async () => {
    await type('new', 'isolated', 'practice', 'iso', '--out', file('iso.yaml'));
    expect(await type('apply', 'practice', file('iso.yaml'), '--yes')).toBe(exitCode.ok);
    expect(await type('jump', 'practice', 'iso')).toBe(exitCode.ok);
    expect(printed.at(-1)).toMatch(/^# For ~\/\.ssh\/known_hosts: iso-jump-box-\w{8} ssh-ed25519 AAAA\S+\n[^]*Host iso-jump-box\n {2}HostName [\d.]+\n {2}User jump\n/);
    await type('new', 'sandbox', 'practice', 'plain', '--out', file('plain.yaml'));
    await type('apply', 'practice', file('plain.yaml'), '--yes');
    await expect(type('jump', 'practice', 'plain')).rejects.toThrow('No jump box');
  });

  it('goes from a template to a lab and a clone beside it, and back', async () => {
    expect(await type('templates')).toBe(exitCode.ok);
    expect(printed.join('\n')).toContain('vlan-campus: VLAN campus');
    expect(await type('new', 'storage', 'practice', 'ceph', '--out', file('ceph.yaml'))).toBe(exitCode.ok);
    await expect(type('new', 'storage', 'practice', '--out', file('ceph.yaml'))).rejects.toThrow('is there already');
    expect(await type('plan', 'practice', file('ceph.yaml'))).toBe(2);
    expect(printed.at(-1)).toContain('Create the lab ceph');
    expect(await type('apply', 'practice', file('ceph.yaml'), '--yes')).toBe(exitCode.ok);
    expect(await type('plan', 'practice', file('ceph.yaml'))).toBe(exitCode.ok);
    expect(await type('apply', 'practice', file('ceph.yaml'), '--yes')).toBe(exitCode.ok);
    expect(printed.at(-1)).toMatch(/^Nothing to do/);
    expect(await type('clone', 'practice', file('ceph.yaml'), 'ceph2', '-o', file('ceph2.yaml'))).toBe(exitCode.ok);
    expect(await type('apply', 'practice', file('ceph2.yaml'), '--yes')).toBe(exitCode.ok);
    await type('list', 'practice', '--json');
    expect((JSON.parse(printed.at(-1)!) as { lab: string }[]).map(({ lab }) => lab)).toEqual(['ceph', 'ceph2']);
    for (const lab of ['ceph', 'ceph2']) expect(await type('destroy', 'practice', lab, '--yes')).toBe(exitCode.ok);
    await type('list', 'practice');
    expect(printed.at(-1)).toBe('There is no lab on this host.');
  });

  it('tests a lab: 0 as promised, 2 where it differs, 5 where something could not be tried', async () => {
    writeFileSync(file('home.yaml'), 'version: 1\nname: home\nnetworks:\n  web: { kind: nat }\n  dmz: { kind: routed }\n  dark: { kind: isolated, ipv4: none }\n');
    await type('apply', 'practice', file('home.yaml'), '--yes');
    expect(await type('test', 'practice', 'home')).toBe(exitCode.ok);
    expect(printed.at(-1)).toMatch(/^from \\ to +dark +dmz +web +host +lan +internet\ndark +● +○ +○ +○ +○ +○\n/);
    expect(printed.at(-1)).toMatch(/home: as promised \(\d+ as promised, 0 not, 0 could not be tried\), \d+\.\d s$/);
    const runner = context.core.inventory.runner(host.id);
    const run = (...argv: string[]) => runner.run({ argv });
    await run('sysctl', '-w', 'net.ipv4.ip_forward=0');
    expect(await type('test', 'practice', 'home')).toBe(exitCode.different);
    expect(printed.at(-1)).toContain('✕ web does not reach dmz, though it should: routed networks of one host');
    await run('sysctl', '-w', 'net.ipv4.ip_forward=1');
    await run('virsh', '-c', 'qemu:///system', 'net-destroy', 'home-dmz');
    expect(await type('test', 'practice', 'home', '--json')).toBe(exitCode.unsure);
    expect(labTestReportSchema.parse(JSON.parse(printed.at(-1)!))).toMatchObject({ lab: 'home', outcome: 'incomplete' });
    await expect(type('test', 'practice', 'none')).rejects.toMatchObject({ code: 'lab.invalid' });
  });

  it('gives roles to machines, in the file and on the host, and starts and stops the lab', async () => {
    writeFileSync(file('home.yaml'), 'version: 1\nname: home\nnetworks:\n  dark: { kind: isolated, ipv4: none }\nmachines:\n  a: { nics: [{ network: dark }] }   # the first\n  b: { machine: cameras, nics: [{ network: dark }] }\n');
    const text = (): string => readFileSync(file('home.yaml'), 'utf8');
    expect(await type('assign', 'practice', file('home.yaml'), 'a', 'cameras', '--plan')).toBe(exitCode.ok);
    expect(text()).not.toContain('a: { machine');
    expect(await type('assign', 'practice', file('home.yaml'), 'a', 'cameras', '--yes')).toBe(exitCode.ok);
    expect(text()).toContain('  a: { nics: [ { network: dark } ], machine: cameras } # the first\n  b: { nics: [ { network: dark } ] }\n');
    await type('list', 'practice');
    expect(printed.at(-1)).toMatch(/home +○ +cameras +plays a/);
    expect(await type('start', 'practice', 'home', '--yes')).toBe(exitCode.ok);
    expect(await type('start', 'practice', 'home', '--yes')).toBe(exitCode.ok);
    expect(printed.at(-1)).toBe('Nothing to do: all of the lab home is on on Practice host.');
    expect(await type('stop', 'practice', 'home', '--plan')).toBe(exitCode.ok);
    expect(printed.at(-1)).toContain('Ask the guest of cameras to shut down');
    expect(await type('assign', 'practice', file('home.yaml'), 'a', '--none', '--yes')).toBe(exitCode.ok);
    expect(text()).not.toContain('machine:');
    await expect(type('assign', 'practice', file('home.yaml'), 'c', 'git', '--yes')).rejects.toThrow('The lab home has no role “c”.');
    await expect(type('assign', 'practice', file('home.yaml'), 'a', 'gti', '--yes')).rejects.toThrow('There is no machine “gti” on this host. Is it “git”?');
    expect(await type('destroy', 'practice', 'home', '--yes')).toBe(exitCode.ok);
  });

  it('lists a lab\'s routers with it', async () => {
    await type('new', 'firewall', 'practice', 'fw', '-o', file('fw.yaml'));
    expect(await type('apply', 'practice', file('fw.yaml'), '--yes')).toBe(exitCode.ok);
    await type('list', 'practice');
    expect(printed.at(-1)).toMatch(/fw +● +fw-gateway +router/);
    expect(await type('destroy', 'practice', 'fw', '--yes')).toBe(exitCode.ok);
    await type('list', 'practice');
    expect(printed.at(-1)).toBe('There is no lab on this host.');
  });

  it('makes a lab file of networks that are there', async () => {
    expect(await type('export', 'practice', '--network', 'default', '--network', 'house-vlans', '--as', 'copy', '--out', file('copy.yaml'))).toBe(exitCode.ok);
    const { file: lab, problems } = readLabFile(readFileSync(file('copy.yaml'), 'utf8'));
    expect(problems).toEqual([]);
    expect(Object.keys(lab!.networks)).toEqual(['default', 'house-vlans']);
  });

  it('exports the file that was applied, and how the lab is where somebody has changed it', async () => {
    const text = '# mine\nversion: 1\nname: home\nnetworks:\n  web: { kind: nat } # any subnet\n';
    writeFileSync(file('home.yaml'), text);
    await type('apply', 'practice', file('home.yaml'), '--yes');
    const exported = async (...words: string[]): Promise<string> => { await type('export', 'practice', 'home', ...words); return `${printed.at(-1)}\n`; };
    expect(await exported()).toBe(text);
    expect(await exported('--from', 'host')).toMatch(/bridge: virbr/);
    await context.core.inventory.runner(host.id).run({ argv: ['virsh', '-c', 'qemu:///system', 'net-autostart', 'home-web', '--disable'] });
    expect(await exported()).toContain('autostart: false');
    expect(await exported('--from', 'kept')).toBe(text);
    expect(await type('destroy', 'practice', 'home', '--yes')).toBe(exitCode.ok);
  });

  it('says where a file is wrong, and ends a plan with 1 for it', async () => {
    writeFileSync(file('bad.yaml'), 'version: 1\nname: home\nnetworks:\n  web: { knd: nat }\n  lan: { kind: isolated, mtuu: 3 }\n');
    await expect(type('plan', 'practice', file('bad.yaml'))).rejects.toMatchObject({ code: 'lab.invalid' });
    await expect(type('apply', 'practice', file('bad.yaml'), '--yes')).rejects.toThrow('Line 5, column 26: “mtuu” is not known here. Is it “mtu”?');
    writeFileSync(file('other.yaml'), 'version: 1\nname: home\nhost: attic\nnetworks: { web: { kind: nat } }\n');
    await expect(type('apply', 'practice', file('other.yaml'), '--yes')).rejects.toThrow('The file says “host: attic”');
    await expect(type('plan', 'practice', file('none.yaml'))).rejects.toMatchObject({ code: 'lab.invalid' });
    await expect(type('destroy', 'practice', 'none', '--yes')).rejects.toThrow('There is no lab “none” on this host.');
    await expect(type('new', 'none', 'practice')).rejects.toThrow('There are: sandbox, ');
  });

  it.each([
    [['frob'], '“lab frob” is not known.'], [[], '“lab” is not known.'], [['export', 'practice'], 'Say which lab, or which networks.'],
    [['export', 'practice', 'x', '--network', 'y'], 'A lab has its own networks'], [['export', 'practice', '--network', 'y'], 'The lab needs a name'],
    [['export', 'practice', 'x', '--from', 'y'], '--from is host or kept'], [['plan', 'practice'], 'Something is missing.'],
    [['test', 'practice', 'home', '--outside', 'example.org'], '“example.org” is no IPv4 address.'],
    [['assign', 'practice', 'f', 'a'], 'Say which machine, or --none.'], [['assign', 'practice', 'f', 'a', 'm', '--none'], 'MACHINE and --none exclude each other.'],
  ])('refuses %j', (words, message) => {
    expect(() => parseInvocation(['lab', ...words])).toThrow(message);
  });
});
