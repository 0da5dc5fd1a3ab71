/** The accessibility checker. */
import { readFile } from 'node:fs/promises';
import { expect, type Page } from 'playwright/test';
import type { AxeResults } from 'axe-core';

const axe = new URL('../node_modules/axe-core/axe.min.js', import.meta.url).pathname;

/** Brings the checker to a page. */
export async function bringAxe(page: Page): Promise<void> {
  await page.evaluate(await readFile(axe, 'utf8'));
}

/** What the checker finds that is serious. */
export async function serious(page: Page, options: object): Promise<readonly string[]> {
  return page.evaluate(async (options) => {
    type Axe = { run: (options: object) => Promise<AxeResults> };
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run({ resultTypes: ['violations'], ...options });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
      );
  }, options);
}

const ONLY_COLOURS = { runOnly: ['color-contrast', 'link-in-text-block'] };

/** Checks a view in light and in dark; in dark only colours, for nothing else differs. */
export async function check(page: Page, view: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await serious(page, colorScheme === 'dark' ? ONLY_COLOURS : {});
    expect(found, `${view}, ${colorScheme}`).toEqual([]);
  }
}
