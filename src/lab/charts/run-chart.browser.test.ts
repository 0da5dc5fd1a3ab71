import { Chart } from 'chart.js';
import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ChartRun } from './chart-run';
import './energy-chart';
import { EnergyChart } from './energy-chart';
import { RESIDUAL_FLOOR } from './measure';
import './residual-chart';
import { ResidualChart } from './residual-chart';
import type { RunChart } from './run-chart';
import { runWithResidual, sampleChartRun } from '../../testing/sample-chart-runs';

afterEach(() => {
  document.body.replaceChildren();
  delete document.documentElement.dataset['theme'];
});

const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));

async function settled<Element extends RunChart>(element: Element): Promise<Element> {
  await element.updateComplete;
  await frame();
  return element;
}

function mount<Element extends RunChart>(element: Element, runs: readonly ChartRun[]): Promise<Element> {
  element.runs = runs;
  document.body.append(element);
  return settled(element);
}

const energy = (runs: readonly ChartRun[]): Promise<EnergyChart> => mount(new EnergyChart(), runs);
const residual = (runs: readonly ChartRun[]): Promise<ResidualChart> => mount(new ResidualChart(), runs);

function chartOf(element: RunChart): Chart {
  const canvas = element.renderRoot.querySelector('canvas');
  const chart = canvas && Chart.getChart(canvas);
  if (!chart) throw new Error('there is no chart');
  return chart;
}

const sync = sampleChartRun('Synchronous', 0, 28, 0.7);
const evenOdd = sampleChartRun('Even-odd', 1, 14, 0.49);

