/** Handwritten-looking digits from strokes, each from its number alone, so that there is something to learn from without a file. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { blankPicture } from '../patterns/edit';
import { linesOf, paintStroke, type Place } from '../patterns/strokes';
import { DIGIT_FORMS } from './digit-forms';
import type { Examples } from './examples';

/** Pixels across a picture, and across the box that its digit fills at most: MNIST's. */
const SIDE = 28;
const BOX = 20;

const CLASSES = 10;

/** Lines that a curve between two places is made of. */
const LINES = 6;

/** What differs from hand to hand, from least to most. */
const HANDS = {
  /** Across the pen, in pixels. */
  pen: [1.4, 4],
  /** Of the box. */
  size: [0.85, 1],
  /** Of the form's width to its height. */
  proportion: [0.5, 1.15],
  /** The tangent of how far it leans to the right. */
  slant: [-0.35, 0.8],
  /** Turned clockwise, in radians. */
  turn: [-0.25, 0.25],
  /** By what its middle misses that of the picture, in pixels: MNIST moves digits by whole pixels. */
  miss: [-0.5, 0.5],
} as const;

/** How far places stray together where they are near (in parts of the box, for each wave), alone, and all those of a stroke. */
const WARP = 0.07;
const TREMBLE = 0.028;
const LIFT = 0.045;

type Draw = (least: number, most: number) => number;

/** Sums of three uniform numbers: about normal, and bounded. */
function bells(seed: number): Draw {
  const random = mersenne(seed);
  const next = (): number => uniformFloat64(random);
  return (least, most) => least + ((most - least) * (next() + next() + next())) / 3;
}

export type StrokeDigit = {
  /** [28 · 28], row-major; 0 is paper and 1 is ink. */
  readonly picture: Float32Array;
  readonly label: number;
};

/** @param seed a whole number from 0 to 2³² − 1: the digit's number */
export function strokeDigit(seed: number): StrokeDigit {
  const random = mersenne(seed ^ 0x5eed);
  const label = Math.floor(CLASSES * uniformFloat64(random));
  const forms = DIGIT_FORMS[label] ?? [];
  const form = forms[Math.floor(forms.length * uniformFloat64(random))] ?? '';
  const draw = bells(seed);
  return { picture: place(written(form, draw), draw), label };
}

/** A form in somebody's hand, as lines in no particular box. */
function written(form: string, draw: Draw): readonly (readonly Place[])[] {
  const pick = ([least, most]: readonly [number, number]): number => draw(least, most);
  const [proportion, slant, turn] = [pick(HANDS.proportion), pick(HANDS.slant), pick(HANDS.turn)];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const stray = warp(draw);
  return form.split('|').map((stroke) => {
    const lift = { x: draw(-LIFT, LIFT), y: draw(-LIFT, LIFT) };
    const places = stroke.split(',').map((word): Place => {
      const [right = 0, down = 0] = word.trim().split(' ').map(Number);
      return { x: right / 100 - 0.5, y: down / 100 - 0.5 };
    });
    const moved = places.map((place, i): Place => {
      const strayed = stray(place);
      const before = places[i - 1];
      // A place that is named twice is one.
      const same = before?.x === place.x && before.y === place.y;
      const tremble = same ? 0 : TREMBLE;
      return {
        x: strayed.x + lift.x + draw(-tremble, tremble),
        y: strayed.y + lift.y + draw(-tremble, tremble),
      };
    });
    for (const [i, { x, y }] of places.entries()) {
      const before = places[i - 1];
      if (before?.x === x && before.y === y) moved[i] = moved[i - 1] ?? { x, y };
    }
    return curve(moved).map(({ x, y }) => {
      const leant = proportion * x - slant * y;
      return { x: cos * leant - sin * y, y: sin * leant + cos * y };
    });
  });
}

