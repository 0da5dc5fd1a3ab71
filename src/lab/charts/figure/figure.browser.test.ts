import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AXES } from '../axis';
import { DARK_THEME, LIGHT_THEME } from '../chart-theme';
import { MEASURES } from '../measure';
import { figureToPng, prepareFigure } from './canvas';
import { askForFigure } from './figure-dialog';
import { INITIAL_CHOICE, type FigureChoice } from './formats';
import type { FigureData } from './layout';
import { figureToSvg } from './svg';
import { sampleChartRun } from '../../../testing/sample-chart-runs';

const runs = [
  sampleChartRun('Synchronous, β = 8', 0, 28, 0.7),
  sampleChartRun('Even-odd <script>alert("ξ & ρ")</script>', 1, 14, 0.49),
];

const axis = AXES.iterations;
const data: FigureData = {
  panels: [
    { content: 'energy', measure: MEASURES.energy, axis, runs },
    { content: 'residual', measure: MEASURES['map-residual'], axis, runs },
  ],
  caption: ['Letters A', 'tolerance 10⁻⁴'],
};

afterEach(() => {
  delete document.documentElement.dataset['theme'];
  document.body.replaceChildren();
});

async function svgOf(choice: Partial<FigureChoice> = {}): Promise<Document> {
  const source = figureToSvg(await prepareFigure(data, { ...INITIAL_CHOICE, ...choice }));
  expect(await new Blob([source]).text()).toBe(source);
  const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
  expect(parsed.querySelector('parsererror')?.textContent).toBeUndefined();
  return parsed;
}

async function pngOf(choice: Partial<FigureChoice>): Promise<Blob> {
  return figureToPng(await prepareFigure(data, { ...INITIAL_CHOICE, ...choice }));
}

/** The colours of all pixels, and that of the first. */
async function coloursOf(blob: Blob): Promise<{ colours: Set<string>; ground: string | undefined }> {
  const image = await createImageBitmap(blob);
  const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
  context?.drawImage(image, 0, 0);
  const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? [];
  const colours = new Set<string>();
  for (let i = 0; i < pixels.length; i += 4)
    colours.add(`#${[...pixels.slice(i, i + 3)].map((c) => c.toString(16).padStart(2, '0')).join('')}`);
  return { colours, ground: [...colours][0] };
}

describe('a figure as SVG', () => {
  it('is XML of paths and text only', async () => {
    const elements = [...(await svgOf()).querySelectorAll('*')];
    const names = new Set(elements.map((element) => element.localName));
    expect(names).toEqual(new Set(['svg', 'title', 'desc', 'rect', 'path', 'text', 'tspan']));
    const attributes = elements.flatMap((element) => element.getAttributeNames());
    expect(attributes.filter((name) => name.startsWith('on') || name.includes('href'))).toEqual([]);
  });

  it('has titles, axes, tolerance, caption and every name as text, in one font', async () => {
    const svg = await svgOf();
    const words = [...svg.querySelectorAll('text')].map((text) => text.textContent);
    expect(words).toEqual(expect.arrayContaining(runs.map(({ name }) => name)));
    expect(words).toEqual(
      expect.arrayContaining([
        ...['Energy(dimensionless)', 'Map residual‖f(s) − s‖ / ‖f(s)‖', 'Iteration', '−40', '10−2'],
        ...['Tolerance 10−4', 'Letters A · tolerance 10−4'],
      ]),
    );
    expect(svg.documentElement.getAttribute('font-family')).toMatch(
      /^'Inter Variable', Inter, .*sans-serif$/,
    );
    expect(svg.querySelectorAll('[font-family]')).toHaveLength(1);
  });

  it('escapes names, and rids them of what XML cannot write', async () => {
    const name = '<b a="ξ">&\u0000\ud800 β';
    const named = {
      ...data,
      panels: data.panels.map((panel) => ({ ...panel, runs: [sampleChartRun(name, 0, 5, 0.5)] })),
    };
    const source = figureToSvg(await prepareFigure(named, INITIAL_CHOICE));
    expect(source).toContain('>&lt;b a=&quot;ξ&quot;&gt;&amp; β</text>');
  });

  it('says its size in pixels for a screen, and in millimetres for print', async () => {
    const sizeOf = async (choice: Partial<FigureChoice>): Promise<(string | null)[]> => {
      const { documentElement: root } = await svgOf(choice);
      return ['width', 'height'].map((name) => root.getAttribute(name));
    };
    expect(await sizeOf({ format: 'slide' })).toEqual(['1920', '1080']);
    expect(await sizeOf({ format: 'square' })).toEqual(['1080', '1080']);
    expect((await sizeOf({ format: 'column' }))[0]).toBe('85mm');
  });

  it('draws a line for each run through all of its states', async () => {
    const lines = [...(await svgOf({ content: 'residual' })).querySelectorAll('path')]
      .map((path) => path.getAttribute('d') ?? '')
      .filter((d) => d.startsWith('M') && d.split('L').length > 4);
    expect(lines.map((d) => d.split('L').length)).toEqual([29, 15]);
  });
});

