/** The main job: corrupt a memory, watch it come back, and compare schedules. */
import { expect, test, type Page } from 'playwright/test';
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
} from './lab';

test('opens on a retrieval that has just run', async ({ page }) => {
  await openLab(page, '?');
  await expect(outcome(page)).toHaveText(/^Converged after \d+ iterations: A \(overlap 1\.00\)$/);
  for (const region of ['Energy', 'Residual']) {
    const chart = page.getByRole('region', { name: region });
    await chart.getByRole('button', { name: 'Show data' }).click();
    await expect(chart.getByRole('table')).toContainText('Letters A · Classical · even-odd · Fastest');
  }
});

test('corrupts a memory and retrieves it by mouse', async ({ page }) => {
  await openLab(page);
  await setSlider(page, 'Speed', 100);
  await chooseFrom(page, 'Memory set', 'Digits');
  await memory(page, '7').click();
  const clean = await cuePixels(page);
  for (const corruption of ['Flip pixels', 'Gaussian noise', 'Erase block', 'Hide half']) {
    await chooseFrom(page, 'Kind of damage', corruption);
    await setSlider(page, 'Damage', 20);
    await setNumber(page, 'Seed', 7);
    await button(page, 'Damage the cue').click();
    const damaged = await cuePixels(page);
    expect(damaged, corruption).not.toBe(clean);
    expect(await retrieve(page), corruption).toMatch(/: 7 \(overlap 1\.00\)$/);
    await button(page, 'Undo').click();
    await button(page, 'Redo').click();
    expect(await cuePixels(page), 'undo and redo').toBe(damaged);
  }
});

test('shows even-odd at the same memory in about half the iterations', async ({ page }) => {
  await openLab(page);
  await setSlider(page, 'Speed', 100);
  for (const network of ['Classical', 'Dense']) {
    await chooseFrom(page, 'Network', network);
    await chooseFrom(page, 'Schedule', 'Synchronous');
    const synchronous = await retrieve(page);
    const slow = await iterations(page);
    await chooseFrom(page, 'Schedule', 'Even-odd');
    const evenOdd = await retrieve(page);
    const fast = await iterations(page);
    expect(evenOdd.split(': ')[1]).toBe(synchronous.split(': ')[1]);
    // A run of two or three iterations has half of them to within one.
    if (network === 'Classical') expect(slow).toBeGreaterThan(10);
    const counts = `${network}: ${fast} and ${slow} iterations`;
    expect(Math.abs(slow - 2 * fast), counts).toBeLessThanOrEqual(Math.max(1, 0.24 * fast));
  }
  const energy = page.getByRole('region', { name: 'Energy' });
  await energy.getByRole('button', { name: 'Show data' }).click();
  await expect(energy.getByRole('columnheader')).toHaveText([
    'Iteration',
    'Letters A · Classical · even-odd · Fastest',
    'Letters A · Classical · synchronous · Picard',
    'Letters A · Classical · even-odd · Picard',
    'Letters A · Dense · synchronous · Picard',
    'Letters A · Dense · even-odd · Picard',
  ]);
});

test('pauses, steps, goes on and goes back to the cue', async ({ page }) => {
  await openLab(page);
  await setNumber(page, 'Damping', 0.9);
  await setSlider(page, 'Speed', 30);
  await button(page, 'Retrieve').click();
  await button(page, 'Pause').click();
  await expect(button(page, 'Pause')).toHaveAttribute('aria-pressed', 'true');
  const progress = page.getByText(/^Iteration \d+, residual/);
  const reached = async (): Promise<number> => Number(/\d+/.exec(await progress.innerText())?.[0]);
  await expect(progress).toBeVisible();
  // What had been asked of the engine before is still to come.
  const seen: number[] = [];
  await expect
    .poll(
      async () => {
        seen.push(await reached());
        return seen.at(-1) === seen.at(-4);
      },
      { intervals: [100] },
    )
    .toBe(true);
  const before = await reached();
  await button(page, 'Step').click();
  await expect(progress).toHaveText(new RegExp(`^Iteration ${before + 1},`));
  await setSlider(page, 'Speed', 100);
  await button(page, 'Pause').click();
  await expect(outcome(page)).toHaveText(ended);
  await button(page, 'Reset').click();
  await expect(outcome(page)).toHaveText('');
  await button(page, 'Step').click();
  await expect(progress).toHaveText(/^Iteration 1,/);
});

