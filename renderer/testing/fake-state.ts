import type { ConversionRun } from '../../shared/domain/conversion/conversion-run';
import type { HostTransactionState } from '../../shared/domain/conversion/host-transaction';
import { defaultSettings } from '../../shared/contract/default-settings';
import type { About, Settings } from '../../shared/contract/app';
import type { ActivityEntry } from '../../shared/domain/activity';
import type { HostView, KeptSecret, Prompt } from '../../shared/domain/host';
import type { HistoryRow, PlanRun } from '../../shared/domain/plan';
import type { LabTestRun } from '../../shared/domain/labs/connectivity/lab-test-run';
import type { PreflightReport } from '../../shared/domain/preflight/finding';
import type { Terminal } from '../../shared/domain/terminal';
import { bareSnapshot, crowdedSnapshot, fixtureHosts, fixtureInventories, longNamedSnapshot, manyHosts } from './fixtures/hosts';
import type { FixtureInventory } from './fixtures/hosts';
import { labsOnAttic } from './fixtures/lab-networks';
import type { FixtureLabs } from './fixtures/lab-networks';
import { oddMachines } from './fixtures/odd-machines';
import { bareReport, calmReport, fixtureReports } from './fixtures/reports';
import { fixtureActivity, fixtureHistoryRows } from './fixtures/records';

/**
 * - `full`: attic and its neighbours; `first-start`: no host but practice; `empty`: attic with nothing on it
 * - `bare`: attic without libvirt; `stale`: attic is reconnecting; `loading`: connecting, inventory never answers
 * - `failing`: attic could not be reached and was never read; `long-names`; `crowded`: 1,000 networks and machines
 * - `many-hosts`: 25 hosts in groups; `machines`: attic with a machine of every odd sort; `labs`: attic with three labs
 */
export const fakeVariants = ['full', 'first-start', 'empty', 'bare', 'stale', 'loading', 'failing', 'long-names', 'crowded', 'many-hosts', 'machines', 'labs'] as const;
export type FakeVariant = (typeof fakeVariants)[number];

export interface FakeState {
  variant: FakeVariant;
  hosts: HostView[];
  inventories: Map<string, FixtureInventory>;
  reports: Map<string, PreflightReport>;
  prompts: Prompt[];
  secrets: KeptSecret[];
  /** Definitions of networks that somebody changed on the host, by UUID. */
  changedXml: Map<string, string>;
  /** Lab files, and the definitions of their networks, as the host has them. */
  labs: Pick<FixtureLabs, 'files' | 'xml'>;
  /** What tests of labs find otherwise than promised (`from>to`), and at which step one stays, by the lab. */
  labTests: { differences: Map<string, string[]>; stays: Map<string, LabTestRun['step']> };
  activity: ActivityEntry[];
  history: HistoryRow[];
  runs: PlanRun[];
  terminals: Terminal[];
  conversions: ConversionRun[];
  /** Where a conversion that is played stays; null: it goes to its end. */
  conversionStop: HostTransactionState | null;
  settings: Settings;
  about: About;
}

export function createFakeState(variant: FakeVariant): FakeState {
  const state: FakeState = {
    variant, hosts: fixtureHosts(), inventories: fixtureInventories(), reports: fixtureReports(), prompts: [],
    changedXml: new Map(), labs: { files: new Map(), xml: new Map() }, labTests: { differences: new Map(), stays: new Map() },
    secrets: [
      { hostId: 'basement', kind: 'sudo-password', subject: 'mara', place: 'keychain' },
      { hostId: 'basement', kind: 'passphrase', subject: '/home/mara/.ssh/id_ed25519', place: 'session' },
      { hostId: 'shed', kind: 'password', subject: 'root', place: 'keychain' },
    ],
    activity: fixtureActivity(), history: fixtureHistoryRows(), runs: [], terminals: [], conversions: [], conversionStop: null,
    settings: { ...defaultSettings, lastHostId: 'attic' },
    about: {
      version: '0.1.0', electron: '25.1.1', chromium: '114.0.5735.106', node: '18.15.0', platform: 'Linux 6.1 x64', trialRuntime: true, secretStore: 'keychain',
      dataFolder: '/home/mara/.config/Netwright', updateFeed: null,
    },
  };
  const attic = state.hosts[0]!;
  const atticInventory = state.inventories.get('attic')!;
  switch (variant) {
    case 'full': break;
    case 'first-start':
      state.hosts = state.hosts.filter((host) => host.profile.connection.kind === 'practice').map((host) => ({ ...host, session: { phase: 'disconnected' } }));
      state.inventories.clear();
      state.reports.clear();
      state.settings.lastHostId = null;
      break;
    case 'empty':
      atticInventory.snapshot = { ...atticInventory.snapshot, networks: [], machines: [], ovsBridges: [], interfaces: [], routes: [] };
      state.reports.set('attic', calmReport());
      state.activity = [];
      state.history = [];
      break;
    case 'bare':
      atticInventory.snapshot = bareSnapshot();
      state.reports.set('attic', bareReport());
      break;
    case 'stale':
      atticInventory.stale = true;
      attic.session = {
        phase: 'reconnecting', attempt: 2, retryAt: new Date(Date.now() + 14_000).toISOString(),
        error: { code: 'ssh.closed', title: 'The connection was cut', detail: '10.0.0.12 closed the connection.' },
      };
      break;
    case 'loading':
      attic.session = { phase: 'connecting', step: 'reading' };
      state.inventories.delete('attic');
      state.reports.delete('attic');
      state.activity = [];
      break;
    case 'failing':
      state.inventories.delete('attic');
      state.reports.delete('attic');
      attic.session = {
        phase: 'failed',
        error: {
          code: 'hostkey.changed', title: 'attic shows a different host key', detail: 'The ED25519 key that 10.0.0.12 presented is SHA256:Xy9…, but line 14 of /home/mara/.ssh/known_hosts holds another one. Nothing was sent.',
          hint: 'If you reinstalled attic, remove the old key: ssh-keygen -R 10.0.0.12',
        },
      };
      break;
    case 'long-names':
      atticInventory.snapshot = longNamedSnapshot();
      attic.profile.name = 'the old workstation under the desk (do not unplug this one)';
      break;
    case 'crowded': atticInventory.snapshot = crowdedSnapshot(1000); break;
    case 'many-hosts': state.hosts = manyHosts(); break;
    case 'labs': {
      const { snapshot, ...labs } = labsOnAttic(atticInventory.snapshot);
      atticInventory.snapshot = snapshot;
      state.labs = labs;
      state.labTests.differences.set('ceph', ['cluster>public', 'public>internet']);
      state.labTests.stays.set('bgp-with-a-name-as-long-as-it-is', 'trying');
      break;
    }
    case 'machines': atticInventory.snapshot = { ...atticInventory.snapshot, machines: oddMachines() }; break;
  }
  return state;
}
