import type { EventName, EventPayload } from '../../shared/contract/events';
import { labGround } from '../../shared/domain/labs/connectivity/lab-ground';
import type { LabTestNetwork } from '../../shared/domain/labs/connectivity/lab-places';
import { promisesOf } from '../../shared/domain/labs/connectivity/lab-promises';
import type { LabPromise } from '../../shared/domain/labs/connectivity/lab-promises';
import type { LabFinding, LabTestReport } from '../../shared/domain/labs/connectivity/lab-test-report';
import { labTestRouter } from '../../shared/domain/labs/connectivity/lab-test-router';
import type { LabTestRouter } from '../../shared/domain/labs/connectivity/lab-test-router';
import type { LabTestRun } from '../../shared/domain/labs/connectivity/lab-test-run';
import { networksOfLab } from '../../shared/domain/labs/labs-on-host';
import { parseMachine } from '../../shared/domain/machine-xml/parse-machine';
import { familyOfKind } from '../../shared/domain/network-families';
import { parseNetwork } from '../../shared/domain/network-xml/parse-network';
import type { PlanRun } from '../../shared/domain/plan';
import { buildRouterXml } from '../../shared/domain/router/router-xml';
import { AppError, toErrorData } from '../../shared/errors/app-error';
import type { FakeHandlers } from './fake-bridge';
import type { FakeState } from './fake-state';
import { buildMachine } from './fixtures/builders';

type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;
type TestHandlers = Pick<FakeHandlers, 'labs.startTest' | 'labs.cancelTest' | 'labs.tests'>;

interface Tried { networks: LabTestNetwork[]; routers: LabTestRouter[] }

/** Tests of labs by the real promises; what differs from them, and where a test stays, is the state's. `follow`: one begins after a lab was applied. */
export function createFakeLabTests(state: FakeState, emit: Emit, delayMs: number): { handlers: TestHandlers; follow: (run: PlanRun) => void } {
  const runs = new Map<string, LabTestRun>();
  const tick = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, delayMs); });

  function end(run: LabTestRun, more: Partial<LabTestRun>): void {
    Object.assign(run, { step: 'ended', endedAt: new Date().toISOString(), ...more });
    emit('labs.testProgress', run);
  }

  async function play(run: LabTestRun): Promise<void> {
    await tick();
    const snapshot = state.inventories.get(run.hostId)?.snapshot;
    if (!snapshot || state.variant === 'failing') return end(run, { error: new AppError('host.not-connected', 'The host is not connected', 'Connect to the host first.').data });
    const tried = triedOf(state, run);
    run.ground = labGround(run.lab, snapshot);
    const steps = [['plugging', 8], ...tried.routers.length > 0 ? [['waiting', tried.routers.length] as const] : [], ['trying', 40]] as const;
    for (const [step, total] of steps) {
      for (const done of [0, Math.floor(total / 2), total]) {
        if (run.cancelled) return end(run, {});
        Object.assign(run, { step, done, total });
        emit('labs.testProgress', run);
        if (state.labTests.stays.get(run.lab) === step && done > 0) return;
        await tick();
      }
    }
    end(run, { report: reportOf(run.lab, promisesOf(tried.networks, snapshot, tried.routers), tried, state.labTests.differences.get(run.lab) ?? []) });
  }

  function start(hostId: string, lab: string): LabTestRun {
    const known = runs.get(`${hostId} ${lab}`);
    if (known && known.step !== 'ended') return known;
    const run: LabTestRun = { id: `test-${runs.size + 1}-${Date.now()}`, hostId, lab, startedAt: new Date().toISOString(), endedAt: null, step: 'reading', done: 0, total: 0, cancelled: false, report: null, error: null, ground: null };
    runs.set(`${hostId} ${lab}`, run);
    void play(run).catch((error: unknown) => end(run, { error: toErrorData(error) }));
    return run;
  }

  return {
    handlers: {
      'labs.startTest': ({ hostId, lab }) => start(hostId, lab),
      'labs.cancelTest': ({ runId }) => {
        const run = [...runs.values()].find(({ id }) => id === runId);
        if (!run) throw new AppError('not-found', 'No such test', 'It has ended.');
        run.cancelled = true;
        emit('labs.testProgress', run);
        if (state.labTests.stays.get(run.lab) === run.step) end(run, {});
      },
      'labs.tests': () => [...runs.values()],
    },
    follow: ({ outcome, plan: { hostId, intent } }) => { if (outcome === 'applied' && intent.kind === 'lab.apply') start(hostId, intent.lab); },
  };
}

