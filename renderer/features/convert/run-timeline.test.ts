import { describe, expect, it } from 'vitest';
import { fixtureRun, fixtureTransaction } from '../../testing/fixtures/conversions';
import { clockText } from './convert-words';
import { hostChecks, seenFromHere } from './host-checks';
import { reviewDifferences } from './review-differences';
import { fixtureReview } from '../../testing/fixtures/conversions';
import { reasonOf, secondsInAll, timelineOf, trialSeconds } from './run-timeline';

const words = (state: Parameters<typeof fixtureTransaction>[0]): string => timelineOf(fixtureTransaction(state)).map((stage) => `${stage.label} ${stage.state}`).join(', ');

describe('the way of a conversion', () => {
  it('shows what is done, where it is, and what is to come', () => {
    expect(timelineOf(null)[0]).toEqual({ label: 'Staged', state: 'current', seconds: null });
    expect(words('APPLYING')).toBe('Staged done, Armed done, Applying current, Trial todo, Verified todo, Kept todo');
    expect(words('VERIFIED')).toBe('Staged done, Armed done, Applied done, Trial done, Verified current, Kept todo');
    expect(words('DONE')).toBe('Staged done, Armed done, Applied done, Trial done, Verified done, Kept done');
  });

  it('ends with the way back where it was left', () => {
    expect(words('REVERTING')).toBe('Staged done, Armed done, Applying failed, Going back current');
    expect(words('REVERTED')).toBe('Staged done, Armed done, Applying failed, Back done');
    expect(words('REVERT_FAILED')).toBe('Staged done, Armed done, Applying failed, Not back failed');
  });

  it('tells times by the host’s own clock', () => {
    expect(timelineOf(fixtureTransaction('DONE')).map(({ seconds }) => seconds)).toEqual([null, 2, 2, 2, 2, 2]);
    expect(secondsInAll(fixtureTransaction('DONE'))).toBe(8);
    expect(secondsInAll(fixtureTransaction('ARMED'))).toBeNull();
  });

  it('knows how long the trial lasts since it was made longer', () => {
    const transaction = fixtureTransaction('TRIAL');
    expect(trialSeconds(transaction)).toBe(120);
    const said = (text: string) => ({ at: '2026-11-27T08:16:00Z', state: 'TRIAL' as const, text });
    expect(trialSeconds({ ...transaction, journal: [...transaction.journal, said('the trial lasts 300 s now'), said('the trial lasts 480 s now')] })).toBe(480);
  });

  it('gives the reason the host gave first', () => {
    expect(reasonOf(fixtureTransaction('REVERT_FAILED'))).toBe('the gateway 10.0.0.1 does not answer through br0');
    expect(reasonOf(fixtureTransaction('DONE'))).toBeNull();
  });
});

describe('what the host sees of itself', () => {
  const shapes = (why: string): string => hostChecks(fixtureRun('REVERTED', { transaction: fixtureTransaction('REVERTED', {}, why) })).map(({ shape }) => shape).join(' ');
  /** Sentences of engine/probe.sh and engine.sh. */
  it.each([
    ['eno1 is no port of br0', 'bad off off off off'],
    ['eno1 has lost its carrier: is the cable plugged in, and the switch on?', 'bad off off off off'],
    ['a step failed: Switch br0 on (exit code 4): no', 'bad off off off off'],
    ['br0 has not the addresses eno1 had: 10.0.0.12/24', 'on bad off off off'],
    ['br0 was given another address: 10.0.0.99/24', 'on bad off off off'],
    ['another default route than before (gateway, interface, metric): 10.0.0.1 br0 425', 'on on bad off off'],
    ['the gateway 10.0.0.1 does not answer through br0', 'on on on bad off'],
    ['DNS no longer answers', 'on on on on bad'],
  ])('%s', (why, expected) => {
    expect(shapes(why)).toBe(expected);
  });

  it('is looked at while it changes over, and holds on trial', () => {
    expect(hostChecks(fixtureRun('ARMED')).every(({ shape }) => shape === 'off')).toBe(true);
    expect(hostChecks(fixtureRun('APPLYING')).every(({ shape }) => shape === 'warn')).toBe(true);
    expect(hostChecks(fixtureRun('TRIAL')).every(({ shape }) => shape === 'on')).toBe(true);
  });
});

describe('what is seen from here', () => {
  it('takes a silent session for what is to be expected', () => {
    expect(seenFromHere({ run: fixtureRun('TRIAL'), session: 'reconnecting', address: 'attic:22' })[0]).toMatchObject({ shape: 'off', text: expect.stringContaining('as expected') as string });
  });

  it('says that another host key is never confirmed', () => {
    const run = fixtureRun('TRIAL', { reached: false, attempts: 1, problem: 'attic shows a different host key: …' });
    expect(seenFromHere({ run, session: 'other', address: 'attic:22' }).map(({ shape }) => shape)).toEqual(['off', 'on', 'bad', 'off']);
  });
});

describe('small words', () => {
  it('count minutes and seconds', () => {
    expect([0, 0.2, 59.9, 107, 600].map(clockText)).toEqual(['0:00', '0:01', '1:00', '1:47', '10:00']);
  });

  it('name what is another in a plan', () => {
    const before = fixtureReview({ kind: 'convert', nic: 'eno1', bridge: 'br0', switch: 'linux' }, 'full');
    const [first, ...rest] = before.plan!.changes;
    const now = { ...before, findings: before.findings.slice(1), plan: { ...before.plan!, changes: [{ ...first!, after: 'other' }, ...rest], revert: [] } };
    expect(reviewDifferences(before, now)).toEqual(['No longer: The switch has to allow several MAC addresses', 'Another content: /etc/NetworkManager/system-connections/br0.nmconnection', 'The way back takes other commands']);
    expect(reviewDifferences(before, before)).toHaveLength(1);
  });
});
