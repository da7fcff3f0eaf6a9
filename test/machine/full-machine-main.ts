/** What `node test/matrix/full-machine.mjs` runs on the lab's LAN. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fromRoot } from '../../build/paths.mjs';
import { LAN_GATEWAY } from '../lab/lab';
import { runConversionFault, type ConversionFault } from '../matrix/conversion-fault';
import { ConversionLab, type Addressing } from '../matrix/conversion-lab';
import { conversionStacks, machineStackNames, type ConversionStack } from '../matrix/conversion-stacks';
import { FullMachine } from './full-machine';
import { machineFaults } from './machine-faults';
import { MachineResults } from './machine-results';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    to: { type: 'string', default: fromRoot('docs', 'full-machine.md') }, stack: { type: 'string', multiple: true }, resume: { type: 'boolean', default: false },
    seconds: { type: 'string', default: 'Infinity' }, prefix: { type: 'string', default: 'machine' },
  },
});

/** Beyond what the LAN leases: nobody else is given it. */
const fixedAddress = '10.77.0.252';
const commit = execFileSync('git', ['log', '-1', '--format=%h', '--', 'electron/commands', 'electron/services/conversions', 'electron/transport', 'shared/domain/conversion', 'test/matrix', 'test/machine'], { cwd: fromRoot(), encoding: 'utf8' }).trim();
const hasTime = (): boolean => performance.now() / 1000 < Number(values.seconds);

async function main(): Promise<void> {
  const results = MachineResults.open(fromRoot('.cache', 'full-machine-results.json'), !values.resume);
  let wrong = 0;
  let tried = 0;
  for (const stack of machineStackNames.filter((name) => values.stack?.includes(name) ?? true)) {
    for (const addressing of ['fixed', 'leased'] as const) {
      const faults = wantedFaults(stack, addressing, results);
      // Until all were tried, or a machine can't be made what it was: then the rest needs another one.
      while (faults.length > 0 && hasTime()) {
        const outcome = await tryOnOneMachine(stack, addressing, faults, results);
        tried += outcome.tried;
        wrong += outcome.wrong;
      }
    }
  }
  console.warn(`${tried - wrong} of ${tried} as expected.`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

const wantedFaults = (stack: ConversionStack, addressing: Addressing, results: MachineResults): ConversionFault[] =>
  machineFaults.filter((fault) => (fault.stacks?.includes(stack) ?? true) && (fault.addressing ?? 'fixed') === addressing
    && (positionals.length === 0 || positionals.some((words) => fault.name.includes(words))) && !(values.resume && results.has(fault.name, stack)));

async function tryOnOneMachine(stack: ConversionStack, addressing: Addressing, faults: ConversionFault[], results: MachineResults): Promise<{ tried: number; wrong: number }> {
  const bootedAt = performance.now();
  const host = await bootMachine(stack, addressing);
  const machine = (await host.execOrThrow('. /etc/os-release; echo "$PRETTY_NAME"; uname -rv; systemctl --version | head -n 1; ovs-vsctl --version | head -n 1')).trim().split('\n').join(', ');
  console.warn(`${stack}, ${addressing}: up after ${Math.round((performance.now() - bootedAt) / 1000)} s: ${machine}`);
  const lab = await ConversionLab.on(host, stack);
  let tried = 0;
  let wrong = 0;
  try {
    for (let fault = faults.shift(); fault !== undefined; fault = hasTime() ? faults.shift() : undefined) {
      tried += 1;
      const startedAt = performance.now();
      const problem = await runConversionFault(fault, lab).then(() => null, (error: unknown) => (error as Error).message);
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
      results.add({ fault: fault.name, stack, problem, seconds, at: new Date().toISOString(), commit, machine });
      writeFileSync(values.to, results.page());
      console.warn(`${problem === null ? '✓' : '✕'} ${stack}: ${fault.name} (${seconds} s)${problem === null ? '' : `\n    ${problem.replaceAll('\n', '\n    ')}`}`);
      if (problem !== null) wrong += 1;
      if (faults.length === 0 || problem === null && fault.leaves === 'before') continue;
      await lab.startAgain();
    }
  } catch (error) {
    console.warn(`  ${stack} is made anew: ${(error as Error).message}`);
  } finally {
    await lab.down();
  }
  return { tried, wrong };
}

async function bootMachine(stack: ConversionStack, addressing: Addressing): Promise<FullMachine> {
  const { lab, fixed } = conversionStacks[stack];
  const name = `${values.prefix}-${stack}`;
  if (addressing === 'leased') return FullMachine.up(name, { stack: lab });
  const files = mkdtempSync(path.join(tmpdir(), 'netwright-machine-'));
  const write = (place: string, text: string, mode: number): void => {
    mkdirSync(path.dirname(path.join(files, place)), { recursive: true });
    writeFileSync(path.join(files, place), text, { mode });
  };
  try {
    write(fixed.path, fixed.text.replaceAll('ADDRESS', fixedAddress).replaceAll('HOST', fixedAddress.split('.').at(-1)!), fixed.mode);
    write('/etc/resolv.conf', `nameserver ${LAN_GATEWAY}\n`, 0o644);
    return await FullMachine.up(name, { stack: lab, fixed: { address: fixedAddress, files } });
  } finally {
    rmSync(files, { recursive: true });
  }
}

void main();
