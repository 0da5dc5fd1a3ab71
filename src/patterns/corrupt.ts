/** Damage to a picture, seeded and repeatable. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Picture } from './picture';

export type CorruptionKind = 'flip' | 'gaussian' | 'erase-block' | 'hide-half';

export type Corruption = {
  readonly kind: CorruptionKind;
  /** 0 to 1: the share of pixels flipped or erased, or σ of the noise in units of the ink–paper distance. */
  readonly amount: number;
  /** A whole number from 0 to 2³² − 1. */
  readonly seed: number;
};

export type Corrupted = {
  readonly picture: Picture;
  /** [pixels], 1 where the picture was not touched. */
  readonly intact: Uint8Array;
};

/** A good first amount: damage that shows, and that a network of the built-in sets recovers from. */
export const defaultAmount: Readonly<Record<CorruptionKind, number>> = {
  flip: 0.2,
  gaussian: 0.3,
  'erase-block': 0.25,
  'hide-half': 0.5,
};

export const LARGEST_SEED = 2 ** 32 - 1;

/** From ink (+1) to paper (−1). */
const INK_TO_PAPER = 2;

/** Neither ink nor paper. */
const GREY = 0;

/** @throws RangeError that says which of amount and seed is out of range. */
export function checkCorruption({ amount, seed }: Corruption): void {
  if (!(amount >= 0 && amount <= 1)) {
    throw new RangeError(`the amount of corruption must be from 0 to 1, not ${amount}`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) {
    throw new RangeError(`the seed must be a whole number from 0 to ${LARGEST_SEED}, not ${seed}`);
  }
}

/**
 * The picture with damage done to it. The same picture and corruption give the same result, always.
 *
 * - `flip`: round(amount · pixels) different pixels change their sign.
 * - `gaussian`: every pixel gains noise of mean 0 and σ = 2 · amount, and no pixel is left intact.
 * - `erase-block`: a rectangle of about `amount` of the area, of the picture's own proportions, turns grey.
 * - `hide-half`: about `amount` of the picture, from one of its four sides inwards, turns grey.
 *
 * An amount of 0, or one too small to reach a pixel, returns the picture itself.
 * @throws RangeError when the amount or the seed is out of range.
 */
export function corrupt(picture: Picture, corruption: Corruption): Corrupted {
  checkCorruption(corruption);
  const { kind, amount, seed } = corruption;
  const rng = mersenne(seed);
  switch (kind) {
    case 'flip': {
      const touched = choose(picture.values.length, Math.round(amount * picture.values.length), rng);
      return change(picture, touched, (value) => 0 - value);
    }
    case 'gaussian': {
      const sigma = INK_TO_PAPER * amount;
      const touched = amount > 0 ? picture.values.keys() : [];
      return change(picture, touched, (value) => value + sigma * normal(rng));
    }
    case 'erase-block':
      return change(picture, pixelsIn(block(picture, amount, rng), picture), () => GREY);
    case 'hide-half':
      return change(picture, pixelsIn(side(picture, amount, rng), picture), () => GREY);
  }
}

function change(picture: Picture, touched: Iterable<number>, damage: (value: number) => number): Corrupted {
  const intact = new Uint8Array(picture.values.length).fill(1);
  const values = picture.values.slice();
  for (const i of touched) {
    intact[i] = 0;
    values[i] = damage(values[i] ?? 0);
  }
  return { picture: intact.includes(0) ? { ...picture, values } : picture, intact };
}

/** `count` different numbers below `n`, by the first steps of a Fisher–Yates shuffle. */
function choose(n: number, count: number, rng: RandomGenerator): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = uniformInt(rng, i, n - 1);
    const chosen = order[j] ?? 0;
    order[j] = order[i] ?? 0;
    order[i] = chosen;
  }
  return order.subarray(0, count);
}

/** A number from the standard normal distribution (Box & Muller 1958). */
function normal(rng: RandomGenerator): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(rng)));
  return radius * Math.cos(2 * Math.PI * uniformFloat64(rng));
}

/** Columns from `left` to before `right`, rows from `top` to before `bottom`. */
type Rectangle = {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};

function* pixelsIn({ left, top, right, bottom }: Rectangle, { width }: Picture): Generator<number> {
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) yield y * width + x;
}

function block({ width, height }: Picture, amount: number, rng: RandomGenerator): Rectangle {
  const across = Math.round(width * Math.sqrt(amount));
  const down = across === 0 ? 0 : Math.min(height, Math.round((amount * width * height) / across));
  const left = uniformInt(rng, 0, width - across);
  const top = uniformInt(rng, 0, height - down);
  return { left, top, right: left + across, bottom: top + down };
}

function side({ width, height }: Picture, amount: number, rng: RandomGenerator): Rectangle {
  const whole = { left: 0, top: 0, right: width, bottom: height };
  const across = Math.round(amount * width);
  const down = Math.round(amount * height);
  switch (uniformInt(rng, 0, 3)) {
    case 0:
      return { ...whole, right: across };
    case 1:
      return { ...whole, left: width - across };
    case 2:
      return { ...whole, bottom: down };
    default:
      return { ...whole, top: height - down };
  }
}
