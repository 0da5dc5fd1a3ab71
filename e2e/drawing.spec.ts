/** A drawing is fitted to the memories, in sight and by choice; a memory never is. */
import { expect, test, type Page } from 'playwright/test';
import { hands, write } from '../src/patterns/hands';
import { button, cuePixels, memory, openLab } from './lab';

async function draw(page: Page, glyph: string, hand: number, seed: number): Promise<void> {
  await button(page, 'Clear').click();
  const surface = page.getByRole('application', { name: 'Cue' });
  await surface.scrollIntoViewIfNeeded();
  const frame = await surface.boundingBox();
  const kind = hands[hand % hands.length];
  if (!frame || !kind) throw new Error('the cue is not on the page');
  for (const stroke of write(glyph, kind, seed, frame.width, frame.height, 0.2)) {
    for (const [i, { x, y }] of stroke.entries()) {
      await page.mouse.move(frame.x + x, frame.y + y);
      if (i === 0) await page.mouse.down();
    }
    await page.mouse.up();
  }
}

test('shows what the network sees, and lets a drawing be as it is', async ({ page }) => {
  await openLab(page);
  await expect(page.getByRole('checkbox', { name: 'Fit the drawing' })).toHaveCount(0);
  await draw(page, 'L', 1, 1);
  const fit = page.getByRole('checkbox', { name: 'Fit the drawing' });
  await expect(fit).toBeChecked();
  const seen = page.getByRole('img', { name: 'What the network sees' });
  const pixels = (): Promise<string> =>
    seen.evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ''));
  expect(await pixels()).not.toBe(await cuePixels(page));
  await fit.uncheck();
  expect(await pixels()).toBe(await cuePixels(page));
  await fit.check();
  expect(await pixels()).not.toBe(await cuePixels(page));
});

test('does not fit a memory, damaged or drawn on', async ({ page }) => {
  await openLab(page);
  const fit = page.getByRole('checkbox', { name: 'Fit the drawing' });
  await memory(page, 'H').click();
  await button(page, 'Corrupt').click();
  await expect(fit).toHaveCount(0);
  await page.getByRole('application', { name: 'Cue' }).click();
  await expect(fit).toHaveCount(0);
  await button(page, 'Clear').click();
  await draw(page, 'H', 0, 1);
  await expect(fit).toBeChecked();
  await button(page, 'Corrupt').click();
  await expect(fit).toHaveCount(0);
});
