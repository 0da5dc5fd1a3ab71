/** Whether the outputs that were timed are right, by the CPU engine in float64. */
import { createReferenceEngine } from '../src/engine/reference/reference-engine';
import { solve } from '../src/engine/solve';
import type { Network } from '../src/network/network';
import { inputQuery } from '../src/network/query';
import { settingsOf } from './attractor';
import type { Outcome, Work } from './contestant';

/** Samples of a batch that are looked at: the first, the last, and others between. */
const LOOKED_AT = 5;

/** Largest distance to the oracle after equal work, relative to the largest number of the layer. */
export const LARGEST_DISTANCE = 1e-4;

/** A residual computed in float32 may be this much below the one of the same state in float64. */
export const RESIDUAL_SLACK = 1.05;

/** Outputs that are not what they must be: the times beside them mean nothing. */
export class WrongOutput extends Error {
  override readonly name = 'WrongOutput';
}

/** A contestant's answer for some samples of the batch. */
type Excerpt = { readonly work: Work; readonly states: readonly Float32Array[] };

function excerpt(work: Work, { states }: Pick<Outcome, 'states'>): Excerpt {
  const { batch, input } = work;
  return {
    work: { ...work, batch: Math.min(LOOKED_AT, batch), input: pickRows(input, batch) },
    states: states.map((layer) => pickRows(layer, batch)),
  };
}

/** The rows of the samples that are looked at. */
export function pickRows(values: Float32Array, batch: number): Float32Array {
  const count = Math.min(LOOKED_AT, batch);
  const width = values.length / batch;
  const picked = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const sample = Math.round((i * (batch - 1)) / Math.max(count - 1, 1));
    picked.set(values.subarray(sample * width, (sample + 1) * width), i * width);
  }
  return picked;
}

export type Check = (outcome: Outcome) => Promise<number>;

/**
 * What `error` in the record says of an outcome: its distance to the oracle after a fixed number of iterations, or the map
 * residual of its states.
 */
export async function createCheck(network: Network, work: Work): Promise<Check> {
  const loaded = await createReferenceEngine().load(network);
  const small = excerpt(work, { states: [] }).work;
  if (work.tolerance > 0) {
    return async (outcome) => {
      const { states } = excerpt(work, outcome);
      const query = inputQuery(network, small.input, small.batch);
      const run = await loaded.start({ ...query, start: [small.input, ...states] }, settingsOf(small));
      const { mapResidual } = await run.advance(1);
      run.destroy();
      return Math.max(...mapResidual);
    };
  }
  const oracle = await solve(loaded, inputQuery(network, small.input, small.batch), settingsOf(small));
  const right = oracle.states.slice(1);
  return (outcome) => {
    const { states } = excerpt(work, outcome);
    return Promise.resolve(Math.max(...states.map((layer, l) => distance(layer, right[l] ?? []))));
  };
}

/** max |a − b| / max |b|; Infinity where one is longer, or something is no number. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length === 0) return Infinity;
  let largest = 0;
  let scale = 0;
  for (let i = 0; i < a.length; i++) {
    const gap = Math.abs((a[i] ?? NaN) - (b[i] ?? NaN));
    if (Number.isNaN(gap)) return Infinity;
    largest = Math.max(largest, gap);
    scale = Math.max(scale, Math.abs(b[i] ?? NaN));
  }
  return largest / scale;
}

/**
 * Every sample of two answers to equal work.
 * @returns max |a − b| / max |b| over the layers
 */
export function disagreement(a: Outcome, b: Outcome): number {
  return Math.max(...a.states.map((layer, l) => distance(layer, b.states[l] ?? [])));
}

/** Throws what went wrong on the device between the call and the return of the work. */
export async function inErrorScopes<T>(devices: readonly GPUDevice[], work: () => Promise<T>): Promise<T> {
  const filters = ['validation', 'out-of-memory', 'internal'] as const;
  for (const device of devices) for (const filter of filters) device.pushErrorScope(filter);
  let value: T;
  const errors: (GPUError | null)[] = [];
  try {
    value = await work();
  } finally {
    for (const device of devices) {
      for (let i = 0; i < filters.length; i++) errors.push(await device.popErrorScope());
    }
  }
  const error = errors.find((found) => found !== null);
  if (error) throw new WrongOutput(`the GPU reported an error while it was timed: ${error.message}`);
  return value;
}
