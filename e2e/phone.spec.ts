/** The lab in a hand: strokes of a finger, and a transport bar that hides nothing. */
import { expect, test } from 'playwright/test';
import { button, cuePixels, memory, openLab } from './lab';
import { stroke } from './finger';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test('draws with a finger, without moving the page', async ({ page }) => {
  await openLab(page);
  await button(page, 'Clear').tap();
  const blank = await cuePixels(page);
  await page
    .getByRole('application', { name: 'Cue' })
    .evaluate((cue) => cue.scrollIntoView({ block: 'center' }));
  const scrolled = await page.evaluate(() => scrollY);
  await stroke(page, [
    [0.1, 0.1],
    [0.3, 0.6],
    [0.9, 0.9],
  ]);
  const line = await cuePixels(page);
  expect(line).not.toBe(blank);
  expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  await button(page, 'Erase').tap();
  await stroke(page, [
    [0.1, 0.1],
    [0.3, 0.6],
  ]);
  expect(await cuePixels(page)).not.toBe(line);
  await button(page, 'Undo').tap();
  await expect.poll(() => cuePixels(page), 'a stroke is undone whole').toBe(line);
  await button(page, 'Undo').tap();
  await expect.poll(() => cuePixels(page)).toBe(blank);
});

test('brings a run that is started into sight', async ({ page }) => {
  await openLab(page);
  const picture = page.getByRole('img', { name: 'Visible layer' });
  await expect(picture).not.toBeInViewport();
  await button(page, 'Retrieve').tap();
  await expect(picture).toBeInViewport({ ratio: 1 });
});

test('never hides what has the focus behind the transport bar', async ({ page }) => {
  await openLab(page);
  const hidden: string[] = [];
  const names = new Set<string>();
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const place = await page.evaluate(async () => {
      // A browser may scroll to what has the focus in the next frame only.
      for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const bar = document
        .querySelector('attractor-lab')
        ?.shadowRoot?.querySelector('bench-view')
        ?.shadowRoot?.querySelector('transport-bar[compact]');
      const inBar = element?.getRootNode();
      if (!element || !bar || element === document.body) return null;
      const host = inBar instanceof ShadowRoot ? inBar.host : null;
      if (host === bar || host?.getRootNode() === bar.shadowRoot) return null;
      const { bottom } = element.getBoundingClientRect();
      return {
        name: element.getAttribute('aria-label') ?? element.textContent.trim(),
        covered: bottom - bar.getBoundingClientRect().top,
      };
    });
    if (!place) continue;
    names.add(place.name);
    if (place.covered > 0) hidden.push(`${place.name}: ${place.covered} px`);
  }
  expect(names.size, 'the walk goes through the page').toBeGreaterThan(20);
  expect(hidden).toEqual([]);
});

test('the stage by touch: a memory, more damage, a stroke, time, and a lane opened', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=cpu');
  const fastest = page.getByRole('article', { name: 'Fastest' });
  await expect(fastest).toContainText('found K');
  await memory(page, 'R').tap();
  await expect(fastest).toContainText('found R');
  const before = await cuePixels(page);
  await page
    .getByRole('application', { name: 'Cue' })
    .evaluate((cue) => cue.scrollIntoView({ block: 'center' }));
  await stroke(page, [
    [0.1, 0.9],
    [0.5, 0.9],
  ]);
  expect(await cuePixels(page)).not.toBe(before);
  await button(page, 'Undo').tap();
  await expect.poll(() => cuePixels(page)).toBe(before);
  await button(page, 'Retrieve').tap();
  await expect(fastest).toContainText('found R');
  await button(page, 'Step back').tap();
  await expect(page.getByRole('article', { name: 'Synchronous' })).toContainText('still moving');
  await button(page, 'Open Fastest').tap();
  const opened = page.getByRole('dialog');
  await expect(opened).toContainText('Overlap with every memory');
  await button(page, 'Close').tap();
  await expect(opened).toBeHidden();
});

test('while one draws on the stage, the lanes are in sight beside the cue', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=cpu');
  await expect(page.getByRole('article', { name: 'Fastest' })).toContainText('found K');
  const cue = page.getByRole('application', { name: 'Cue' });
  await cue.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const strip = page.locator('lane-strip');
  await expect(strip).toBeInViewport({ ratio: 1 });
  await expect(strip).toHaveText(/41\s*21\s*12/);
  await stroke(page, [
    [0.5, 0.1],
    [0.5, 0.9],
  ]);
  await expect(strip).not.toHaveText(/41\s*21\s*12/);
  await expect(strip).toBeInViewport({ ratio: 1 });
});

test('Back closes a sheet, a dialog and an opened lane, and the history does not fill up', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=cpu');
  await expect(page.getByRole('article', { name: 'Fastest' })).toContainText('found K');
  const entries = await page.evaluate(() => history.length);
  const openers = [
    () => page.getByTitle('Which ways', { exact: true }).click(),
    () => button(page, 'All settings').click(),
    () => button(page, 'Open Fastest').click(),
  ];
  const dialog = page.getByRole('dialog');
  for (const open of openers) {
    await open();
    await expect(dialog).toBeVisible();
    await page.goBack();
    await expect(dialog).toBeHidden();
    await open();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(dialog).toBeHidden();
    await open();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
  // From a panel to a dialog.
  await openers[0]!();
  await dialog.getByRole('button', { name: 'All settings' }).click();
  await expect(page.getByRole('searchbox')).toBeVisible();
  await page.goBack();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('article', { name: 'Fastest' })).toContainText('found K');
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(entries + 1);
});
