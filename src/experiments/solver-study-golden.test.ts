/**
 * The counts of the paper's own code on a trained network. The network and MNIST are no part of the project:
 * ATTRACTOR_GOLDEN names the folder with ham3.npz and chn3.npz, ATTRACTOR_MNIST that with the test digits.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import { createReferenceEngine } from '../engine/reference/reference-engine';
import { readIdx } from '../codecs/idx';
import { readNpz } from '../codecs/npz';
import { equilibria, studyBlock } from './solver-study-block';
import { iterationsOf, PAPERS_BEST, studyCases, STUDY_MODELS, type StudyCase } from './solver-study-cases';
import { relativeDistance } from './solver-study-counts';
import { isParameter, networkOf, pixels } from './solver-study-models';
import { summarise } from './solver-study-table';
import { inputQuery } from '../network/query';

const golden = process.env['ATTRACTOR_GOLDEN'];
const mnist = process.env['ATTRACTOR_MNIST'];
const DIGITS = 200;
const PIXELS = 784;
const STORED = 8;

/** float64 on both sides: only the order of sums differs, which Anderson's small systems magnify. */
const OUTPUT_TOLERANCE = 1e-9;

/**
 * The paper's counts of ham3 on the first 200 test digits, by a loop in float64 that shares nothing with the engines.
 * On the first 2,000 digits the paper's own code counts 15.4, 12.7, 10.2 and 8.46.
 */
const REFERENCE = {
  'synchronous picard': 13.725,
  'synchronous anderson 4 step': 11.24,
  'even-odd picard': 9.075,
  [PAPERS_BEST]: 7.38,
} as const;

const runs = (damping: number, local?: 'damped'): Readonly<Record<string, StudyCase['settings']>> => {
  const anderson = { kind: 'anderson', damping, window: 4, ridge: 1e-10, safeguard: 'step' } as const;
  const rest = local ? { local } : {};
  const name = damping > 0 ? '_d0.5' : '';
  return {
    [`sync_picard${name}`]: { schedule: 'synchronous', solver: { kind: 'picard', damping } },
    [`sync_anderson${name}`]: { schedule: 'synchronous', solver: anderson },
    eo_picard: { schedule: 'even-odd', solver: { kind: 'picard', damping: 0 }, ...rest },
    eo_anderson: { schedule: 'even-odd', solver: { ...anderson, damping: 0 }, ...rest },
  };
};

/** The runs whose outputs the files hold. */
const STORED_RUNS = { ham3: runs(0), chn3: runs(0.5, 'damped') } as const;

test.skipIf(!golden || !mnist)(
  'ATTRACTOR_GOLDEN and ATTRACTOR_MNIST name the trained networks and the digits',
  () => {
    expect(readdirSync(golden ?? '')).toEqual(expect.arrayContaining(['ham3.npz', 'chn3.npz']));
    expect(readdirSync(mnist ?? '')).toContain('t10k-images-idx3-ubyte.gz');
  },
);

if (golden && mnist) {
  const idx = (file: string): Uint8Array => readIdx(gunzipSync(readFileSync(join(mnist, file)))).values;
  const images = idx('t10k-images-idx3-ubyte.gz');
  const labels = idx('t10k-labels-idx1-ubyte.gz');
  const stored = (name: string): ReturnType<typeof readNpz> =>
    readNpz(
      readFileSync(join(golden, `${name}.npz`)),
      (array) => isParameter(array) || /^fixed_point$|float64_y_trace$/.test(array),
    );
  const exact = createReferenceEngine();

  describe.each(['ham3', 'chn3'] as const)('%s as it is stored', (name) => {
    const arrays = stored(name);
    const network = networkOf(arrays, name === 'ham3' ? 'ham' : 'chn');
    const query = inputQuery(network, pixels(images, PIXELS, 0, STORED), STORED);

    test('its equilibria are those of the file', async () => {
      const states = await equilibria(await exact.load(network), network, query);
      const all = arrays.get('fixed_point')!.values;
      const units = network.layers.map((layer) => layer.units);
      const free = units[1]! + units[2]!;
      for (let digit = 0; digit < STORED; digit++) {
        const theirs = all.slice(digit * free, (digit + 1) * free);
        const ours = [1, 2].flatMap((l) => [...states[l]!.slice(digit * units[l]!, (digit + 1) * units[l]!)]);
        // Both were stopped by a tolerance, at residuals below 1e-8.
        expect(relativeDistance([ours], [theirs], 0, [{ layer: 0, units: free }])).toBeLessThan(1e-6);
      }
    });

    test.each(Object.entries(STORED_RUNS[name]))(
      'the output layer of %s follows the file',
      async (run, settings) => {
        const trace = arrays.get(`${network.dynamics}_${run}_float64_y_trace`)!;
        const loaded = await exact.load(network);
        const ours = await loaded.start(query, {
          ...settings,
          tolerance: Number.MIN_VALUE,
          iterationLimit: 40,
        });
        await ours.advance(1);
        for (let t = 0; t < trace.shape[0]!; t++) {
          await ours.advance(1);
          const outputs = await ours.outputs();
          for (let i = 0; i < STORED * 10; i++) {
            const expected = trace.values[t * STORED * 10 + i]!;
            expect(Math.abs(outputs[2]![i]! - expected)).toBeLessThan(OUTPUT_TOLERANCE);
          }
        }
      },
    );
  });

  test.each(Object.entries(REFERENCE))(
    `ham3 on ${DIGITS} digits: %s takes the paper’s count of %d within 1 %`,
    async (id, count) => {
      const model = STUDY_MODELS.find(({ name }) => name === 'ham3')!;
      const each = studyCases(model).find((other) => other.id === id)!;
      const network = networkOf(stored('ham3'), 'ham');
      const single = await (await createCpuEngine()).load(network);
      const double = await exact.load(network);
      const query = inputQuery(network, pixels(images, PIXELS, 0, DIGITS), DIGITS);
      const truth = await equilibria(double, network, query);
      const digits = await studyBlock(single, double, network, query, truth, each, iterationsOf(model, each));
      const { paper, accuracy } = summarise(model, each, digits, labels);
      expect(Math.abs(paper.mean / count - 1)).toBeLessThan(0.01);
      expect(accuracy).toBeGreaterThan(0.96);
    },
    120_000,
  );
}
