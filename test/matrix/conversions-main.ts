/** What `node test/matrix/conversions.mjs` runs on the lab's LAN. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fromRoot } from '../../build/paths.mjs';
import { runProcessOrThrow } from '../lab/run-process';
import { runConversionFault, type ConversionFault } from './conversion-fault';
import { conversionFaults } from './conversion-faults';
import { ConversionLab, type Addressing } from './conversion-lab';
import { ConversionResults, keyOf } from './conversion-results';
import { lanPrefix6, stackNames, type ConversionStack } from './conversion-stacks';
import { RandomKills, type Kill } from './random-kills';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'to': { type: 'string', default: fromRoot('docs', 'conversions.md') }, 'stack': { type: 'string', multiple: true }, 'hosts': { type: 'string', default: '3' },
    'prefix': { type: 'string', default: 'conv' }, 'resume': { type: 'boolean', default: false }, 'seconds': { type: 'string', default: 'Infinity' },
    'random': { type: 'string' }, 'seed': { type: 'string' },
  },
});

interface Group { stack: ConversionStack; addressing: Addressing; faults: ConversionFault[] }

async function main(): Promise<void> {
  const results = ConversionResults.open(fromRoot('.cache', 'conversion-results.json'), !values.resume);
  // For hosts that are reached by IPv6; it has no other address of it.
  await runProcessOrThrow(['ip', '-6', 'address', 'replace', `${lanPrefix6}::10/64`, 'dev', 'eth0', 'nodad']);
  try {
    const wrong = values.random === undefined ? await tryFaults(results) : await killAtRandom(results, Number(values.random));
    if (results.isWhole) writeFileSync(values.to, results.page());
    process.exitCode = wrong === 0 ? 0 : 1;
  } finally {
    await runProcessOrThrow(['ip', '-6', 'address', 'delete', `${lanPrefix6}::10/64`, 'dev', 'eth0']);
  }
}

/** So many kills on each stack, one host each. Resolves with how many lost something. */
async function killAtRandom(results: ConversionResults, count: number): Promise<number> {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  console.warn(`Seed: ${seed}`);
  const stacks = wantedStacks().filter((stack) => leftOf(results.kills(stack, seed), count).length > 0);
  let lost = 0;
  await Promise.all(Array.from({ length: Number(values.hosts) }, async () => {
    for (let stack = stacks.shift(); stack !== undefined; stack = stacks.shift()) {
      while (leftOf(results.kills(stack, seed), count).length > 0 && hasTime()) lost += await killOnOneHost(stack, seed, count, results);
    }
  }));
  console.warn(`${lost === 0 ? 'Nothing' : lost} was lost.`);
  return lost;
}

/** Numbers of those that lost something before, and of those that were not tried yet. */
function leftOf(kills: readonly Kill[], count: number): number[] {
  return Array.from({ length: count }, (_none, number) => number).filter((number) => kills[number]?.problem !== null);
}

/** Until there are so many, the time is over, or the host can't be made what it was. Resolves with how many lost something. */
async function killOnOneHost(stack: ConversionStack, seed: number, count: number, results: ConversionResults): Promise<number> {
  const kills = [...results.kills(stack, seed)];
  const lab = await ConversionLab.up(`${values.prefix}-${stack}-random`, stack);
  let lost = 0;
  try {
    const random = await RandomKills.prepare(lab);
    for (const number of leftOf(kills, count)) {
      if (!hasTime()) break;
      const kill = await random.run(seed, number);
      kills[number] = kill;
      if (kill.problem !== null) lost += 1;
      results.addRandom({ stack, seed, kills, at: new Date().toISOString(), commit });
      console.warn(`${kill.problem === null ? '✓' : '✕'} ${stack}: ${kill.victim} after ${kill.afterMs} ms: ${kill.ended}${kill.problem === null ? '' : `\n    ${kill.problem.replaceAll('\n', '\n    ')}`}`);
      await lab.startAgain();
    }
  } catch (error) {
    console.warn(`  ${stack} is made anew: ${(error as Error).message}`);
  } finally {
    await lab.down();
  }
  return lost;
}

/** Resolves with how many went otherwise than expected. */
async function tryFaults(results: ConversionResults): Promise<number> {
  const groups = wantedGroups(results);
  let wrong = 0;
  let tried = 0;
  // One host each; most of the time is waiting.
  await Promise.all(Array.from({ length: Number(values.hosts) }, async () => {
    for (let group = groups.shift(); group !== undefined && hasTime(); group = groups.shift()) {
      while (group.faults.length > 0 && hasTime()) {
        const outcome = await tryOnOneHost(group, results);
        tried += outcome.tried;
        wrong += outcome.wrong;
      }
    }
  }));
  console.warn(`${tried - wrong} of ${tried} as expected.`);
  return wrong;
}

const hasTime = (): boolean => performance.now() / 1000 < Number(values.seconds);

const wantedStacks = (): ConversionStack[] => stackNames.filter((stack) => values.stack === undefined || values.stack.includes(stack));

/** What is to be tried yet, by host. */
function wantedGroups(results: ConversionResults): Group[] {
  return wantedStacks().flatMap((stack) => (['fixed', 'leased'] as const).map((addressing) => ({
    stack, addressing,
    faults: conversionFaults.filter((fault) => (fault.stacks ?? stackNames).includes(stack) && (fault.addressing ?? 'fixed') === addressing
      && (positionals.length === 0 || positionals.some((words) => keyOf(fault).includes(words))) && !(values.resume && results.has(fault, stack))),
  }))).filter(({ faults }) => faults.length > 0);
}

/** The last commit to what is tried here, and to what tries it. */
const commit = execFileSync('git', ['log', '-1', '--format=%h', '--', 'electron/commands', 'electron/services/conversions', 'electron/transport', 'shared/domain/conversion', 'test/matrix'], { cwd: fromRoot(), encoding: 'utf8' }).trim();

/** Until all were tried, the time is over, or a host can't be made what it was: then the rest needs another one. */
async function tryOnOneHost({ stack, addressing, faults }: Group, results: ConversionResults): Promise<{ tried: number; wrong: number }> {
  const lab = await ConversionLab.up(`${values.prefix}-${stack}-${addressing}`, stack, addressing);
  let tried = 0;
  let wrong = 0;
  try {
    results.host = (await lab.host.execOrThrow('. /etc/os-release; echo "$PRETTY_NAME"; systemctl --version | head -n 1')).trim().split('\n').join(', ');
    for (let fault = faults.shift(); fault !== undefined; fault = hasTime() ? faults.shift() : undefined) {
      tried += 1;
      const isAsExpected = await tryFault(fault, lab, results);
      if (!isAsExpected) wrong += 1;
      if (isAsExpected && fault.leaves === 'before') continue;
      try {
        await lab.startAgain();
      } catch (error) {
        console.warn(`  ${stack} is made anew: ${(error as Error).message}`);
        break;
      }
    }
  } finally {
    await lab.down();
  }
  return { tried, wrong };
}

async function tryFault(fault: ConversionFault, lab: ConversionLab, results: ConversionResults): Promise<boolean> {
  const startedAt = performance.now();
  const problem = await runConversionFault(fault, lab).then(() => null, (error: unknown) => (error as Error).message);
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  results.add({ fault: keyOf(fault), stack: lab.stack, problem, seconds, at: new Date().toISOString(), commit });
  console.warn(`${problem === null ? '✓' : '✕'} ${lab.stack}: ${keyOf(fault)} (${seconds} s)${problem === null ? '' : `\n    ${problem.replaceAll('\n', '\n    ')}`}`);
  return problem === null;
}

void main();
