/** Gradients against those of the paper authors' own code, central differences, and each other. */
import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import type { UnrolledMap } from '../engine/learning';
import type { Products } from '../engine/products';
import { ReferenceProducts } from '../testing/reference-products';
import type { Network } from '../network/network';
import type { Floats } from '../numbers/floats';
import { GOLDEN, goldenInput, goldenNetwork } from '../testing/golden';
import { addImplicitGradient } from './implicit';
import { addUnrolledGradient } from './unrolled';

type GoldenGradient = {
  readonly fwd_iter: number;
  readonly bwd_iter: number;
  readonly loss: number;
  readonly s_star: readonly (readonly number[])[];
  readonly [parameter: string]: unknown;
};

const flat = (values: unknown): readonly number[] => (values as readonly (number | number[])[]).flat();

/** ‖a − b‖ / ‖b‖ */
function apart(a: ArrayLike<number>, b: readonly number[]): number {
  const size = Math.hypot(...b);
  return Math.hypot(...b.map((x, i) => x - (a[i] ?? NaN))) / (size === 0 ? 1 : size);
}

const cases = (['tiny3', 'tiny5'] as const).flatMap((name) => {
  const golden = GOLDEN[name] as unknown as {
    readonly y: readonly (readonly number[])[];
    readonly grads: Readonly<Record<string, GoldenGradient>>;
  };
  return Object.entries(golden.grads).map(([key, gradient]) => ({ name, key, gradient, y: golden.y }));
});

/** The states that the gradient is taken at, one array a layer. */
function statesOf(network: Network, input: Floats, free: readonly (readonly number[])[]): readonly Floats[] {
  let offset = 0;
  return network.layers.map(({ units }, l) => {
    if (l === 0) return input;
    const first = offset;
    offset += units;
    return Float64Array.from(free.flatMap((row) => row.slice(first, first + units)));
  });
}

/** What a gradient comes out as: one array a connection, as its weights, and one a layer. */
type Gradient = {
  readonly weights: readonly ArrayLike<number>[];
  readonly biases: readonly ArrayLike<number>[];
};

/** Each engine's way to the gradient that `add` adds, and how far from float64 it may end. */
const ENGINES = [
  {
    engine: 'float64',
    tolerance: 1e-8,
    find: (network: Network, batch: number, add: (products: Products) => void): Promise<Gradient> => {
      const products = new ReferenceProducts(network, batch);
      add(products);
      return Promise.resolve({ weights: products.gradients, biases: products.biasGradients });
    },
  },
  // The states are those of float64, rounded: their last bits are all that differs, times 1 / (1 − μ²) of a network near a bifurcation.
  ...(['best', 'plain'] as const).map((kernels) => ({
    engine: `cpu, ${kernels} kernels`,
    tolerance: 1e-4,
    find: async (network: Network, batch: number, add: (products: Products) => void): Promise<Gradient> => {
      const engine = await createCpuEngine(kernels);
      const trainable = await engine.trainable(network);
      add(trainable.products(batch));
      const { connections } = network;
      // In place of the weights, so that they come back in their own order.
      for (const { values, gradient } of trainable.parameters) values.set(gradient);
      const read = trainable.read();
      trainable.destroy();
      return {
        weights: connections.map((_, c) => read.connections[c]?.weights ?? []),
        biases: read.layers.map(({ bias }) => bias ?? []),
      };
    },
  })),
] as const;

describe.each(cases)('$name $key', ({ name, key, gradient, y }) => {
  const [kind, mode, which] = key.split('_') as ['ham' | 'chn', 'sync' | 'eo', 'ref' | 'converged'];
  const golden = GOLDEN[name];
  const network = goldenNetwork(golden, kind);
  const input = goldenInput(golden);
  const batch = y.length;
  const states = statesOf(network, input, gradient.s_star);
  const output = Float64Array.from(states.at(-1) ?? [], (s, i) => (s - (y.flat()[i] ?? 0)) / batch);

  const add = (products: Products): void => {
    products.setInput(input);
    if (which === 'ref') {
      const settings: UnrolledMap = {
        schedule: mode === 'eo' ? 'even-odd' : 'synchronous',
        local: 'damped',
        damping: kind === 'chn' && mode === 'sync' ? 0.5 : 0,
      };
      addUnrolledGradient(products, network, settings, states, output, gradient.bwd_iter);
    } else {
      addImplicitGradient(products, network, states, output, { kind: 'cg', tolerance: 1e-12, limit: 200 });
    }
  };

  test.each(ENGINES)('$engine', async ({ find, tolerance }) => {
    const { weights, biases } = await find(network, batch, add);
    // The reference's hook halves the gradient of a matrix that it keeps twice.
    const half = mode === 'sync' ? 2 : 1;
    for (const [c, found] of weights.entries()) {
      const right = flat(gradient[c === 0 ? 'dU' : `dW${c}`]).map((x) => (c === 0 ? 1 : half) * x);
      expect(apart(found, right), `connection ${c}`).toBeLessThan(tolerance);
    }
    for (let l = 1; l < network.layers.length; l++)
      expect(apart(biases[l] ?? [], flat(gradient[`db${l}`]))).toBeLessThan(tolerance);
  });
});
