/** Brings a query and its settings into the buffers of a run. */
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { fitsOmega } from '../../solve/solvers/relaxation';
import type { SolveSettings } from '../../solve/settings';
import { dampingOf } from '../../solve/solvers';
import { PAPER_FIRST, ZERO_FLOOR } from '../../solve/stop';
import { restsAtZero, type LayerStart } from '../state-zero';
import { LAYOUTS, SAFEGUARD_CODES } from './kernels';
import type { PassTable } from './pass-table';
import { historySlots, TRACE_ROWS, type RunBuffers, type RunShape } from './run-buffers';
import { packStructs } from './struct-layout';

/** Layers [batch, units] side by side and padded, [batch][width] vec4s. */
export function arrange(
  network: Network,
  { batch, width }: RunShape,
  starts: readonly number[],
  pick: (layer: number) => ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const row = width * 4;
  const out = new Float32Array(batch * row);
  for (const [l, { units }] of network.layers.entries()) {
    const values = pick(l);
    const start = (starts[l] ?? 0) * 4;
    for (let sample = 0; sample < batch; sample++) {
      for (let i = 0; i < units; i++) out[sample * row + start + i] = values[sample * units + i] ?? 0;
    }
  }
  return out;
}

/** How the kernels of a run go about it. */
export type RunWays = {
  /** Whether running samples are listed. */
  readonly lists: boolean;
  /** Threads that add up one sample. */
  readonly threads: number;
};

/** Everything but the activities: tables, settings, states in both slots, drives, and samples that all run. */
export function upload(
  queue: GPUQueue,
  buffers: RunBuffers,
  network: Network,
  query: Query,
  settings: SolveSettings,
  starts: readonly LayerStart[],
  table: PassTable,
  shape: RunShape,
  ways: RunWays,
): void {
  const place = (pick: (layer: number) => ArrayLike<number>): Float32Array<ArrayBuffer> =>
    arrange(network, shape, table.starts, pick);
  queue.writeBuffer(buffers.run, 0, packRun(network, settings, shape, ways));
  queue.writeBuffer(buffers.passes, 0, table.passes);
  queue.writeBuffer(buffers.layers, 0, table.layers);
  queue.writeBuffer(buffers.edges, 0, table.edges);
  queue.writeBuffer(buffers.samples, 0, packSamples(restsAtZero(network, query, starts)));
  const states = place((l) => query.start[l] ?? []);
  queue.writeBuffer(buffers.states, 0, states);
  queue.writeBuffer(buffers.states, states.byteLength, states);
  const free = place((l) => starts[l]?.free ?? []);
  const bias = place((l) => {
    const { units = 0, bias: b } = network.layers[l] ?? {};
    return Float32Array.from({ length: units * shape.batch }, (_, i) => b?.[i % units] ?? 0);
  });
  // UnitConstants: four drives, then four times free.
  const unitConstants = new Float32Array(free.length * 2);
  for (let i = 0; i < free.length; i++) {
    const at = (i >> 2) * 8 + (i & 3);
    unitConstants[at] = bias[i] ?? 0;
    unitConstants[at + 4] = free[i] ?? 0;
  }
  queue.writeBuffer(buffers.unitConstants, 0, unitConstants);
}

/** The smallest number that a GPU need not take for 0 (IEEE 754 binary32, normal numbers). */
const LEAST_FLOAT32 = 2 ** -126;

/**
 * Every sample runs, with ω = 1, and is listed at its own place.
 * @param atZero whether zero is an equilibrium of each
 */
export function packSamples(atZero: readonly boolean[]): ArrayBuffer {
  return packStructs(
    LAYOUTS.sample,
    [...atZero, false].map((rests, i) => ({
      iteration: 0,
      stop: 0,
      omega: 1,
      map: 0,
      floor: rests ? ZERO_FLOOR : 0,
      largest: 0,
      listed: i,
    })),
  );
}

export function packRun(
  network: Network,
  settings: SolveSettings,
  shape: RunShape,
  { lists, threads }: RunWays,
): ArrayBuffer {
  const { solver, tolerance, iterationLimit, criterion = 'map' } = settings;
  const anderson = solver.kind === 'anderson' ? solver : null;
  return packStructs(LAYOUTS.run, [
    {
      chn: network.dynamics === 'chn' ? 1 : 0,
      batch: shape.batch,
      width: shape.width,
      lists: lists ? 1 : 0,
      damping: dampingOf(solver, 1),
      first_damping: dampingOf(solver, 0),
      // Below the smallest number of float64 is a residual of 0 alone, so it is below the smallest of float32.
      tolerance: tolerance > 0 ? Math.max(tolerance, LEAST_FLOAT32) : tolerance,
      by_step: criterion === 'map' ? 0 : 1,
      first_judged: criterion === 'map' ? 0 : criterion === 'step' ? 1 : PAPER_FIRST,
      fits_omega: fitsOmega(settings) ? 1 : 0,
      iteration_limit: iterationLimit,
      trace_rows: TRACE_ROWS,
      window: solver.kind === 'anderson' || solver.kind === 'lbfgs' ? solver.window : 1,
      fits_scale: solver.kind === 'lbfgs' && solver.firstScale === 'fitted' ? 1 : 0,
      ridge: anderson?.ridge ?? 0,
      ridge_by_trace: anderson?.ridgeScale === 'trace' ? 1 : 0,
      safeguard: SAFEGUARD_CODES[anderson?.safeguard ?? 'none'],
      slots: historySlots(shape),
      threads,
    },
  ]);
}
