import type { Reach } from '../../reach';
import type { LabEnd } from './lab-test-report';
import type { LabTestPlan } from './plan-probes';
import type { PlacePlan, Probe, ProbeResults, ProbeTry, TryOutcome, Untried } from './probe-plan';

/** What packets did. `pinged`: pings were answered; null: there is no ping, or nothing was sent. */
export interface Answer {
  reached: boolean;
  pinged: boolean | null;
  /** Somebody said no, instead of nothing coming back. */
  refused: boolean;
}

/** Reads the results of a test: whether somebody reached somebody, and whether that proves anything. */
export class Evidence {
  private readonly places: ReadonlyMap<string, PlacePlan>;
  private readonly asked: ReadonlyMap<string, ProbeTry>;

  constructor(private readonly plan: LabTestPlan, private readonly results: ProbeResults) {
    this.places = new Map(plan.places.map((place) => [place.end.id, place]));
    this.asked = new Map(plan.probes.tries.map((item) => [keyOf(item.from, item.to), item]));
  }

  of(from: LabEnd, to: LabEnd, promised: Reach): Answer | Untried {
    if (from.kind === 'lan' || from.kind === 'internet') return { why: `that takes somebody on ${from.label} to try it`, verdict: 'out-of-reach' };
    const [source, target] = [this.placeOf(from), this.placeOf(to)];
    for (const place of [source, target]) {
      const why = place && (place.untried ?? this.whyDown(place));
      if (why) return why;
    }
    if (source && target) return source === target ? this.within(source, promised) : this.between(source, target, promised);
    if (source && to.kind === 'router') return this.toRouter(source, to, promised);
    if (source) return to.kind === 'host' ? this.toHost(source, promised) : this.outward(source, to, promised);
    return target ? this.fromHost(target, promised) : { why: 'there is nobody to try it', verdict: 'failed' };
  }

  private within(place: PlacePlan, promised: Reach): Answer | Untried {
    const [first, second, control] = [place.first, place.second, place.control];
    if (!first || !second) return nobody;
    const [there, back] = [this.answer(first.n, second), this.answer(second.n, first)];
    if (!there || !back) return lost;
    if (promised !== 'no') return weaker(read(there, promised, place.inUserSpace), read(back, promised, place.inUserSpace));
    const apart = stronger(read(there, promised, false), read(back, promised, false));
    // That nothing came says something only of those who answer others.
    const proven = control !== null && [first, second].every((probe) => isAnswer(this.answer(control.n, probe)));
    return apart.reached || proven ? apart : { why: 'nothing reached them at all, so that their silence proves nothing', verdict: 'failed' };
  }

  private between(source: PlacePlan, target: PlacePlan, promised: Reach): Answer | Untried {
    if (!source.first || !target.first) return nobody;
    // A way that leads out of the host would need an address there.
    if (promised !== 'no' && source.isRouted && target.isOutside) return fromOutside;
    const result = this.answer(source.first.n, target.first);
    if (!result) return lost;
    const answer = read(result, promised, source.inUserSpace && target.inUserSpace);
    if (answer.reached || promised === 'yes') return answer;
    const dead = [source, target].find((place) => !this.isAlive(place));
    return dead ? silent(dead) : answer;
  }

  /** Whether its first probe answers, and is answered, at all. */
  private isAlive({ first, second, control }: PlacePlan): boolean {
    const partner = control ?? second;
    return first !== null && partner !== null && isAnswer(this.answer(partner.n, first));
  }

  private toHost(source: PlacePlan, promised: Reach): Answer | Untried {
    if (source.isOutside) return fromOutside;
    const address = source.hostAddress ?? source.hostBeyond;
    if (address === null) return promised === 'yes' ? { why: `the host has no address on ${source.end.label}`, verdict: 'failed' } : noAddress;
    const result = source.first && this.result(source.first.n, { address });
    if (!result) return lost;
    // Where the host answers, nothing listens, or its firewall lets only pings in, it is reached all the same.
    return { ...read(result, promised, true), pinged: result.ping };
  }

  private toRouter(source: PlacePlan, to: LabEnd, promised: Reach): Answer | Untried {
    if (source.isOutside) return fromOutside;
    const address = source.routers.get(to.id)?.address ?? null;
    if (address === null) return { why: `nobody knows yet which address ${to.label} has there`, verdict: 'failed' };
    const result = source.first && this.result(source.first.n, { address });
    if (!result) return lost;
    const answer = read(result, promised, true);
    return answer.reached || promised === 'yes' || this.isAlive(source) ? answer : silent(source);
  }

