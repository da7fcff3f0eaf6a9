import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ConversionFault } from './conversion-fault';
import { conversionFaults } from './conversion-faults';
import { labGoals, type LabGoal } from './conversion-goals';
import { conversionStacks, stackNames, type ConversionStack } from './conversion-stacks';
import type { Kill } from './random-kills';

/** Names a fault among all. Of a conversion by its name alone. */
export const keyOf = ({ name, goal = 'bridge' }: ConversionFault): string => (goal === 'bridge' ? name : `${labGoals[goal]}: ${name}`);

/** How one fault went on one stack. */
export interface FaultResult {
  /** As `keyOf` has it. */
  fault: string;
  stack: ConversionStack;
  /** Null: as expected, and nothing was lost. */
  problem: string | null;
  seconds: number;
  /** ISO 8601, UTC. */
  at: string;
  /** Of the repository: the last one to what was tried. */
  commit: string;
}

/** Kills at random moments on one stack, in order. */
export interface RandomResult {
  stack: ConversionStack;
  seed: number;
  kills: Kill[];
  at: string;
  commit: string;
}

/** Results of one run, or of several that each tried a part: a row is the last one that was tried. */
export class ConversionResults {
  private constructor(private readonly file: string, readonly faults: FaultResult[], readonly random: RandomResult[], public host: string) {}

  /** What an earlier run kept, unless `fresh`. */
  static open(file: string, fresh: boolean): ConversionResults {
    if (fresh || !existsSync(file)) return new ConversionResults(file, [], [], '');
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Pick<ConversionResults, 'faults' | 'random' | 'host'>;
    return new ConversionResults(file, kept.faults, kept.random, kept.host);
  }

  has(fault: ConversionFault, stack: ConversionStack): boolean {
    return this.faults.some((result) => result.fault === keyOf(fault) && result.stack === stack && result.problem === null);
  }

  add(result: FaultResult): void {
    const at = this.faults.findIndex(({ fault, stack }) => fault === result.fault && stack === result.stack);
    if (at >= 0) this.faults.splice(at, 1);
    this.faults.push(result);
    this.save();
  }

  /** What was killed so far with that seed. */
  kills(stack: ConversionStack, seed: number): Kill[] {
    return this.random.find((result) => result.stack === stack && result.seed === seed)?.kills ?? [];
  }

  addRandom(result: RandomResult): void {
    const at = this.random.findIndex(({ stack }) => stack === result.stack);
    if (at >= 0) this.random.splice(at, 1);
    this.random.push(result);
    this.random.sort((a, b) => stackNames.indexOf(a.stack) - stackNames.indexOf(b.stack));
    this.save();
  }

  save(): void {
    mkdirSync(path.dirname(this.file), { recursive: true });
    writeFileSync(this.file, JSON.stringify({ host: this.host, faults: this.faults, random: this.random }, null, 1));
  }

  /** Every fault was tried on every stack it is for. */
  get isWhole(): boolean {
    return conversionFaults.every((fault) => (fault.stacks ?? stackNames).every((stack) => this.find(fault, stack) !== undefined));
  }

  page(): string {
    return `# What may go wrong in a conversion

Each line is one thing that goes wrong while a host's NIC, the one that carries the SSH session, is made a port of a bridge, and what is
to come of it. ✓: it did, SSH answered at the old address, and addresses, routes, rules, DNS, the network's services and the stack's files
(content, mode, owner) were what they had been, or what was confirmed; nothing of the engine was left but its journal. –: there is no such
thing on that stack.

Each conversion is the one that the app plans from what it reads on the host. Written by \`node test/matrix/conversions.mjs\` (root, on
Debian; test/lab/README.md). ${this.origin()} What went wrong was mended and tried again; the result is
the last one. Host: ${this.host}. Lab hosts share the clock of their machine, so that of the engine's programs alone is moved. Nor
do they have Open vSwitch in the kernel: NetworkManager with Open vSwitch is refused there before anything changes, and has not been tried elsewhere.

${this.table(['bridge'])}
## Undone, taken away, given another address

The same engine undoes a conversion (the files it found stand again), takes a bridge away (files worked out from those of the bridge), and gives the
interface of the session another address. What was there before is the bridge then, or the first address. NetworkManager and networkd have files
below /etc changed for the trial already: after a power cut it is the unit at boot that brings them back.

${this.table(['undo', 'unbridge', 'readdress'])}
${this.randomPart()}`;
  }

  private table(goals: readonly LabGoal[]): string {
    const faults = conversionFaults.filter(({ goal = 'bridge' }) => goals.includes(goal));
    const rows = faults.map((fault) => `| ${keyOf(fault)} | ${fault.expected} | ${stackNames.map((stack) => this.cell(fault, stack)).join(' | ')} |`);
    return `| what happens | expected | ${stackNames.map((stack) => conversionStacks[stack].title).join(' | ')} |
|---|---|${stackNames.map(() => '---|').join('')}
${rows.join('\n')}
`;
  }

  private find(fault: ConversionFault, stack: ConversionStack): FaultResult | undefined {
    return this.faults.find((candidate) => candidate.fault === keyOf(fault) && candidate.stack === stack);
  }

  private cell(fault: ConversionFault, stack: ConversionStack): string {
    const result = this.find(fault, stack);
    return result ? (result.problem === null ? '✓' : '✕') : '–';
  }

  private origin(): string {
    const times = this.faults.map(({ at }) => at.slice(0, 16)).sort();
    const commits = [...new Set(this.faults.map(({ commit }) => commit))];
    return `The parts of this table were tried one after the other from ${times[0]} to ${times.at(-1)} UTC, at commit${commits.length > 1 ? 's' : ''} ${commits.join(', ')}.`;
  }

  private randomPart(): string {
    if (this.random.length === 0) return '';
    const rows = this.random.map(({ stack, seed, kills, commit }) => {
      const lost = kills.filter(({ problem }) => problem !== null).length;
      const victims = [...new Set(kills.map(({ victim }) => victim))].sort().map((victim) => `${kills.filter((kill) => kill.victim === victim).length} × ${victim}`);
      const ends = [...new Set(kills.map(({ ended }) => ended))].sort().map((end) => `${kills.filter(({ ended }) => ended === end).length} × ${end}`);
      return `| ${conversionStacks[stack].title} | ${seed} | ${victims.join(', ')} | ${ends.join(', ')} | ${lost === 0 ? '0 ✓' : `${lost} ✕`} | ${commit} |`;
    });
    return `
## Killed at random

A conversion is begun and confirmed as soon as that can be; at a random moment between its first word and some time after its end the supervisor, the
app, the SSH connections or the machine is killed. Afterwards SSH must answer at the old address, and everything be as before, or as confirmed.
What ends as STAGED, or as none, was not even armed; its files lie beside their places under inert names until the next conversion clears
them away, as is done here. A kill after which something was lost was tried again when that was mended.
\`node test/matrix/conversions.mjs --random 20 --seed SEED\` does the same again.

| stack | seed | killed | how it ended | lost | commit |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
  }
}
