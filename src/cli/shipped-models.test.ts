/**
 * The models in public/models: that they can be read, are small, are listed for the lab, and read what their card says. ATTRACTOR_MNIST names the folder with
 * the test digits; digits from strokes are there always.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import { solve } from '../engine/solve';
import { inputQuery } from '../network/query';
import { placeDrawing } from '../patterns/place-digit';
import { readModel } from '../records/model';
import { modelIndexSchema } from '../records/model-index';
import { initialSolvers } from '../solve/solvers';
import { drawnDigits, tenHands, write } from '../testing/hands';
import { runMain } from '../testing/run-main';

const FOLDER = join(import.meta.dirname, '../../public/models');
const MODELS = readdirSync(FOLDER).filter((name) => name.endsWith('.safetensors'));
const CARDS = readFileSync(join(FOLDER, 'README.md'), 'utf8');
const LISTED = modelIndexSchema.parse(JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')));
const mnist = process.env['ATTRACTOR_MNIST'];

/** What the card says of a model, up to the next. */
const cardOf = (name: string): string => CARDS.split('\n## ').find((card) => card.startsWith(name)) ?? '';

type Result = {
  readonly accuracy: number;
  readonly meanIterations: number;
  readonly didNotConverge: number;
};

/** @param solver L-BFGS where it is not given; that descends a HAM's energy alone, so Picard in a CHN */
async function evaluated(
  file: string,
  digits: readonly string[],
  solver = file.startsWith('ham') ? 'lbfgs' : 'picard',
): Promise<Result> {
  const { stdout, stderr } = await runMain([
    ...['evaluate', '--model', join(FOLDER, file), '--solver', solver, '--engine', 'cpu', '--out', '-'],
    ...digits,
  ]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Result;
}

test('what is listed is there', () => {
  expect(LISTED.map(({ name }) => `${name}.safetensors`).sort()).toEqual([...MODELS].sort());
});

describe.each(MODELS)('%s', (file) => {
  const name = file.replace('.safetensors', '');

  test('is under 4 MB, of the sizes in its name, and has a card', () => {
    const bytes = readFileSync(join(FOLDER, file));
    expect(bytes.length).toBeLessThan(4e6);
    const network = readModel(bytes);
    const sizes = network.layers.map(({ units }) => units).join('-');
    expect(`${network.dynamics}-${sizes}`).toBe(name);
    expect(cardOf(name)).toMatch(/accuracy/);
  });

  test('reads digits from strokes that nobody has learned from', async () => {
    const result = await evaluated(file, ['--strokes', '300']);
    const told = Number(/([\d.]+) % of strokes/.exec(cardOf(name))?.[1] ?? 90);
    // 300 digits say it to a percent or two.
    expect(100 * result.accuracy).toBeGreaterThan(Math.max(90, told - 2));
    expect(result.didNotConverge).toBe(0);
  });

  test('is listed as it is, for the lab', () => {
    const bytes = readFileSync(join(FOLDER, file));
    const network = readModel(bytes);
    const entry = LISTED.find((one) => one.name === name);
    expect(entry).toMatchObject({
      sizes: network.layers.map(({ units }) => units),
      dynamics: network.dynamics,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    const told = (pattern: RegExp): number => Number(pattern.exec(cardOf(name))?.[1]);
    expect(entry?.accuracy).toBe(told(/([\d.]+) % of all 10,000 test digits/));
    expect(entry?.iterations).toBe(
      told(/(?:learned start|Fastest)[^|]*\| (?:from a pass upward: )?([\d.]+) iterations/),
    );
  });

  test('reads nine of ten digits as ten hands draw them', async () => {
    const network = readModel(readFileSync(join(FOLDER, file)));
    const drawings = tenHands.flatMap((hand) =>
      drawnDigits.map((digit) => ({ digit, strokes: write(digit, hand, 1, 280, 280) })),
    );
    const inputs = new Float32Array(784 * drawings.length);
    for (const [i, { strokes }] of drawings.entries()) {
      const { values } = placeDrawing(strokes.map((places) => ({ size: 24, places })));
      inputs.set(
        values.map((value) => (value + 1) / 2),
        784 * i,
      );
    }
    const loaded = await (await createCpuEngine()).load(network);
    const query = inputQuery(network, inputs, drawings.length);
    const local = network.dynamics === 'chn' ? ({ local: 'exact' } as const) : {};
    const settings = {
      schedule: 'even-odd',
      solver: initialSolvers.picard,
      tolerance: 1e-3,
      iterationLimit: 500,
      ...local,
    } as const;
    const { states } = await solve(loaded, query, settings);
    const outputs = states.at(-1) ?? new Float32Array();
    const read = drawings.filter(({ digit }, i) => {
      const row = [...outputs.subarray(10 * i, 10 * (i + 1))];
      return row.indexOf(Math.max(...row)) === Number(digit);
    });
    expect(read.length).toBeGreaterThanOrEqual(90);
  });

  test.skipIf(!mnist)(
    'reads the test digits as its card says (ATTRACTOR_MNIST names their folder)',
    async () => {
      const digits = (kind: string): string => join(mnist ?? '', `t10k-${kind}-ubyte.gz`);
      const result = await evaluated(file, [
        ...['--images', digits('images-idx3'), '--labels', digits('labels-idx1')],
      ]);
      const card = cardOf(name);
      const told = (pattern: RegExp): number => Number(pattern.exec(card)?.[1]);
      // A digit or two may go the other way where sums are added up in another order.
      expect(100 * result.accuracy).toBeCloseTo(told(/([\d.]+) % of all 10,000 test digits/), 1);
      expect(result.meanIterations).toBeCloseTo(
        told(/iterations[^|]*\| (?:even-odd Picard: |L-BFGS from zero: )?([\d.]+)/),
        1,
      );
      expect(result.didNotConverge).toBe(0);
      const learned = told(/learned start[^|]*\| ([\d.]+) iterations/);
      expect(Number.isNaN(learned)).toBe(readModel(readFileSync(join(FOLDER, file))).learned === undefined);
      if (Number.isNaN(learned)) return;
      const fastest = await evaluated(
        file,
        ['--images', digits('images-idx3'), '--labels', digits('labels-idx1')],
        'fastest',
      );
      expect(fastest.meanIterations).toBeCloseTo(learned, 1);
      expect(fastest.didNotConverge).toBe(0);
    },
  );
});
