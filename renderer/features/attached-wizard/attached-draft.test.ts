import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { attachedSpecArbitrary } from '../../../test/fakes/attached-spec-arbitrary';
import { attachedKinds } from '../../../shared/domain/network-kinds';
import { draftFromSpec, newPortgroup, toSpec } from './attached-draft';
import type { AttachedDraft } from './attached-draft';
import { attachedSteps, stepOfField } from './attached-steps';
import { describeLoss } from './draft-loss';

const ovs = (more: Partial<AttachedDraft> = {}): AttachedDraft => ({
  ...draftFromSpec({ kind: 'ovs', name: 'n', title: null, description: null, vlan: null, portgroups: [], autostart: true, bridge: 'ovsbr0', createBridge: null }, 'ovsbr1', true), ...more,
});
const read = (draft: AttachedDraft) => toSpec(draft, { kind: 'ovs', name: 'n', title: null, description: null, vlan: null, portgroups: [], autostart: true, bridge: 'ovsbr0', createBridge: null });

describe('toSpec', () => {
  it('gives back the spec a draft was made from', () => {
    fc.assert(fc.property(attachedSpecArbitrary, (spec) => {
      expect(toSpec(draftFromSpec(spec, 'ovsbr9', true), spec)).toEqual({ spec, issues: [] });
    }));
  });

  it('reads lists and ranges of VLANs', () => {
    const { spec } = read(ovs({ portgroups: [newPortgroup('a', { mode: 'trunk', tags: '10; 20-22 30', nativeTag: '1' })] }));
    expect(spec?.portgroups[0]?.vlan).toEqual({ mode: 'trunk', tags: [10, 20, 21, 22, 30], native: { tag: 1, mode: 'untagged' } });
  });

  it('gives what machines receive by Open vSwitch a peak, which alone holds them back there', () => {
    const limited = { ...newPortgroup('a', {}), inboundKBps: '125', outboundKBps: '250' };
    const rate = (averageKBps: number, peakKBps: number | null) => ({ averageKBps, peakKBps, burstKiB: null });
    expect(read(ovs({ portgroups: [limited] })).spec?.portgroups[0]?.bandwidth).toEqual({ inbound: rate(125, 125), outbound: rate(250, null) });
  });

  it('says what is wrong beside the form’s own fields', () => {
    const { issues } = read(ovs({
      createBridge: true, newBridge: 'a name', vlan: { mode: 'access', tag: '0', tags: '', nativeTag: '', nativeMode: 'untagged' },
      portgroups: [newPortgroup('', { mode: 'trunk', tags: '10, x', nativeTag: '4095' }), { ...newPortgroup('b', {}), inboundKBps: 'fast' }],
    }));
    expect([...new Set(issues.map((issue) => issue.path))].sort()).toEqual(['newBridge', 'portgroups.0.name', 'portgroups.0.vlan.nativeTag', 'portgroups.0.vlan.tags', 'portgroups.1.inboundKBps', 'vlan.tag']);
    for (const issue of issues) expect(stepOfField(issue.path, 'ovs')).toBe(issue.path === 'newBridge' ? 'place' : 'vlans');
  });
});

it('has a step for VLANs where they are the point', () => {
  expect(attachedKinds.map((kind) => attachedSteps(kind).length)).toEqual([4, 4, 5, 4]);
});

it('says what leaving would throw away', () => {
  const draft = ovs();
  expect(describeLoss(draft, draft)).toEqual([]);
  expect(describeLoss({ ...draft, name: 'x', createBridge: true, portgroups: [newPortgroup('a', {})], stp: true }, draft)).toEqual(['the name “x”', 'the choice of ovsbr1', '1 portgroup', 'the options']);
});
