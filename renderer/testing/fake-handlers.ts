import { isAttachedKind } from '../../shared/domain/network-kinds';
import type { EventName, EventPayload } from '../../shared/contract/events';
import { newHostProfile } from '../../shared/domain/host';
import type { HostView, SessionState } from '../../shared/domain/host';
import type { PlanRun } from '../../shared/domain/plan';
import { AppError } from '../../shared/errors/app-error';
import type { FakeHandlers } from './fake-bridge';
import { addressedKinds } from '../../shared/domain/network-kinds';
import type { FakeState } from './fake-state';
import { createFakeConversions } from './fake-conversions';
import { createFakeLabTests } from './fake-lab-tests';
import { createFakeLabs, planOf } from './fake-labs';
import { createFakeTerminals } from './fake-terminals';
import { createFakeRehearsal } from './fake-rehearsal';
import { attachedProposal, specOf } from './fixtures/attached-plans';
import { fixtureNetworkDraft, fixtureNetworkProposal } from './fixtures/network-proposals';
import { waitingRun } from './fixtures/plans';
import { fixtureHistoryEntry } from './fixtures/records';

type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

function findHost(state: FakeState, hostId: string): HostView {
  const host = state.hosts.find((candidate) => candidate.profile.id === hostId);
  if (!host) throw new AppError('not-found', 'No such host', `There is no host ${hostId}.`);
  return host;
}

/** Plays a run to its end, one step or check per tick. */
async function playRun(run: PlanRun, emit: Emit, delayMs: number): Promise<void> {
  const tick = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, delayMs); });
  for (const [index, step] of run.steps.entries()) {
    if (run.cancelled) break;
    step.state = 'running';
    emit('plan.progress', run);
    await tick();
    step.state = 'done';
    step.outcome = { exitCode: 0, stdout: `${run.plan.steps[index]!.title}\n`, stderr: '', durationMs: delayMs };
  }
  if (run.cancelled) {
    run.phase = 'rolling-back';
    emit('plan.progress', run);
    await tick();
    for (const step of run.steps) step.state = step.state === 'done' ? 'undone' : 'not-run';
    for (const check of run.checks) check.state = 'not-run';
    run.outcome = 'rolled-back';
  } else {
    run.phase = 'verifying';
    for (const check of run.checks) {
      check.state = 'running';
      emit('plan.progress', run);
      await tick();
      check.state = 'passed';
      check.detail = 'as expected';
    }
    run.outcome = 'applied';
  }
  run.phase = 'ended';
  run.endedAt = new Date().toISOString();
  emit('plan.progress', run);
}

