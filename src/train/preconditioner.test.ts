/** Pairs that a solve has kept speed conjugate gradients up, and change nothing about where they end. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { strokeDigit } from '../data/stroke-digits';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import type { KeptPairs } from '../engine/engine';
import { createReferenceEngine } from '../engine/reference/reference-engine';
import { solve } from '../engine/solve';
import { inputQuery } from '../network/query';
import { readModel } from '../records/model';
import { FASTEST } from '../solve/presets';
import { randomNetwork, uniform } from '../testing/random-network';
import { ReferenceProducts } from '../testing/reference-products';
import { addImplicitGradient } from './implicit';

test('conjugate gradients end at the same gradient whatever pairs they are preconditioned with', async () => {
  const batch = 3;
  for (const kind of ['sigmoid', 'softmax'] as const) {
    const network = randomNetwork({
      layers: [5, 9, 6, 8, 4].map((units, l) => ({
        units,
        activation: kind === 'softmax' && l === 2 ? { kind, beta: 1 } : { kind: 'sigmoid' },
      })),
      strength: 0.7,
      seed: 4,
    });
    const random = uniform(4);
    const inputs = Float32Array.from({ length: batch * 5 }, random);
    const loaded = await createReferenceEngine().load(network);
    const settings = { ...FASTEST, solver: { kind: 'picard', damping: 0 }, tolerance: 1e-13 } as const;
    const query = inputQuery(network, inputs, batch);
    const { states } = await solve(loaded, query, { ...settings, iterationLimit: 3000 });
    const output = Float64Array.from(states.at(-1) ?? [], () => random() - 0.5);
    const gradient = (pairs: KeptPairs | null): readonly Float64Array[] => {
      const products = new ReferenceProducts(network, batch);
      products.setInput(inputs);
      const solver = { kind: 'cg', tolerance: 1e-13, limit: 100 } as const;
      expect(addImplicitGradient(products, network, states, output, solver, pairs)).toBe(0);
      return products.gradients;
    };
    const vector = (): Float64Array => Float64Array.from({ length: 10 }, () => random() - 0.5);
    // None for the first sample, some that point away from any curvature.
    const pairs = Array.from({ length: batch }, (_, sample) =>
      Array.from({ length: 2 * sample }, () => ({ ds: vector(), dg: vector() })),
    );
    const [plain, preconditioned] = [gradient(null), gradient({ layers: [2, 4], samples: pairs })];
    for (const [c, right] of plain.entries()) {
      expect(Math.max(...right.map(Math.abs))).toBeGreaterThan(1e-3);
      for (const [i, g] of right.entries()) expect(preconditioned[c]?.[i]).toBeCloseTo(g, 9);
    }
  }
});

test('after two products the gradient of a trained network of five layers is three times nearer', async () => {
  const network = readModel(readFileSync('public/models/ham-784-1280-510-200-10.safetensors'));
  const batch = 16;
  const digits = Array.from({ length: batch }, (_, i) => strokeDigit(2 * i + 1));
  const inputs = Float32Array.from(digits.flatMap(({ picture }) => [...picture]));
  const engine = await createCpuEngine();
  const trainable = await engine.trainable(network);
  const settings = { ...FASTEST, tolerance: 1e-4, iterationLimit: 500 };
  const { states, pairs } = await solve(trainable.loaded, inputQuery(network, inputs, batch), settings);
  const output = Float64Array.from(
    states.at(-1) ?? [],
    (s, at) => (s - (at % 10 === digits[Math.floor(at / 10)]?.label ? 1 : 0)) / batch,
  );
  const gradient = (kept: KeptPairs | null, limit: number): Float32Array => {
    trainable.clearGradients();
    const products = trainable.products(batch);
    products.setInput(inputs);
    addImplicitGradient(products, network, states, output, { kind: 'cg', tolerance: 1e-7, limit }, kept);
    products.release();
    const [first] = trainable.parameters;
    return first?.ordered(first.gradient) ?? new Float32Array();
  };
  const right = gradient(null, 100);
  const error = (kept: KeptPairs | null): number =>
    Math.sqrt(gradient(kept, 2).reduce((sum, g, i) => sum + (g - (right[i] ?? NaN)) ** 2, 0));
  expect(error(pairs)).toBeLessThan(error(null) / 3);
  engine.destroy();
});
