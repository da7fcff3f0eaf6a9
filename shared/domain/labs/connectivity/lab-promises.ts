import { describeReach } from '../../describe-reach';
import { networkKindWord } from '../../network-kinds';
import type { Network } from '../../network';
import type { Reach, ReachRow } from '../../reach';
import type { HostSnapshot } from '../../snapshot';
import { placesOf } from './lab-places';
import type { LabPlace, LabTestNetwork } from './lab-places';
import type { LabTestRouter } from './lab-test-router';
import type { LabEnd } from './lab-test-report';
import { LabWays } from './lab-ways';
import { LabWires } from './lab-wires';

/** What a lab says of two that are in it or around it. `partly`: it depends on more than the lab. */
export interface LabPromise {
  from: LabEnd;
  to: LabEnd;
  reach: Reach;
  /** Why, as the end of a sentence: "isolated networks keep to themselves". */
  because: string;
  /** The router that lets it pass, or doesn't; null: none has to do with it. */
  by: LabTestRouter | null;
}

export const around = {
  host: ({ system }: Pick<HostSnapshot, 'system'>): LabEnd => ({ kind: 'host', id: 'host', label: `the host (${system.hostname})` }),
  lan: { kind: 'lan', id: 'lan', label: 'the LAN' } satisfies LabEnd,
  internet: { kind: 'internet', id: 'internet', label: 'the internet' } satisfies LabEnd,
} as const;

export const routerEnd = ({ key }: Pick<LabTestRouter, 'key'>): LabEnd => ({ kind: 'router', id: key, label: `the router ${key}` });

/**
 * Who must reach whom in a lab: what the reach tables of its networks say, with each other as the only neighbours, and what its routers
 * let pass between them. What a router is not asked for it drops.
 */
export function promisesOf(networks: readonly LabTestNetwork[], snapshot: HostSnapshot, routers: readonly LabTestRouter[] = []): LabPromise[] {
  const places = placesOf(networks);
  const tables = new Map(networks.map((network) => [network, describeReach(asPromised(network), snapshot)]));
  const rowFor = (network: LabTestNetwork, peer: Peer): Pick<ReachRow, 'out' | 'in' | 'note'> => rowOf(tables.get(network) ?? [], peer);
  const ends = [['host', around.host(snapshot)], ['lan', around.lan], ['internet', around.internet]] as const;
  const ways = new LabWays(new LabWires(networks, routers));
  const inside = places.flatMap((from) => places.map((to): LabPromise => ({ from: from.end, to: to.end, by: null, ...between(from, to, snapshot, ways) })));
  const outside = places.flatMap(({ end, network, wire }) => ends.flatMap(([peer, other]): LabPromise[] => {
    const row = rowFor(network, peer);
    const because = (reach: Reach, of: LabTestNetwork = network): string => reasonOf(reach, peer, of, tables.get(of) ?? []);
    const out = ways.outward(wire, peer, (by) => ({ reach: rowFor(by, peer).out, because: because(rowFor(by, peer).out, by) }));
    const into = row.in === 'no' ? ways.inward(wire) : null;
    return [{ from: end, to: other, by: null, reach: row.out, because: because(row.out), ...out }, { from: other, to: end, by: null, reach: row.in, because: because(row.in), ...into }];
  }));
  return [...inside, ...outside, ...places.flatMap((place) => routers.flatMap((router) => toRouter(place, router) ?? []))];
}

type Peer = 'host' | 'lan' | 'internet';

/** Only of its own wires: on the others nobody knows of it. Null: it is on none of this place's. */
function toRouter({ end, wire }: LabPlace, router: LabTestRouter): LabPromise | null {
  const face = router.faces.find((item) => item.wire === wire);
  if (!face || router.isOpaque) return null;
  const isServed = !face.masquerades && !face.asksForAddress;
  const because = isServed ? `it serves ${face.zone}` : face.takesLogins ? `people log in to it from ${face.zone}` : `it answers nobody of ${face.zone}`;
  return { from: end, to: routerEnd(router), by: router, reach: isServed || face.takesLogins ? 'yes' : 'no', because };
}

function reasonOf(reach: Reach, peer: Peer, { promised }: LabTestNetwork, rows: readonly ReachRow[]): string {
  const note = rowOf(rows, peer).note ?? (peer === 'internet' ? rowOf(rows, 'lan').note : null);
  if (reach === 'partly') return note === null ? 'it depends on more than the lab' : endOfSentence(note);
  if (reach === 'no') return note === null ? `${networkKindWord[promised.kind]} networks don't lead there` : endOfSentence(note);
  if (peer === 'host') return 'the host has an address on it';
  return promised.kind === 'nat' ? 'NAT networks lead out under the host\'s address' : 'machines on it are on the network outside';
}

function between(from: LabPlace, to: LabPlace, snapshot: HostSnapshot, ways: LabWays): Pick<LabPromise, 'reach' | 'because'> & Partial<LabPromise> {
  const [a, b] = [from.network.promised, to.network.promised];
  const areOnOneSwitch = a.kind === 'ovs' && b.kind === 'ovs' && a.bridge?.name === b.bridge?.name;
  const name = (vlan: number): string => (vlan === 0 ? 'no VLAN' : `VLAN ${vlan}`);
  if (areOnOneSwitch && from.vlan === to.vlan) return { reach: 'yes', because: `both are in ${name(from.vlan)} of ${a.bridge?.name ?? 'one switch'}` };
  if (from.network === to.network && !areOnOneSwitch) {
    const row = rowOf(describeReach(asPromised(from.network), snapshot), 'same-network');
    return { reach: row.out, because: row.note === null || row.out === 'yes' ? 'they are on one network' : endOfSentence(row.note) };
  }
  if (a.kind === 'bridged' && b.kind === 'bridged' && a.bridge?.name === b.bridge?.name) {
    return a.portIsolation && b.portIsolation ? { reach: 'no', because: 'port isolation keeps machines of both apart' } : { reach: 'yes', because: `both are on ${a.bridge?.name ?? 'one bridge'}` };
  }
  const routed = ways.between(from.wire, to.wire, (network) => acrossHost(network, to.network, snapshot));
  if (routed) return routed;
  return areOnOneSwitch ? { reach: 'no', because: `one is in ${name(from.vlan)} and the other in ${name(to.vlan)}` } : acrossHost(from.network, to.network, snapshot);
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
