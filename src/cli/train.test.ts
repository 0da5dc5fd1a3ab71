/** `train` and `evaluate` on a few pictures of bars. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readModel } from '../records/model';
import { idxFile } from '../testing/array-files';
import { uniform } from '../testing/random-network';
import { runMain, runProcess } from '../testing/run-main';

let folder: string;
const file = (name: string): string => join(folder, name);

const COUNT = 240;
const SIDE = 6;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attractor-train-'));
  const random = uniform(1);
  const labels = Uint8Array.from({ length: COUNT }, (_, i) => i % 3);
  const pixels = Uint8Array.from({ length: COUNT * SIDE * SIDE }, (_, at) => {
    const label = Math.floor(at / (SIDE * SIDE)) % 3;
    const [x, y] = [at % SIDE, Math.floor(at / SIDE) % SIDE];
    const ink = label === 0 ? x === 2 : label === 1 ? y === 3 : x === y;
    return ink ? 255 : random() > 0.8 ? 120 : 0;
  });
  writeFileSync(file('images.gz'), gzipSync(idxFile([COUNT, SIDE, SIDE], pixels)));
  writeFileSync(file('labels'), idxFile([COUNT], labels));
  writeFileSync(file('few-labels'), idxFile([COUNT - 1], labels.slice(1)));
});

afterAll(() => rmSync(folder, { recursive: true }));

const examples = (): readonly string[] => ['--images', file('images.gz'), '--labels', file('labels')];

const training = (out: string, ...others: readonly string[]): readonly string[] => [
  ...['train', ...examples(), '--out', file(out), '--layers', '36-24-12-8-3', '--batch', '16'],
  ...['--optimiser', 'adam', '--rate', '0.003', '--shift', '1', '--epochs', '8', ...others],
];

test('trains a network, tests it, and evaluates the same', async () => {
  const trained = await runMain([
    ...training('model'),
    ...['--layers', '36-24-3', '--test-images', file('images.gz'), '--test-labels', file('labels')].slice(2),
  ]);
  expect(trained.stderr).toBe('');
  const lines = trained.stdout.trim().split('\n');
  expect(lines).toHaveLength(8);
  const tested = Number(/tested: ([\d.]+) % right/.exec(lines.at(-1) ?? '')?.[1]);
  expect(tested).toBeGreaterThan(60);
  const evaluated = await runMain([
    ...[
      'evaluate',
      '--model',
      file('model'),
      ...examples(),
      '--solver',
      'lbfgs',
      '--engine',
      'cpu',
      '--out',
      '-',
    ],
  ]);
  const result = JSON.parse(evaluated.stdout) as Readonly<Record<string, number>>;
  expect(result).toMatchObject({ samples: COUNT, didNotConverge: 0 });
  expect(100 * (result['accuracy'] ?? 0)).toBeCloseTo(tested, 1);
  expect(result['meanIterations']).toBeGreaterThan(2);
});

test('begins with the weights of a model, which has the layers that are asked for', async () => {
  const from = training('more', '--from', file('model'));
  const instead = (flag: string, word: string): readonly string[] =>
    from.map((each, i) => (from[i - 1] === flag ? word : each));
  expect(await runMain(instead('--rate', '1e-9'))).toMatchObject({ code: 0, stderr: '' });
  const [before, after] = [file('model'), file('more')].map((path) => readModel(readFileSync(path)));
  for (const [i, w] of (after?.connections[0]?.weights ?? []).entries())
    expect(Math.abs(w - (before?.connections[0]?.weights[i] ?? NaN))).toBeLessThan(1e-6);
  expect(await runMain(instead('--layers', '36-24-3'))).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/is a ham of 36-24-12-8-3; give --layers 36-24-12-8-3/) as string,
  });
});

test('learns from strokes without a file, and is tested on others, and does not go on with more', async () => {
  const words = [
    ...['train', '--strokes', '1280', '--test-strokes', '200', '--layers', '784-16-10', '--epochs', '4'],
    ...['--batch', '16', '--rate', '0.03', '--out', file('strokes')],
  ];
  const { code, stdout, stderr } = await runMain(words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const tested = Number(/4 of 4.* tested: ([\d.]+) % right/.exec(stdout)?.[1]);
  expect(tested).toBeGreaterThan(50);
  const evaluated = await runMain([
    ...['evaluate', '--model', file('strokes'), '--strokes', '200', '--solver', 'lbfgs', '--engine', 'cpu'],
    ...['--out', '-'],
  ]);
  const { accuracy } = JSON.parse(evaluated.stdout) as { accuracy: number };
  expect(100 * accuracy).toBeCloseTo(tested, 1);
  const changed = words.with(2, '1281');
  const again = await runMain([...changed, '--resume']);
  expect(again.stderr).toMatch(/this checkpoint is of other settings/);
});

test('learns from PNG images in folders, and keeps some to be tested on', async () => {
  for (const [label, shade] of [
    ['0', 20],
    ['1', 250],
  ] as const) {
    mkdirSync(file(`pictures/${label}`), { recursive: true });
    for (let i = 0; i < 10; i++) {
      const png = new PNG({ width: 4, height: 4 });
      // Ink in the middle, on black.
      for (let at = 3; at < 64; at += 4) png.data[at] = 255;
      for (const pixel of [5, 6, 9, 10]) png.data.fill(shade - i, 4 * pixel, 4 * pixel + 3);
      writeFileSync(file(`pictures/${label}/${i}.png`), PNG.sync.write(png));
    }
  }
  writeFileSync(file('pictures/notes.txt'), 'no image');
  const words = [
    ...['train', '--images', file('pictures'), '--validation', '0.2', '--layers', '16-8-2', '--batch', '4'],
    ...['--epochs', '60', '--optimiser', 'adam', '--rate', '0.02', '--out', file('of-images')],
  ];
  const { stdout, stderr } = await runMain(words);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/60 of 60: .* 100.00 % right.*; tested: 100.00 % right/);
  writeFileSync(file('pictures/1/3.png'), readFileSync(file('pictures/1/4.png')).subarray(0, 60));
  const broken = await runMain(words);
  expect(broken.stderr).toMatch(/1[\\/]3.png: /);
  expect(broken.code).toBe(2);
});

test('killed again and again and resumed each time, it ends at the weights of an unbroken run', async () => {
  // On two threads, of which each learns from half a batch.
  const team = ['--batch', '32', '--threads', '2'];
  const onTwo = (out: string, ...others: readonly string[]): readonly string[] => [
    ...training(out, ...others).filter((word) => word !== '--batch' && word !== '16'),
    ...team,
  ];
  const whole = await runProcess(onTwo('whole'));
  expect(whole).toMatchObject({ code: 0, stderr: '' });
  const random = uniform(7);
  let [kills, code]: [number, number | null] = [0, null];
  for (let run = 0; run < 30 && code !== 0; run++) {
    const outcome = await runProcess(onTwo('broken', ...(kills > 0 ? ['--resume'] : [])), {
      // After its first epoch, so that each run comes further than the one before.
      onOutput: (kill) => {
        if (run < 6) setTimeout(kill, 60 * Math.abs(random()));
      },
    });
    code = outcome.code;
    if (code !== 0)
      expect(outcome).toMatchObject({ code: 130, stderr: expect.stringMatching(/stopped/) as string });
    if (code !== 0) kills++;
  }
  expect(code).toBe(0);
  expect(kills).toBeGreaterThan(1);
  expect(readFileSync(file('broken')).equals(readFileSync(file('whole')))).toBe(true);
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('on a GPU it learns as on the CPU by unrolled steps too', async () => {
  const args = (out: string, engine: string): readonly string[] => [
    ...[
      'train',
      ...examples(),
      '--out',
      file(out),
      '--layers',
      '36-24-12-8-3',
      '--batch',
      '16',
      '--epochs',
      '1',
    ],
    ...['--optimiser', 'sgd', '--rate', '0.1', '--solver', 'picard', '--schedule', 'synchronous'],
    ...['--gradient', 'unrolled', '--terms', '8', '--max-iterations', '12', '--engine', engine],
  ];
  const [gpu, cpu] = [await runMain(args('gpu-unrolled', 'webgpu')), await runMain(args('unrolled', 'cpu'))];
  expect(gpu).toMatchObject({ stderr: '', code: 0 });
  const loss = ({ stdout }: { readonly stdout: string }): number => Number(/loss ([\d.]+)/.exec(stdout)?.[1]);
  expect(loss(gpu)).toBeCloseTo(loss(cpu), 3);
});

test('on a GPU it learns as on the CPU, and goes on from where it was killed', async () => {
  // Descent keeps small differences small; Adam and Madam would divide them by small gradients.
  const descent = (out: string, ...others: readonly string[]): readonly string[] => [
    ...['train', ...examples(), '--out', file(out), '--layers', '36-24-12-8-3', '--batch', '16'],
    ...['--optimiser', 'sgd', '--rate', '0.1', '--epochs', '3', '--max-iterations', '30', ...others],
  ];
  const onGpu = (out: string, ...others: readonly string[]): readonly string[] =>
    descent(out, '--engine', 'webgpu', ...others);
  const whole = await runMain(onGpu('gpu'));
  expect(whole).toMatchObject({ stderr: '', code: 0 });
  const cpu = await runMain(descent('cpu'));
  const losses = ({ stdout }: { readonly stdout: string }): readonly number[] =>
    [...stdout.matchAll(/loss ([\d.]+)/g)].map(([, loss]) => Number(loss));
  expect(losses(whole)).toHaveLength(3);
  for (const [epoch, loss] of losses(whole).entries()) expect(loss).toBeCloseTo(losses(cpu)[epoch] ?? NaN, 3);
  await runProcess(onGpu('gpu-broken'), { onOutput: (kill) => kill() });
  expect(await runMain(onGpu('gpu-broken', '--resume'))).toMatchObject({ code: 0, stderr: '' });
  const [a, b] = [file('gpu'), file('gpu-broken')].map((path) => readModel(readFileSync(path)));
  for (const [c, { weights }] of (a?.connections ?? []).entries())
    for (const [i, w] of weights.entries())
      expect(Math.abs((b?.connections[c]?.weights[i] ?? NaN) - w)).toBeLessThan(1e-5);
});

test.each([
  ['--images', ['--labels', 'few-labels'], /holds 240 pictures and .* 239 labels/],
  ['--layers', ['--layers', '30-20-3'], /6 × 6; the network’s first layer has 30 units and needs 36/],
  ['--layers', ['--layers', '36-20-2'], /label 2 of picture 2 is none of the network’s 2 classes/],
  ['--terms', ['--terms', '1'], /--terms: with 5 layers .* zero before 2 terms/],
  ['--batch', ['--batch', '300'], /240 pictures, fewer than --batch 300/],
  ['--schedule', ['--schedule', 'synchronous'], /--solver fastest is even-odd/],
  ['--rate', ['--rate', '0'], /--rate must be above 0/],
  ['--strokes', ['--strokes', '100'], /--strokes draws its digits itself; leave it or the files out/],
  ['--test-labels', ['--test-labels', 'few-labels'], /--test-labels needs --test-images/],
  ['--validation', ['--validation', '1'], /--validation must be from 0 to below 1/],
  ['--validation', ['--validation', '0.1', '--test-strokes', '10'], /leave it or the test out/],
  [
    '--validation',
    ['--validation', '0.95'],
    /holds 12 pictures without those that --validation keeps, fewer/,
  ],
  ['--resume', ['--resume', '--checkpoint', 'nowhere'], /no such file/],
  ['--resume', ['--resume', '--checkpoint', 'few-labels'], /few-labels: /],
] as const)('refuses what cannot be: %s %j', async (_, words, message) => {
  const changed = [...training('never')];
  for (let i = 0; i < words.length; i++) {
    const flag = words[i] ?? '';
    const value = words[i + 1];
    const named = value && ['few-labels', 'nowhere'].includes(value) ? file(value) : value;
    const at = changed.indexOf(flag);
    if (flag === '--resume') changed.push(flag);
    else if (at >= 0) changed[at + 1] = named ?? '';
    else changed.push(flag, named ?? '');
    if (flag !== '--resume') i++;
  }
  const { code, stdout, stderr } = await runMain(changed);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(readdirSync(folder)).not.toContain('never');
});

test('what cannot be written, or is read, is refused before anything is learned', async () => {
  const before = readFileSync(file('labels'));
  for (const [words, message] of [
    [['--out', file('labels')], /--out .*labels is a file that is read/],
    [
      ['--out', file('never'), '--checkpoint', file('images.gz')],
      /--checkpoint .*images.gz is a file that is read/,
    ],
    [['--out', file('never'), '--checkpoint', file('never')], /--checkpoint .*never is a file that is read/],
    [['--out', join(folder, 'nowhere', 'model')], /--out .*: there is no such file or folder/],
    [['--out', file('never'), '--checkpoint', folder], /--checkpoint .*: that is a folder/],
  ] as const) {
    const { code, stderr } = await runMain(['train', ...examples(), '--layers', '36-4-3', ...words]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  }
  const { stderr } = await runMain([
    'evaluate',
    ...examples(),
    '--model',
    file('model'),
    '--out',
    file('model'),
  ]);
  expect(stderr).toMatch(/--out .*model is a file that is read/);
  expect(readFileSync(file('labels')).equals(before)).toBe(true);
  expect(readdirSync(folder)).not.toContain('never');
});
