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

  it('has a box for each portgroup and each reservation', () => {
    const boxes = (id: string) => read(writeTemplate(labTemplates.find((template) => template.id === id)!, 'x', [])).resolved.boxes.map(({ name, note }) => [name, note]);
    expect(boxes('vlan-campus')).toEqual([['staff', 'VLAN 10'], ['guests', 'VLAN 20'], ['voice', 'VLAN 30'], ['trunk', 'trunk']]);
    expect(boxes('kubernetes')).toEqual([['control-1', '.11'], ['worker-1', '.21'], ['worker-2', '.22']]);
    expect(boxes('storage')).toEqual([['VM', '.100'], ['VM', '.101'], ['VM', ''], ['VM', '']]);
  });

  it.each(labTemplates.map(({ id }) => id))('of %s is the same in the file and on the host, when no machine is plugged in', (id) => {
    const { file, networks, resolved } = read(writeTemplate(labTemplates.find((template) => template.id === id)!, 'x', []));
    const onHost = pictureOfLab(networks.map((network) => made(file.name, network)), []);
    expect(onHost.networks).toEqual(resolved.networks);
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
