/** What `node test/matrix/conversions.mjs` runs on the lab's LAN. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fromRoot } from '../../build/paths.mjs';
import { runConversionFault, type ConversionFault } from './conversion-fault';
import { conversionFaults } from './conversion-faults';
import { ConversionLab, type ConversionStack } from './conversion-lab';

interface Result { fault: ConversionFault; stack: ConversionStack; problem: string | null; seconds: number }

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true, options: { to: { type: 'string', default: fromRoot('docs', 'conversions.md') }, stack: { type: 'string' } },
  });
  const stacks = (['networkd', 'ifupdown', 'ovs'] as const).filter((stack) => values.stack === undefined || values.stack === stack);
  const results: Result[] = [];
  let versions = '';
  // One host each; most of the time is waiting.
  await Promise.all(stacks.map(async (stack) => {
    const lab = await ConversionLab.up(`eng-${stack}`, stack);
    try {
      versions = (await lab.host.execOrThrow('. /etc/os-release; echo "$PRETTY_NAME"; systemctl --version | head -n 1')).trim().split('\n').join(', ');
      const wanted = conversionFaults.filter(({ name, stacks: only = [stack] }) => only.includes(stack) && (positionals.length === 0 || positionals.some((words) => name.includes(words))));
      for (const fault of wanted) results.push(await tried(fault, lab));
    } finally {
      await lab.down();
    }
  }));
  const wrong = results.filter(({ problem }) => problem !== null);
  console.warn(`${results.length - wrong.length} of ${results.length} as expected.`);
  if (positionals.length === 0 && values.stack === undefined) writeFileSync(values.to, table(results, versions));
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

async function tried(fault: ConversionFault, lab: ConversionLab): Promise<Result> {
  const startedAt = performance.now();
  const problem = await runConversionFault(fault, lab).then(() => null, (error: unknown) => (error as Error).message);
  const result = { fault, stack: lab.stack, problem, seconds: (performance.now() - startedAt) / 1000 };
  console.warn(`${problem === null ? '✓' : '✕'} ${lab.stack}: ${fault.name} (${result.seconds.toFixed(1)} s)${problem === null ? '' : `\n    ${problem.replaceAll('\n', '\n    ')}`}`);
  if (problem !== null) await lab.startAgain();
  return result;
}

function table(results: readonly Result[], versions: string): string {
  const rows = conversionFaults.map((fault) => {
    const cell = (stack: ConversionStack): string => {
      const result = results.find((candidate) => candidate.fault === fault && candidate.stack === stack);
      return result ? (result.problem === null ? '✓' : '✕') : '–';
    };
    return `| ${fault.name} | ${fault.expected} | ${cell('networkd')} | ${cell('ifupdown')} | ${cell('ovs')} |`;
  });
  return `# What may go wrong in a conversion

Each line is one thing that goes wrong while a host's NIC, the one that carries the SSH session, is made a port of a bridge, and what is
to come of it. ✓: it did, SSH answered at the old address, and addresses, routes, rules, DNS and the stack's files (content, mode, owner)
were what they had been, or what was confirmed; nothing of the engine was left but its journal.

Written by \`node test/matrix/conversions.mjs\` (root, on Debian; test/lab/README.md). Host: ${versions}.

| what happens | expected | networkd | ifupdown | Open vSwitch, by networkd |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

void main();
