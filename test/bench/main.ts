/** `npm run bench [-- NAME …]`: measures, prints a table, and keeps a whole run's figures in docs/benchmarks.md. */
import { whyNoLab } from '../lab/lab';
import { BenchContext } from './bench-context';
import { benchmarks } from './benchmarks';
import { machineFacts } from './machine-facts';
import { formatMeasurements } from './report';
import { writeBenchmarkPage } from './write-page';
import type { FinishedBenchmark } from './write-page';

async function run(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0) throw new Error(`There is no benchmark ${unknown.join(', ')}; there are ${benchmarks.map((each) => each.name).join(', ')}.`);
  const noLab = whyNoLab();
  const wanted = benchmarks.filter((benchmark) => names.length === 0 || names.includes(benchmark.name));
  const possible = wanted.filter((benchmark) => !benchmark.needsLab || noLab === undefined);
  const context = new BenchContext((line) => console.log(line));
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    void context.close().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

  const finished: FinishedBenchmark[] = [];
  const failed: string[] = [];
  try {
    for (const benchmark of possible) {
      console.log(`\n${benchmark.title} …`);
      try {
        const report = await benchmark.measure(context);
        finished.push({ benchmark, report });
        console.log(formatMeasurements(report.measurements));
        if (!report.failures?.length) continue;
        failed.push(benchmark.name);
        for (const failure of report.failures) console.error(failure);
      } catch (error) {
        failed.push(benchmark.name);
        console.error(error);
      }
    }
    const isWhole = finished.length === benchmarks.length && failed.length === 0;
    if (isWhole) writeBenchmarkPage(finished, machineFacts(await context.electron()));
    const missed = finished.flatMap(({ report }) => report.measurements).filter((measurement) => measurement.met === false);
    console.log(`\n${formatMeasurements(finished.flatMap(({ report }) => report.measurements))}\n`);
    if (missed.length > 0) console.log(`Goals missed: ${missed.map((measurement) => measurement.what).join('; ')}.`);
    if (possible.length < wanted.length) {
      console.log(`LEFT OUT: ${wanted.filter((each) => !possible.includes(each)).map((each) => each.name).join(', ')} (${noLab}).`);
    }
    if (failed.length > 0) console.log(`FAILED: ${failed.join(', ')}.`);
    console.log(isWhole ? 'docs/benchmarks.md has these figures.' : 'docs/benchmarks.md stays as it is: only a whole run is written to it.');
    process.exitCode = failed.length > 0 || missed.length > 0 ? 1 : 0;
  } finally {
    await context.close();
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
