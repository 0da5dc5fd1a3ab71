/** Labelled pictures, and the batches that an epoch makes of them: seeded, so that the same epoch is the same always. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

export type Examples = {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** [count, height, width], 0 to 255. */
  readonly pixels: Uint8Array;
  /** [count] */
  readonly labels: Uint8Array;
};

const BYTE = 255;

/** A generator of its own for each of these, so that training can go on from anywhere: an epoch's order, or a step's shifts. */
function randomOf(seed: number, epoch: number, step: number): RandomGenerator {
  // A multiplier for each, as linear congruential generators have them.
  return mersenne(
    (Math.imul(seed, 1_664_525) + Math.imul(epoch, 22_695_477) + Math.imul(step, 1_103_515_245)) >>> 0,
  );
}

/** In which order an epoch takes the examples (Fisher–Yates). */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  const random = randomOf(seed, epoch, 0);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}

/** Where in training a batch is taken, and by how many pixels at most its pictures are moved in both directions. */
export type Shifts = {
  readonly most: number;
  readonly seed: number;
  readonly epoch: number;
  readonly step: number;
};

/** One batch: pictures [batch, width · height] from 0 to 1, and their labels. */
export function takeBatch(
  { width, height, pixels, labels }: Examples,
  chosen: Uint32Array,
  shifts: Shifts | null = null,
): { readonly inputs: Float32Array; readonly labels: Uint8Array } {
  const shift = shifts?.most ?? 0;
  const random = shifts && shift > 0 ? randomOf(shifts.seed, shifts.epoch, shifts.step + 1) : null;
  const size = width * height;
  const inputs = new Float32Array(chosen.length * size);
  for (const [row, example] of chosen.entries()) {
    const from = pixels.subarray(example * size, (example + 1) * size);
    const to = inputs.subarray(row * size, (row + 1) * size);
    const right = random ? uniformInt(random, -shift, shift) : 0;
    const down = random ? uniformInt(random, -shift, shift) : 0;
    for (let y = Math.max(0, down); y < Math.min(height, height + down); y++)
      for (let x = Math.max(0, right); x < Math.min(width, width + right); x++)
        to[y * width + x] = (from[(y - down) * width + x - right] ?? 0) / BYTE;
  }
  return { inputs, labels: Uint8Array.from(chosen, (example) => labels[example] ?? 0) };
}

/** The first so many, as views. */
export function firstOf(examples: Examples, most: number): Examples {
  const { count, width, height, pixels, labels } = examples;
  if (count <= most) return examples;
  return {
    count: most,
    width,
    height,
    pixels: pixels.subarray(0, most * width * height),
    labels: labels.subarray(0, most),
  };
}

/** Of no epoch, so that the parts have an order of their own. */
const SPLIT = -1;

/**
 * Parts examples in two at random, copying them: `share` of them, at least one, and the rest.
 * @param share above 0 and below 1
 */
export function splitExamples(
  examples: Examples,
  share: number,
  seed: number,
): { readonly taken: Examples; readonly rest: Examples } {
  const order = epochOrder(examples.count, seed, SPLIT);
  const taken = Math.max(1, Math.round(share * examples.count));
  return {
    taken: chosenOf(examples, order.subarray(0, taken)),
    rest: chosenOf(examples, order.subarray(taken)),
  };
}

function chosenOf({ width, height, pixels, labels }: Examples, chosen: Uint32Array): Examples {
  const size = width * height;
  const copy = new Uint8Array(chosen.length * size);
  for (const [i, example] of chosen.entries())
    copy.set(pixels.subarray(example * size, (example + 1) * size), i * size);
  return {
    count: chosen.length,
    width,
    height,
    pixels: copy,
    labels: Uint8Array.from(chosen, (example) => labels[example] ?? 0),
  };
}
