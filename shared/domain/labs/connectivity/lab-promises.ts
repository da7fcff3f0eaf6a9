import { describeReach } from '../../describe-reach';
import { networkKindWord } from '../../network-kinds';
import type { Network } from '../../network';
import type { Reach, ReachRow } from '../../reach';
import type { HostSnapshot } from '../../snapshot';
import { placesOf } from './lab-places';
import type { LabPlace, LabTestNetwork } from './lab-places';
import type { LabEnd } from './lab-test-report';

/** What a lab says of two that are in it or around it. `partly`: it depends on more than the lab. */
export interface LabPromise {
  from: LabEnd;
  to: LabEnd;
  reach: Reach;
  /** Why, as the end of a sentence: "isolated networks keep to themselves". */
  because: string;
}

export const around = {
  host: ({ system }: Pick<HostSnapshot, 'system'>): LabEnd => ({ kind: 'host', id: 'host', label: `the host (${system.hostname})` }),
  lan: { kind: 'lan', id: 'lan', label: 'the LAN' } satisfies LabEnd,
  internet: { kind: 'internet', id: 'internet', label: 'the internet' } satisfies LabEnd,
} as const;

/** Who must reach whom in a lab: what the reach tables of its networks say, with each other as the only neighbours. */
export function promisesOf(networks: readonly LabTestNetwork[], snapshot: HostSnapshot): LabPromise[] {
  const places = placesOf(networks);
  const tables = new Map(networks.map((network) => [network, describeReach(asPromised(network), snapshot)]));
  const ends = [['host', around.host(snapshot)], ['lan', around.lan], ['internet', around.internet]] as const;
  const inside = places.flatMap((from) => places.map((to): LabPromise => ({ from: from.end, to: to.end, ...between(from, to, snapshot) })));
  const outside = places.flatMap(({ end, network }) => ends.flatMap(([peer, other]): LabPromise[] => {
    const rows = tables.get(network) ?? [];
    const row = rowOf(rows, peer);
    const because = (reach: Reach): string => reasonOf(reach, peer, network, rows);
    return [{ from: end, to: other, reach: row.out, because: because(row.out) }, { from: other, to: end, reach: row.in, because: because(row.in) }];
  }));
  return [...inside, ...outside];
}

function reasonOf(reach: Reach, peer: 'host' | 'lan' | 'internet', { promised }: LabTestNetwork, rows: readonly ReachRow[]): string {
  const note = rowOf(rows, peer).note ?? (peer === 'internet' ? rowOf(rows, 'lan').note : null);
  if (reach === 'partly') return note === null ? 'it depends on more than the lab' : endOfSentence(note);
  if (reach === 'no') return note === null ? `${networkKindWord[promised.kind]} networks don't lead there` : endOfSentence(note);
  if (peer === 'host') return 'the host has an address on it';
  return promised.kind === 'nat' ? 'NAT networks lead out under the host\'s address' : 'machines on it are on the network outside';
}

function between(from: LabPlace, to: LabPlace, snapshot: HostSnapshot): Pick<LabPromise, 'reach' | 'because'> {
  const [a, b] = [from.network.promised, to.network.promised];
  if (a.kind === 'ovs' && b.kind === 'ovs' && a.bridge?.name === b.bridge?.name) {
    const name = (vlan: number): string => (vlan === 0 ? 'no VLAN' : `VLAN ${vlan}`);
    return from.vlan === to.vlan ? { reach: 'yes', because: `both are in ${name(from.vlan)} of ${a.bridge?.name ?? 'one switch'}` }
      : { reach: 'no', because: `one is in ${name(from.vlan)} and the other in ${name(to.vlan)}` };
  }
  if (from.network === to.network) {
    const row = rowOf(describeReach(asPromised(from.network), snapshot), 'same-network');
    return { reach: row.out, because: row.note === null || row.out === 'yes' ? 'they are on one network' : endOfSentence(row.note) };
  }
  if (a.kind === 'bridged' && b.kind === 'bridged' && a.bridge?.name === b.bridge?.name) {
    return a.portIsolation && b.portIsolation ? { reach: 'no', because: 'port isolation keeps machines of both apart' } : { reach: 'yes', because: `both are on ${a.bridge?.name ?? 'one bridge'}` };
  }
  return acrossHost(from.network, to.network, snapshot);
}

/** Both tables have to let it pass. Where libvirt's own rules on both sides do, and nothing else decides, it is a promise. */
function acrossHost(from: LabTestNetwork, to: LabTestNetwork, snapshot: HostSnapshot): Pick<LabPromise, 'reach' | 'because'> {
  const alone = { ...snapshot, networks: [asPromised(from), asPromised(to)] };
  const [out, into] = [rowOf(describeReach(asPromised(from), alone), 'other-networks').out, rowOf(describeReach(asPromised(to), alone), 'other-networks').in];
  const [a, b] = [from.promised, to.promised];
  if (out === 'no') return { reach: 'no', because: a.kind === 'isolated' ? 'isolated networks keep to themselves' : `${networkKindWord[a.kind]} networks don't lead into ${networkKindWord[b.kind]} ones` };
  if (into === 'no') return { reach: 'no', because: b.kind === 'isolated' ? 'isolated networks keep to themselves' : `${networkKindWord[b.kind]} networks take no connections in` };
  const forwards = (network: typeof a): boolean => (network.kind === 'nat' || network.kind === 'routed') && network.forward.dev === null && network.ips.some(({ family }) => family === 'ipv4');
  return forwards(a) && forwards(b) && b.kind === 'routed' ? { reach: 'yes', because: 'routed networks of one host take each other\'s connections in, and those of NAT networks' }
    : { reach: 'partly', because: 'it depends on more than the lab' };
}

const rowOf = (rows: readonly ReachRow[], peer: ReachRow['peer']): Pick<ReachRow, 'out' | 'in' | 'note'> => rows.find((row) => row.peer === peer) ?? { out: 'partly', in: 'partly', note: null };
/** As it is when everything is as the lab wants it: active. */
const asPromised = ({ promised, running }: LabTestNetwork): Network => ({ ...running, ...promised, active: true });
/** A note of a table as the end of a sentence. Names at its start keep their letters. */
const endOfSentence = (note: string): string => {
  const text = note.replace(/\.$/, '');
  return /^(The|It|This|No|By|At|If|Port|Only|Within|Machines|Traffic|Directly|Through|Not|Nobody) /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
};
