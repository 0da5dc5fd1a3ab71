/** Each kernel in SIMD and in plain loops, against float64. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EPSILON,
  float32Allowance,
  LARGEST,
  SMALLEST,
  UNIT_ACTIVATIONS,
  UNIT_STATES,
  unitTruth,
} from '../../testing/exact-unit';
import { localRoot, type RootedActivation } from '../../network/local-root';
import { uniform } from '../../testing/random-network';
import { LANES, layerCode, padded, PANEL_ROW, type Kernels } from './kernels';
import { KernelMemory } from './memory';
import { createPlainKernels } from './plain-kernels';
import { createWasmKernels } from './wasm-kernels';

const MAKERS: readonly (readonly [string, (memory: KernelMemory) => Kernels | Promise<Kernels>])[] = [
  ['SIMD', createWasmKernels],
  ['plain loops', createPlainKernels],
];

describe.each(MAKERS)('%s', (name, create) => {
  const memory = new KernelMemory();
  const kernels = create(memory);

  /** Puts numbers into memory. */
  const put = (values: ArrayLike<number>): number => {
    const at = memory.take(values.length * 4);
    memory.f32.set(Float32Array.from(values), at / 4);
    return at;
  };
  const get = (at: number, length: number): readonly number[] => [
    ...memory.f32.subarray(at / 4, at / 4 + length),
  ];
  const whole = (values: readonly number[]): number => {
    const at = memory.take(values.length * 4);
    memory.i32.set(values, at / 4);
    return at;
  };

  test('is what it says', async () => {
    expect((await kernels).name).toBe(name);
  });

  test.each(UNIT_ACTIVATIONS)('%o keeps its digits', async (activation) => {
    const { activate: run, slopes } = await kernels;
    const code = layerCode('ham', activation, 1);
    const [mask, own] = [whole([-1]), memory.take(16)];
    const rho = memory.take(32);
    const rise = memory.take(32);
    for (const state of UNIT_STATES) {
      const s = put([state]);
      run(code, s, mask, rho, own);
      slopes(code, s, rise);
      const right = unitTruth(activation, state);
      const found = { rho: get(rho, 1)[0], slope: get(rise, 1)[0], conjugate: memory.f64[own / 8] };
      for (const quantity of ['rho', 'slope', 'conjugate'] as const) {
        const value = right[quantity];
        if (Math.abs(value) > LARGEST) continue;
        const got = found[quantity] ?? NaN;
        expect(Math.abs(got - value), `${quantity}(${state}) is ${got}, not ${value}`).toBeLessThanOrEqual(
          float32Allowance(activation, state, quantity, value),
        );
      }
      memory.give(s, 4);
    }
  });

  test('the energy of a layer is that of its free units', async () => {
    const { activate: run } = await kernels;
    const activation = { kind: 'sigmoid' } as const;
    const units = 1203;
    const random = uniform(11);
    const states = Float32Array.from({ length: padded(units) }, (_, i) => (i < units ? 3 * random() : 0));
    const free = Array.from(states, (_, i) => i < units && i % 5 !== 0);
    const [s, mask] = [put(states), whole(free.map((is) => (is ? -1 : 0)))];
    const [rho, own] = [memory.take(4 * states.length), memory.take(16)];
    run(layerCode('ham', activation, units), s, mask, rho, own);
    const truth = [...states].map((state) => unitTruth(activation, state));
    const right = truth.reduce((sum, { conjugate }, i) => sum + (free[i] ? conjugate : 0), 0);
    const size = memory.f64[own / 8 + 1] ?? 0;
    expect(size).toBeGreaterThan(Math.abs(right));
    expect(size).toBeLessThan(units);
    expect(Math.abs((memory.f64[own / 8] ?? 0) - right)).toBeLessThan(EPSILON * size);
    for (const [i, found] of get(rho, units).entries())
      expect(Math.abs(found - (free[i] ? (truth[i]?.rho ?? 0) : 0))).toBeLessThan(4 * EPSILON);
  });

  test('a move leads to the same state, and tells of the same residual, whether or not more is asked', async () => {
    const { move } = await kernels;
    const n = 40;
    const random = uniform(13);
    const draw = (): number => put(Float32Array.from({ length: n }, random));
    const [old, next, drive, terms] = [draw(), draw(), draw(), memory.take(40)];
    const mask = whole(Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 0 : -1)));
    const before = get(next, n);
    const step = { unitUpdate: 'map', measures: 'current', measureOnly: false } as const;
    const told = [true, false].map((steps) => {
      memory.f32.set(before, next / 4);
      move(layerCode('ham', { kind: 'sigmoid' }, n), step, steps, old, next, drive, mask, 0, terms);
      return [...get(next, n), ...memory.f64.subarray(terms / 8, terms / 8 + 2)];
    });
    expect(told[1]).toEqual(told[0]);
    expect(told[0]?.slice(0, n)).toEqual(before.map((x, i) => (i % 3 === 0 ? x : memory.f32[drive / 4 + i])));
    expect(told[0]?.at(-1)).toBeGreaterThan(0);
  });

  test('an exact move leads to the root of s = ρ′(s)·C, whatever C is', async () => {
    const { move } = await kernels;
    const mask = whole(Array.from({ length: 8 }, () => -1));
    const [old, next, terms] = [put(new Float32Array(8)), put(new Float32Array(8)), memory.take(40)];
    const step = { unitUpdate: 'exact', measures: 'none', measureOnly: false } as const;
    const random = uniform(7);
    for (let round = 0; round < 3000; round++) {
      const activation: RootedActivation =
        round % 3 === 0 ? { kind: 'sigmoid' } : { kind: 'tanh', gain: 2 * 20 ** random() };
      const root = localRoot(activation);
      const drives = Float32Array.from(
        { length: 8 },
        // No larger than states may be (solve/stop.ts), no smaller than float32's normal numbers.
        () => Math.sign(random()) * 10 ** (random() < 0 ? 2 * random() : 26 * random() - 9),
      );
      const drive = put(drives);
      move(layerCode('chn', activation, 8), step, true, old, next, drive, mask, 0, terms);
      for (const [i, s] of get(next, 8).entries()) {
        const right = root(drives[i] ?? 0);
        expect(
          Math.abs(s - right),
          `${JSON.stringify(activation)} ${drives[i]}: ${s}, not ${right}`,
        ).toBeLessThanOrEqual(4 * EPSILON * Math.abs(right) + SMALLEST);
      }
      memory.give(drive, 32);
    }
  });

  test('a product of any shape is that of float64, and the same for a row whatever rows are beside it', async () => {
    const { product } = await kernels;
    fc.assert(
      fc.property(
        fc.record({
          k: fc.integer({ min: 1, max: 150 }),
          columns: fc.integer({ min: 1, max: 75 }),
          batch: fc.integer({ min: 1, max: 9 }),
          seed: fc.integer({ min: 1, max: 1e6 }),
        }),
        ({ k, columns, batch, seed }) => {
          const random = uniform(seed);
          const draw = (length: number): Float32Array =>
            Float32Array.from({ length }, () => 2 * random() - 1);
          const a = draw(batch * k);
          const w = draw(k * columns);
          const init = draw(batch * padded(columns));
          const panels = padded(columns) / LANES;
          const packed = new Float32Array(panels * k * LANES);
          for (let i = 0; i < k; i++)
            for (let j = 0; j < columns; j++)
              packed[(Math.floor(j / LANES) * k + i) * LANES + (j % LANES)] = w[i * columns + j] ?? 0;
          const at = { a: put(a), w: put(packed), init: put(init), out: memory.take(init.length * 4) };
          const stride = padded(columns) * 4;
          const run = (rows: readonly number[]): readonly number[] => {
            const list = whole(rows);
            product(
              at.a,
              k * 4,
              at.w,
              k,
              at.init,
              stride,
              at.out,
              stride,
              PANEL_ROW,
              panels,
              list,
              rows.length,
            );
            memory.give(list, rows.length * 4);
            return get(at.out, batch * padded(columns));
          };
          const all = run(Array.from({ length: batch }, (_, i) => i));
          for (let row = 0; row < batch; row++) {
            for (let j = 0; j < columns; j++) {
              let [sum, size] = [init[row * padded(columns) + j] ?? 0, 1];
              for (let i = 0; i < k; i++) {
                const term = (a[row * k + i] ?? 0) * (w[i * columns + j] ?? 0);
                sum += term;
                size += Math.abs(term);
              }
              // Sums of up to 64 terms, each rounded at most so many times.
              expect(Math.abs((all[row * padded(columns) + j] ?? NaN) - sum)).toBeLessThan(
                40 * EPSILON * size,
              );
            }
          }
          for (let row = 0; row < batch; row++) expect(run([row])).toEqual(all);
          for (const [which, values] of Object.entries({ a, w: packed, init, out: init }))
            memory.give(at[which as keyof typeof at], values.length * 4);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a sparse product adds the background and the rows that are listed, whatever samples are beside', async () => {
    const { listForeground, sparseProduct } = await kernels;
    const [panels, k, background] = [5, 200, 0.25];
    const random = uniform(3);
    const w = Float32Array.from({ length: panels * k * LANES }, () => random());
    const of = (i: number, j: number): number =>
      w[(Math.floor(j / LANES) * k + i) * LANES + (j % LANES)] ?? 0;
    const columns = panels * LANES;
    const sums = Array.from({ length: columns }, (_, j) =>
      Array.from({ length: k }, (_, i) => of(i, j)).reduce((sum, x) => sum + x, 0),
    );
    // So many activities of each sample are not the background.
    const samples = [0, 1, 64, 65, 130].map((foreground) =>
      Array.from({ length: k }, (_, i) => ((7 * i) % k < foreground ? random() : background)),
    );
    const init = Float32Array.from({ length: samples.length * columns }, () => random());
    const [weights, ones, out] = [put(w), put(sums), memory.take(init.length * 4)];
    const listBytes = 8 * k;
    const run = (chosen: readonly number[]): void => {
      memory.f32.set(init, out / 4);
      const [lists, counts] = [memory.take(chosen.length * listBytes), memory.take(4 * chosen.length)];
      for (const [i, sample] of chosen.entries()) {
        const list = lists + i * listBytes;
        const a = put(samples[sample] ?? []);
        memory.i32[counts / 4 + i] = listForeground(a, k, background, list, list + listBytes / 2);
      }
      sparseProduct(
        lists,
        listBytes,
        counts,
        background,
        ones,
        weights,
        k,
        out,
        columns * 4,
        PANEL_ROW,
        panels,
        whole(chosen),
        chosen.length,
      );
    };
    run([0, 1, 2, 3, 4]);
    const all = get(out, init.length);
    for (const [i, found] of all.entries()) {
      const [sample, j] = [Math.floor(i / columns), i % columns];
      const right = (samples[sample] ?? []).reduce((sum, x, row) => sum + x * of(row, j), init[i] ?? 0);
      expect(Math.abs(found - right)).toBeLessThan(40 * EPSILON * (1 + Math.abs(right)));
    }
    for (const sample of [4, 0, 2]) {
      run([sample]);
      const [first, last] = [sample * columns, (sample + 1) * columns];
      expect(get(out, init.length).slice(first, last)).toEqual(all.slice(first, last));
    }
  });

  test('Madam multiplies each weight as its formula says, and leaves zeros alone', async () => {
    const { madam } = await kernels;
    // In plain loops it is that of train/optimisers.ts, which has a test of its own.
    expect(madam !== undefined).toBe(name === 'SIMD');
    if (!madam) return;
    const [n, rate, bound, largest] = [64, 0.01, 3, 0.9];
    const random = uniform(5);
    const weights = Array.from({ length: n }, (_, i) => (i % 7 === 0 ? 0 : random()));
    const at = { w: put(weights), g: memory.take(4 * n), squares: memory.take(4 * n) };
    const right = { w: Float64Array.from(weights), squares: new Float64Array(n) };
    for (let step = 1; step <= 5; step++) {
      const gradient = Array.from({ length: n }, (_, i) => (i % 5 === 0 ? 0 : random() ** 3));
      memory.f32.set(gradient, at.g / 4);
      const seen = 1 - 0.999 ** step;
      madam(n, at.w, at.g, at.squares, rate, bound, largest, seen);
      for (const [i, g] of gradient.entries()) {
        const square = 0.999 * (right.squares[i] ?? 0) + 0.001 * g * g;
        right.squares[i] = square;
        const w = right.w[i] ?? 0;
        const relative = square === 0 ? 0 : Math.min(Math.max(g / Math.sqrt(square / seen), -bound), bound);
        const moved = w * Math.exp(-rate * Math.sign(w) * relative);
        right.w[i] = Math.min(Math.max(moved, -largest), largest);
      }
    }
    for (const [i, found] of get(at.w, n).entries()) {
      // Five steps, each rounded a few times and with an eˣ to 4e-8 of its own.
      expect(Math.abs(found - (right.w[i] ?? NaN))).toBeLessThanOrEqual(20 * EPSILON);
      if (weights[i] === 0) expect(found).toBe(0);
    }
  });
});
