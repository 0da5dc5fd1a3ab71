import { Chart } from 'chart.js';
import { afterEach, describe, expect, it } from 'vitest';
import { chartAsPng, chartAsSvg } from './chart-image';
import { DARK_THEME, LIGHT_THEME } from './chart-theme';
import { runWithResidual, sampleChartRun } from '../../testing/sample-chart-runs';

const runs = [
  sampleChartRun('Synchronous, β = 8', 0, 28, 0.7),
  sampleChartRun('Even-odd <script>alert("ξ & ρ")</script>', 1, 14, 0.49),
];

afterEach(() => {
  delete document.documentElement.dataset['theme'];
});

function parse(svg: string): Document {
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(parsed.querySelector('parsererror')?.textContent).toBeUndefined();
  return parsed;
}

const texts = (svg: Document): string[] => [...svg.querySelectorAll('text')].map((text) => text.textContent);

async function pixels(
  blob: Blob,
): Promise<{ image: ImageBitmap; at: (x: number, y: number) => string; colours: Set<string> }> {
  const image = await createImageBitmap(blob);
  const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
  if (!context) throw new Error('no canvas');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const hex = (i: number): string =>
    `#${[...data.slice(i, i + 3)].map((c) => c.toString(16).padStart(2, '0')).join('')}`;
  const colours = new Set<string>();
  for (let i = 0; i < data.length; i += 4) colours.add(hex(i));
  return { image, at: (x, y) => hex(4 * (y * image.width + x)), colours };
}

describe('a chart as SVG', () => {
  it('is XML of paths and text only', () => {
    const svg = parse(chartAsSvg(runs, { background: 'light' }));
    const names = new Set([...svg.querySelectorAll('*')].map((element) => element.localName));
    expect(names).toEqual(new Set(['svg', 'title', 'desc', 'rect', 'g', 'path', 'text']));
    const attributes = [...svg.querySelectorAll('*')].flatMap((element) => element.getAttributeNames());
    expect(attributes.filter((name) => name.startsWith('on') || name.includes('href'))).toEqual([]);
  });

  it('keeps β, ξ and ρ, titles, axes, tolerance and every name as text', () => {
    const words = texts(parse(chartAsSvg(runs, { background: 'light' })));
    expect(words).toEqual(
      expect.arrayContaining([...runs.map(({ name }) => name), 'Energy', 'Residual', 'Iteration']),
    );
    expect(words).toEqual(
      expect.arrayContaining([
        'Energy (dimensionless)',
        'Map residual ‖f(s) − s‖ / ‖f(s)‖',
        'Tolerance 10⁻⁴',
        '−40',
        '10⁻²',
      ]),
    );
  });

  it('survives UTF-8, as a file does', async () => {
    const svg = chartAsSvg(runs, { background: 'light' });
    expect(await new Blob([svg]).text()).toBe(svg);
  });

  it('draws a line for each run through all of its states', () => {
    const svg = parse(chartAsSvg(runs, { background: 'light' }));
    const lines = [...svg.querySelectorAll('g path[stroke-width="2"]')].map(
      (path) => path.getAttribute('d') ?? '',
    );
    expect(lines.map((d) => d.split('L').length)).toEqual([29, 15, 29, 15]);
    expect(lines.join('')).not.toMatch(/NaN|Infinity/);
  });

  it('leaves hidden runs out, and can be made of a run that has hardly begun', () => {
    const [first, second] = runs as [(typeof runs)[0], (typeof runs)[0]];
    expect(
      texts(parse(chartAsSvg([{ ...first, hidden: true }, second], { background: 'light' }))),
    ).not.toContain(first.name);
    parse(chartAsSvg([runWithResidual([NaN]), runWithResidual([0], { id: 'two' })], { background: 'light' }));
    parse(chartAsSvg([], { background: 'light' }));
  });

  it('stays small for a long run', () => {
    expect(
      chartAsSvg([sampleChartRun('Long', 0, 100_000, 0.9999)], { background: 'light' }).length,
    ).toBeLessThan(100_000);
  });
});

describe('a chart as PNG', () => {
  it('is at least 1,600 pixels wide, on a light ground by choice', async () => {
    document.documentElement.dataset['theme'] = 'dark';
    const { image, at, colours } = await pixels(await chartAsPng(runs, { background: 'light', width: 400 }));
    expect(image.width).toBe(1600);
    expect(at(2, 2)).toBe(LIGHT_THEME.surface);
    expect([...colours]).toEqual(
      expect.arrayContaining([LIGHT_THEME.series[0], LIGHT_THEME.series[1], LIGHT_THEME.text]),
    );
  });

  it("takes the page's own ground otherwise, and any width", async () => {
    document.documentElement.dataset['theme'] = 'dark';
    const { image, at } = await pixels(await chartAsPng(runs, { background: 'theme', width: 2400 }));
    expect(image.width).toBe(2400);
    expect(at(2, 2)).toBe(DARK_THEME.surface);
  });

  it('leaves no chart behind', async () => {
    const before = Object.keys(Chart.instances).length;
    await chartAsPng(runs, { background: 'light' });
    chartAsSvg(runs, { background: 'light' });
    expect(Object.keys(Chart.instances).length).toBe(before);
  });
});
