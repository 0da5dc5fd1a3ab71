/** Capital letters and digits as hands write them, stroke by stroke, with seeded jitter. For tests only. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import type { Place } from '../patterns/strokes';

type Line = readonly (readonly [x: number, y: number])[];

/** Points of an ellipse, in degrees: 0 is right, 90 is down. */
function arc(cx: number, cy: number, rx: number, ry: number, from: number, to: number): Line {
  const steps = Math.max(2, Math.ceil(Math.abs(to - from) / 15));
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)] as const;
  });
}

/** In a box of width and height 1; `PROPORTION` makes it narrower. */
const glyphs: Readonly<Record<string, readonly Line[]>> = {
  A: [
    [
      [0, 1],
      [0.5, 0],
      [1, 1],
    ],
    [
      [0.2, 0.65],
      [0.8, 0.65],
    ],
  ],
  B: [
    [
      [0, 0],
      [0, 1],
    ],
    [[0, 0], [0.55, 0], ...arc(0.6, 0.24, 0.32, 0.24, -90, 90), [0, 0.48]],
    [[0, 0.48], [0.6, 0.48], ...arc(0.64, 0.74, 0.36, 0.26, -90, 90), [0, 1]],
  ],
  C: [arc(0.52, 0.5, 0.52, 0.5, -50, -310)],
  D: [
    [
      [0, 0],
      [0, 1],
    ],
    [[0, 0], [0.45, 0], ...arc(0.45, 0.5, 0.55, 0.5, -90, 90), [0, 1]],
  ],
  E: [
    [
      [1, 0],
      [0, 0],
      [0, 1],
      [1, 1],
    ],
    [
      [0, 0.5],
      [0.8, 0.5],
    ],
  ],
  F: [
    [
      [1, 0],
      [0, 0],
      [0, 1],
    ],
    [
      [0, 0.48],
      [0.8, 0.48],
    ],
  ],
  G: [
    [...arc(0.5, 0.5, 0.5, 0.5, -50, -360), [0.6, 0.55]],
    [
      [1, 0.55],
      [1, 0.9],
    ],
  ],
  H: [
    [
      [0, 0],
      [0, 1],
    ],
    [
      [1, 0],
      [1, 1],
    ],
    [
      [0, 0.5],
      [1, 0.5],
    ],
  ],
  I: [
    [
      [0.5, 0],
      [0.5, 1],
    ],
    [
      [0.12, 0],
      [0.88, 0],
    ],
    [
      [0.12, 1],
      [0.88, 1],
    ],
  ],
  J: [
    [
      [0.35, 0],
      [1, 0],
    ],
    [[0.72, 0], [0.72, 0.7], ...arc(0.37, 0.7, 0.36, 0.3, 0, 170)],
  ],
  K: [
    [
      [0, 0],
      [0, 1],
    ],
    [
      [0.95, 0],
      [0, 0.55],
    ],
    [
      [0.25, 0.42],
      [1, 1],
    ],
  ],
  L: [
    [
      [0, 0],
      [0, 1],
      [0.95, 1],
    ],
  ],
  M: [
    [
      [0, 1],
      [0, 0],
      [0.5, 0.65],
      [1, 0],
      [1, 1],
    ],
  ],
  N: [
    [
      [0, 1],
      [0, 0],
      [1, 1],
      [1, 0],
    ],
  ],
  O: [arc(0.5, 0.5, 0.5, 0.5, -90, 270)],
  P: [
    [
      [0, 0],
      [0, 1],
    ],
    [[0, 0], [0.6, 0], ...arc(0.65, 0.27, 0.35, 0.27, -90, 90), [0, 0.54]],
  ],
  Q: [
    arc(0.48, 0.46, 0.48, 0.46, -90, 270),
    [
      [0.58, 0.68],
      [1, 1],
    ],
  ],
  R: [
    [
      [0, 0],
      [0, 1],
    ],
    [[0, 0], [0.6, 0], ...arc(0.64, 0.25, 0.34, 0.25, -90, 90), [0, 0.5]],
    [
      [0.45, 0.5],
      [1, 1],
    ],
  ],
  S: [[...arc(0.5, 0.25, 0.46, 0.25, -25, -260), ...arc(0.5, 0.74, 0.5, 0.26, -80, 155)]],
  T: [
    [
      [0, 0],
      [1, 0],
    ],
    [
      [0.5, 0],
      [0.5, 1],
    ],
  ],
  U: [[[0, 0], [0, 0.62], ...arc(0.5, 0.62, 0.5, 0.38, 180, 0), [1, 0]]],
  V: [
    [
      [0, 0],
      [0.5, 1],
      [1, 0],
    ],
  ],
  W: [
    [
      [0, 0],
      [0.25, 1],
      [0.5, 0.3],
      [0.75, 1],
      [1, 0],
    ],
  ],
  X: [
    [
      [0, 0],
      [1, 1],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ],
  Y: [
    [
      [0, 0],
      [0.5, 0.5],
      [1, 0],
    ],
    [
      [0.5, 0.5],
      [0.5, 1],
    ],
  ],
  Z: [
    [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ],
  ],
  0: [arc(0.5, 0.5, 0.5, 0.5, -90, 270)],
  1: [
    [
      [0.15, 0.25],
      [0.5, 0],
      [0.5, 1],
    ],
    [
      [0.1, 1],
      [0.9, 1],
    ],
  ],
  2: [[...arc(0.48, 0.28, 0.46, 0.28, -165, 40), [0, 1], [1, 1]]],
  3: [[...arc(0.45, 0.24, 0.45, 0.24, -150, 90), ...arc(0.45, 0.74, 0.52, 0.26, -90, 150)]],
  4: [
    [
      [0.6, 0],
      [0, 0.66],
      [1, 0.66],
    ],
    [
      [0.7, 0.3],
      [0.7, 1],
    ],
  ],
  5: [[[0.9, 0], [0.15, 0], [0.08, 0.45], ...arc(0.45, 0.68, 0.52, 0.32, -125, 150)]],
  6: [[...arc(0.85, 0.65, 0.82, 0.65, -90, -180), ...arc(0.5, 0.69, 0.48, 0.31, 180, 540)]],
  7: [
    [
      [0, 0],
      [1, 0],
      [0.35, 1],
    ],
  ],
  8: [[...arc(0.5, 0.24, 0.42, 0.24, 90, 450), ...arc(0.5, 0.74, 0.5, 0.26, -90, 270)]],
  9: [[...arc(0.5, 0.31, 0.48, 0.31, 0, 360), ...arc(0.1, 0.35, 0.88, 0.65, 0, 85)]],
};

export const drawnLetters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
export const drawnDigits = [...'0123456789'];

export type Hand = {
  readonly name: string;
  /** Height of a glyph, as a share of the picture's. */
  readonly size: number;
  /** Width by height. */
  readonly proportion: number;
  /** Degrees to the right. */
  readonly slant: number;
  /** How far from the middle it may lie, and how far the pen strays, as shares of the picture's and the glyph's size. */
  readonly place: number;
  readonly wobble: number;
  /** Degrees either way that a glyph is turned. */
  readonly turn: number;
};

const plain: Hand = {
  name: 'steady',
  size: 0.7,
  proportion: 0.75,
  slant: 0,
  place: 0.05,
  wobble: 0.015,
  turn: 2,
};

export const hands: readonly Hand[] = [
  plain,
  { ...plain, name: 'small', size: 0.45, place: 0.2 },
  { ...plain, name: 'large', size: 0.92, place: 0.02 },
  { ...plain, name: 'narrow', proportion: 0.55 },
  { ...plain, name: 'wide', proportion: 1 },
  { ...plain, name: 'slanted right', slant: 15 },
  { ...plain, name: 'slanted left', slant: -12 },
  { ...plain, name: 'wobbly', wobble: 0.05 },
  { ...plain, name: 'hasty', wobble: 0.03, turn: 6, slant: 6, place: 0.12 },
];

/** Ten, with all that hands differ in. */
export const tenHands: readonly Hand[] = [
  ...hands,
  {
    ...plain,
    name: 'small, narrow and leaning',
    size: 0.5,
    proportion: 0.6,
    slant: 12,
    place: 0.18,
    wobble: 0.02,
  },
];

/**
 * The strokes of a glyph by a hand, as places in a picture of `width` × `height`. The same seed writes the same. Places are
 * no further apart than `spacing`, a share of the glyph's size, along each line; corners are always among them.
 */
export function write(
  glyph: string,
  hand: Hand,
  seed: number,
  width: number,
  height: number,
  spacing = 0.06,
): readonly Place[][] {
  const random = mersenne(seed * 9973 + (glyph.codePointAt(0) ?? 0));
  const either = (): number => 2 * uniformFloat64(random) - 1;
  const [h, w] = [
    hand.size * height * (1 + 0.06 * either()),
    hand.size * height * hand.proportion * (1 + 0.08 * either()),
  ];
  const [cx, cy] = [width * (0.5 + hand.place * either()), height * (0.5 + hand.place * either())];
  const slant = Math.tan(((hand.slant + 2 * either()) * Math.PI) / 180);
  const turn = (hand.turn * either() * Math.PI) / 180;
  return (glyphs[glyph] ?? []).map((line) => {
    // Slow sway along the line, not noise from point to point.
    const sway = { x: either(), y: either(), px: 3 * either(), py: 3 * either() };
    let along = 0;
    const places: Place[] = [];
    let before = line[0];
    for (const [gx, gy] of line) {
      const length = before ? Math.hypot(gx - before[0], gy - before[1]) : 0;
      const steps = Math.max(1, Math.ceil(length / spacing));
      for (let i = before && places.length > 0 ? 1 : steps; i <= steps; i++) {
        const t = i / steps;
        const [ux, uy] = before
          ? [before[0] + (gx - before[0]) * t, before[1] + (gy - before[1]) * t]
          : [gx, gy];
        const s = along + length * t;
        const x = (ux - 0.5) * w + hand.wobble * h * sway.x * Math.sin(5 * s + sway.px) + 0;
        const y = (uy - 0.5) * h + hand.wobble * h * sway.y * Math.sin(5 * s + sway.py);
        const leaned = x - slant * y;
        places.push({
          x: cx + leaned * Math.cos(turn) - y * Math.sin(turn),
          y: cy + leaned * Math.sin(turn) + y * Math.cos(turn),
        });
      }
      along += length;
      before = [gx, gy];
    }
    return places;
  });
}
