import type { AttachCandidate } from '../../../shared/domain/attach-candidates';
import type { AttachedSpec, VlanSpec } from '../../../shared/domain/attached-spec';
import type { ReachRow } from '../../../shared/domain/reach';

/** What the picture of an attached network shows; all of it follows from the spec and its reach, so that they can't tell two stories. */
export interface AttachPictureParts {
  /** What machines are plugged into. */
  plate: string;
  plateNote: string;
  /** The two machines, with the VLAN they are in. */
  guests: readonly [string, string];
  /** They reach each other. */
  joined: boolean;
  /** The place has a way to the LAN. */
  lan: boolean;
  /** The host can talk to machines here. */
  host: boolean;
  /** The same in a sentence. */
  story: string;
}

export function pictureOf(spec: AttachedSpec, candidates: readonly AttachCandidate[], rows: readonly ReachRow[], hostName: string): AttachPictureParts {
  const reaches = (peer: ReachRow['peer']): boolean => rows.find((row) => row.peer === peer)?.out !== 'no';
  const plate = 'bridge' in spec ? spec.bridge : 'devices' in spec ? spec.devices[0] ?? '' : spec.device;
  const place = candidates.find((candidate) => candidate.name === plate);
  const [first, second] = spec.portgroups;
  const guests: [string, string] = [guestNote(first?.vlan ?? spec.vlan), guestNote((second ?? first)?.vlan ?? spec.vlan)];
  const apart = spec.kind === 'bridged' && spec.isolatedPorts;
  const joined = !apart && guests[0] === guests[1] && reaches('same-network');
  const lan = reaches('lan');
  const host = reaches('host');
  return {
    plate, plateNote: plateNotes[spec.kind], guests, joined, lan, host,
    story: [
      `Machines are plugged into ${plate}${place ? ` (${place.facts})` : ''}.`,
      joined ? 'They reach each other.' : apart ? 'They don’t reach each other.' : 'They reach each other within their VLAN.',
      lan ? 'They are on the network outside.' : 'Nothing leads outside.',
      host ? `${hostName} can talk to them.` : `${hostName} itself can’t talk to them.`,
    ].join(' '),
  };
}

const plateNotes: Record<AttachedSpec['kind'], string> = { bridged: 'bridge', macvtap: 'NIC, macvtap', ovs: 'Open vSwitch', sriov: 'SR-IOV' };

function guestNote(vlan: VlanSpec | null): string {
  if (vlan === null) return '';
  return vlan.mode === 'access' ? `VLAN ${vlan.tag}` : 'trunk';
}
