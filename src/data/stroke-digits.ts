/** Handwritten-looking digits from strokes, each from its number alone, so that there is something to learn from without a file. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { DIGIT_SIDE, placeDrawing } from '../patterns/place-digit';
import type { Place, Stroke } from '../patterns/strokes';
import { DIGIT_FORMS } from './digit-forms';
import type { Examples } from './examples';

const CLASSES = 10;
/** A sheet that digits are written on, in pixels: large, so that none is a dot. */
const SHEET = 100;

/** Lines that a curve between two places is made of. */
const LINES = 6;

/** What differs from hand to hand, from least to most. */
const HANDS = {
  /** Across the pen, in pixels. */
  pen: [1.4, 4],
  /** Of the form's width to its height. */
  proportion: [0.5, 1.15],
  /** How much wider its foot is than its middle, and its head narrower. */
  taper: [-0.7, 0.7],
  /** How far down its middle lies, in parts of its height. */
  balance: [-0.2, 0.2],
  /** The tangent of how far it leans to the right. */
  slant: [-0.4, 0.9],
  /** Turned clockwise, in radians. */
  turn: [-0.25, 0.25],
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
  const { values } = placeDrawing(written(form, draw), draw(...HANDS.pen));
  return { picture: values.map((value) => (value + 1) / 2), label };
}

/** A form in somebody's hand. */
function written(form: string, draw: Draw): readonly Stroke[] {
  const pick = ([least, most]: readonly [number, number]): number => draw(least, most);
  const [proportion, slant, turn] = [pick(HANDS.proportion), pick(HANDS.slant), pick(HANDS.turn)];
  const [taper, balance] = [pick(HANDS.taper), pick(HANDS.balance)];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const stray = warp(draw);
  return form.split('|').map((stroke): Stroke => {
    const lift = { x: draw(-LIFT, LIFT), y: draw(-LIFT, LIFT) };
    const moved: Place[] = [];
    let before: Place | null = null;
    for (const word of stroke.split(',')) {
      const [right = 0, down = 0] = word.trim().split(' ').map(Number);
      const place: Place = { x: right / 100 - 0.5, y: down / 100 - 0.5 };
      const last = moved.at(-1);
      // A place that is named twice stays one.
      if (last && before?.x === place.x && before.y === place.y) moved.push(last);
      else {
        const { x, y } = stray(place);
        const tremble = { x: draw(-TREMBLE, TREMBLE), y: draw(-TREMBLE, TREMBLE) };
        moved.push({ x: x + lift.x + tremble.x, y: y + lift.y + tremble.y });
      }
      before = place;
    }
    const places = curve(moved).map(({ x, y }): Place => {
      const down = y + balance * (1 - 4 * y * y);
      const right = proportion * (1 + taper * y) * x - slant * down;
      return { x: SHEET * (cos * right - sin * down), y: SHEET * (sin * right + cos * down) };
    });
    return { size: 1, places };
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

/**
 * A part of an endless row of digits: which one stands where depends on nothing but the row's seed. None is in a row for training and in one for
 * testing: the numbers of those are even, of these odd.
 * @param seed of the row, a whole number from 0 up
 * @param from where in the row the part begins
 */
export function strokeDigits(count: number, seed: number, row: 'training' | 'test', from = 0): Examples {
  const pixels = new Uint8Array(count * DIGIT_SIDE * DIGIT_SIDE);
  const labels = new Uint8Array(count);
  const first = (Math.imul(seed, 0x9e3779b1) << 1) + (row === 'test' ? 1 : 0);
  for (let i = 0; i < count; i++) {
    const { picture, label } = strokeDigit((first + 2 * (from + i)) >>> 0);
    for (const [at, ink] of picture.entries())
      pixels[i * DIGIT_SIDE * DIGIT_SIDE + at] = Math.round(255 * ink);
    labels[i] = label;
  }
  return { count, width: DIGIT_SIDE, height: DIGIT_SIDE, pixels, labels };
}