test('ends a run on its way when it is taken off the list, and brings it back ended', async ({ page }) => {
  await openLab(page);
  await button(page, 'Step').click();
  await expect(page.getByText(/^Iteration 1,/)).toBeVisible();
  await button(page, 'Remove all').click();
  await expect(page.getByText('Ready. Press Retrieve')).toBeVisible();
  await expect(button(page, 'Pause')).toBeDisabled();
  await button(page, 'Restore runs').click();
  const runs = page.getByRole('list', { name: 'Runs in the charts' });
  await expect(runs.getByRole('listitem')).toHaveCount(2);
  await expect(runs.getByText('1 it. stopped')).toBeVisible();
});

test('tells a two-cycle, a limit and a stop by hand apart', async ({ page }) => {
  await openLab(page);
  await setSlider(page, 'Speed', 100);
  await chooseFrom(page, 'Schedule', 'Synchronous');
  await chooseFrom(page, 'Memory start', 'Zero');
  expect(await retrieve(page)).toMatch(/^Oscillates between two states after \d+ iterations: /);
  await chooseFrom(page, 'Memory start', 'Best for the cue');
  await setNumber(page, 'Iteration limit', 3);
  expect(await retrieve(page)).toMatch(/^Stopped at the limit of 3 iterations: /);
});

test('says what is wrong with a number and keeps the last good one', async ({ page }) => {
  await openLab(page);
  await setNumber(page, 'Damping', 3);
  await expect(page.getByText('Needs a number from 0 to 0.99. Still using 0.')).toBeVisible();
  await setSlider(page, 'Speed', 100);
  expect(await retrieve(page)).toMatch(/^Converged/);
});

/** What has the focus, as a screen reader would name it. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element) return '';
    const label =
      element instanceof HTMLInputElement || element instanceof HTMLSelectElement
        ? element.labels?.[0]
        : null;
    return (element.getAttribute('aria-label') ?? label?.textContent ?? element.textContent).trim();
  });
}

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

test('does the whole main job by keyboard alone', async ({ page }) => {
  await openLab(page);
  await tabTo(page, 'Memory set');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, 'Memories');
  await page.keyboard.press('Home');
  await page.keyboard.press('3');
  await expect(memory(page, '3')).toHaveAttribute('aria-selected', 'true');
  await tabTo(page, 'Cue');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Space', 'ArrowRight', 'Enter'])
    await page.keyboard.press(key);
  await expect(page.getByText('row 3, column 3, ink')).toBeAttached();
  const drawn = await cuePixels(page);
  await page.keyboard.press('Control+z');
  expect(await cuePixels(page)).not.toBe(drawn);
  await page.keyboard.press('Control+Shift+z');
  expect(await cuePixels(page)).toBe(drawn);
  await tabTo(page, 'Damage');
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
  await tabTo(page, 'Seed');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('5');
  await tabTo(page, 'Damage the cue');
  await page.keyboard.press('Enter');
  expect(await cuePixels(page)).not.toBe(drawn);
  await tabTo(page, 'Schedule');
  await page.keyboard.press('ArrowUp');
  await tabTo(page, 'Retrieve');
  await page.keyboard.press('Enter');
  await expect(outcome(page)).toHaveText(/^Converged after \d+ iterations: 3 \(overlap 1\.00\)$/);
  await page.keyboard.press('Shift+Tab');
  await tabTo(page, 'Show data');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Energy' }).getByRole('table')).toBeVisible();
});
