/** A record of the processor as a person reads it. */
import { titleOf } from '../contestant';
import { blocksAsLines, HEAD, range, short, solveCells, type Block } from '../table';
import type { CpuCeilings, CpuRecord, ProductRow, SolveRow } from './record';

const PRODUCT_HEAD = ['', 'ms a product', 'GFLOP/s', 'of the ceiling', 'times Attractor', 'error'] as const;

const samples = (batch: number): string => batch.toLocaleString('en-US');

function productBlock({ shape: { batch, n, m }, results }: ProductRow, ceiling: number): Block {
  return {
    title: `A product alone: ${samples(batch)} × ${n} by ${n} × ${m}`,
    lines: results.map(({ contestant, threads, time, ratio, error }) => {
      const gigaflops = (2 * batch * n * m) / (time.median * 1e6);
      return [
        titleOf(contestant, threads),
        range(time),
        short(gigaflops),
        `${Math.round((100 * gigaflops) / ceiling)} %`,
        contestant === 'attractor' ? '1' : range(ratio),
        error.toExponential(1),
      ];
    }),
  };
}

function solveBlock(row: SolveRow, { iterations, tolerance }: CpuRecord['options']): Block {
  const goal =
    row.kind === 'fixed'
      ? `${iterations} even-odd Picard iterations for all`
      : `everyone’s best, to a map residual of ${tolerance}`;
  return {
    title: `${row.name}, batch ${samples(row.batch)}: ${goal}`,
    lines: [
      ...row.results.map((result) => solveCells(row, result)),
      ...row.unconverged.map((title) => [`${title}: not on every sample`]),
    ],
  };
}

/** Why PyTorch is not there, where it is not. */
export const pytorchLine = (pytorch: CpuRecord['app']['pytorch']): string[] =>
  typeof pytorch === 'string' ? [`PyTorch is not compared: ${pytorch}`] : [];

export function ceilingLine({
  multiplyAddGigaflopsPerSecond,
  fusedGigaflopsPerSecond: fused,
  copyGigabytesPerSecond,
}: CpuCeilings): string {
  return (
    `At best, one thread: ${short(multiplyAddGigaflopsPerSecond)} GFLOP/s by WebAssembly’s SIMD ` +
    `(${fused === null ? 'there is no fused multiply-add' : `${short(fused)} with fused multiply-add, which no WebAssembly here uses`}); ` +
    `copies ${short(copyGigabytesPerSecond)} GB/s`
  );
}

/** The whole record as lines of text. */
export function cpuTable(record: CpuRecord): string {
  const { app, ceilings, machine, options, rows, remarks } = record;
  const { pytorch } = app;
  const head = [
    `Attractor ${app.version} against TensorFlow.js ${app.tfjs} (WebAssembly), plain JavaScript` +
      (typeof pytorch === 'string' ? '' : ` and PyTorch ${pytorch.version} (${pytorch.blas})`),
    `${machine.processor}, ${machine.cores} cores; ${machine.runtime}; ${record.measuredAt}`,
    ...pytorchLine(pytorch),
    ...remarks,
    ceilingLine(ceilings),
    `Median [quartiles] of ${options.rounds} rounds; "times Attractor" is paired round by round, with Attractor on as many threads; ` +
      'above 1 Attractor is faster.',
  ];
  const products = rows.flatMap((row) => (row.kind === 'product' ? [row] : []));
  const solves = rows.flatMap((row) => (row.kind === 'product' ? [] : [row]));
  return [
    ...head,
    ...blocksAsLines(
      PRODUCT_HEAD,
      products.map((row) => productBlock(row, ceilings.multiplyAddGigaflopsPerSecond)),
    ),
    ...blocksAsLines(
      HEAD,
      solves.map((row) => solveBlock(row, options)),
    ),
  ].join('\n');
}
