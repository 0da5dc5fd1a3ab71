/** A record as a person reads it, in a terminal or on the page. */
import { titleOf, type AnyContestantName } from './contestant';
import { networkName } from './options';
import type { BenchRecord, BenchRow, Result } from './record';
import type { Spread } from './statistics';
import { operations } from './work-count';

/** Three digits that mean something. */
export function short(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 6));
}

export const range = ({ lower, median, upper }: Spread): string =>
  `${short(median)} [${short(lower)} – ${short(upper)}]`;

export const HEAD = [
  '',
  'iterations',
  'ms a solve',
  'µs an iteration',
  'GFLOP/s',
  'times Attractor',
  'error',
] as const;

export function solveCells(
  { network, batch }: Pick<BenchRow, 'network' | 'batch'>,
  { contestant, threads, iterations, time, ratio, error }: Result<AnyContestantName>,
): string[] {
  const same = iterations.least === iterations.most;
  // Where samples stop one by one, what the others still do is not counted: the operations follow the mean.
  const work = operations(network, batch, iterations.mean);
  return [
    titleOf(contestant, threads),
    same ? String(iterations.most) : `${iterations.least} – ${iterations.most}`,
    range(time),
    short((1000 * time.median) / Math.max(iterations.most, 1)),
    short(work / (time.median * 1e6)),
    contestant === 'attractor' ? '1' : range(ratio),
    error.toExponential(1),
  ];
}

/** Columns as wide as their widest cell; the first to the left, numbers to the right. */
function columns(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, c) => Math.max(...lines.map((line) => (line[c] ?? '').length)));
  return lines.map((line) =>
    line
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** Cells below one another, with what they are about above them. */
export type Block = { readonly title: string; readonly lines: readonly (readonly string[])[] };

/** Blocks with the same head and one set of widths, so that the eye can go down a column. */
export function blocksAsLines(head: readonly string[], blocks: readonly Block[]): string[] {
  const [names = '', ...body] = columns([head, ...blocks.flatMap(({ lines }) => lines)]);
  return blocks.flatMap(({ title, lines }, b) => {
    const first = blocks.slice(0, b).reduce((sum, block) => sum + block.lines.length, 0);
    return ['', title, names, ...body.slice(first, first + lines.length)];
  });
}

const what = ({ kind, batch, network }: BenchRow, { options }: BenchRecord): string =>
  `${networkName(network)}, batch ${batch.toLocaleString('en-US')}: ` +
  (kind === 'fixed'
    ? `${options.iterations} iterations for all`
    : `to a map residual of ${options.tolerance}`);

/** The whole record as lines of text. */
export function table(record: BenchRecord): string {
  const { adapter, app, ceilings, machine, options, rows } = record;
  const { product } = ceilings;
  const head = [
    `Attractor ${app.version} against TensorFlow.js ${app.tfjs} (WebGPU) and plain JavaScript`,
    `Adapter: ${adapter.name}; ${machine.browser}; ${machine.cores} cores; ${record.measuredAt}`,
    ...(adapter.software
      ? ['THIS ADAPTER IS SOFTWARE: the outputs are right, but the times say nothing about a GPU.']
      : []),
    `At best: copies ${short(ceilings.copyGigabytesPerSecond)} GB/s; ` +
      `a product of two ${product.size} × ${product.size} matrices ${short(product.gigaflopsPerSecond)} GFLOP/s ` +
      `(${product.by === 'tfjs' ? 'by TensorFlow.js' : "by the bench's kernel"}); ` +
      `an empty dispatch ${short(ceilings.emptyDispatchMicroseconds)} µs; ` +
      `a round trip ${short(ceilings.roundTripMilliseconds)} ms`,
    `Median [quartiles] of ${options.rounds} rounds; "times Attractor" is paired round by round, above 1 Attractor is faster.`,
  ];
  const blocks = rows.map((row) => ({
    title: what(row, record),
    lines: row.results.map((result) => solveCells(row, result)),
  }));
  return [...head, ...blocksAsLines(HEAD, blocks)].join('\n');
}
