import { AppError } from '../errors/app-error';
import { attachCandidates } from './attach-candidates';
import type { AttachCandidate } from './attach-candidates';
import type { AttachedSpec } from './attached-spec';
import type { AttachedKind } from './network-kinds';
import { uplinkOf } from './host-uplink';
import { freeName, takenInterfaceNames } from './taken-names';
import type { HostSnapshot } from './snapshot';

/** Why a host has nothing to attach a network of this kind to, and what to do. `inHealth`: the app itself can mend it, on that page. */
export interface NothingToAttach { text: string; inHealth: boolean }

/** What a wizard starts with: the likeliest place on this host, a free name, and no VLANs. Throws AppError `plan.invalid` with what is missing. */
export function proposeAttached(kind: AttachedKind, { snapshot }: { snapshot: HostSnapshot }): AttachedSpec {
  const missing = nothingToAttach(kind, snapshot);
  if (missing) throw new AppError('plan.invalid', 'There is nothing to attach it to', missing.text);
  return specFor(kind, snapshot, likeliest(attachCandidates(kind, snapshot), snapshot));
}

/** Null: there is something. */
export function nothingToAttach(kind: AttachedKind, snapshot: HostSnapshot): NothingToAttach | null {
  const { system, problems } = snapshot;
  const usable = attachCandidates(kind, snapshot).some((candidate) => candidate.refusal === null);
  switch (kind) {
    case 'bridged':
      return usable ? null : { inHealth: false, text: 'A bridged network needs a Linux bridge that has a NIC of this host as a port, and this host has none of its own. To make one, the NIC’s address has to move to the bridge without cutting the connection: that is the guided conversion (on the command line “netwright convert HOST NIC --bridge br0”). Until then, macvtap puts machines on the LAN without a bridge.' };
    case 'macvtap':
      return usable ? null : { inHealth: false, text: 'Every NIC of this host is a port of a bridge or a bond. Attach the network to the bridge instead.' };
    case 'ovs':
      if (system.ovsVersion === null) return { inHealth: true, text: 'Open vSwitch is not installed on this host.' };
      return problems.some((problem) => problem.code === 'ovs.not-running') ? { inHealth: true, text: 'Open vSwitch is installed on this host, but not running.' } : null;
    case 'sriov':
      return usable ? null : { inHealth: false, text: 'No NIC of this host shows virtual functions. Where the card can do SR-IOV, they are switched on by “echo 4 > /sys/class/net/NIC/device/sriov_numvfs” as root, with VT-d or AMD-Vi on in the firmware and IOMMU in the kernel.' };
  }
}

/** The uplink first, then what has no caution, then what is left; ties in the host's order. */
function likeliest(candidates: readonly AttachCandidate[], snapshot: HostSnapshot): string | null {
  const uplink = uplinkOf(snapshot, 'ipv4')?.device;
  const usable = candidates.filter((candidate) => candidate.refusal === null);
  const best = usable.find((candidate) => candidate.name === uplink && candidate.caution === null)
    ?? usable.find((candidate) => candidate.caution === null) ?? usable[0];
  return best?.name ?? null;
}

function specFor(kind: AttachedKind, snapshot: HostSnapshot, place: string | null): AttachedSpec {
  const common = { title: null, description: null, vlan: null, portgroups: [], autostart: true };
  const named = (base: string): string => freeName(base, snapshot.networks.map((network) => network.name));
  switch (kind) {
    case 'bridged': return { kind, ...common, name: named('lan'), bridge: place ?? '', isolatedPorts: false };
    case 'macvtap': return { kind, ...common, name: named('lan-direct'), mode: 'bridge', devices: place === null ? [] : [place] };
    case 'ovs': return place === null
      ? { kind, ...common, name: named('vlans'), bridge: freeSwitch(snapshot), createBridge: { datapath: 'system', stp: false } }
      : { kind, ...common, name: named('vlans'), bridge: place, createBridge: null };
    case 'sriov': return { kind, ...common, name: named('vf-pool'), device: place ?? '', managed: true };
  }
}

/** The first free name of a switch that is made along. */
export function freeSwitch(snapshot: HostSnapshot): string {
  const taken = takenInterfaceNames(snapshot);
  let n = 0;
  while (taken.has(`ovsbr${n}`)) n += 1;
  return `ovsbr${n}`;
}
