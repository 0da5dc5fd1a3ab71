/**
 * The models in public/models: that they can be read, are small, and read what their card says. ATTRACTOR_MNIST names the folder with
 * the test digits; digits from strokes are there always.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readModel } from '../records/model';
import { runMain } from '../testing/run-main';

const FOLDER = join(import.meta.dirname, '../../public/models');
const MODELS = readdirSync(FOLDER).filter((name) => name.endsWith('.safetensors'));
const CARDS = readFileSync(join(FOLDER, 'README.md'), 'utf8');
const mnist = process.env['ATTRACTOR_MNIST'];

/** What the card says of a model, up to the next. */
const cardOf = (name: string): string => CARDS.split('\n## ').find((card) => card.startsWith(name)) ?? '';

type Result = {
  readonly accuracy: number;
  readonly meanIterations: number;
  readonly didNotConverge: number;
};

async function evaluated(file: string, digits: readonly string[]): Promise<Result> {
  const { stdout, stderr } = await runMain([
    ...['evaluate', '--model', join(FOLDER, file), '--solver', 'lbfgs', '--engine', 'cpu', '--out', '-'],
    ...digits,
  ]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Result;
}

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
      expect(result.meanIterations).toBeCloseTo(told(/Fastest +\| ([\d.]+)/), 1);
      expect(result.didNotConverge).toBe(0);
    },
  );
});