describe('the charts', () => {
  it('are found by their roles and names', async () => {
    await energy([sync]);
    await residual([sync]);
    const region = page.getByRole('region', { name: 'Energy', exact: true });
    await expect.element(region.getByRole('heading', { name: 'Energy' })).toBeVisible();
    await expect
      .element(region.getByRole('img', { name: 'Energy falls from −12.3 to −45.6 in 28 iterations' }))
      .toBeVisible();
    await expect.element(page.getByRole('region', { name: 'Residual', exact: true })).toBeVisible();
  });

  it('say what to do while there is no run, and draw nothing', async () => {
    await energy([]);
    await expect.element(page.getByText('Press Retrieve to see the energy fall')).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Show data' })).toBeDisabled();
    expect(
      document.querySelector('energy-chart')?.renderRoot.querySelector('canvas')?.checkVisibility(),
    ).toBe(false);
  });

  it('show the same numbers as a table, opened and closed by keyboard', async () => {
    await residual([runWithResidual([0.5, NaN, 0]), sampleChartRun('Two', 1, 1, 0.5)]);
    const button = page.getByRole('button', { name: 'Show data' });
    await userEvent.keyboard('{Tab}{Tab}{Tab}{Enter}');
    await expect.element(button).toHaveAttribute('aria-expanded', 'true');
    const rows = page.getByRole('table').getByRole('row').elements();
    const texts = rows.map((row) => [...row.children].map((cell) => cell.textContent));
    expect(texts).toEqual([
      ['Iteration', 'Run 1', 'Two'],
      ['0', '0.5', '0.8'],
      ['1', '–', '0.4'],
      ['2', '0 (drawn at 1e−10)', ''],
    ]);
    await userEvent.keyboard('{Enter}');
    await expect.element(button).toHaveAttribute('aria-expanded', 'false');
    expect(page.getByRole('table').elements()).toHaveLength(0);
  });

  it('keep the table short, and say where the rest is', async () => {
    await energy([sampleChartRun('Long', 0, 5000, 0.999)]);
    await page.getByRole('button', { name: 'Show data' }).click();
    await expect
      .element(page.getByText('500 of 5001 iterations are listed; Data as CSV has them all'))
      .toBeVisible();
    expect(page.getByRole('row').elements()).toHaveLength(501);
  });

  it('grow with their traces when the revision changes', async () => {
    const trace = { energy: [-1], mapResidual: [0.5], stepResidual: [NaN], mu: [NaN], milliseconds: [0] };
    const element = await energy([{ ...sync, trace, running: true }]);
    expect(chartOf(element).data.datasets[0]?.data).toEqual([{ x: 0, y: -1 }]);
    trace.energy.push(-3, -4);
    element.revision++;
    await settled(element);
    expect(chartOf(element).data.datasets[0]?.data).toHaveLength(3);
    expect(chartOf(element).scales['x']?.max).toBe(2);
  });

  it('draw once a frame, however often they are told', async () => {
    const element = await energy([sync]);
    const chart = chartOf(element);
    let updates = 0;
    const update = chart.update.bind(chart);
    chart.update = (mode) => {
      updates++;
      update(mode);
    };
    for (let i = 0; i < 20; i++) {
      element.revision++;
      await element.updateComplete;
    }
    await frame();
    expect(updates).toBeLessThanOrEqual(2);
  });

  it('keep a long run to 2,000 points, and mark a dozen of them', async () => {
    const element = await energy([sampleChartRun('Long', 0, 100_000, 0.9999)]);
    const data = chartOf(element).data.datasets[0]?.data ?? [];
    expect(data.length).toBeGreaterThan(500);
    expect(data.length).toBeLessThanOrEqual(2000);
    const [dataset] = chartOf(element).data.datasets;
    const radii = dataset && 'pointRadius' in dataset ? dataset.pointRadius : undefined;
    expect(Array.isArray(radii) && radii.filter((radius) => radius > 0)).toHaveLength(12);
  });

  it('mark the points of a short run, and those of a run of one iteration', async () => {
    const element = await energy([sampleChartRun('One', 0, 1, 0.5)]);
    expect(chartOf(element).data.datasets[0]).toMatchObject({ pointRadius: 3 });
    expect(chartOf(element).scales['x']).toMatchObject({ min: 0, max: 1 });
  });

  it('put the tolerance and zero on the log axis', async () => {
    const element = await residual([runWithResidual([0.5, 0.25, 0], { tolerance: 1e-6 })]);
    const y = chartOf(element).scales['y'];
    expect(y).toMatchObject({ type: 'logarithmic', min: RESIDUAL_FLOOR, max: 1 });
    expect(y?.ticks.map(({ label }) => label)).toContain('10⁻⁶');
    const above = await residual([runWithResidual([0.5, 0.25], { tolerance: 1e-6 })]);
    expect(chartOf(above).scales['y']?.min).toBeCloseTo(1e-6, 12);
  });

  it('change to the step residual', async () => {
    const element = await residual([evenOdd]);
    element.view = { residual: 'step', axis: 'iterations' };
    await settled(element);
    await expect.element(page.getByRole('img', { name: /^Step residual falls from 0.441/ })).toBeVisible();
    expect(chartOf(element).data.datasets[0]?.data[0]).toMatchObject({ x: 1 });
  });

  it('leave hidden runs out of the picture, the axes and the words', async () => {
    const element = await energy([{ ...sync, hidden: true }, evenOdd]);
    expect(chartOf(element).isDatasetVisible(0)).toBe(false);
    expect(chartOf(element).scales['x']?.max).toBe(14);
    await expect.element(page.getByRole('img', { name: /^Energy falls .* in 14 iterations$/ })).toBeVisible();
  });

  it('take new colours when the page turns dark', async () => {
    const element = await energy([sync]);
    const colours = (): readonly unknown[] => {
      const { dataset, data } = chartOf(element).getDatasetMeta(0);
      return [dataset?.options['borderColor'], data[0]?.options['backgroundColor']];
    };
    const [light] = colours();
    expect(colours()).toEqual([light, light]);
    document.documentElement.dataset['theme'] = 'dark';
    await expect.poll(() => colours()[0]).not.toBe(light);
    const [dark] = colours();
    expect(colours()).toEqual([dark, dark]);
  });

  it('let go of their charts when they leave the page', async () => {
    const count = (): number => Object.keys(Chart.instances).length;
    const before = count();
    for (let i = 0; i < 10; i++) (await energy([sync, evenOdd])).remove();
    expect(count()).toBe(before);
  });

  it('have earlier runs as faint lines alone: no curve to point at, no legend, but room on the axes', async () => {
    const element = await residual([evenOdd]);
    expect(chartOf(element).scales['x']?.max).toBe(14);
    element.earlier = [sync];
    await settled(element);
    const chart = chartOf(element);
    expect(chart.data.datasets.map(({ label }) => label)).toEqual(['Even-odd']);
    expect(chart.scales['x']?.max).toBe(28);
    await expect.element(page.getByRole('img', { name: /with 1 earlier run as faint lines$/ })).toBeVisible();
    await expect.element(page.getByRole('list', { name: 'Runs' })).not.toBeInTheDocument();
  });
});
