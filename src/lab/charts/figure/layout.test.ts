import { describe, expect, it } from 'vitest';
import { AXES } from '../axis';
import type { ChartRun } from '../chart-run';
import { DARK_THEME, LIGHT_THEME } from '../chart-theme';
import { energiesAboveLowest } from '../energy-above';
import { MEASURES } from '../measure';
import { FORMATS, type Content, type FigureChoice, type FormatName } from './formats';
import { layFigure, type Figure, type FigureData } from './layout';
import type { Path, Text } from './shapes';
import { fullWidthOf, leftOf, type Ruler } from './text';
import { runWithResidual, sampleChartRun } from '../../../testing/sample-chart-runs';

/** About as wide as Inter, and rather wider. */
const ruler: Ruler = (text, size, weight) => [...text].length * size * (weight === 600 ? 0.62 : 0.58);

const CAPTION = [
  'Letters K',
  'a quarter of the pixels flipped, seed 3',
  'Classical, gain 1.5',
  'tolerance 10⁻⁴',
];

function dataOf(runs: readonly ChartRun[], caption: readonly string[] = CAPTION): FigureData {
  const axis = AXES.iterations;
  return {
    panels: [
      { content: 'residual', measure: MEASURES['map-residual'], axis, runs },
      { content: 'energy', measure: MEASURES['energy-above'], axis, runs: energiesAboveLowest(runs) },
    ],
    caption,
  };
}

const lanes = [
  sampleChartRun('Synchronous', 1, 41, 0.8),
  sampleChartRun('Even-odd', 0, 21, 0.64),
  sampleChartRun('Fastest', 2, 12, 0.45),
];

const LONG = 'Letters A, drawn by hand and fitted · Classical · sweep up and down from zero · ';
const many = Array.from({ length: 24 }, (_, i) =>
  sampleChartRun(`${LONG}Over-relaxation number ${i}`, i, 10 + 7 * i, 0.9, { tolerance: 10 ** -(1 + i / 8) }),
);

const CASES: readonly (readonly [string, FigureData])[] = [
  ['three lanes', dataOf(lanes)],
  ['one run', dataOf(lanes.slice(0, 1))],
  ['24 runs with long names and tolerances of their own', dataOf(many)],
  [
    'other names as long as can be',
    dataOf(many.slice(0, 6).map((run, i) => ({ ...run, name: `${i}${'long '.repeat(60)}` }))),
  ],
  ['a long run', dataOf([sampleChartRun('Long', 0, 100_000, 0.9999)])],
  ['no run', dataOf([], [])],
  ['runs that have hardly begun', dataOf([runWithResidual([NaN]), runWithResidual([0], { id: 'two' })])],
  [
    'energies and milliseconds',
    {
      panels: [
        { content: 'energy', measure: MEASURES.energy, axis: AXES.iterations, runs: lanes },
        { content: 'residual', measure: MEASURES['step-residual'], axis: AXES.milliseconds, runs: lanes },
      ],
      caption: CAPTION,
    },
  ],
];

const CHOICES = (Object.keys(FORMATS) as FormatName[]).flatMap((format) =>
  (['both', 'residual', 'energy'] as const).map((content: Content): FigureChoice => ({
    format,
    content,
    theme: 'light',
    file: 'svg',
  })),
);

const textsOf = ({ shapes }: Figure): Text[] => shapes.filter((shape) => shape.kind === 'text');
const pathsOf = ({ shapes }: Figure): Path[] => shapes.filter((shape) => shape.kind === 'path');
const wordsOf = (figure: Figure): string[] => textsOf(figure).map(({ text }) => text);

type Box = { left: number; right: number; top: number; bottom: number; text: string };

function boxOf(text: Text): Box {
  const left = leftOf(text, ruler);
  const { y, size } = text;
  return {
    left,
    right: left + fullWidthOf(text, ruler),
    top: y - 0.75 * size,
    bottom: y + 0.2 * size,
    text: text.text,
  };
}

const meet = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

