/** Files broken at random: each is read, or refused with an error that says why, soon and without a great array. */
import { gzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { FormatError } from '../codecs/format-error';
import { writeNpy } from '../codecs/npy';
import { createCpuEngine } from '../engine/cpu/cpu-engine';
import { NOTHING_LEARNED } from '../engine/learning';
import { idxFile, integerNpy } from '../testing/array-files';
import { uniform } from '../testing/random-network';
import { readCheckpoint, writeCheckpoint } from '../train/checkpoint';
import { initialNetwork } from '../train/initial-network';
import { startLearner } from '../train/learner';
import { readExamples } from './read-examples';
import { strokeDigits } from './stroke-digits';

const EACH = 250;
/** Far above what a file of some kilobytes asks for, far below what a header can claim. */
const LARGEST = 32 * 2 ** 20;

const random = uniform(12);
const below = (n: number): number => Math.min(n - 1, Math.floor(Math.abs(random()) * n));

/** Values that sizes and counts are broken with. */
const SIZES = [0, 1, 255, 0x7fffffff, 0x80000000, 0xffffffff];

/** What has happened to a file: bytes flipped, cut off, put in, taken out, numbers changed, text doubled. */
function broken(good: Uint8Array): Uint8Array {
  // Headers are small, and most of what can go wrong.
  const place = (): number => below(random() > 0 ? good.length : Math.min(good.length, 160));
  let bytes = good.slice();
  for (let times = 1 + below(3); times > 0; times--) {
    const at = Math.min(place(), Math.max(0, bytes.length - 1));
    switch (below(6)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
        break;
      case 1:
        bytes = bytes.slice(0, at);
        break;
      case 2:
        bytes = Uint8Array.of(
          ...bytes.subarray(0, at),
          ...Array.from({ length: 1 + below(9) }, () => below(256)),
          ...bytes.subarray(at),
        );
        break;
      case 3:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1 + below(9)));
        break;
      case 4:
        if (bytes.length >= at + 4)
          new DataView(bytes.buffer).setUint32(at, SIZES[below(SIZES.length)] ?? 0, random() > 0);
        break;
      default: {
        // A digit of a header in text.
        const digits = [...bytes.subarray(0, 400).keys()].filter((i) =>
          /\d/.test(String.fromCharCode(bytes[i] ?? 0)),
        );
        const digit = digits[below(Math.max(1, digits.length))];
        if (digit !== undefined) bytes[digit] = 0x30 + below(10);
      }
    }
  }
  return bytes;
}

const { count, pixels, labels } = strokeDigits(3, 1, 'training');
const idxLabels = idxFile([count], labels);
const idxImages = idxFile([count, 28, 28], pixels);
const npy = writeNpy({ shape: [count, 784], values: Float32Array.from(pixels, (x) => x / 255) });
const npz = zipSync({
  'images.npy': integerNpy('|u1', [count, 28, 28], pixels),
  'labels.npy': integerNpy('<i8', [count], labels),
});
const csv = new TextEncoder().encode(
  Array.from(labels, (label, i) => [label, ...pixels.subarray(784 * i, 784 * (i + 1))].join()).join('\n'),
);

async function reads(...files: readonly Uint8Array[]): Promise<void> {
  const examples = await readExamples(
    files.map((bytes, i) => ({ name: `file ${i}`, read: () => Promise.resolve(bytes) })),
  );
  const { count, width, height } = examples;
  expect(examples.pixels).toHaveLength(count * width * height);
  expect(examples.labels).toHaveLength(count);
}

const engine = await createCpuEngine();
const learner = await startLearner(engine, initialNetwork([9, 4, 3], 'ham', 1), {
  solve: { schedule: 'even-odd', solver: { kind: 'picard', damping: 0 }, tolerance: 1e-3, iterationLimit: 9 },
  gradient: { kind: 'series', terms: 8 },
  optimiser: { kind: 'adam', rate: 0.01 },
});
const state = await learner.state();
const checkpoint = writeCheckpoint(state, { epoch: 1, step: 2, report: NOTHING_LEARNED }, 'settings');

test.each<[string, Uint8Array, (bytes: Uint8Array) => Promise<void> | void]>([
  ['IDX pictures', idxImages, (bytes) => reads(bytes, idxLabels)],
  ['IDX labels', idxLabels, (bytes) => reads(idxImages, bytes)],
  ['gzipped IDX', gzipSync(idxImages), (bytes) => reads(bytes, idxLabels)],
  ['NPY', npy, (bytes) => reads(bytes, idxLabels)],
  ['NPZ', npz, (bytes) => reads(bytes)],
  [
    'NPZ, stored',
    zipSync({ 'x.npy': npy, 'y.npy': integerNpy('|u1', [count], labels) }, { level: 0 }),
    (bytes) => reads(bytes),
  ],
  ['CSV', csv, (bytes) => reads(bytes)],
  ['checkpoint', checkpoint, (bytes) => void readCheckpoint(bytes, state, 'settings')],
])(`${EACH} broken files: %s`, async (_, good, read) => {
  await read(good);
  let refused = 0;
  for (let i = 0; i < EACH; i++) {
    const bytes = broken(good);
    const [began, held] = [performance.now(), process.memoryUsage().arrayBuffers];
    try {
      await read(bytes);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      expect(error.message).not.toMatch(/\n/);
      refused++;
    }
    expect(process.memoryUsage().arrayBuffers - held).toBeLessThan(LARGEST);
    expect(performance.now() - began).toBeLessThan(2000);
  }
  expect(refused).toBeGreaterThan(EACH / 4);
});
