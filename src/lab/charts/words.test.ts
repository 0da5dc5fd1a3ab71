import { describe, expect, it } from 'vitest';
import { DARK_THEME, LIGHT_THEME } from './chart-theme';
import { SERIES, seriesIndex, strokeOf, STYLES } from './chart-run';
import { MOST_ROWS, tableRows } from './data-table';
import { safeFileName } from './download';
import { MEASURES, valueText } from './measure';
import { figureText, powerOfTen, shortNumber } from './number-text';
import { runWithResidual, sampleChartRun } from '../../testing/sample-chart-runs';
import { summarise } from './summary';
import { toleranceLabel } from './tolerance-line';

describe('numbers in words', () => {
  it.each([
    [-12.25, '−12.25'],
    [0, '0'],
    [1234567.891, '1234570'],
    [0.000123456789, '0.000123457'],
    [1e-4, '0.0001'],
    [3.5e-7, '3.5e−7'],
    [-2e12, '−2e12'],
    [NaN, '–'],
    [-Infinity, '−∞'],
  ])('%d is %s', (x, text) => expect(shortNumber(x)).toBe(text));

  it.each([
    [1, '1'],
    [10, '10¹'],
    [1e-4, '10⁻⁴'],
    [1e-10, '10⁻¹⁰'],
    [2e-4, ''],
  ])('%d as a power of ten is "%s"', (x, text) => expect(powerOfTen(x)).toBe(text));

  it.each([
    [0, '0'],
    [7, '7'],
    [0.3812, '0.38'],
    [38.4, '38'],
    [11_562, '11,562'],
    [1_234_567, '1.23\u00a0M'],
    [NaN, '–'],
  ])('%d as a figure is "%s"', (x, text) => expect(figureText(x)).toBe(text));

  it('says that zero is drawn at the floor', () => {
    expect(valueText(MEASURES['map-residual'], 0)).toBe('0 (drawn at 1e−10)');
    expect(valueText(MEASURES['map-residual'], 2e-10)).toBe('2e−10');
    expect(valueText(MEASURES.energy, -45.6)).toBe('−45.6');
  });

  it.each([
    [1e-4, 'Tolerance 10⁻⁴'],
    [0.00025, 'Tolerance 0.00025'],
  ])('labels the tolerance %d', (tolerance, text) => expect(toleranceLabel(tolerance)).toBe(text));
});

describe('the summary of a chart', () => {
  const run = sampleChartRun('Run β', 0, 14, 0.5);
  const residual = MEASURES['map-residual'];

  it.each([
    ['Energy falls from −12.3 to −45.6 in 14 iterations', [run]],
    ['Energy falls from −12.3 to −45.6 in 14 iterations so far', [{ ...run, running: true }]],
    ['Energy: no run to show', []],
    ['Energy: no run to show', [{ ...run, hidden: true }]],
    [
      'Energy of 2 runs. Run β: falls from −12.3 to −45.6 in 14 iterations; Run 2: falls from −12.3 to −45.6 in 1 iteration',
      [run, sampleChartRun('Run 2', 1, 1, 0.5)],
    ],
  ])('is: %s', (text, runs) => expect(summarise(runs, MEASURES.energy)).toBe(text));

  it.each([
    ['Map residual is 0.5 at iteration 0', [0.5]],
    ['Map residual stays at 0.5 in 1 iteration', [0.5, 0.5]],
    ['Map residual rises from 0.5 to 2 in 2 iterations', [0.5, 1, 2, NaN]],
    ['Map residual has no finite value yet', [NaN]],
  ])('is: %s', (text, values) => expect(summarise([runWithResidual(values)], residual)).toBe(text));
});

describe('the rows of the table', () => {
  it('are all iterations while they fit', () => expect(tableRows(3)).toEqual([0, 1, 2]));

  it('are evenly spread, from the first to the last, when they do not', () => {
    const rows = tableRows(100_001);
    expect(rows).toHaveLength(MOST_ROWS);
    expect([rows[0], rows.at(-1)]).toEqual([0, 100_000]);
    const gaps = rows.slice(1).map((t, i) => t - (rows[i] ?? 0));
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
  });
});

describe('a run among others', () => {
  it('has dashes and points of its own, and takes them again after the last', () => {
    const strokes = Array.from({ length: SERIES }, (_, i) => strokeOf(i));
    expect(new Set(strokes.map(({ dash }) => dash.join())).size).toBe(SERIES);
    expect(new Set(strokes.map(({ point }) => point)).size).toBe(SERIES);
    expect([seriesIndex(SERIES + 1), seriesIndex(-1)]).toEqual([1, SERIES - 1]);
    expect(strokeOf(STYLES + 2)).toEqual(strokeOf(2));
  });

  it('is told from twenty others by its dashes and points, to an eye that sees no colours', () => {
    const strokes = Array.from({ length: STYLES }, (_, i) => strokeOf(i));
    expect(STYLES).toBeGreaterThanOrEqual(20);
    expect(new Set(strokes.map(({ dash, point }) => `${dash.join()} ${point}`)).size).toBe(STYLES);
  });

  it.each([
    ['light', LIGHT_THEME],
    ['dark', DARK_THEME],
  ])('stands out from the %s ground by 3 to 1 (WCAG 1.4.11), and words by 4.5 to 1', (_, theme) => {
    const ground = luminance(theme.surface);
    const contrast = (colour: string): number => {
      const other = luminance(colour);
      return (Math.max(ground, other) + 0.05) / (Math.min(ground, other) + 0.05);
    };
    expect(theme.series).toHaveLength(SERIES);
    expect(Math.min(...theme.series.map(contrast))).toBeGreaterThanOrEqual(3);
    expect(Math.min(contrast(theme.text), contrast(theme.muted))).toBeGreaterThanOrEqual(4.5);
  });
});

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('a file name', () => {
  it.each([
    ['Run 1', 'Run-1.svg'],
    ['β = 8, ξ', 'β-8-ξ.svg'],
    ['../../etc/passwd', 'etc-passwd.svg'],
    ['.hidden', 'hidden.svg'],
    ['a\u0000<script>:*?"|', 'a-script.svg'],
    ['', 'run.svg'],
    ['CON', '_CON.svg'],
    ['x'.repeat(200), `${'x'.repeat(80)}.svg`],
  ])('made from %j is %s', (name, file) => expect(safeFileName(name, 'svg')).toBe(file));
});
