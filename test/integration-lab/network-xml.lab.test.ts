import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Element } from '@xmldom/xmldom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkNetworkXml } from '../../shared/domain/network-xml/check-network-xml';
import { duplicateNetworkXml } from '../../shared/domain/network-xml/duplicate-network-xml';
import { readIdentity, withIdentity } from '../../shared/domain/network-xml/network-identity';
import { sameDefinition } from '../../shared/domain/network-xml/same-definition';
import type { Intent } from '../../shared/domain/intent';
import type { PlanRun } from '../../shared/domain/plan';
import { collectUsedRanges } from '../../shared/domain/used-ranges';
import { parseRoot } from '../../shared/domain/xml/parse-xml';
import { childElements } from '../../shared/domain/xml/read-element';
import { attributesOf } from '../../shared/domain/xml/xml-source';
import { explainDefinition } from '../../electron/commands/virsh/explain-definition';
import { HistoryService } from '../../electron/services/history/history-service';
import { InventoryService } from '../../electron/services/inventory/inventory-service';
import { judgeNetworkXml } from '../../electron/services/networks/xml-judge';
import { PlanService } from '../../electron/services/plans/plan-service';
import { FileHistoryStore } from '../../electron/storage/history-store';
import type { CommandRunner } from '../../electron/transport/command-runner';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import { troubles } from '../fakes/plan-troubles';
import { LabHost, labKeyPath } from '../lab/lab';

const folder = join(import.meta.dirname, '../fixtures/network-documents');
const documents = readdirSync(folder).filter((name) => name.endsWith('.xml'));
/** By libvirt 9.0, and those that name devices which are not there. */
const isRefused = (name: string): boolean => name.startsWith('refused-') || name === 'hostdev-addresses.xml' || name === 'running-hostdev.xml';
/** What libvirt 9.0 does not give back of what it took. */
const leftOut: Partial<Record<string, string[]>> = {
  'described.xml': ['network/title: Cameras & door bells', 'network/description: Nothing in here needs the internet.\nAsk before you plug anything else in.'],
  'newer-libvirt.xml': ['network/forward/driver model=mlx5_vfio_pci'],
  'newer-libvirt-names.xml': ['network/domain register=yes'],
  'running.xml': ['network connections=3', 'network/forward/interface connections=3'],
};
/** What we say of a document that libvirt takes. */
const told: Partial<Record<string, string[]>> = {
  'described.xml': ['warning 4'],
  'newer-libvirt.xml': ['warning 3'],
  'newer-libvirt-names.xml': ['warning 5'],
};
const scratch = mkdtempSync(join(tmpdir(), 'netwright-xml-test-'));
const runners: CommandRunner[] = [];
let host: LabHost;
let inventory: InventoryService;
let plans: PlanService;

async function attach(id: string, user: string): Promise<void> {
  const userFile = join(scratch, 'known-hosts');
  writeFileSync(userFile, await host.knownHostsLine());
  const runner = await openSshRunner({
    address: host.address, port: 22, user, auth: [{ kind: 'key', path: labKeyPath }], useSudo: false, homeDirectory: scratch,
    hostKey: { confirmUnknown: async () => false, userFile, systemFiles: [] }, askSecret: async () => null,
  });
  runners.push(runner);
  await inventory.attach(id, runner);
}

beforeAll(async () => {
  host = await LabHost.up('xml', { nics: 1 });
  inventory = new InventoryService({ timing: { settleMs: 300 } });
  await attach('h', 'root');
  const history = new HistoryService(new FileHistoryStore(join(scratch, 'history')));
  await history.load();
  plans = new PlanService({
    inventory, history, preflight: { facts: () => Promise.reject(new Error('No plan of networks asks for these')) },
    hosts: { get: () => ({ name: 'xml' }), list: () => [{ id: 'h', name: 'xml' }] },
    now: () => new Date(), newId: randomUUID, sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });
});
afterAll(async () => {
  for (const runner of runners) await runner.close();
  rmSync(scratch, { recursive: true });
  await host?.down();
});

const virsh = (...words: string[]): Promise<string> => host.execOrThrow(['virsh', '-q', ...words]);
const apply = async (intent: Intent): Promise<PlanRun> => {
  const plan = await plans.preview('h', intent);
  return plans.finished((await plans.apply('h', intent, plan.digest)).id);
};
const snapshotOf = () => {
  const held = inventory.get('h');
  if (!held) throw new Error('There is no snapshot');
  return held.snapshot;
};

/** Each element of a document with its attributes and its text, whatever their order. */
function wordsOf(element: Element, path = element.nodeName): string[] {
  const children = childElements(element);
  const text = children.length === 0 ? element.textContent?.trim() : '';
  const attributes = attributesOf(element).map(([name, value]) => (path.endsWith('mac') || name === 'mac' ? `${name}=${value.toLowerCase()}` : `${name}=${value}`));
  return [`${path}${text ? `: ${text}` : ''}`, ...attributes.map((each) => `${path} ${each}`), ...children.flatMap((child) => wordsOf(child, `${path}/${child.nodeName}`))];
}