export function createFakeHandlers(state: FakeState, emit: Emit, stepDelayMs: number): FakeHandlers {
  const publishHosts = (): void => emit('hosts.changed', state.hosts);
  const setSession = (hostId: string, session: SessionState): void => {
    findHost(state, hostId).session = session;
    publishHosts();
  };
  const labTests = createFakeLabTests(state, emit, stepDelayMs);
  const never = (): Promise<never> => new Promise(() => undefined);
  const failOr = <T>(value: T): T => {
    if (state.variant === 'failing') throw new AppError('host.not-connected', 'attic is not connected', 'Connect first, then try again.');
    return value;
  };

  return {
    'hosts.list': () => state.hosts,
    'hosts.add': ({ name, connection, group, colour }) => {
      const host: HostView = { profile: { ...newHostProfile(`host-${state.hosts.length}`, name, connection), group, colour }, session: { phase: 'disconnected' } };
      state.hosts = [...state.hosts, host];
      publishHosts();
      return host;
    },
    'hosts.update': (profile) => {
      findHost(state, profile.id).profile = profile;
      publishHosts();
      return findHost(state, profile.id);
    },
    'hosts.remove': ({ hostId }) => {
      state.hosts = state.hosts.filter((host) => host.profile.id !== hostId);
      state.inventories.delete(hostId);
      publishHosts();
    },
    'hosts.readSshConfig': () => ({
      path: '/home/mara/.ssh/config',
      entries: [
        { alias: 'basement', address: '10.0.0.20', port: 22, user: 'mara', keyPath: null, proxyJump: null, unsupported: [] },
        { alias: 'rack', address: 'rack.home.arpa', port: 2222, user: 'root', keyPath: '~/.ssh/rack_ed25519', proxyJump: 'mara@basement', unsupported: [] },
        { alias: 'colo', address: '203.0.113.8', port: 22, user: null, keyPath: null, proxyJump: null, unsupported: ['ProxyCommand'] },
      ],
      problem: { code: 'ssh.config-broken', title: 'A line of ~/.ssh/config was skipped', detail: 'Line 31, “Hostnam nas.home.arpa”: not an option that ssh knows.' },
    }),
    'hosts.localAvailable': () => ({ available: true, reason: null }),
    'hosts.reorder': ({ hostIds }) => {
      const placeOf = (host: HostView): number => (host.profile.connection.kind === 'practice' ? Infinity : hostIds.indexOf(host.profile.id));
      state.hosts = [...state.hosts].sort((a, b) => placeOf(a) - placeOf(b));
      publishHosts();
    },
    'hosts.forgetSecrets': ({ hostId }) => { state.secrets = state.secrets.filter((secret) => secret.hostId !== hostId); },
    'secrets.list': ({ hostId }) => state.secrets.filter((secret) => hostId === null || secret.hostId === hostId),
    'secrets.forgetAll': () => { state.secrets = []; },

    'sessions.connect': ({ hostId }) => setSession(hostId, { phase: 'connected', since: new Date().toISOString(), privilege: 'root' }),
    'sessions.disconnect': ({ hostId }) => setSession(hostId, { phase: 'disconnected' }),
    'sessions.retryNow': ({ hostId }) => setSession(hostId, { phase: 'connecting', step: 'reaching' }),
    'sessions.networkChanged': () => undefined,
    'prompts.list': () => state.prompts,
    'prompts.answer': ({ promptId }) => {
      state.prompts = state.prompts.filter((prompt) => prompt.id !== promptId);
      emit('prompts.changed', state.prompts);
    },

    'inventory.get': ({ hostId }) => (state.variant === 'loading' && hostId === 'attic' ? never() : state.inventories.get(hostId) ?? null),
    'inventory.refresh': ({ hostId }) => {
      const inventory = state.inventories.get(hostId);
      if (!inventory) return;
      inventory.snapshot = { ...inventory.snapshot, revision: inventory.snapshot.revision + 1 };
      emit('inventory.changed', { hostId, revision: inventory.snapshot.revision, stale: inventory.stale });
    },
    'inventory.xml': ({ hostId, object, uuid }) => {
      const snapshot = state.inventories.get(hostId)?.snapshot;
      const found = object === 'network' ? snapshot?.networks.find((network) => network.uuid === uuid) : snapshot?.machines.find((machine) => machine.uuid === uuid);
      if (!found) throw new AppError('libvirt.not-found', 'It is gone', `There is no ${object} ${uuid} on ${hostId} any more.`);
      const root = object === 'network' ? 'network' : 'domain';
      const changed = state.changedXml.get(uuid);
      if (changed !== undefined) return { running: null, persistent: changed };
      const xml = `<${root}>\n  <!-- kept as it is -->\n  <name>${found.name}</name>\n  <uuid>${uuid}</uuid>\n  <bridge name="virbr0" stp="on" delay="0"/>\n  <ip address="192.168.122.1" netmask="255.255.255.0">\n    <dhcp>\n      <range start="192.168.122.2" end="192.168.122.254"/>\n    </dhcp>\n  </ip>\n</${root}>\n`;
      const isRunning = 'active' in found ? found.active : found.state === 'running';
      return { running: isRunning ? xml : null, persistent: xml.replace('stp="on" ', '') };
    },

    'preflight.get': ({ hostId }) => state.reports.get(hostId) ?? null,
    'preflight.refresh': ({ hostId }) => {
      const report = state.reports.get(hostId);
      if (!report) throw new AppError('host.not-connected', 'The host is not connected', 'Connect to the host first.');
      const fresh = { ...report, takenAt: new Date().toISOString() };
      state.reports.set(hostId, fresh);
      emit('preflight.changed', { hostId });
      return fresh;
    },

    'networks.propose': ({ hostId, kind }) => {
      const snapshot = state.inventories.get(hostId)?.snapshot;
      const proposal = fixtureNetworkProposal(addressedKinds.find((known) => known === kind));
      return failOr(snapshot && isAttachedKind(kind) ? { ...proposal, spec: attachedProposal(kind, snapshot) } : proposal);
    },
    'networks.draft': ({ hostId, uuid }) => {
      const network = state.inventories.get(hostId)?.snapshot.networks.find((item) => item.uuid === uuid);
      const draft = fixtureNetworkDraft();
      return failOr(network && isAttachedKind(network.kind) ? { ...draft, spec: specOf(network) } : draft);
    },
    'networks.usedRanges': () => failOr(fixtureNetworkProposal().used),
    'networks.judgeXml': ({ xml }) => (xml.includes('soon')
      ? { verdict: 'refused', said: 'XML error: Invalid delay value in network \'default\'', reason: null, problems: [{ severity: 'error', message: 'The delay of the <bridge> is a number of seconds.', line: xml.split('\n').findIndex((line) => line.includes('soon')) + 1, column: 3 }] }
      : { verdict: 'accepted', said: null, reason: null, problems: [] }),
    'networks.duplicateXml': () => ({ uuid: crypto.randomUUID(), xml: '<network>\n  <name>default-2</name>\n  <bridge name="virbr7"/>\n  <ip address="192.168.150.1" prefix="24"/>\n</network>\n' }),

    ...createFakeLabs(state),
    ...labTests.handlers,

    'plan.preview': ({ hostId, intent }) => failOr(planOf(state, hostId, intent)),
    'plan.apply': ({ hostId, intent, digest }) => {
      const plan = planOf(state, hostId, intent);
      if (plan.digest !== digest) throw new AppError('plan.stale', 'The host has changed', 'Look at the new plan before applying it.');
      const run = waitingRun(`run-${state.runs.length + 1}`, plan);
      state.runs = [...state.runs, run];
      void playRun(run, emit, stepDelayMs).then(() => { emit('history.changed', { hostId }); labTests.follow(run); });
      return run;
    },
    'plan.cancel': ({ runId }) => {
      const run = state.runs.find((candidate) => candidate.id === runId);
      if (!run) throw new AppError('not-found', 'No such run', `There is no run ${runId}.`);
      run.cancelled = true;
      run.phase = 'cancelling';
      emit('plan.progress', run);
    },
    'plan.running': () => state.runs.filter((run) => run.phase !== 'ended'),

    'history.list': ({ hostId }) => state.history.filter((row) => hostId === null || row.hostId === hostId),
    'history.get': ({ historyId }) => {
      const entry = fixtureHistoryEntry(historyId);
      if (!entry) throw new AppError('not-found', 'No such entry', `History holds no entry ${historyId}.`);
      return entry;
    },

    'activity.list': ({ hostId }) => state.activity.filter((entry) => entry.hostId === hostId),

    ...createFakeConversions(state, emit, stepDelayMs),

    ...createFakeTerminals(state, emit),
    ...createFakeRehearsal(),

    'settings.get': () => state.settings,
    'settings.update': (change) => {
      state.settings = { ...state.settings, ...change };
      emit('settings.changed', state.settings);
      return state.settings;
    },

    'app.shown': () => undefined,
    'app.about': () => state.about,
    'app.copyText': () => undefined,
    'app.paste': () => undefined,
    'app.openExternal': () => true,
    'app.chooseKeyFile': () => '/home/mara/.ssh/id_ed25519',
    'app.saveTextFiles': ({ files }) => files.map((file) => file.name),
    'app.openXmlFiles': () => [
      { name: 'lab.xml', text: '<network>\n  <name>lab</name>\n  <ip address="10.64.3.1" prefix="24"/>\n</network>\n', problem: null },
      { name: 'default.xml', text: '<network>\n  <name>default</name>\n  <bridge name="virbr0"/>\n  <ip address="192.168.122.1" prefix="24"/>\n</network>\n', problem: null },
      { name: 'broken.xml', text: '<network>\n  <name>broken</nam>\n</network>\n', problem: null },
    ],
  };
}
