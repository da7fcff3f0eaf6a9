import type { LabEnd, LabFinding } from '../../shared/domain/labs/connectivity/lab-test-report';
import { outsideX, plateSize } from './lab-picture-layout';
import type { LabPictureLayout } from './lab-picture-layout';

/** `proven`: it reaches, as promised; `open`: it reaches, though it should not; `shut`: it does not, though it should; `untried`: nobody knows. */
export type ArrowState = 'proven' | 'open' | 'shut' | 'untried';

/** Who reaches whom, between the plates of a picture and what is outside. */
export interface PictureArrow {
  id: string;
  state: ArrowState;
  path: string;
  /** Where it is said by a sign, which says the state without colour. */
  sign: { x: number; y: number };
  /** Its heads: where their points are, and which way they point. One that does not reach has none. */
  heads: { x: number; y: number; points: 'left' | 'right' }[];
  /** One sentence for each finding it stands for. */
  title: string;
}

/** What a test says of a plate by itself: its machines among each other, with the host, and with routers. */
export interface PlateMark { key: string; state: ArrowState; y: number; title: string }

export interface PictureArrows {
  arrows: PictureArrow[];
  marks: PlateMark[];
  /** How far what is outside moves to make room, in the picture's units. */
  gutter: number;
  /** Something reaches, or should not reach, what the picture has no box for otherwise. */
  needsOutside: boolean;
}

const outside = ' outside';
const laneWidth = 11;
const edge = plateSize.x + plateSize.width;

/** Of a network's end, its plate's key: one plate stands for all portgroups and VLANs. */
function nodeOf({ kind, id }: LabEnd): string | null {
  if (kind === 'lan' || kind === 'internet') return outside;
  return kind === 'network' ? id.replace(/[/ ].*$/, '') : null;
}

function stateOf({ verdict, reached }: LabFinding): ArrowState | null {
  if (verdict === 'differs') return reached ? 'open' : 'shut';
  if (verdict === 'failed') return 'untried';
  return verdict === 'as-promised' && reached ? 'proven' : null;
}

const worstFirst: readonly ArrowState[] = ['open', 'shut', 'untried', 'proven'];
const worstOf = (states: readonly ArrowState[]): ArrowState | null => worstFirst.find((state) => states.includes(state)) ?? null;

interface Drawn { from: string; to: string; state: ArrowState; sentences: string[]; both: boolean }

/** Arrows for the findings of a test, in lanes beside the plates. Silence that was promised is not drawn, nor what the lab leaves open. Pure. */
export function arrowsOf(findings: readonly LabFinding[], { plates, outside: box }: LabPictureLayout): PictureArrows {
  const drawn = merged(findings, new Set(plates.map(({ network }) => network.key)));
  const placeOf = (node: string): number => (node === outside ? (box ? box.y + box.height / 2 : (plates[0]?.y ?? 0) + plateSize.height / 2) : (plates.find(({ network }) => network.key === node)?.y ?? 0) + plateSize.height / 2);
  const ports = portsOf(drawn, placeOf);
  const spans = drawn.map((item, at) => ({ item, from: ports(at, 'from'), to: ports(at, 'to') })).sort((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from));
  const lanes: [low: number, high: number][][] = [];
  const placed = spans.map(({ item, from, to }) => {
    const [low, high] = [Math.min(from, to) - 4, Math.max(from, to) + 4];
    let lane = lanes.findIndex((taken) => taken.every((span) => span[1] < low || span[0] > high));
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane]?.push([low, high]);
    return { item, from, to, lane };
  });
  const gutter = lanes.length === 0 ? 0 : lanes.length * laneWidth + 8;
  const outsideEdge = outsideX + gutter;
  const arrows = placed.map(({ item, from, to, lane }): PictureArrow => {
    const x = edge + 10 + lane * laneWidth;
    const leadsOut = item.to === outside;
    const end = leadsOut ? { x: outsideEdge - 1, y: to, points: 'right' as const } : { x: edge + 1, y: to, points: 'left' as const };
    const reaches = item.state === 'proven' || item.state === 'open';
    return {
      id: `${item.from}>${item.to}`, state: item.state, path: pathOf(x, from, to, leadsOut ? outsideEdge : edge), sign: leadsOut || from === to ? { x: (x + end.x) / 2, y: to } : { x, y: (from + to) / 2 },
      heads: reaches ? [end, ...item.both ? [{ x: edge + 1, y: from, points: 'left' as const }] : []] : [], title: item.sentences.join('\n'),
    };
  });
  return { arrows, marks: marksOf(findings, plates), gutter, needsOutside: drawn.some(({ to }) => to === outside) };
}

