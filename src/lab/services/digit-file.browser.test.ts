/** Files of digits, read in a worker. */
import { expect, test } from 'vitest';
import { openDigitFile } from './digit-file';

const never = new AbortController().signal;

const quiet = (): void => undefined;

/** So many digits of one ink each, with their labels. */
const csv = (count: number): File =>
  new File([`7${',9'.repeat(784)}\n`.repeat(count)], 'digits.csv', { type: 'text/csv' });

/** A one, white on black where nothing else is said. */
async function image(name: string, paper = '#000', ink = '#fff'): Promise<File> {
  const canvas = new OffscreenCanvas(300, 300);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('there is a canvas');
  context.fillStyle = paper;
  context.fillRect(0, 0, 300, 300);
  context.fillStyle = ink;
  context.fillRect(140, 40, 20, 220);
  return new File([await canvas.convertToBlob()], name);
}

test('a file says how far it is, and comes whole', async () => {
  const shares: number[] = [];
  const digits = await openDigitFile([csv(3000)], never, (done) => shares.push(done));
  expect(digits).toMatchObject({ name: 'digits.csv', count: 3000, width: 28, height: 28 });
  expect(digits.values).toHaveLength(3000 * 784);
  expect(digits.values[0]).toBe(9);
  expect(digits.labels?.[2999]).toBe(7);
  expect(shares.length).toBeGreaterThan(1);
});

test('who has had enough waits no longer, and hears no more', async () => {
  const stop = new AbortController();
  let heard = 0;
  const reading = openDigitFile([csv(20_000)], stop.signal, () => {
    heard++;
    stop.abort();
  });
  await expect(reading).rejects.toThrow('Cancelled');
  expect(heard).toBe(1);
});

test('what is wrong is told by the file’s name', async () => {
  const broken = new File([Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 9)], 'broken');
  await expect(openDigitFile([broken], never, quiet)).rejects.toThrow(/^broken: /);
});

test('images are digits, of no larger sides than a picture has', async () => {
  const digits = await openDigitFile([await image('a.png'), await image('b.png')], never, quiet);
  expect(digits).toMatchObject({ name: '2 images', count: 2, width: 128, height: 128, labels: null });
});

test('grey paper is paper, dark or light', async () => {
  for (const [paper, ink] of [
    ['#d8d8d0', '#303038'],
    ['#282830', '#d0d0d0'],
  ] as const) {
    const { values } = await openDigitFile([await image('one.png', paper, ink)], never, quiet);
    const kinds = Array.from({ length: 256 }, () => 0);
    for (const value of Array.from(values)) kinds[value] = (kinds[value] ?? 0) + 1;
    expect(kinds[0]).toBeGreaterThan(0.9 * values.length);
    expect(kinds[255]).toBeGreaterThan(0.03 * values.length);
  }
});

test('an image that is none is told by its name, once', async () => {
  const broken = new File([Uint8Array.of(1, 2, 3)], 'two.png');
  await expect(openDigitFile([broken], never, quiet)).rejects.toThrow(/^two\.png: this is not a PNG/);
});
