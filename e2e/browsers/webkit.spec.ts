/** The lab in WebKitGTK, which has no WebGPU: the main job, on the CPU engine. */
import { expect } from 'playwright/test';
import { test } from './webkit';
import { KEYS } from './webdriver';

test('opens on a retrieval that has just run, on the CPU, and says why', async ({ lab }) => {
  await lab.expectOutcome(/^Converged after \d+ iterations: A \(overlap 1\.00\)$/);
  expect(await lab.words('banner')).toContain('CPU · ');
  expect(await lab.words('banner')).toContain('this browser has no WebGPU');
});

test('retrieves a damaged letter as it was found', async ({ lab }) => {
  await lab.press('option', 'B');
  const clean = await lab.cuePixels();
  await lab.press('button', 'Damage the cue');
  expect(await lab.cuePixels()).not.toBe(clean);
  await lab.key('slider', 'Speed', KEYS.end);
  await lab.press('button', 'Retrieve');
  await lab.expectOutcome(/^Converged after \d+ iterations: B \(overlap 1\.00\)$/);
});

test('draws on the cue, and fits what was drawn', async ({ lab }) => {
  await lab.press('button', 'Clear');
  const empty = await lab.cuePixels();
  // An L.
  await lab.draw([
    { x: -50, y: -70 },
    { x: -50, y: 70 },
    { x: 50, y: 70 },
  ]);
  expect(await lab.cuePixels()).not.toBe(empty);
  await lab.find('checkbox', 'Fit the drawing');
  await lab.press('button', 'Retrieve');
  await lab.expectOutcome(/^Converged after \d+ iterations: L \(overlap 1\.00\)$/);
});

test('changes settings', async ({ lab }) => {
  await lab.choose('Synchronous');
  await lab.setNumber('Iteration limit', 3);
  await lab.key('slider', 'Speed', KEYS.end);
  await lab.press('button', 'Retrieve');
  await lab.expectOutcome(/^Stopped at the limit of 3 iterations: /);
});

test('exports the data as CSV and the run as JSON', async ({ lab }) => {
  const words = String(await lab.words('status'));
  const iterations = Number(/\d+/.exec(words)?.[0]);
  expect(iterations).toBeGreaterThan(0);
  const rows = (await lab.exported('Data as CSV', 'csv')).trim().split('\r\n');
  // A header, the state at the start, and one row an iteration.
  expect(rows).toHaveLength(2 + iterations);
  const run = JSON.parse(await lab.exported('Run as JSON', 'json'));
  expect(run.stop).toMatchObject({ reason: 'converged', iterations });
});
