/** What the tests of Chromium do not ask, or not so that Firefox can answer: the main job on WebGPU, and what is exported. */
import { mkdir, rm } from 'node:fs/promises';
import { expect, test } from 'playwright/test';
import {
  button,
  chooseFrom,
  cuePixels,
  ended,
  iterations,
  memory,
  openLab,
  outcome,
  retrieve,
  setNumber,
  setSlider,
} from '../lab';
import { savedText } from './downloads';

test('does the main job on WebGPU without an error in the console', async ({ page }) => {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', ({ message }) => errors.push(message));
  await openLab(page, '?engine=webgpu');
  await expect(page.getByRole('banner')).toContainText('WebGPU ·');
  await setSlider(page, 'Speed', 100);
  await memory(page, 'B').click();
  await button(page, 'Damage the cue').click();
  expect(await retrieve(page)).toMatch(/^Converged after \d+ iterations: B \(overlap 1\.00\)$/);

  await button(page, 'Clear').click();
  const empty = await cuePixels(page);
  const surface = page.getByRole('application', { name: 'Cue' });
  await surface.scrollIntoViewIfNeeded();
  const frame = await surface.boundingBox();
  if (!frame) throw new Error('the cue is not on the page');
  const place = (x: number, y: number): [number, number] => [
    frame.x + x * frame.width,
    frame.y + y * frame.height,
  ];
  // An L.
  await page.mouse.move(...place(0.25, 0.15));
  await page.mouse.down();
  await page.mouse.move(...place(0.25, 0.85), { steps: 8 });
  await page.mouse.move(...place(0.75, 0.85), { steps: 8 });
  await page.mouse.up();
  expect(await cuePixels(page)).not.toBe(empty);
  expect(await retrieve(page)).toMatch(/^Converged after \d+ iterations: L \(overlap 1\.00\)$/);

  await chooseFrom(page, 'Schedule', 'Synchronous');
  await setNumber(page, 'Iteration limit', 3);
  expect(await retrieve(page)).toMatch(/^Stopped at the limit of 3 iterations: /);
  await expect(page.getByRole('banner')).toContainText('WebGPU ·');
  expect(errors).toEqual([]);
});

test('exports the data as CSV and the run as JSON', async ({ page }, { project }) => {
  const folder = project.use.launchOptions?.downloadsPath ?? '';
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const exported = async (item: string, extension: string): Promise<string> => {
    await button(page, 'Export').click();
    await page.getByRole('menuitem', { name: item }).click();
    return savedText(folder, extension);
  };
  await openLab(page);
  await expect(outcome(page)).toHaveText(ended);
  const count = await iterations(page);
  const rows = (await exported('Data as CSV', 'csv')).trim().split('\r\n');
  // A header, the state at the start, and one row an iteration.
  expect(rows).toHaveLength(2 + count);
  const run = JSON.parse(await exported('Run as JSON', 'json'));
  expect(run.stop).toMatchObject({ reason: 'converged', iterations: count });
});