/** Of the snapshot; of a lab that was just made, of what was applied: here nothing is made. */
function triedOf(state: FakeState, { hostId, lab }: LabTestRun): Tried {
  const snapshot = state.inventories.get(hostId)!.snapshot;
  const owned = networksOfLab(lab, snapshot);
  if (owned.length > 0) return { networks: owned.map((running) => ({ key: running.lab?.key ?? running.name, promised: running, running })), routers: [] };
  const intent = state.runs.map(({ plan }) => plan.intent).reverse().find((item) => item.kind === 'lab.apply' && item.lab === lab);
  if (intent?.kind !== 'lab.apply') throw new AppError('not-found', 'No such lab', `There is no lab “${lab}” on this host.`);
  const networks = intent.networks.map(({ key, uuid, spec }): LabTestNetwork => {
    const promised = parseNetwork(familyOfKind(spec.kind).build(uuid, spec));
    return { key, promised, running: { ...promised, active: true, autostart: true, persistent: true, leases: [], pendingRestart: false } };
  });
  const routers = intent.routers.map(({ key, uuid, spec }) => {
    const xml = buildRouterXml(uuid, spec, { lab, key }, { architecture: 'x86_64', kvm: true });
    return labTestRouter(buildMachine({ uuid, name: parseMachine(xml).name, nics: [] }), key, xml, networks);
  });
  return { networks, routers };
}

function reportOf(lab: string, promises: readonly LabPromise[], { networks }: Tried, differences: readonly string[]): LabTestReport {
  const stopped = networks.filter(({ running }) => !running.active);
  const findings = promises.map(({ from, to, reach, because }): LabFinding => {
    const base = { from, to, promised: reach, hint: null };
    const down = stopped.find(({ key }) => [from, to].some((end) => end.kind === 'network' && end.id === key));
    const [who, whom] = [from.label, from.id === to.id ? 'another one there' : to.label];
    if (from.kind === 'lan' || from.kind === 'internet') return { ...base, reached: null, verdict: 'out-of-reach', sentence: `Whether ${who} reaches ${whom} was not tried: that takes somebody on ${who} to try it.` };
    if (down) return { ...base, reached: null, verdict: 'failed', sentence: `Whether ${who} reaches ${whom} was not tried: the network ${down.running.name} is not active.` };
    const isOther = differences.includes(`${from.id}>${to.id}`);
    const reached = (reach === 'yes') !== isOther;
    const what = `${who} ${reached ? 'reaches' : 'does not reach'} ${whom}`;
    if (reach === 'partly') return { ...base, reached, verdict: 'seen', sentence: `${what}. The lab promises neither: ${because}.` };
    if (!isOther) return { ...base, reached, verdict: 'as-promised', sentence: `${what}: ${because}.` };
    return { ...base, reached, verdict: 'differs', sentence: `${what}, though it should${reach === 'yes' ? '' : ' not'}: ${because}.`, hint: 'Look at the rules of the host’s firewall: “iptables -S FORWARD”, “nft list ruleset”.' };
  });
  const has = (verdict: LabFinding['verdict']): boolean => findings.some((finding) => finding.verdict === verdict);
  return { lab, outcome: has('differs') ? 'differs' : has('failed') ? 'incomplete' : 'as-promised', findings, removedLeftovers: 0, durationMs: 7_300 };
}
