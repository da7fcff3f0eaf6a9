import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences, verdictsOf } from '../../../../test/fakes/lab-test-findings';
import { access, addressedInner, darkInner, labHost, labNetwork, labTestNetworksArbitrary, vlanInner } from '../../../../test/fakes/lab-test-networks';
import { fakeRouter } from '../../../../test/fakes/lab-test-routers';
import { judgeLabTest } from './judge-lab-test';
import type { LabTestNetwork } from './lab-places';
import { promisesOf } from './lab-promises';
import type { LabPromise } from './lab-promises';
import type { LabTestReport } from './lab-test-report';
import type { LabTestRouter } from './lab-test-router';
import { planLabTest } from './plan-probes';
import type { LabTestPlan } from './plan-probes';
import type { ProbeOutcome, ProbeTry, TryOutcome } from './probe-plan';

const outside = '192.0.2.1';
const router = '10.0.0.1';

/** A world that keeps every promise, but for the tries that `change` has otherwise. */
function tested(lab: readonly LabTestNetwork[], change: (reached: TryOutcome, item: ProbeTry, plan: LabTestPlan) => TryOutcome = (reached) => reached, probes: Record<number, ProbeOutcome> = {}, host = labHost(lab), routers: readonly LabTestRouter[] = []) {
  const promises = promisesOf(lab, host, routers);
  const plan = planLabTest(lab, host, outside, routers);
  const idOf = (n: number): string => plan.places.find(({ first, second, control }) => [first, second, control].some((probe) => probe?.n === n))?.end.id ?? '';
  const roleOf = (n: number): string => plan.probes.probes[n]?.role ?? '';
  const promised = (item: ProbeTry): LabPromise['reach'] => {
    const from = item.from === 'host' ? 'host' : idOf(item.from);
    const { to: target } = item;
    const asked = 'address' in target ? routers.find(({ faces }) => faces.some(({ address }) => address === target.address))?.key : undefined;
    const to = 'probe' in target ? idOf(target.probe) : target.address === router ? 'lan' : target.address === outside ? 'internet' : asked ?? 'host';
    return promises.find((promise) => promise.from.id === from && promise.to.id === to)?.reach ?? 'yes';
  };
  const keep = (item: ProbeTry): TryOutcome => {
    const isControl = typeof item.from === 'number' && roleOf(item.from) === 'control';
    const reached = isControl || promised(item) === 'yes';
    return { tcp: new Map(item.ports.map((port) => [port, reached ? 'open' : 'silent'])), ping: reached };
  };
  const up = plan.probes.probes.map(({ n, addresses, wireAddress }): [number, ProbeOutcome] => [n, probes[n] ?? { state: 'up', address: addresses[0] ?? wireAddress }]);
  const results = { probes: new Map(up), tries: new Map(plan.probes.tries.map((item) => [item.n, change(keep(item), item, plan)])), removedLeftovers: 0, waits: new Map() };
  return { report: judgeLabTest('try', promises, plan, results, 1), promises, plan, idOf };
}

const only = (outcome: 'open' | 'refused' | 'silent', ping: boolean | null) => ({ tcp }: TryOutcome): TryOutcome => ({ tcp: new Map([...tcp.keys()].map((port) => [port, outcome])), ping });
const betweenNetworks = ({ from, to }: ProbeTry, { probes }: LabTestPlan): boolean => typeof from === 'number' && 'probe' in to && probes.probes[from]?.device !== probes.probes[to.probe]?.device;
const two = [labNetwork('web', addressedInner(1, 'nat')), labNetwork('dmz', addressedInner(2, 'route'))];

