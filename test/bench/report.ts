/** One figure: ours against a baseline of the same run on the same machine, or against a fixed limit. */
export interface Measurement {
  what: string;
  ours: string;
  /** `–` where the goal is a limit and not a ratio. */
  baseline: string;
  ratio: string;
  goal: string;
  /** Null for figures that explain another one and have no goal of their own. */
  met: boolean | null;
}

/** What one benchmark tells: its figures and, in a sentence or two, how they came about. */
export interface BenchmarkReport {
  how: string;
  measurements: Measurement[];
  /** What could not be measured, each with its reason. Default: none. */
  failures?: readonly string[];
}

/** Throws for an empty list. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('There is no median of nothing.');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const digits = (value: number): string => (Math.abs(value) < 10 ? value.toFixed(1) : String(Math.round(value)));

/** `median (least–most) unit`: the spread tells how far the figure can be trusted. */
export function spread(values: readonly number[], unit: string): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.length === 1 ? `${digits(values[0]!)} ${unit}` : `${digits(median(values))} ${unit} (${digits(least)}–${digits(most)})`;
}

export const times = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ×`;

export const noBaseline = { baseline: '–', ratio: '–' } as const;

/** A Markdown table. */
export function formatMeasurements(rows: readonly Measurement[]): string {
  const head = '| what | Netwright | baseline | ratio | goal | met |\n|---|---|---|---|---|---|';
  const words = (met: boolean | null): string => (met === null ? '' : met ? 'yes' : '**no**');
  return [head, ...rows.map((row) => `| ${row.what} | ${row.ours} | ${row.baseline} | ${row.ratio} | ${row.goal} | ${words(row.met)} |`)].join('\n');
}
