import type { Intent } from '../../shared/domain/intent';
import { cloneLab } from '../../shared/domain/labs/clone-lab';
import { exportLab } from '../../shared/domain/labs/export-lab';
import { readLabFile } from '../../shared/domain/labs/read-lab-file';
import { resolveLab } from '../../shared/domain/labs/resolve-lab';
import { resolveRouters } from '../../shared/domain/labs/resolve-lab-routers';
import { labTemplates, writeTemplate } from '../../shared/domain/labs/templates/templates';
import type { Plan } from '../../shared/domain/plan';
import { planIntent } from '../../shared/domain/planning/plan-intent';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { AppError } from '../../shared/errors/app-error';
import type { FakeHandlers } from './fake-bridge';
import type { FakeState } from './fake-state';
import { specOf } from './fixtures/attached-plans';
import { usedOn } from './fixtures/lab-networks';
import { fixtureNetworkDraft } from './fixtures/network-proposals';
import { planFor } from './fixtures/plans';

type LabHandlers = Pick<FakeHandlers, 'labs.fromTemplate' | 'labs.read' | 'labs.export' | 'labs.definition' | 'labs.exportNetworks' | 'labs.hostKey' | 'labs.clone' | 'app.openLabFile' | 'app.saveLabFile'>;

/** Lab files by the real rules, on the state's snapshots. */
export function createFakeLabs(state: FakeState): LabHandlers {
  const snapshotOf = (hostId: string): HostSnapshot => {
    const snapshot = state.inventories.get(hostId)?.snapshot;
    if (!snapshot || state.variant === 'failing') throw new AppError('host.not-connected', 'The host is not connected', 'Connect to the host first.');
    return snapshot;
  };
  return {
    'labs.fromTemplate': ({ hostId, template, name }) => {
      const known = labTemplates.find((item) => item.id === template);
      if (!known) throw new AppError('not-found', 'No such template', `There is no template “${template}”.`);
      return writeTemplate(known, name, usedOn(snapshotOf(hostId)));
    },
    'labs.read': ({ hostId, text }) => {
      const { file, problems, placed } = readLabFile(text);
      if (!file) return { intent: null, problems };
      const snapshot = snapshotOf(hostId);
      const newUuid = (): string => crypto.randomUUID();
      const { networks, machines, issues } = resolveLab(file, { snapshot, used: usedOn(snapshot), newUuid });
      const { routers, issues: ofRouters } = resolveRouters(file, { snapshot, networks, newUuid, ownKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHo0UB1yqjM3p5WQ2zFqk3bXn4vYtRcEw8dLh6sGmJ9K mara@desk'] });
      const all = [...problems, ...[...issues, ...ofRouters].map(placed)];
      return { intent: all.some(({ severity }) => severity === 'error') ? null : { kind: 'lab.apply', lab: file.name, networks, machines, routers, file: { text, appliedAt: '2026-06-01T10:00:00.000Z' } }, problems: all };
    },
    'labs.export': ({ lab }) => {
      const text = state.labs.files.get(lab);
      if (text === undefined) throw new AppError('not-found', 'No such lab', `There is no lab “${lab}” on this host.`);
      return text;
    },
    // Somebody has changed campus by hand; ceph has a past.
    'labs.definition': ({ lab }) => {
      const text = state.labs.files.get(lab);
      if (text === undefined) throw new AppError('not-found', 'No such lab', `There is no lab “${lab}” on this host.`);
      const kept = { text: lab === 'campus' ? text.replace('tag: 30', 'tag: 31') : text, appliedAt: '2026-05-30T16:20:00.000Z' };
      const earlier = lab !== 'ceph' ? [] : ['8000', '1500'].map((mtu, at) => ({ text: text.replace('mtu: 9000', `mtu: ${mtu}`), appliedAt: `2026-05-0${8 - at}T09:1${at}:00.000Z` }));
      return { text, isKept: lab !== 'campus', kept, earlier };
    },
    'labs.exportNetworks': ({ hostId, uuids, name }) => {
      const networks = snapshotOf(hostId).networks.filter((network) => uuids.includes(network.uuid));
      return exportLab(networks.map((network) => ({ key: null, spec: network.virtualPort || network.kind === 'bridged' || network.kind === 'macvtap' ? specOf(network) : { ...fixtureNetworkDraft().spec, name: network.name } })), { lab: name, exact: false });
    },
    'labs.hostKey': () => 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPq1Zx0cVbNmAsDfGhJkLqWeRtYuIoP3x5c7v9b1n2m4',
    'labs.clone': ({ hostId, text, name }) => {
      const { file } = readLabFile(text);
      if (!file) throw new AppError('input.invalid', 'The lab file can’t be used', 'It has mistakes.');
      return cloneLab(text, file, name, { used: usedOn(snapshotOf(hostId)), random: () => 0.5 });
    },
    'app.openLabFile': () => ({ name: 'office.yaml', problem: null, text: 'version: 1\nname: office\nnetworks:\n  desks:\n    kind: nat\n    ipv4: auto\n' }),
    'app.saveLabFile': ({ name }) => `${name}.yaml`,
  };
}

/** As main would plan it: labs by the real planner, the rest roughly. */
export function planOf(state: FakeState, hostId: string, intent: Intent): Plan {
  const snapshot = state.inventories.get(hostId)?.snapshot;
  if (!snapshot || !intent.kind.startsWith('lab.')) return planFor(hostId, intent);
  return planIntent(intent, {
    snapshot, used: usedOn(snapshot), macsElsewhere: [], machineXmlOf: () => null, entry: null, facts: null, sha256: (text) => String(text.length),
    xmlOf(uuid) {
      const xml = state.labs.xml.get(uuid);
      return xml === undefined ? null : { running: snapshot.networks.find((network) => network.uuid === uuid)?.active ? xml : null, persistent: xml };
    },
  });
}