describe.each(CASES)('a figure of %s', (_, data) => {
  it.each(CHOICES)('as $format with $content has its text on it, each clear of the others', (choice) => {
    const figure = layFigure(data, choice, ruler);
    const boxes = textsOf(figure).map(boxOf);
    for (const box of boxes) {
      expect(box.left, box.text).toBeGreaterThanOrEqual(0);
      expect(box.right, box.text).toBeLessThanOrEqual(figure.width);
      expect(box.top, box.text).toBeGreaterThanOrEqual(0);
      expect(box.bottom, box.text).toBeLessThanOrEqual(figure.height);
    }
    const overlaps = boxes.flatMap((a, i) =>
      boxes.slice(i + 1).flatMap((b) => (meet(a, b) ? [`${a.text} | ${b.text}`] : [])),
    );
    expect(overlaps).toEqual([]);
  });

  it.each(CHOICES)('as $format with $content has text of its format’s sizes, and finite paths', (choice) => {
    const figure = layFigure(data, choice, ruler);
    const { em } = FORMATS[choice.format];
    for (const { size } of textsOf(figure)) expect([0.875 * em, em, 1.2 * em]).toContain(size);
    for (const { d } of pathsOf(figure)) expect(d).not.toMatch(/NaN|Infinity/);
  });
});

describe('a figure', () => {
  it('is as large as its format says', () => {
    const sizes = CHOICES.map((choice) => layFigure(dataOf(lanes), choice, ruler)).map(
      ({ width, height, format }) => [Math.round(width * format.pixels), Math.round(height * format.pixels)],
    );
    expect(sizes.slice(0, 3)).toEqual([
      [1920, 1080],
      [1920, 1080],
      [1920, 1080],
    ]);
    expect(sizes.slice(3, 6).map(([width]) => width)).toEqual([1004, 1004, 1004]);
    expect(sizes.slice(6)).toEqual([
      [1080, 1080],
      [1080, 1080],
      [1080, 1080],
    ]);
  });

  it('has one legend whatever it shows, and what names share once, as its title', () => {
    const named = lanes.map((run) => ({ ...run, name: `Letters A · Classical · ${run.name}` }));
    for (const choice of CHOICES) {
      const words = wordsOf(layFigure(dataOf(named), choice, ruler));
      for (const { name } of lanes) expect(words.filter((word) => word === name)).toHaveLength(1);
      expect(words.filter((word) => word.includes('Letters A'))).toEqual(['Letters A · Classical']);
    }
  });

  it('says how many runs its legend has no room for', () => {
    const figure = layFigure(
      dataOf(many),
      { format: 'slide', content: 'both', theme: 'light', file: 'png' },
      ruler,
    );
    const named = wordsOf(figure).filter((word) => word.startsWith('Over-relaxation')).length;
    expect(wordsOf(figure)).toContain(`and ${24 - named} more`);
  });

  it('is drawn in the colours of its theme', () => {
    for (const [theme, colours] of [
      ['light', LIGHT_THEME],
      ['dark', DARK_THEME],
    ] as const) {
      const figure = layFigure(
        dataOf(lanes),
        { format: 'square', content: 'both', theme, file: 'png' },
        ruler,
      );
      expect(figure.theme).toBe(colours);
      const known = [colours.text, colours.muted];
      for (const { colour } of textsOf(figure)) expect(known).toContain(colour);
    }
  });

  it('leaves hidden runs out', () => {
    const [first, ...others] = lanes.map((run, i) => ({ ...run, hidden: i === 0 }));
    const words = wordsOf(
      layFigure(
        dataOf([first, ...others].filter((run) => run !== undefined)),
        CHOICES[0] as FigureChoice,
        ruler,
      ),
    );
    expect(words).not.toContain('Synchronous');
    expect(words).toContain('Fastest');
  });

  it('has a bounded number of shapes for a long run', () => {
    const figure = layFigure(
      dataOf([sampleChartRun('Long', 0, 100_000, 0.9999)]),
      CHOICES[0] as FigureChoice,
      ruler,
    );
    expect(figure.shapes.length).toBeLessThan(300);
    expect(Math.max(...pathsOf(figure).map(({ d }) => d.length))).toBeLessThan(50_000);
  });

  it('says in words what it shows', () => {
    const { title, description } = layFigure(dataOf(lanes), CHOICES[0] as FigureChoice, ruler);
    expect(title).toBe('Residual against iterations, Energy against iterations');
    expect(description).toContain('Map residual of 3 runs. Synchronous: falls from');
    expect(description).toContain('Energy above the lowest of 3 runs.');
  });
});
