/**
 * Exact gradients of a trained five-layer network. ATTRACTOR_GOLDEN names the folder with ham5.npz, ATTRACTOR_MNIST that with the test digits:
 * neither is part of the project.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readIdx } from '../codecs/idx';
import { readNpz } from '../codecs/npz';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import type { Engine } from '../engine/engine';
import type { AdjointSolver } from '../engine/learning';
import type { Products } from '../engine/products';
import { createReferenceEngine } from '../engine/reference/reference-engine';
import { solve, type Solution } from '../engine/solve';
import { isParameter, networkOf, pixels } from '../experiments/solver-study-models';
import { inputQuery } from '../network/query';
import { FASTEST } from '../solve/presets';
import { ReferenceProducts } from '../testing/reference-products';
import { addImplicitGradient } from './implicit';

const golden = process.env['ATTRACTOR_GOLDEN'];
const mnist = process.env['ATTRACTOR_MNIST'];

const FIRST = 5000;
const DIGITS = 16;

test.skipIf(!golden || !mnist)(
  'three products a sample bring ∂L/∂U of five layers within 2 %, where sixteen terms leave 40 % (ATTRACTOR_GOLDEN, ATTRACTOR_MNIST)',
  async () => {
    const network = networkOf(readNpz(readFileSync(join(golden ?? '', 'ham5.npz')), isParameter), 'ham');
    const read = (name: string): Uint8Array =>
      readIdx(gunzipSync(readFileSync(join(mnist ?? '', name)))).values;
    const inputs = pixels(read('t10k-images-idx3-ubyte.gz'), network.layers[0]?.units ?? 0, FIRST, DIGITS);
    const labels = read('t10k-labels-idx1-ubyte.gz').slice(FIRST, FIRST + DIGITS);
    const settled = async (engine: Engine, tolerance: number): Promise<Solution> => {
      const loaded = await engine.load(network);
      const settings = { ...FASTEST, tolerance, iterationLimit: 500 };
      return solve(loaded, inputQuery(network, inputs, DIGITS), settings);
    };
    const find = (
      products: Products,
      { states, pairs }: Pick<Solution, 'states' | 'pairs'>,
      solver: AdjointSolver,
    ): void => {
      const output = Float64Array.from(states.at(-1) ?? [], (s, at) => {
        const label = labels[Math.floor(at / 10)];
        return (s - (at % 10 === label ? 1 : 0)) / DIGITS;
      });
      products.setInput(inputs);
      addImplicitGradient(products, network, states, output, solver, pairs);
    };

    const exact = new ReferenceProducts(network, DIGITS);
    const precise = await settled(createReferenceEngine(), 1e-8);
    find(exact, precise, { kind: 'cg', tolerance: 1e-8, limit: 100 });
    const right = exact.gradients[0] ?? new Float64Array();

    const engine = await createCpuEngine();
    const trainable = await engine.trainable(network);
    const solution = await settled(engine, 1e-4);
    const plain = { ...solution, pairs: null };
    const error = (from: Pick<Solution, 'states' | 'pairs'>, solver: AdjointSolver): number => {
      trainable.clearGradients();
      find(trainable.products(DIGITS), from, solver);
      const [U] = trainable.parameters;
      const found = U?.ordered(U.gradient) ?? new Float32Array();
      let [difference, size] = [0, 0];
      for (const [i, g] of right.entries()) {
        difference += ((found[i] ?? NaN) - g) ** 2;
        size += g ** 2;
      }
      return Math.sqrt(difference / size);
    };
    const steps = (limit: number) => ({ kind: 'cg', tolerance: 1e-9, limit }) as const;
    expect(error(solution, steps(3))).toBeLessThan(0.02);
    expect(error(solution, steps(4))).toBeLessThan(0.005);
    expect(error(plain, steps(4))).toBeLessThan(0.02);
    expect(error(plain, { kind: 'series', terms: 16 })).toBeGreaterThan(0.3);
  },
  300_000,
);
