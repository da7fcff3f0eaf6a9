import { describe, expect, it } from 'vitest';
import { makeMachine, makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import type { Network } from '../network';
import { familyOfKind } from '../network-families';
import { withLabMark } from '../network-xml/lab-mark-xml';
import { parseNetwork } from '../network-xml/parse-network';
import type { ResolvedNetwork } from './lab-intent';
import { pictureOfFile, pictureOfLab } from './lab-picture';
import { readLabFile } from './read-lab-file';
import { resolveLab } from './resolve-lab';
import { labTemplates, writeTemplate } from './templates/templates';

let last = 0;
const newUuid = (): string => `00000000-0000-4000-8000-${String(last += 1).padStart(12, '0')}`;

function read(text: string) {
  const { file, problems } = readLabFile(text);
  if (!file) throw new Error(problems.map(({ message }) => message).join('\n'));
  const { networks } = resolveLab(file, { snapshot: makeSnapshot(), used: [], newUuid });
  return { file, networks, open: pictureOfFile(file, []), resolved: pictureOfFile(file, networks) };
}

function made(lab: string, { key, uuid, spec }: ResolvedNetwork): Network {
  const xml = withLabMark(familyOfKind(spec.kind).build(uuid, spec), { lab, key, madeSwitch: spec.kind === 'ovs' && spec.createBridge !== null });
  return { ...parseNetwork(xml), active: true, autostart: true, persistent: true, leases: [], pendingRestart: false };
}

describe('the picture of a lab', () => {
  it('has what a file leaves open as soon as a host has said', () => {
    const { open, resolved } = read('version: 1\nname: x\nnetworks:\n  web: { kind: nat }\n  dark: { kind: isolated, ipv4: none }\n  up: { kind: bridged, bridge: br0 }\n');
    expect(open.networks.map(({ key, address, place, way }) => [key, address, place, way])).toEqual([['web', 'a free /24', null, 'translated'], ['dark', null, null, 'none'], ['up', null, 'br0', 'plain']]);
    expect(resolved.networks[0]?.address).toMatch(/^\d+\.\d+\.\d+\.1\/24$/);
    expect(open.boxes.map(({ name, note }) => `${name} ${note}`.trim())).toEqual(['VMs by DHCP', 'VMs', 'VMs']);
    expect(resolved.boxes[0]?.note).toBe('.100–.199');
  });

  it('has a box for each router and role, else for each portgroup or reservation', () => {
    const boxes = (id: string) => read(writeTemplate(labTemplates.find((template) => template.id === id)!, 'x', [])).resolved.boxes.map(({ name, note }) => [name, note]);
    expect(boxes('firewall').slice(0, 1)).toEqual([['gateway', 'router']]);
    expect(boxes('kubernetes')).toEqual([['control-1', '.11'], ['worker-1', '.21'], ['worker-2', '.22']]);
    expect(boxes('storage')).toEqual([['node-1', '2 NICs'], ['node-2', '2 NICs'], ['node-3', '2 NICs'], ['client', '']]);
    expect(boxes('sandbox')).toEqual([['VM', '.100'], ['VM', '.101']]);
    const portgroups = 'version: 1\nname: x\nnetworks:\n  c: { kind: ovs, createBridge: {}, portgroups: [{ name: staff, vlan: { mode: access, tag: 10 } }, { name: trunk, vlan: { mode: trunk, tags: [10] } }] }\n';
    expect(read(portgroups).resolved.boxes.map(({ name, note }) => [name, note])).toEqual([['staff', 'VLAN 10'], ['trunk', 'trunk']]);
    const reserved = 'version: 1\nname: x\nnetworks:\n  n: { kind: nat, ipv4: { address: 10.9.8.1/24, dhcp: { ranges: [], hosts: [{ mac: "52:54:00:00:00:01", ip: 10.9.8.7, name: db }] } } }\n';
    expect(read(reserved).resolved.boxes.map(({ name, note }) => [name, note])).toEqual([['db', '.7']]);
  });

  it('shows a role by the machine that plays it', () => {
    const text = 'version: 1\nname: x\nnetworks:\n  n: { kind: nat }\nmachines:\n  db: { machine: pg15, nics: [{ network: n }] }\n  web: { nics: [{ network: n }] }\n';
    expect(read(text).open.boxes.map(({ name, note, kind }) => [name, note, kind])).toEqual([['pg15', 'db', 'machine'], ['web', '', 'open']]);
  });

  it.each(labTemplates.map(({ id }) => id))('of %s is the same in the file and on the host, when no machine is plugged in', (id) => {
    const { file, networks, resolved } = read(writeTemplate(labTemplates.find((template) => template.id === id)!, 'x', []));
    const onHost = pictureOfLab(networks.map((network) => made(file.name, network)), []);
    const byKey = (list: typeof onHost.networks) => [...list].sort((a, b) => a.key.localeCompare(b.key));
    expect(byKey(onHost.networks)).toEqual(byKey(resolved.networks));
    expect(new Set(onHost.boxes.flatMap(({ plugs }) => plugs))).toEqual(new Set(Object.keys(file.networks)));
  });

  it('shows machines with all their plugs once, and keeps room where there is none', () => {
    const { networks } = read(writeTemplate(labTemplates.find((template) => template.id === 'storage')!, 'x', []));
    const onHost = networks.map((network) => made('x', network));
    const osd = makeMachine('osd', 'x-public', 'vnet1');
    const both = { ...osd, nics: [...osd.nics, { ...osd.nics[0]!, network: 'x-cluster' }] };
    expect(pictureOfLab(onHost, [both, makeMachine('elsewhere', 'default', null)]).boxes).toMatchObject([{ name: 'osd', note: '2 NICs', plugs: ['public', 'cluster'], kind: 'machine', running: true }]);
    expect(pictureOfLab(onHost, [osd]).boxes.map(({ kind, plugs }) => [kind, plugs])).toEqual([['machine', ['public']], ['open', ['cluster']]]);
  });
});
