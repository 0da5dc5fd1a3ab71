/** `study table2` in shards, on a few digits from strokes. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFastest } from '../experiments/table2/fastest';
import { rowsOf } from '../experiments/table2/page';
import { readTable } from '../experiments/table2/record';
import { runMain, runProcess } from '../testing/run-main';
import { uniform } from '../testing/random-network';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'attractor-table2-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const study = (out: string, ...others: readonly string[]): readonly string[] => [
  ...['study', 'table2', '--strokes', '128', '--test-strokes', '20', '--epochs', '1', '--out', at(out)],
  ...['--only', 'ham-3,ham-deq-3,ham-eo-3', '--seeds', '2', ...others],
];

/** The table, as it stands in the file that is written. */
async function merged(out: string, ...folders: readonly string[]): Promise<string> {
  const words = ['study', 'merge', '--results', folders.join(), '--out', at(out)];
  expect(await runMain(words)).toMatchObject({ code: 0, stderr: '' });
  return readFileSync(at(out), 'utf8');
}

describe('what is kept in docs/table2', () => {
  test('makes a table, in which even-odd is 1.4 to 2.2 times as fast', async () => {
    const evenOdd = rowsOf(readTable(await merged('kept.json', 'docs/table2'))).filter(
      ({ configuration: { dynamics, schedule, solver }, speedUp }) =>
        dynamics === 'ham' && schedule === 'even-odd' && solver.kind === 'picard' && !Number.isNaN(speedUp),
    );
    expect(evenOdd.map(({ configuration: { layers } }) => layers)).toEqual([3, 5, 7]);
    for (const { configuration, speedUp } of evenOdd) {
      expect(speedUp, configuration.name).toBeGreaterThan(1.4);
      expect(speedUp, configuration.name).toBeLessThan(2.2);
    }
  });

  test('is what docs/paper.md and its figures are made of', async () => {
    await merged('kept.json', 'docs/table2');
    await merged('other.json', 'docs/table2/by-iterations');
    const words = [
      ...['study', 'paper', '--table', at('kept.json'), '--beside', at('other.json')],
      ...['--fastest', 'docs/table2/fastest.json', '--out', at('kept/paper.md')],
    ];
    expect(await runMain(words)).toMatchObject({ code: 0, stderr: '' });
    const ours = (name: string): string => readFileSync(at(join('kept', name)), 'utf8');
    const theirs = (name: string): string => readFileSync(join('docs', name), 'utf8');
    expect(theirs('paper.md')).toBe(ours('paper.md'));
    // How a picture within is packed depends on Node's zlib.
    const drawn = (svg: string): string => svg.replaceAll(/base64,[\w+/=]+/g, '');
    for (const name of ['figure-3.svg', 'figure-4.svg'])
      expect(drawn(theirs(name)), name).toBe(drawn(ours(name)));
  });
});

test('four shards as processes, one killed again and again, merge to the table of one unbroken run', async () => {
  expect(await runMain(study('whole'))).toMatchObject({ code: 0, stderr: '' });
  const random = uniform(5);
  const shard = async (i: number): Promise<void> => {
    for (let run = 0, code: number | null = null; code !== 0; run++) {
      ({ code } = await runProcess(study(`shard-${i}`, '--shard', `${i}/4`), {
        onStart: (kill) => {
          if (i === 2 && run < 3) setTimeout(kill, 1500 * Math.abs(random()));
        },
      }));
    }
  };
  await Promise.all([1, 2, 3, 4].map(shard));
  const whole = await merged('table.json', at('whole'));
  expect(await merged('table.json', ...[1, 2, 3, 4].map((i) => at(`shard-${i}`)))).toBe(whole);
  // What is there is not done again.
  const again = await runMain(study('whole'));
  expect(again.stdout.match(/there already/g)).toHaveLength(6);
  const page = ['study', 'paper', '--table', at('table.json'), '--out', at('page/paper.md')];
  expect(await runMain(page)).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(at('page')).sort()).toEqual(['figure-3.svg', 'paper.md']);
  expect(await runMain([...page, '--beside', at('table.json')])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/--beside .*its networks were trained in the same way/) as string,
  });
  const figures = ['study', 'figures', '--table', at('table.json'), '--out', at('figures')];
  expect(await runMain(figures)).toMatchObject({ code: 0, stderr: '' });
  const { width, data } = PNG.sync.read(readFileSync(at('figures/figure-3.png')));
  expect(width).toBe(2 * Number(/width="(\d+)"/.exec(readFileSync(at('figures/figure-3.svg'), 'utf8'))?.[1]));
  // Above the panels there is nothing but their titles: dark pixels there are letters.
  expect(data.subarray(0, 4 * width * 50).filter((v, i) => i % 4 === 0 && v < 100).length).toBeGreaterThan(
    50,
  );
});

test('what is fastest stands beside the paper’s best in a second table', async () => {
  const model = join(import.meta.dirname, '../../public/models/ham-784-64-10.safetensors');
  const words = ['study', 'fastest', '--models', model, '--out', at('fastest.json')];
  expect(await runMain([...words, '--strokes', '60'])).toMatchObject({ code: 0, stderr: '' });
  const study = readFastest(readFileSync(at('fastest.json'), 'utf8'));
  expect(study.results.map(({ network, tolerance }) => [network, tolerance])).toEqual([
    ['ham-784-64-10', 1e-4],
    ['ham-784-64-10', 1e-6],
  ]);
  for (const { picard, best, fastest } of study.results) {
    expect(best.iterations).toBeLessThan(picard.iterations);
    expect(fastest.iterations).toBeLessThan(best.iterations);
    expect([picard.failed, fastest.failed]).toEqual([0, 0]);
  }
  const page = ['study', 'paper', '--table', at('table.json'), '--fastest', at('fastest.json')];
  expect(await runMain([...page, '--out', at('page/past.md')])).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(at('page/past.md'), 'utf8').match(/^\| +\| Fastest \| .*\(0\.\d{3}\)/gm)).toHaveLength(
    2,
  );
  writeFileSync(at('fastest.json'), '{}');
  expect(await runMain([...page, '--out', at('page/past.md')])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/no result of study fastest/) as string,
  });
});

test('a dry run names what would be done', async () => {
  const { stdout } = await runMain(study('dry', '--shard', '1/2', '--dry-run'));
  expect(stdout.trim().split('\n')).toEqual([
    'ham-3-seed-1.json',
    'ham-deq-3-seed-1.json',
    'ham-3-seed-2.json',
    'ham-deq-3-seed-2.json',
  ]);
});

test('results of another study, and broken ones, are refused', async () => {
  cpSync(at('whole'), at('other'), { recursive: true });
  const other = await runMain(study('other').map((word, i, all) => (all[i - 1] === '--epochs' ? '2' : word)));
  expect(other).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/ham-3-seed-1.json is of another study/) as string,
  });
  writeFileSync(join(at('other'), 'ham-3-seed-1.json'), '{"format":');
  expect(await runMain(study('other'))).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/ends too soon/) as string,
  });
  expect(await runMain(['study', 'merge', '--results', at('nowhere'), '--out', at('x')])).toMatchObject({
    code: 2,
  });
});

test.each([
  [['--only', 'ham-4'], /There are chn-long-3/],
  [['--shard', '5/4'], /I\/N/],
  [['--seeds', '0'], /from 1 to 1000/],
])('refuses what cannot be: %j', async ([flag = '', word = ''], message) => {
  const words = [...study('never')];
  const place = words.indexOf(flag);
  if (place >= 0) words[place + 1] = word;
  else words.push(flag, word);
  expect(await runMain(words)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) as string });
});
