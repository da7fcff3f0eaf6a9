import type { ReachObservation, ReachResult } from './run-reach';

const peers = ['same-network', 'host', 'other-networks', 'lan', 'internet'] as const;
const titles = { 'same-network': 'other VMs on it', host: 'the host', 'other-networks': 'VMs elsewhere on the host', lan: 'the LAN', internet: 'the internet' };

/**
 * docs/reach.md.
 * @param names of all cases, in order @param page as it is: cases that were not tried now keep their lines
 */
export function writeReachTable(results: readonly ReachResult[], names: readonly string[], page: string, versions: string, at: Date): string {
  const lines = new Map(page.split('\n').flatMap((line) => { const name = /^\| (.+?) \|/.exec(line)?.[1]; return name === undefined ? [] : [[name, line] as const]; }));
  for (const result of results) lines.set(result.reachCase.name, rowOf(result));
  const rows = names.flatMap((name) => lines.get(name) ?? []);
  const failed = rows.filter((row) => !row.endsWith('| ✓ |')).length;
  return `# Who reaches whom

What the app's reach table claims, and what packets did: for each line a plan of the app made the network on a real libvirt, two
virtual machines booted on it and one on another network of the same host, and everybody sent pings to everybody (ICMP over IPv4),
from the LAN and from a server beyond its router, too.
${failed === 0 ? `All ${rows.length} are as claimed.` : `${rows.length - failed} of ${rows.length} are as claimed.`}

Each cell: out · in, from the virtual machine's point of view. **yes** and **no** are claimed and held, also once the LAN's router was
told the way to the network. *Slanted* is claimed as “with a condition”: what came of it in these circumstances; *no → yes*: without and
with the route on the LAN's router. The other network of the host is NAT unless the line says “beside”.

Written on ${at.toISOString().slice(0, 10)} by \`node test/matrix/reach.mjs\`, which runs it again (root, on Debian; see test/lab/README.md);
with the beginning of a line's name, that line alone. Hosts: ${versions}.

| network | ${peers.map((peer) => titles[peer]).join(' | ')} | |
|---|${peers.map(() => '---|').join('')}---|
${rows.join('\n')}
`;
}

function rowOf({ reachCase, observations, problem }: ReachResult): string {
  const cell = (peer: (typeof peers)[number]): string => ['out', 'in']
    .map((way) => { const found = observations.find(({ direction }) => direction === `${peer} ${way}`); return found ? show(found) : '?'; }).join(' · ');
  return `| ${reachCase.name} | ${peers.map(cell).join(' | ')} | ${problem === null ? '✓' : '✕'} |`;
}

function show({ claim, seen: [before, after], problem }: ReachObservation): string {
  const word = (reached: boolean): string => (reached ? 'yes' : 'no');
  const seen = before === after ? word(before) : `${word(before)} → ${word(after)}`;
  const claimed = claim === 'partly' ? `*${seen}*` : `**${seen}**`;
  return problem === null ? claimed : `${claimed} (claimed ${claim})`;
}