/** A plate's right edge, into the lane, along it, and to the other's edge: or on to what is outside. */
function pathOf(x: number, from: number, to: number, target: number): string {
  const [turn, reach] = [Math.sign(to - from), target === edge ? edge + 4 : target - 4];
  if (turn === 0) return `M${edge} ${from}H${reach}`;
  const radius = Math.min(4, Math.abs(to - from) / 2);
  const aside = target === edge ? -radius : radius;
  return `M${edge + 1} ${from}H${x - radius}Q${x} ${from} ${x} ${from + turn * radius}V${to - turn * radius}Q${x} ${to} ${x + aside} ${to}H${reach}`;
}

/** One for each pair of plates and direction; one with two heads where both ways are proven. */
function merged(findings: readonly LabFinding[], known: ReadonlySet<string>): Drawn[] {
  const pairs = new Map<string, Drawn & { states: ArrowState[] }>();
  for (const finding of findings) {
    const [from, to] = [nodeOf(finding.from), nodeOf(finding.to)];
    const state = stateOf(finding);
    if (state === null || from === null || to === null || from === to || from === outside || !known.has(from) || (to !== outside && !known.has(to))) continue;
    const pair = pairs.get(`${from}>${to}`) ?? { from, to, state, sentences: [], both: false, states: [] };
    pair.states.push(state);
    pairs.set(`${from}>${to}`, pair);
  }
  for (const pair of pairs.values()) {
    pair.state = worstOf(pair.states) ?? pair.state;
    pair.sentences = findings.filter((finding) => nodeOf(finding.from) === pair.from && nodeOf(finding.to) === pair.to && stateOf(finding) === pair.state).map(({ sentence }) => sentence);
  }
  const all = [...pairs.values()];
  return all.flatMap((pair): Drawn[] => {
    const back = pairs.get(`${pair.to}>${pair.from}`);
    const isBoth = back !== undefined && back.state === 'proven' && pair.state === 'proven';
    if (isBoth && all.indexOf(back) < all.indexOf(pair)) return [];
    return [{ ...pair, both: isBoth, sentences: isBoth ? [...pair.sentences, ...back.sentences] : pair.sentences }];
  });
}

/** Ends at one plate stand apart, in the order of where they lead, and clear of its middle, where its way out is. */
function portsOf(drawn: readonly Drawn[], placeOf: (node: string) => number): (at: number, which: 'from' | 'to') => number {
  const ends = drawn.flatMap((item, at) => (['from', 'to'] as const).map((which) => ({ at, which, node: item[which], other: placeOf(item[which === 'from' ? 'to' : 'from']) })));
  const offsets = new Map<string, number>();
  for (const node of new Set(ends.map((end) => end.node))) {
    const own = ends.filter((end) => end.node === node).sort((a, b) => a.other - b.other || a.at - b.at);
    const above = own.filter(({ other }) => other < placeOf(node));
    const below = own.filter(({ other }) => other >= placeOf(node));
    above.forEach((end, index) => offsets.set(`${end.at} ${end.which}`, -12 + (index * 8) / Math.max(1, above.length - 1)));
    below.forEach((end, index) => offsets.set(`${end.at} ${end.which}`, 12 - ((below.length - 1 - index) * 8) / Math.max(1, below.length - 1)));
  }
  return (at, which) => placeOf(drawn[at]?.[which] ?? '') + (offsets.get(`${at} ${which}`) ?? 0);
}

function marksOf(findings: readonly LabFinding[], plates: LabPictureLayout['plates']): PlateMark[] {
  return plates.flatMap(({ network, y }): PlateMark[] => {
    const own = findings.filter(({ from, to }) => {
      const [a, b] = [nodeOf(from), nodeOf(to)];
      return (a === network.key && (b === network.key || b === null)) || (a === null && b === network.key);
    });
    // What a lab keeps apart on one switch is proven by silence, and is worth a tick, too.
    const states = own.flatMap((finding) => stateOf(finding) ?? (finding.verdict === 'as-promised' ? 'proven' as const : []));
    const state = worstOf(states);
    if (state === null) return [];
    const title = state === 'proven' ? `Within ${network.key}, all is as promised.` : own.filter((finding) => stateOf(finding) === state).map(({ sentence }) => sentence).join('\n');
    return [{ key: network.key, state, y, title }];
  });
}

/** The same in words, for those who can't see it. */
export function storyOfTest(findings: readonly LabFinding[]): string {
  const wrong = findings.filter(({ verdict }) => verdict === 'differs').map(({ sentence }) => sentence);
  const untried = findings.filter(({ verdict }) => verdict === 'failed').length;
  return [wrong.length === 0 ? 'Tested: nothing is otherwise than promised.' : `Tested, and not as promised: ${wrong.join(' ')}`, ...untried > 0 ? [`${untried} could not be tried.`] : []].join(' ');
}
