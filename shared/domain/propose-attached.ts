import { z } from 'zod';
import { attachCandidateSchema, attachCandidates } from './attach-candidates';
import type { AttachCandidate } from './attach-candidates';
import { attachedSpecSchema } from './attached-spec';
import type { AttachedKind, AttachedSpec } from './attached-spec';
import { uplinkOf } from './host-uplink';
import { takenInterfaceNames } from './propose-nat';
import type { HostSnapshot } from './snapshot';

export const attachedProposalSchema = z.object({
  /** Null: this host has nothing to attach a network of this kind to, and `missing` says what to do. */
  spec: attachedSpecSchema.nullable(),
  candidates: z.array(attachCandidateSchema),
  /** Where the app itself can mend it: Health installs or starts Open vSwitch. */
  missing: z.object({ text: z.string(), inHealth: z.boolean() }).nullable(),
});
export type AttachedProposal = z.infer<typeof attachedProposalSchema>;

/** What a wizard starts with: the likeliest place on this host, a free name, and no VLANs. */
export function proposeAttached(kind: AttachedKind, snapshot: HostSnapshot): AttachedProposal {
  const candidates = attachCandidates(kind, snapshot);
  const missing = missingOn(kind, snapshot, candidates);
  return { spec: missing ? null : specFor(kind, snapshot, likeliest(candidates, snapshot)), candidates, missing };
}

function missingOn(kind: AttachedKind, { system, problems }: HostSnapshot, candidates: readonly AttachCandidate[]): AttachedProposal['missing'] {
  const usable = candidates.some((candidate) => candidate.refusal === null);
  switch (kind) {
    case 'bridged':
      return usable ? null : { inHealth: false, text: 'A bridged network needs a Linux bridge that has a NIC of this host as a port, and this host has none of its own. To make one, the NIC’s address has to move to the bridge without cutting the connection: that is the guided conversion, which this version doesn’t have. Your distribution’s manual describes it (Debian: “man bridge-utils-interfaces”; Ubuntu: “man netplan”, bridges; Fedora: “nmcli connection add type bridge”). Until then, macvtap puts machines on the LAN without a bridge.' };
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

function freeName(base: string, taken: readonly string[]): string {
  let name = base;
  for (let n = 2; taken.includes(name); n += 1) name = `${base}-${n}`;
  return name;
}
