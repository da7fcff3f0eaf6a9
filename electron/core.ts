import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Settings } from '../shared/contract/app';
import type { HostProfile, SshConfigEntry } from '../shared/domain/host';
import { toErrorData } from '../shared/errors/app-error';
import type { AppErrorData } from '../shared/errors/app-error-data';
import { ActivityLog } from './services/activity/activity-log';
import { ConversionService } from './services/conversions/conversion-service';
import { HistoryService } from './services/history/history-service';
import { InventoryService } from './services/inventory/inventory-service';
import { summarizeChecks } from './services/plans/summarize-checks';
import { LabService } from './services/labs/lab-service';
import { LabTestDesk } from './services/labs/lab-test-desk';
import { LabTestService } from './services/labs/lab-test-service';
import { NetworkDrafts } from './services/networks/network-drafts';
import { systemSleep } from './services/plans/plan-clock';
import { PlanService } from './services/plans/plan-service';
import { PreflightService } from './services/preflight/preflight-service';
import { createHostOpener } from './services/sessions/open-host';
import { PracticeSite } from './services/sessions/practice-site';
import { PromptDesk, type Asker } from './services/sessions/prompts';
import { SessionService } from './services/sessions/session-service';
import { FileHistoryStore } from './storage/history-store';
import { HostStore } from './storage/host-store';
import { SecretStore, type Keychain } from './storage/secret-store';
import { SettingsStore } from './storage/settings-store';
import { SnapshotStore } from './storage/snapshot-store';
import { readLocalAvailability } from './transport/local/local-availability';

export interface CoreOptions {
  folder: string;
  keychain: Keychain | null;
  /** Who answers questions; default: the window, by `prompts`. */
  asker?: Asker;
  knownHostsFile?: string;
  /** Profiles that are not in the store, for hosts named on the command line. */
  extraHosts?: readonly HostProfile[];
  /** Told of everything that no caller waits for and that went wrong. */
  onProblem(what: string, error: unknown): void;
}

export type Core = Awaited<ReturnType<typeof createCore>>;