describe('a lab\'s test', () => {
  it('holds for every lab: a world that keeps the promises is as promised, and one promise broken is that one found', () => {
    fc.assert(fc.property(labTestNetworksArbitrary, fc.nat(), (lab, which) => {
      const { report, plan, idOf } = tested(lab);
      expect(differences(report)).toEqual([]);
      expect(report.findings.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
      const pairs = plan.probes.tries.filter((item): item is ProbeTry & { from: number; to: { probe: number } } => typeof item.from === 'number' && 'probe' in item.to && idOf(item.from) !== idOf(item.to.probe));
      const broken = pairs[which % Math.max(1, pairs.length)];
      if (!broken) return;
      const after = tested(lab, (reached, item) => (item.n === broken.n ? only(reached.ping ? 'silent' : 'open', !reached.ping)(reached) : reached)).report;
      const finding = report.findings.find(({ from, to }) => from.id === idOf(broken.from) && to.id === idOf(broken.to.probe));
      expect(differences(after)).toEqual(finding?.promised === 'partly' ? [] : [`${finding?.from.id}>${finding?.to.id}`]);
    }), { numRuns: 60 });
  });

  it('takes no ping for a connection, and says so; and one for reaching what must not be', () => {
    const { report } = tested(two, (reached, item, plan) => (betweenNetworks(item, plan) ? only('silent', true)(reached) : reached));
    expect(differences(report)).toEqual(['web>dmz', 'dmz>web']);
    expect(report.findings.find(({ from, to }) => from.id === 'web' && to.id === 'dmz')).toMatchObject({ reached: false, hint: expect.stringMatching(/^Pings pass/) as unknown });
    expect(report.findings.find(({ from, to }) => from.id === 'dmz' && to.id === 'web')).toMatchObject({
      reached: true, sentence: 'dmz reaches web, though it should not: NAT networks take no connections in.', hint: expect.stringMatching(/^Something lets it pass/) as unknown,
    });
  });

  it('takes silence for nothing where nothing is heard at all', () => {
    const dead = [labNetwork('web', addressedInner(1, 'nat')), labNetwork('dark', darkInner(2))];
    const { report } = tested(dead, (reached, item, { probes }) => (typeof item.from === 'number' && probes.probes[item.from]?.device === 'br-2' ? only('silent', false)(reached) : reached));
    expect(verdictsOf(report)).toMatchObject({ 'dark>dark': 'differs', 'web>dark': 'failed', 'dark>web': 'failed', 'dark>lan': 'failed', 'web>web': 'as-promised reached' });
    const apart = [labNetwork('flats', addressedInner(1, null, '<port isolated="yes"/>'))];
    expect(verdictsOf(tested(apart).report)['flats>flats']).toBe('as-promised');
    expect(tested(apart, (reached) => only('silent', false)(reached)).report.findings[0]).toMatchObject({ verdict: 'failed', sentence: 'Whether a machine on flats reaches another one there was not tried: nothing reached them at all, so that their silence proves nothing.' });
    expect(differences(tested(apart, (reached) => only('open', true)(reached)).report)).toContain('flats>flats');
  });

  it('judges the way out by what the host itself gets', () => {
    const away = (ports: 'open' | 'refused' | 'silent', ping: boolean | null, hostPing: boolean) => tested([two[0]!], (reached, { from, to }) => {
      if (!('address' in to) || to.address !== router) return reached;
      return from === 'host' ? only(ports, hostPing)(reached) : only('silent', ping)(reached);
    }).report;
    expect(verdictsOf(away('silent', true, false))['web>lan']).toBe('failed');
    expect(away('silent', true, false).findings.find(({ to }) => to.id === 'lan')?.sentence).toBe('Whether web reaches the LAN was not tried: 10.0.0.1 does not answer this host itself.');
    // A router that only answers pings has nothing better to be asked for.
    expect(verdictsOf(away('refused', true, true))['web>lan']).toBe('as-promised reached');
    expect(verdictsOf(away('open', true, true))['web>lan']).toBe('differs');
  });

  it('says what could not be tried, and never that it is well', () => {
    const [web, dmz] = two as [LabTestNetwork, LabTestNetwork];
    const stopped = tested([web, { ...dmz, running: { ...dmz.running, active: false } }]).report;
    expect(stopped.outcome).toBe('incomplete');
    expect(verdictsOf(stopped)).toMatchObject({ 'web>dmz': 'failed', 'dmz>dmz': 'failed', 'dmz>host': 'failed', 'web>web': 'as-promised reached' });
    const sentence = (probes: Record<number, ProbeOutcome>): string | undefined => tested(two, undefined, probes).report.findings[0]?.sentence;
    expect(sentence({ 0: { state: 'taken' } })).toBe('Whether a machine on web reaches another one there was not tried: every address of web that looked free is somebody\'s: 10.99.1.254, 10.99.1.252, 10.99.1.250.');
    expect(sentence({ 1: { state: 'failed', why: 'RTNETLINK answers: No such device' } })).toContain('nothing could be plugged into web (RTNETLINK answers: No such device).');
    expect(tested(two, undefined, { 0: { state: 'untagged', why: 'Unknown device type' } }).report.findings[0]?.verdict).toBe('out-of-reach');
    expect(verdictsOf(tested([labNetwork('tap', '<forward mode="bridge"><interface dev="eno1"/></forward>')]).report)['tap>tap']).toBe('out-of-reach');
    const gone = labNetwork('c', vlanInner('ovs0', []), vlanInner('ovs0', [['ten', access(10)]]));
    expect(verdictsOf(tested([gone]).report)['c/ten>c/ten']).toBe('failed');
    expect(tested(two, undefined, {}, labHost(two, { routes: [] })).report.findings.find(({ from, to }) => from.id === 'web' && to.id === 'lan')?.verdict).toBe('failed');
  });
});

describe('the test of a lab with a router', () => {
  const lab = [labNetwork('outside', addressedInner(1, 'nat')), labNetwork('inside', darkInner(2)), labNetwork('dmz', darkInner(3))];
  const gateway = (isOn = true) => fakeRouter(lab, 'gw', [['outside', 'wan', '10.99.1.254/24', { gateway: '10.99.1.1' }], ['inside', 'lan', '10.99.2.1/24'], ['dmz', 'dmz', '10.99.3.1/24']], [['lan', 'wan'], ['lan', 'dmz']], { isOn });
  const from = (key: string, { from: n }: ProbeTry, { probes }: LabTestPlan): boolean => typeof n === 'number' && probes.probes[n]?.device === { outside: 'br-1', inside: 'br-2', dmz: 'br-3' }[key];
  const find = (report: LabTestReport, pair: string) => report.findings.find((item) => `${item.from.id}>${item.to.id}` === pair);

  it('is as promised where its rules hold, each way', () => {
    const { report } = tested(lab, undefined, {}, labHost(lab), [gateway()]);
    expect(report.outcome).toBe('as-promised');
    expect(verdictsOf(report)).toMatchObject({ 'inside>dmz': 'as-promised reached', 'dmz>inside': 'as-promised', 'inside>gw': 'as-promised reached', 'outside>gw': 'as-promised', 'inside>host': 'as-promised reached', 'outside>inside': 'as-promised' });
  });

  it('finds a rule that is gone and one too many, and says where to look', () => {
    const { report } = tested(lab, (reached, item, plan) => (from('dmz', item, plan) ? only('open', true)(reached) : reached), {}, labHost(lab), [gateway()]);
    expect(differences(report)).toEqual(['dmz>outside', 'dmz>inside', 'dmz>host', 'dmz>lan', 'dmz>internet']);
    expect(find(report, 'dmz>inside')).toMatchObject({ sentence: 'dmz reaches inside, though it should not: gw lets nobody of dmz begin to talk to lan.', hint: expect.stringContaining('virsh console try-gw') as unknown });
    const dead = tested(lab, (reached, item, plan) => (from('inside', item, plan) && !('probe' in item.to && plan.probes.probes[item.to.probe]?.device === 'br-2') ? only('silent', false)(reached) : reached), {}, labHost(lab), [gateway(false)]).report;
    expect(find(dead, 'inside>dmz')).toMatchObject({ verdict: 'differs', hint: 'The router try-gw is not running: start it (“virsh start try-gw”).' });
  });

  it('does not say that it answers nobody where nobody is heard', () => {
    const { report } = tested(lab, (reached, item, plan) => (from('outside', item, plan) ? only('silent', false)(reached) : reached), {}, labHost(lab), [gateway()]);
    expect(find(report, 'outside>gw')?.verdict).toBe('failed');
  });
});
