import { writeFileSync } from 'node:fs';
import { fromRoot } from '../../build/paths.mjs';
import type { Benchmark } from './benchmarks';
import { formatMeasurements } from './report';
import type { BenchmarkReport } from './report';

export interface FinishedBenchmark {
  benchmark: Benchmark;
  report: BenchmarkReport;
}

/** Replaces docs/benchmarks.md. */
export function writeBenchmarkPage(finished: readonly FinishedBenchmark[], facts: readonly string[]): void {
  const table = formatMeasurements(finished.flatMap(({ report }) => report.measurements));
  const methods = finished.map(({ benchmark, report }) => `### ${benchmark.title} (\`npm run bench -- ${benchmark.name}\`)\n\n${report.how}`);
  writeFileSync(fromRoot('docs', 'benchmarks.md'), `# Benchmarks

\`npm run bench\` measures everything anew and writes this page; \`npm run bench -- NAME\` prints one of them only. Each figure is compared with
a baseline of the same run, so that ratios hold on other machines too. Figures are medians, with the least and the greatest in brackets.

${table}

## Measured on

${facts.map((fact) => `- ${fact}`).join('\n')}

## How

${methods.join('\n\n')}
`);
}