/** Builds every service and wires them to each other. Both composition roots, the window's and the command line's, start here. */
export async function createCore(options: CoreOptions) {
  const { folder, onProblem } = options;
  const inBackground = (work: Promise<unknown>): void => { work.catch((error: unknown) => onProblem('in the background', error)); };

  const hosts = new HostStore(folder);
  const settings = new SettingsStore(folder);
  const secrets = new SecretStore(folder, options.keychain);
  const snapshots = new SnapshotStore(folder);
  for (const setAside of await Promise.all([hosts.load(), settings.load(), secrets.load()])) {
    if (setAside) onProblem('at start', new Error(`A settings file could not be understood. It was kept as ${setAside}.`));
  }
  const extraHosts = new Map((options.extraHosts ?? []).map((host) => [host.id, host]));
  const hostSource = { get: (id: string) => extraHosts.get(id) ?? hosts.get(id), list: () => [...extraHosts.values(), ...hosts.list()] };

  const activity = new ActivityLog();
  const prompts = new PromptDesk();
  const inventory = new InventoryService();
  await Promise.all(hosts.list().map(async ({ id }) => {
    const snapshot = await snapshots.load(id);
    if (snapshot) inventory.restore(snapshot);
  }));
  const unsaved = new Map<string, NodeJS.Timeout>();
  inventory.onChanged(({ hostId }) => saveSnapshotSoon(hostId));

  const practice = new PracticeSite(join(folder, 'practice.json'));
  const opener = createHostOpener({
    // Loaded by the first connection: the window's first picture needs none of it.
    openSsh: async (sshOptions) => (await import('./transport/ssh/open-ssh-runner')).openSshRunner(sshOptions),
    openSystemSsh: async (systemOptions) => (await import('./transport/system-ssh/open-system-ssh-runner')).openSystemSshRunner(systemOptions),
    findAlias: async (alias) => (await (await import('./transport/ssh/ssh-config')).readSshConfig()).entries.find((entry) => entry.alias === alias) ?? null,
    openLocal: async (localOptions) => (await import('./transport/local/open-local-runner')).openLocalRunner(localOptions),
    sudoPasswordKept: () => settings.get().sudoPasswordKept,
    openPractice: () => practice.open(),
    resolveRoute: async (connection) => (await import('./transport/ssh/resolve-route')).resolveRoute(connection),
    secrets,
    asker: options.asker ?? prompts,
    knownHostsFile: options.knownHostsFile,
  });
  const sessions = new SessionService({ hosts: hostSource, opener, inventory, activity });

  const conversions = new ConversionService({
    hosts: hostSource, opener, activity,
    clock: { now: () => new Date(), sleep: systemSleep },
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
  });

  const history = new HistoryService(new FileHistoryStore(join(folder, 'history')));
  for (const setAside of await history.load()) onProblem('at start', new Error(`An entry of the history could not be understood. It was kept as ${setAside}.`));
  const preflight = new PreflightService({ inventory, now: () => new Date(), onProblem: (error) => onProblem('while a host was looked at', error) });
  const plans = new PlanService({
    inventory, preflight, history,
    hosts: hostSource,
    now: () => new Date(),
    newId: randomUUID,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });

  const drafts = new NetworkDrafts({ inventory, hosts: hostSource });
  const labs = new LabService({ inventory, hosts: hostSource, ownKeys: async () => (await import('./transport/ssh/own-public-keys')).readOwnPublicKeys() });
  const labTests = new LabTestService({ inventory, plans });
  const labTestDesk = new LabTestDesk({ tests: labTests, now: () => new Date(), newId: randomUUID });

  plans.onProgress((run) => {
    if (run.phase === 'ended' && run.outcome === 'applied') activity.record({ hostId: run.plan.hostId, kind: 'check', ...summarizeChecks(run) });
    // What a fix changes emits no event.
    if (run.phase === 'ended' && ['preflight.fix', 'undo'].includes(run.plan.intent.kind)) inBackground(preflight.lookAfterPlan(run.plan.hostId));
  });

  let hasConnectedAtStart = false;
  const settingsListeners = new Set<(settings: Settings) => void>();

  /** A snapshot can change many times a second; the file needs only the last. */
  function saveSnapshotSoon(hostId: string): void {
    if (unsaved.has(hostId)) return;
    unsaved.set(hostId, setTimeout(() => { unsaved.delete(hostId); inBackground(saveSnapshot(hostId)); }, 2_000));
  }

  async function saveSnapshot(hostId: string): Promise<void> {
    const held = inventory.get(hostId);
    // A host named on the command line only has no place in the app.
    if (held && hosts.list().some((host) => host.id === hostId)) await snapshots.save(held.snapshot);
  }

  return {
    hosts, settings, secrets, sessions, prompts, inventory, preflight, plans, conversions, practice, drafts, labs, labTests, labTestDesk, history, activity, inBackground,

    async updateHost(profile: HostProfile): Promise<void> {
      const before = hosts.get(profile.id);
      await hosts.update(profile);
      if (profile.disabled || JSON.stringify(before.connection) !== JSON.stringify(profile.connection)) await sessions.disconnect(profile.id);
      // Another address or user is another host for all that was typed.
      if (whoIsReached(before) !== whoIsReached(profile)) await secrets.forget(profile.id);
      sessions.announce();
    },

    async reorderHosts(hostIds: readonly string[]): Promise<void> {
      await hosts.reorder(hostIds);
      sessions.announce();
    },

    async removeHost(hostId: string): Promise<void> {
      await sessions.disconnect(hostId);
      await hosts.remove(hostId);
      await secrets.forget(hostId);
      inventory.forget(hostId);
      preflight.forget(hostId);
      activity.forget(hostId);
      await snapshots.forget(hostId);
      sessions.announce();
    },

    async readSshConfig(): Promise<{ path: string; entries: SshConfigEntry[]; problem: AppErrorData | null }> {
      const { readSshConfig } = await import('./transport/ssh/ssh-config');
      const { path, entries, problem } = await readSshConfig();
      return { path, entries, problem: problem ? toErrorData(problem) : null };
    },

    localAvailability: () => readLocalAvailability(),

    async updateSettings(change: Partial<Settings>): Promise<Settings> {
      const updated = await settings.update(change);
      for (const listener of settingsListeners) listener(updated);
      return updated;
    },

    onSettingsChanged(listener: (settings: Settings) => void): void {
      settingsListeners.add(listener);
    },

    /** Connects to the hosts of the last time, once; each shows its own success or failure. */
    connectAtStart(): void {
      if (hasConnectedAtStart) return;
      hasConnectedAtStart = true;
      const wanted = hosts.list().filter(({ id, disabled }) => !disabled && settings.get().connectAtStart.includes(id));
      inBackground(sessions.connectAtStart(wanted.map(({ id }) => id)));
    },

    /** Leaves nothing behind: sessions closed, snapshots and the practice host's state on disk. */
    async close(): Promise<void> {
      preflight.close();
      await sessions.disconnectAll();
      const pending = [...unsaved.keys()];
      for (const timer of unsaved.values()) clearTimeout(timer);
      unsaved.clear();
      await Promise.all([...pending.map((hostId) => saveSnapshot(hostId)), practice.save()]);
      await snapshots.settled();
    },
  };
}

/** The user and the server that a host's secrets are for. */
function whoIsReached({ connection }: HostProfile): string {
  return connection.kind === 'ssh' ? JSON.stringify([connection.user, connection.address, connection.port, connection.sshConfigAlias]) : connection.kind;
}
