/** Products alone: the same factors for everyone, from where each has them best, on one thread. */
import { KernelMemory } from '../../src/engine/cpu/memory';
import { padded, PANEL_ROW } from '../../src/engine/cpu/kernels';
import { createWasmKernels } from '../../src/engine/cpu/wasm-kernels';
import { PackedWeights } from '../../src/engine/cpu/weights';
import { createChain } from '../../src/network/network';
import { uniform } from '../../src/testing/random-network';
import { distance, LARGEST_DISTANCE, pickRows, WrongOutput } from '../check';
import { titleOf, type CpuContestantName } from '../contestant';
import { playRounds, timed } from '../rounds';
import { pairedRatio, spread } from '../statistics';
import { addProduct } from '../typed-arrays';
import type { Multiply, PreparedProduct, ProductShape } from './host';
import type { ProductRow } from './record';

/** Larger batches are many products of this size to everyone. */
const MOST_SAMPLES = 256;

export type Multiplier = { readonly name: CpuContestantName; readonly multiply: Multiply };

/** Our kernel, as the engine calls it. */
const attractor: Multiply = async ({ batch, n, m }, a, w) => {
  const memory = new KernelMemory();
  const kernels = await createWasmKernels(memory);
  const layer = (name: string, units: number) => ({ name, units, activation: { kind: 'identity' } as const });
  const weights = new PackedWeights(createChain([layer('a', n), layer('b', m)], [w], 'ham'), memory);
  const { at, k, panels } = weights.towards(0, 'forward');
  const [from, to] = [padded(n), padded(m)];
  const [factors, out, zeros, rows] = [from * batch, to * batch, to, batch].map((x) => memory.take(4 * x));
  if (!factors || !out || !zeros || !rows) throw new RangeError('a block begins at 0');
  for (let row = 0; row < batch; row++) {
    memory.f32.set(a.subarray(row * n, (row + 1) * n), factors / 4 + row * from);
    memory.i32[rows / 4 + row] = row;
  }
  const multiply = (): void =>
    // Nothing is added, which one row of zeros says to all.
    kernels.product(factors, 4 * from, at, k, zeros, 0, out, 4 * to, PANEL_ROW, panels, rows, batch);
  return {
    play: async (repeats) => {
      const { milliseconds } = await timed(repeats, multiply);
      const outcome = new Float32Array(batch * m);
      for (let row = 0; row < batch; row++)
        outcome.set(memory.f32.subarray(out / 4 + row * to, out / 4 + row * to + m), row * m);
      return { milliseconds, outcome };
    },
    destroy: () => undefined,
  };
};

const javascript: Multiply = ({ batch, n, m }, a, w) => {
  const weights = new Float32Array(m * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) weights[j * n + i] = w[i * m + j] ?? 0;
  const out = new Float32Array(batch * m);
  return {
    play: (repeats) =>
      timed(repeats, () => {
        out.fill(0);
        addProduct(out, a, weights, batch, n, m);
        return out;
      }),
    destroy: () => undefined,
  };
};

/** Those that are always there, ours first and once more. */
export const OWN_MULTIPLIERS: readonly Multiplier[] = [
  { name: 'attractor', multiply: attractor },
  { name: 'attractor-again', multiply: attractor },
  { name: 'javascript', multiply: javascript },
];

/** The blocks of weights of networks, each once, with each batch that is not larger than `MOST_SAMPLES`. */
export function productShapes(
  networks: readonly (readonly number[])[],
  batches: readonly number[],
): readonly ProductShape[] {
  const blocks = networks.flatMap((units) => units.slice(1).map((m, l) => [units[l] ?? 0, m] as const));
  const once = new Map(blocks.map((block) => [block.join(' '), block]));
  return [...once.values()].flatMap(([n, m]) =>
    batches.filter((batch) => batch <= MOST_SAMPLES).map((batch) => ({ batch, n, m })),
  );
}

/** Some rows of the product, in float64. */
function exactRows({ batch, n, m }: ProductShape, a: Float32Array, w: Float32Array): Float64Array {
  const some = pickRows(a, batch);
  const out = new Float64Array((some.length / n) * m);
  for (let row = 0; row < some.length / n; row++)
    for (let i = 0; i < n; i++) {
      const x = some[row * n + i] ?? 0;
      for (let j = 0; j < m; j++) out[row * m + j] = (out[row * m + j] ?? 0) + x * (w[i * m + j] ?? 0);
    }
  return out;
}

/**
 * Times one product by everyone and checks what came out.
 * @throws WrongOutput
 */
export async function measureProduct(
  shape: ProductShape,
  multipliers: readonly Multiplier[],
  rounds: number,
  seed: number,
  signal: AbortSignal,
  progress: (what: string) => void,
): Promise<ProductRow> {
  const { batch, n, m } = shape;
  const next = uniform(seed);
  // As activities are, from 0 to 1.
  const a = Float32Array.from({ length: batch * n }, () => (next() + 1) / 2);
  const w = Float32Array.from({ length: n * m }, next);
  const prepared: PreparedProduct[] = [];
  try {
    for (const { multiply } of multipliers) prepared.push(await multiply(shape, a, w));
    const players = multipliers.map(({ name }, i) => ({
      title: titleOf(name, 1),
      play: (repeats: number) => (prepared[i] as PreparedProduct).play(repeats),
    }));
    const all = await playRounds(players, rounds, signal, progress);
    const exact = exactRows(shape, a, w);
    const [base] = all;
    if (!base) throw new RangeError('nobody multiplies');
    const results = all.map(({ outcome, milliseconds, repeats }, i) => {
      const { name } = multipliers[i] as Multiplier;
      const error = distance(pickRows(outcome, batch), exact);
      const apart = distance(outcome, base.outcome);
      if (!(Math.max(error, apart) <= LARGEST_DISTANCE)) {
        throw new WrongOutput(
          `${titleOf(name, 1)} multiplied wrongly: ${error} from the oracle, ${apart} from Attractor`,
        );
      }
      return {
        contestant: name,
        threads: 1,
        milliseconds: [...milliseconds],
        repeats,
        error,
        time: spread(milliseconds),
        ratio: pairedRatio(milliseconds, base.milliseconds),
      };
    });
    return { kind: 'product', shape, results };
  } finally {
    for (const product of prepared) product.destroy();
  }
}
