import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FaultResult } from '../matrix/conversion-results';
import { conversionStacks, type ConversionStack } from '../matrix/conversion-stacks';
import { machineFaults } from './machine-faults';

/** As of a lab host, and what uname(1), os-release and the programs say of the machine. */
export interface MachineResult extends FaultResult { machine: string }

/** Results of one run, or of several that each tried a part: a row is the last one that was tried. */
export class MachineResults {
  private constructor(private readonly file: string, readonly results: MachineResult[]) {}

  /** What an earlier run kept, unless `fresh`. */
  static open(file: string, fresh: boolean): MachineResults {
    return new MachineResults(file, fresh || !existsSync(file) ? [] : JSON.parse(readFileSync(file, 'utf8')) as MachineResult[]);
  }

  has(fault: string, stack: ConversionStack): boolean {
    return this.of(fault, stack)?.problem === null;
  }

  add(result: MachineResult): void {
    const known = this.of(result.fault, result.stack);
    if (known) this.results.splice(this.results.indexOf(known), 1);
    this.results.push(result);
    mkdirSync(path.dirname(this.file), { recursive: true });
    writeFileSync(this.file, JSON.stringify(this.results, null, 1));
  }

  page(): string {
    const stacks = (Object.keys(conversionStacks) as ConversionStack[]).filter((stack) => this.results.some((result) => result.stack === stack));
    const rows = machineFaults.map(({ name, expected }) => `| ${name} | ${expected} | ${stacks.map((stack) => this.cell(name, stack)).join(' | ')} |`);
    const times = this.results.map(({ at }) => at.slice(0, 16)).sort();
    return `# Conversions on a machine of its own

Lab hosts (docs/conversions.md) share the kernel and the clock of the machine they run on. Here the host is a machine: an emulated board
(QEMU, TCG, one processor, 1 GB) with Debian's kernel, a disk that loses what was not written when the power goes, a clock that can be set, VLAN devices, and
Open vSwitch's datapath in the kernel. Its NIC, the one that carries the SSH session, is made a port of a bridge by what the app plans from what it
reads on the host. ✓: it went as expected, SSH answered at the old address, and addresses, routes, rules, DNS, services and the stack's files were what they had
been, or what was confirmed. ✕: it did not. –: there is no such thing there. A cell with a dot was not tried.

Written by \`node test/matrix/full-machine.mjs\` (root, on Debian; test/machine/README.md): tried from ${times[0] ?? ''} to ${times.at(-1) ?? ''} UTC, at
commit ${[...new Set(this.results.map(({ commit }) => commit))].join(', ')}.
${[...new Set(this.results.map(({ machine }) => machine))].map((machine) => `\n- ${machine}`).join('')}

| what happens | expected | ${stacks.map((stack) => conversionStacks[stack].title).join(' | ')} |
|---|---|${stacks.map(() => '---|').join('')}
${rows.join('\n')}
${this.problems()}`;
  }

  private of(fault: string, stack: ConversionStack): MachineResult | undefined {
    return this.results.find((result) => result.fault === fault && result.stack === stack);
  }

  /** With the seconds it took. */
  private cell(fault: string, stack: ConversionStack): string {
    const result = this.of(fault, stack);
    if (result) return `${result.problem === null ? '✓' : '✕'} ${Math.round(result.seconds)} s`;
    return machineFaults.find(({ name }) => name === fault)?.stacks?.includes(stack) === false ? '–' : '·';
  }

  private problems(): string {
    const wrong = this.results.filter(({ problem }) => problem !== null);
    return wrong.map(({ fault, stack, problem }) => `\n## ${conversionStacks[stack].title}: ${fault}\n\n\`\`\`\n${problem}\n\`\`\`\n`).join('');
  }
}
