/** A record of training as a person reads it. */
import { ceilingLine, pytorchLine } from '../cpu/table';
import { titleOf } from '../contestant';
import { networkName } from '../options';
import { blocksAsLines, range, short, type Block } from '../table';
import type { TrainingRecord, TrainingRow } from './record';

/** MNIST's. */
const EPOCH = 60_000;

const HEAD = ['', 'ms a step', 'CPU ms', 's an epoch', 'times Attractor', 'mean loss', 'right'] as const;
const SPENT_HEAD = ['', 'forward', 'adjoint', 'gradient', 'both', 'optimiser', 'rest'] as const;
const PRODUCTS_HEAD = ['', 'M multiply-adds', 'GFLOP/s', 'of the ceiling'] as const;

const what = ({ network, batch }: TrainingRow): string => `${networkName(network)}, batch ${batch}`;

function timesBlock(row: TrainingRow, { options, tolerance }: TrainingRecord): Block {
  const { forward, backward } = row.recipe;
  return {
    title:
      `${what(row)}: ${options.steps} steps; PyTorch ${forward} + ${backward} iterations, ` +
      `Attractor ${short(row.iterations)} to a map residual of ${tolerance} and ${backward} terms`,
    lines: row.results.map(({ contestant, threads, time, cpu, ratio, loss, accuracy }) => [
      titleOf(contestant, threads),
      range(time),
      short(cpu),
      short((time.median * EPOCH) / row.batch / 1000),
      contestant === 'attractor' ? '1' : range(ratio),
      loss.toFixed(5),
      `${(100 * accuracy).toFixed(2)} %`,
    ]),
  };
}

function spentBlock(row: TrainingRow): Block {
  const { attractor, pytorch } = row.spent;
  const { forward, adjoint, gradient, optimiser, rest } = attractor;
  const ours = [forward, adjoint, gradient, adjoint + gradient, optimiser, rest].map(short);
  return {
    title: `${what(row)}: where a step goes, ms`,
    lines: [
      [titleOf('attractor', 1), ...ours],
      ...pytorch.map((parts) => [
        titleOf('pytorch', parts.threads),
        ...[short(parts.forward), '', ''],
        ...[parts.backward, parts.optimiser, parts.rest].map(short),
      ]),
    ],
  };
}

function productsBlock(row: TrainingRow, ceiling: number): Block {
  const { attractor, products } = row.spent;
  return {
    title: `${what(row)}: products of Attractor on one thread, and all that goes with them`,
    lines: (['forward', 'adjoint', 'gradient'] as const).map((phase) => {
      const gigaflops = (2 * products[phase]) / attractor[phase];
      return [
        phase,
        short(products[phase]),
        short(gigaflops),
        `${Math.round((100 * gigaflops) / ceiling)} %`,
      ];
    }),
  };
}

/** The whole record as lines of text. */
export function trainingTable(record: TrainingRecord): string {
  const { app, ceilings, digits, machine, options, rows } = record;
  const { pytorch } = app;
  const head = [
    `Training by Attractor ${app.version}` +
      (typeof pytorch === 'string'
        ? ''
        : ` against the authors’ recipe in PyTorch ${pytorch.version} (${pytorch.blas})`),
    `${machine.processor}, ${machine.cores} cores; ${machine.runtime}; ${record.measuredAt}`,
    ...pytorchLine(pytorch),
    digits === 'strokes' ? 'Digits drawn from strokes.' : 'Digits from files.',
    ceilingLine(ceilings),
    `Median [quartiles] of ${options.rounds} rounds; "times Attractor" is paired round by round, with Attractor on as many threads; ` +
      `above 1 Attractor is faster. An epoch is ${EPOCH.toLocaleString('en-US')} digits.`,
  ];
  return [
    ...head,
    ...blocksAsLines(
      HEAD,
      rows.map((row) => timesBlock(row, record)),
    ),
    ...blocksAsLines(SPENT_HEAD, rows.map(spentBlock)),
    ...blocksAsLines(
      PRODUCTS_HEAD,
      rows.map((row) => productsBlock(row, ceilings.multiplyAddGigaflopsPerSecond)),
    ),
  ].join('\n');
}