  private fromHost(target: PlacePlan, promised: Reach): Answer | Untried {
    if (target.isOutside) return fromOutside;
    const known = target.first && this.result('host', { probe: target.first.n, wire: false });
    if (target.hostAddress === null && !known) return promised === 'yes' ? { why: `the host has no address on ${target.end.label}`, verdict: 'failed' } : noAddress;
    return known ? read(known, promised, target.inUserSpace) : lost;
  }

  /** The same questions that the host asked: what doesn't answer it can't answer machines. */
  private outward(source: PlacePlan, to: LabEnd, promised: Reach): Answer | Untried {
    if (source.isOutside) return fromOutside;
    const address = to.kind === 'lan' ? this.plan.router : this.plan.outside;
    if (address === null) return { why: 'this host has no default route, so that nobody is known there', verdict: 'failed' };
    const [own, result] = [this.result('host', { address }), source.first && this.result(source.first.n, { address })];
    if (!own || !result) return lost;
    const open = [...own.tcp].filter(([, outcome]) => outcome === 'open').map(([port]) => port);
    if (open.length === 0 && own.ping !== true) return { why: `${address} does not answer this host itself`, verdict: 'failed' };
    // Where a port is open to the host, pings alone are not enough: firewalls let them pass.
    const answer = read(result, promised, open.length === 0);
    return answer.reached || promised !== 'no' || this.isAlive(source) ? answer : silent(source);
  }

  private placeOf(end: LabEnd): PlacePlan | null {
    return end.kind === 'network' ? this.places.get(end.id) ?? null : null;
  }

  private whyDown({ end, first, second, control }: PlacePlan): Untried | null {
    for (const probe of [first, second, control]) {
      const outcome = probe && this.results.probes.get(probe.n);
      if (probe && outcome?.state === 'taken') return { why: `every address of ${end.label} that looked free is somebody's: ${probe.addresses.join(', ')}`, verdict: 'failed' };
      if (outcome?.state === 'untagged') return { why: `this host's kernel makes no VLAN devices, by which a test would tag its frames (${outcome.why})`, verdict: 'out-of-reach' };
      if (outcome?.state === 'failed') return { why: `nothing could be plugged into ${end.label} (${outcome.why})`, verdict: 'failed' };
      if (probe && !outcome) return lost;
    }
    return null;
  }

  /** By whichever address it was asked. */
  private answer(from: number, to: Probe): TryOutcome | null {
    return this.result(from, { probe: to.n, wire: false }) ?? this.result(from, { probe: to.n, wire: true });
  }

  private result(from: ProbeTry['from'], to: ProbeTry['to']): TryOutcome | null {
    const item = this.asked.get(keyOf(from, to));
    return item ? this.results.tries.get(item.n) ?? null : null;
  }
}

const silent = ({ end }: PlacePlan): Untried => ({ why: `nothing passes within ${end.label} either, so that silence proves nothing`, verdict: 'failed' });
const nobody: Untried = { why: 'there is nobody to try it', verdict: 'failed' };
const lost: Untried = { why: 'the test ended before', verdict: 'failed' };
const fromOutside: Untried = { why: 'that takes an address of the network outside, of which a test takes none', verdict: 'out-of-reach' };
/** Neither has an address where the other is. */
const noAddress: Answer = { reached: false, pinged: null, refused: false };

/** A promise to reach is kept by connections, as a firewall may let pings alone pass; one not to reach is broken by either. */
function read({ tcp, ping }: TryOutcome, promised: Reach, pingsCount: boolean): Answer {
  const outcomes = [...tcp.values()];
  const connected = outcomes.includes('open');
  return { reached: connected || (ping === true && (pingsCount || promised === 'no')), pinged: ping, refused: outcomes.includes('refused') };
}

function keyOf(from: ProbeTry['from'], to: ProbeTry['to']): string {
  return `${from} ${'address' in to ? to.address : `${to.wire ? '~' : '@'}${to.probe}`}`;
}

const isAnswer = (outcome: TryOutcome | null): boolean => outcome !== null && ([...outcome.tcp.values()].includes('open') || outcome.ping === true);
const weaker = (a: Answer, b: Answer): Answer => (a.reached ? b : a);
const stronger = (a: Answer, b: Answer): Answer => (a.reached ? a : b);