describe('a figure as PNG', () => {
  it.each([
    ['light', LIGHT_THEME],
    ['dark', DARK_THEME],
  ] as const)('is %s by choice, whatever the page is', async (theme, { surface, series, text }) => {
    document.documentElement.dataset['theme'] = theme === 'light' ? 'dark' : 'light';
    const { ground, colours } = await coloursOf(await pngOf({ theme }));
    expect(ground).toBe(surface);
    expect([...colours]).toEqual(expect.arrayContaining([series[0], series[1], text]));
  });

  it('for print is 85 mm wide at 300 dots per inch, and says so', async () => {
    const png = await pngOf({ format: 'column' });
    const view = new DataView(await png.arrayBuffer());
    expect(view.getUint32(16)).toBe(1004);
    expect(await png.slice(37, 41).text()).toBe('pHYs');
    expect([view.getUint32(41), view.getUint32(45), view.getUint8(49)]).toEqual([11811, 11811, 1]);
    // A broken checksum would be refused.
    expect((await createImageBitmap(png)).width).toBe(1004);
  });

  it('for a screen has the pixels that its format says', async () => {
    const view = new DataView(await (await pngOf({ format: 'slide' })).arrayBuffer());
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([1920, 1080]);
  });
});

describe('the dialog of a figure', () => {
  const dialog = page.getByRole('dialog', { name: 'Figure' });
  const preview = dialog.getByRole('img');

  it('shows what is chosen, and tells it when it is to be saved', async () => {
    const answer = askForFigure(data, INITIAL_CHOICE);
    await expect.element(preview).toHaveAccessibleName(/^Energy against iterations, Residual against/);
    await dialog.getByRole('combobox', { name: 'Format' }).selectOptions('Column of a paper');
    await dialog.getByRole('combobox', { name: 'Shows' }).selectOptions('Residual');
    await dialog.getByRole('combobox', { name: 'Theme' }).selectOptions('Dark');
    await dialog.getByRole('combobox', { name: 'File' }).selectOptions('SVG');
    await expect.element(preview).toHaveAccessibleName(/^Residual against iterations\./);
    await expect.element(dialog.getByText('85 mm wide, 8-point type, 300 dots per inch.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Save SVG' }).click();
    const choice = { format: 'column', content: 'residual', theme: 'dark', file: 'svg' };
    expect(await answer).toEqual({ choice, save: true });
    expect(page.getByRole('dialog').elements()).toHaveLength(0);
  });

  it('is used and closed by keyboard, keeps the choice and gives the focus back', async () => {
    const button = document.createElement('button');
    button.textContent = 'Opener';
    document.body.append(button);
    button.focus();
    const answer = askForFigure(data, INITIAL_CHOICE);
    await expect.element(preview).toHaveAccessibleName(/^Energy/);
    await userEvent.keyboard('{Tab}{ArrowDown}');
    await expect.element(dialog.getByRole('combobox', { name: 'Format' })).toHaveValue('column');
    await userEvent.keyboard('{Escape}');
    expect(await answer).toEqual({ choice: { ...INITIAL_CHOICE, format: 'column' }, save: false });
    expect(document.activeElement).toBe(button);
  });
});
