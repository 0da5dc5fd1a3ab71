/** The accessibility checker finds nothing serious, in either theme, wide or narrow, in any view; and nothing leaves its panel. */
import { readFile } from 'node:fs/promises';
import { expect, test, type Locator, type Page } from 'playwright/test';
import type { AxeResults } from 'axe-core';
import { button, openLab } from './lab';

const axe = new URL('../node_modules/axe-core/axe.min.js', import.meta.url).pathname;

/** Checks a view in light and in dark; in dark only colours, for nothing else differs. */
async function check(page: Page, view: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(async (onlyColours) => {
      type Axe = { run: (options: object) => Promise<AxeResults> };
      const { axe } = globalThis as unknown as { axe: Axe };
      const { violations } = await axe.run({
        resultTypes: ['violations'],
        ...(onlyColours ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {}),
      });
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
        );
    }, colorScheme === 'dark');
    expect(found, `${view}, ${colorScheme}`).toEqual([]);
  }
}

for (const [shape, viewport] of [
  ['wide', { width: 1440, height: 900 }],
  ['narrow', { width: 380, height: 800 }],
] as const) {
  test(`nothing serious, ${shape}, in light and in dark`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    await openLab(page);
    await page.evaluate(await readFile(axe, 'utf8'));
    await check(page, 'the lab');
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sideways, 'nothing overflows sideways').toBeLessThanOrEqual(0);
    for (const opener of ['How it works', 'Store as memory', 'New set']) {
      await button(page, opener).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await check(page, opener);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await expect(button(page, opener)).toBeFocused();
    }
    await button(page, 'Export').click();
    await expect(page.getByRole('menu', { name: 'Export' })).toBeVisible();
    await check(page, 'the export menu');
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Residual' }).getByRole('button', { name: 'Show data' }).click();
    await page.locator('input[type=file][accept*=json]').setInputFiles({
      name: 'broken.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{'),
    });
    await expect(page.getByRole('alert')).toBeVisible();
    await check(page, 'a table of data and a message');
  });
}

for (const [shape, viewport] of [
  ['wide', { width: 1366, height: 768 }],
  ['narrow', { width: 390, height: 844 }],
] as const) {
  test(`nothing serious on the stage, ${shape}, in light and in dark`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    await page.goto('./?engine=cpu');
    await expect(page.getByRole('article', { name: 'Synchronous' })).toContainText('found K');
    await page.evaluate(await readFile(axe, 'utf8'));
    await check(page, 'the stage');
    for (const title of [
      'Which memories',
      'Which network',
      'What is done to the cue',
      'Which ways',
      'How exactly',
    ]) {
      await page.getByTitle(title, { exact: true }).click();
      await expect(page.getByRole('dialog', { name: title })).toBeVisible();
      await check(page, title);
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard' })).toContainText('Play or pause');
    await check(page, 'the list of keys');
    await page.keyboard.press('Escape');
    await button(page, 'Open Synchronous').click();
    await expect(page.getByRole('dialog')).toContainText('Two runs woven together');
    await check(page, 'an opened lane');
    await page.keyboard.press('Escape');
    await button(page, 'Lessons').click();
    await page.getByRole('menuitem', { name: 'The two-cycle' }).click();
    await expect(page.getByRole('article', { name: 'Synchronous' })).toContainText('back and forth');
    await check(page, 'a lesson, and a lane with a warning');
  });
}

test('keeps the speed slider within its panel at every width', async ({ page }) => {
  await openLab(page);
  const right = async (what: Locator): Promise<number> => {
    const box = await what.boundingBox();
    return (box?.x ?? NaN) + (box?.width ?? NaN);
  };
  const panel = page.getByRole('region', { name: 'Retrieval' });
  for (const width of [1024, 1200, 1280, 1366, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const slider = await right(page.getByRole('slider', { name: 'Speed' }));
    expect(slider, `${width} pixels`).toBeLessThan(await right(panel));
  }
});
