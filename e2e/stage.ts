/** The stage by role and name, for the tests of it. */
import { expect, type Locator, type Page } from 'playwright/test';

export const lane = (page: Page, name: string): Locator => page.getByRole('article', { name, exact: true });
export const word = (page: Page, title: string): Locator => page.getByTitle(title, { exact: true });
export const time = (page: Page): Locator => page.getByRole('slider', { name: 'Iteration' });

/** The number in large figures. */
export const count = (page: Page, name: string): Locator => lane(page, name).getByTitle('iterations');

export const THREE = ['Synchronous', 'Even-odd', 'Fastest'];

/** Opens the stage and waits until its first lanes have arrived, which with reduced motion they do at once. */
export async function openStage(page: Page, query = '?engine=cpu'): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`./${query}`);
  for (const name of THREE) await expect(lane(page, name)).toContainText('found K');
}