/** Moves places by slow waves over the box. */
function warp(draw: Draw): (place: Place) => Place {
  const waves = [0.5, 0.5, 0.9, 1.3].map((most) => ({
    across: draw(-2 * most, 2 * most),
    down: draw(-2 * most, 2 * most),
    phase: draw(-9, 9),
    x: draw(-2 * WARP, 2 * WARP),
    y: draw(-2 * WARP, 2 * WARP),
  }));
  return ({ x, y }) => {
    let [right, below] = [x, y];
    for (const wave of waves) {
      const height = Math.sin(2 * Math.PI * (wave.across * x + wave.down * y) + wave.phase);
      right += wave.x * height;
      below += wave.y * height;
    }
    return { x: right, y: below };
  };
}

/** Lines along the smooth curve through the places (Catmull and Rom 1974). */
function curve(places: readonly Place[]): readonly Place[] {
  const lines: Place[] = places.slice(0, 1);
  for (let i = 1; i < places.length; i++) {
    const [b, c] = [places[i - 1], places[i]];
    if (!b || !c || (b.x === c.x && b.y === c.y)) continue;
    const [a, d] = [places[i - 2] ?? b, places[i + 1] ?? c];
    for (let k = 1; k <= LINES; k++) {
      const t = k / LINES;
      const at = (p: number, q: number, r: number, s: number): number =>
        q + (t / 2) * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
      lines.push({ x: at(a.x, b.x, c.x, d.x), y: at(a.y, b.y, c.y, d.y) });
    }
  }
  return lines;
}

/** The lines as MNIST's digits are placed: scaled into the box, the middle of their ink near that of the picture. */
function place(lines: readonly (readonly Place[])[], draw: Draw): Float32Array {
  const pen = draw(...HANDS.pen);
  const [xs, ys] = [lines.flat().map(({ x }) => x), lines.flat().map(({ y }) => y)];
  const largest = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys), 1e-6);
  const scale = (BOX * draw(...HANDS.size) - pen) / largest;
  const ink = middle(lines);
  const right = SIDE / 2 + draw(...HANDS.miss) - scale * ink.x;
  const down = SIDE / 2 + draw(...HANDS.miss) - scale * ink.y;
  let picture = blankPicture(SIDE, SIDE);
  for (const stroke of lines) {
    const places = stroke.map(({ x, y }) => ({ x: right + scale * x, y: down + scale * y }));
    picture = paintStroke(picture, { size: pen, places }, 1);
  }
  return picture.values.map((value) => (value + 1) / 2);
}

/** Where the ink lies in the mean. */
function middle(lines: readonly (readonly Place[])[]): Place {
  let [sum, x, y] = [0, 0, 0];
  for (const places of lines) {
    for (const [a, b] of linesOf({ size: 0, places })) {
      const length = Math.hypot(b.x - a.x, b.y - a.y);
      sum += length;
      x += (length * (a.x + b.x)) / 2;
      y += (length * (a.y + b.y)) / 2;
    }
  }
  return { x: x / sum, y: y / sum };
}

/**
 * A part of an endless row of digits: which one stands where depends on nothing but the row's seed. None is in a row for training and in one for
 * testing: the numbers of those are even, of these odd.
 * @param seed of the row, a whole number from 0 up
 * @param from where in the row the part begins
 */
export function strokeDigits(count: number, seed: number, row: 'training' | 'test', from = 0): Examples {
  const pixels = new Uint8Array(count * SIDE * SIDE);
  const labels = new Uint8Array(count);
  const first = (Math.imul(seed, 0x9e3779b1) << 1) + (row === 'test' ? 1 : 0);
  for (let i = 0; i < count; i++) {
    const { picture, label } = strokeDigit((first + 2 * (from + i)) >>> 0);
    for (const [at, ink] of picture.entries()) pixels[i * SIDE * SIDE + at] = Math.round(255 * ink);
    labels[i] = label;
  }
  return { count, width: SIDE, height: SIDE, pixels, labels };
}