/** What of a document is not in the other, each as often as it lacks. */
function lacking(given: string, held: string): string[] {
  const rest = wordsOf(parseRoot(held, 'network'));
  return wordsOf(parseRoot(given, 'network')).filter((word) => {
    const at = rest.indexOf(word);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

describe('network documents on a real host', () => {
  it.each(documents.filter((name) => !isRefused(name)))('%s is kept without loss', async (name) => {
    const xml = readFileSync(join(folder, name), 'utf8');
    const title = readIdentity(xml).name ?? '';
    const defined = await host.exec(['virsh', '-q', 'net-define', '/dev/stdin'], { input: xml });
    expect(defined.stderr).toBe('');
    try {
      const held = await virsh('net-dumpxml', '--inactive', title);
      expect(sameDefinition(xml, held)).toBe(true);
      expect(lacking(xml, held)).toEqual(leftOut[name] ?? []);
      // What libvirt holds goes through our hands and back into libvirt as it is.
      expect((await host.exec(['virsh', '-q', 'net-define', '/dev/stdin'], { input: withIdentity(held, { name: title }) })).stderr).toBe('');
      expect(await virsh('net-dumpxml', '--inactive', title)).toBe(held);
      const verdict = await judgeNetworkXml(inventory, 'h', xml);
      expect({ verdict: verdict.verdict, problems: verdict.problems.map(({ severity, line }) => `${severity} ${line ?? '-'}`) }).toEqual({ verdict: 'accepted', problems: told[name] ?? [] });
      await inventory.refresh('h', 'all');
      const snapshot = snapshotOf();
      const copy = duplicateNetworkXml(held, { snapshot, used: collectUsedRanges([{ hostName: 'xml', snapshot }]), random: Math.random, uuid: randomUUID() });
      expect((await host.exec(['virsh', '-q', 'net-define', '/dev/stdin'], { input: copy })).stderr).toBe('');
      await virsh('net-undefine', readIdentity(copy).name ?? '');
    } finally {
      await virsh('net-undefine', title);
    }
  });

  it.each(documents.filter(isRefused))('%s is refused, and we know why', async (name) => {
    const xml = readFileSync(join(folder, name), 'utf8');
    const { stderr } = await host.exec(['virsh', '-q', 'net-define', '/dev/stdin'], { input: xml });
    const found = explainDefinition(xml, stderr);
    expect(found.message).not.toMatch(/^libvirt says/);
    expect(found.line).not.toBeNull();
  });
});

describe('a judgement', () => {
  it('changes nothing and needs no rights', async () => {
    const before = await host.execOrThrow('virsh net-list --all; find /etc/libvirt /var/lib/libvirt/network -type f | sort | xargs md5sum');
    await attach('p', 'plain').catch(() => undefined);
    for (const id of ['h', ...inventory.get('p') ? ['p'] : []]) {
      expect(await judgeNetworkXml(inventory, id, '<network>\n<name>default</name>\n<forward mode="natt"/>\n</network>')).toMatchObject({ verdict: 'refused', problems: [{ line: 3, message: '“natt” is no mode of <forward>.' }] });
      expect(await judgeNetworkXml(inventory, id, '<network><name>default</name></network>')).toMatchObject({ verdict: 'accepted', problems: [] });
    }
    expect(await host.execOrThrow('virsh net-list --all; find /etc/libvirt /var/lib/libvirt/network -type f | sort | xargs md5sum')).toBe(before);
  });
});

describe('plans of definitions', () => {
  const uuid = randomUUID();
  const xml = '<network>\n  <!-- gone once it is stored -->\n  <name>lab</name>\n  <forward mode="nat"/>\n  <bridge name="virbr-lab"/>\n  <ip address="192.168.150.1" prefix="24">\n    <dhcp>\n      <range start="192.168.150.100" end="192.168.150.199"/>\n    </dhcp>\n  </ip>\n</network>\n';
  const define = (change: Partial<Extract<Intent, { kind: 'network.define' }>>): Intent => ({ kind: 'network.define', uuid, xml, basedOn: null, when: 'now', start: true, autostart: true, ...change });
  const definition = async (): Promise<string> => `${(await virsh('net-dumpxml', '--inactive', uuid)).trim()}\n`;

  it('creates, changes, renames and undoes', async () => {
    expect(checkNetworkXml(xml, { snapshot: snapshotOf(), used: [], uuid: null }).map((problem) => problem.severity)).toEqual(['info']);
    expect(troubles(await apply(define({})))).toEqual([]);
    const made = await definition();
    expect(made).not.toContain('<!--');
    const edit = await apply(define({ xml: made.replace('.199', '.150'), basedOn: made }));
    expect(troubles(edit)).toEqual([]);
    expect(await virsh('net-dumpxml', uuid)).toContain('192.168.150.150');
    await expect(plans.preview('h', define({ xml: made, basedOn: made }))).rejects.toMatchObject({ data: { code: 'plan.stale' } });
    const edited = await definition();
    const rename = await apply(define({ xml: withIdentity(edited, { name: 'home' }), basedOn: edited }));
    expect(troubles(rename)).toEqual([]);
    expect(await virsh('net-list', '--autostart', '--name')).toMatch(/^home$/m);
    expect(troubles(await apply({ kind: 'undo', historyId: rename.id }))).toEqual([]);
    expect(await definition()).toBe(edited);
    expect(troubles(await apply({ kind: 'undo', historyId: edit.id }))).toEqual([]);
    expect(await definition()).toBe(made);
    await host.defineGuest('user', 'lab');
    await inventory.refresh('h', 'all');
    const taken = await apply(define({ xml: withIdentity(made, { name: 'home' }), basedOn: made }));
    expect(troubles(taken)).toEqual([]);
    expect(await virsh('domiflist', 'user')).toMatch(/ home /);
    expect(troubles(await apply({ kind: 'undo', historyId: taken.id }))).toEqual([]);
    expect(await virsh('domiflist', 'user')).toMatch(/ lab /);
    await virsh('undefine', 'user');
    expect(troubles(await apply({ kind: 'network.delete', uuid }))).toEqual([]);
  });
});
