import { describe, expect, it } from 'vitest';
import type { PlanRun } from '../../shared/domain/plan';
import { fixtureNetworkProposal } from '../testing/fixtures/network-proposals';
import { planFor, waitingRun } from '../testing/fixtures/plans';
import { describeDuration, summariseRun } from './plan-run-summary';

const run = waitingRun('r', planFor('attic', { kind: 'network.create', uuid: 'a0000000-0000-4000-8000-000000000001', spec: fixtureNetworkProposal().spec, start: true }));
const ended = (change: Partial<PlanRun>): PlanRun => ({ ...run, phase: 'ended', endedAt: run.startedAt, ...change });
const checks = (...states: PlanRun['checks'][0]['state'][]): PlanRun['checks'] => states.map((state) => ({ state, detail: '' }));

describe('summariseRun', () => {
  it('counts the step it is at', () => {
    expect(summariseRun({ ...run, steps: run.steps.map((step, at) => ({ ...step, state: at === 0 ? 'done' : 'waiting' })) }, 'attic').detail).toBe('Step 2 of 3.');
  });

  it('calls verified only what was looked at and found', () => {
    expect(summariseRun(ended({ outcome: 'applied', checks: checks('passed', 'passed') }), 'attic')).toMatchObject({ tone: 'good', title: 'Done and verified' });
    expect(summariseRun(ended({ outcome: 'applied', checks: checks('passed', 'unknown') }), 'attic')).toMatchObject({ tone: 'warning', title: 'Done, not all of it verified' });
    expect(summariseRun(ended({ outcome: 'applied', checks: checks('failed', 'unknown') }), 'attic')).toMatchObject({ tone: 'bad' });
  });

  it('tells a cancelled run from a failed one, and a lost connection from a failed way back', () => {
    expect(summariseRun(ended({ outcome: 'rolled-back', cancelled: true }), 'attic').detail).toContain('You cancelled.');
    expect(summariseRun(ended({ outcome: 'rolled-back' }), 'attic').detail).toContain('A step failed.');
    const lost = run.steps.map((step) => ({ ...step, state: 'unknown' as const }));
    expect(summariseRun(ended({ outcome: 'half-done', steps: lost }), 'attic').detail).toContain('may or may not have happened');
    expect(summariseRun(ended({ outcome: 'half-done' }), 'attic').detail).toContain('Taking back failed as well');
  });
});

describe('describeDuration', () => {
  it('uses the unit a person would', () => {
    expect([-5, 41.4, 1250, 125_000].map(describeDuration)).toEqual(['0 ms', '41 ms', '1.3 s', '2 min 5 s']);
  });
});
