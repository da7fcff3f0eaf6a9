import { describe, expect, it } from 'vitest';
import type { Plan } from '../../shared/domain/plan';
import { fixtureNetworkProposal } from '../testing/fixtures/network-proposals';
import { planFor } from '../testing/fixtures/plans';
import { describePlanDifference } from './plan-difference';

const intent = { kind: 'network.create', uuid: 'a0000000-0000-4000-8000-000000000001', spec: fixtureNetworkProposal().spec, start: true } as const;
const reviewed = planFor('attic', intent);

describe('describePlanDifference', () => {
  it('names steps that came, went, or do something else', () => {
    const [define, autostart, start] = reviewed.steps as [Plan['steps'][0], Plan['steps'][0], Plan['steps'][0]];
    const fresh: Plan = { ...reviewed, steps: [{ ...define, command: { ...define.command, stdin: { name: 'nat1.xml', text: '<network/>' } } }, start, { ...start, id: 'more', title: 'Stop another' }] };
    expect(describePlanDifference(reviewed, fresh)).toEqual([
      `“${define.title}” now runs with something else: see Commands and XML`, 'New step: Stop another', `No longer needed: ${autostart.title}`,
    ]);
  });

  it('tells of new losses and of documents somebody else changed', () => {
    const fresh: Plan = { ...reviewed, notices: [{ severity: 'warning', text: 'web1 drops off.' }], changes: reviewed.changes.map((change) => ({ ...change, before: '<network/>' })) };
    expect(describePlanDifference(reviewed, fresh)).toEqual(['web1 drops off.', 'Network nat1 was changed on the host in the meantime: see XML']);
  });

  it('is never silent', () => {
    expect(describePlanDifference(reviewed, reviewed).length).toBe(1);
  });
});
