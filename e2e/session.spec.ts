/** What is asked of the lab as a whole: taken back, saved, opened again, and set by a lesson. */
import { expect, test, type Locator, type Page } from 'playwright/test';
import { button, cuePixels, memory, pixels, setSlider } from './lab';

const lane = (page: Page, name: string): Locator => page.getByRole('article', { name, exact: true });
const word = (page: Page, title: string): Locator => page.getByTitle(title, { exact: true });

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=cpu');
  await expect(lane(page, 'Fastest')).toContainText('found K');
});

async function chooseModern(page: Page): Promise<void> {
  await word(page, 'Which network').click();
  await page
    .getByRole('dialog', { name: 'Which network' })
    .getByRole('button', { name: /^Modern/ })
    .click();
  await page.keyboard.press('Escape');
}

test('what is set and what is drawn is taken back by the same keys, and done again', async ({ page }) => {
  const first = await cuePixels(page);
  await chooseModern(page);
  await expect(word(page, 'Which network')).toHaveText('Modern');
  await memory(page, 'R').click();
  await expect(lane(page, 'Fastest')).toContainText('found R');
  await setSlider(page, 'Damage', 10);
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(lane(page, 'Fastest')).toContainText('found K');
  expect(await cuePixels(page)).toBe(first);
  await button(page, 'Undo').click();
  await expect(word(page, 'Which network')).toHaveText('Classical');
  await expect(button(page, 'Undo')).toBeDisabled();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ControlOrMeta+Shift+z');
  await expect(word(page, 'Which network')).toHaveText('Modern');
  await expect(lane(page, 'Fastest')).toContainText('found R');
});

test('a session is saved, the storage cleared, and all is there again once it is opened', async ({
  page,
  browser,
}, info) => {
  await chooseModern(page);
  await memory(page, 'R').click();
  await button(page, 'Store as memory').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Mine');
  await page.keyboard.press('Enter');
  await expect(lane(page, 'Fastest')).toContainText('found Mine');
  const cue = await cuePixels(page);
  await button(page, 'Share').click();
  const saving = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save session' }).click();
  const path = info.outputPath('session.json');
  await (await saving).saveAs(path);

  // A browser that has stored nothing yet.
  const fresh = await (await browser.newContext()).newPage();
  await fresh.emulateMedia({ reducedMotion: 'reduce' });
  await fresh.goto(new URL('./?engine=cpu', info.project.use.baseURL).href);
  await expect(lane(fresh, 'Fastest')).toContainText('found K');
  await fresh.getByLabel('Run file').setInputFiles(path);
  await expect(fresh.getByText('Opened the session')).toBeVisible();
  await expect(lane(fresh, 'Fastest')).toContainText('found Mine');
  await expect(word(fresh, 'Which network')).toHaveText('Modern');
  expect(await cuePixels(fresh)).toBe(cue);
  // A picture waits a moment where it would flash.
  const shown = await pixels(lane(page, 'Fastest').getByRole('img'));
  await expect.poll(() => pixels(lane(fresh, 'Fastest').getByRole('img'))).toBe(shown);

  await fresh.keyboard.press('ControlOrMeta+z');
  await expect(lane(fresh, 'Fastest')).toContainText('found K');
  await fresh.close();
});

test('a session that is damaged is refused, and nothing is lost', async ({ page }) => {
  await memory(page, 'R').click();
  await expect(lane(page, 'Fastest')).toContainText('found R');
  await page.getByLabel('Run file').setInputFiles({
    name: 'half.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"format":"attractor-session","version":1,"session":{'),
  });
  await expect(page.getByRole('alert')).toContainText('half.json cannot be opened: it is damaged or cut off');
  await expect(lane(page, 'Fastest')).toContainText('found R');
});

test('every lesson sets the stage, and shows what it says', async ({ page }) => {
  const begin = async (title: string): Promise<void> => {
    await button(page, 'Lessons').click();
    await page.getByRole('menuitem', { name: title }).click();
    await expect(page.getByRole('region', { name: title })).toBeInViewport();
  };
  const count = async (name: string): Promise<number> =>
    Number(await lane(page, name).getByTitle('iterations').innerText());
  await begin('Even-odd in half the time');
  await expect(page.getByRole('article')).toHaveCount(2);
  await expect(lane(page, 'Synchronous')).toContainText('found A');
  await expect(lane(page, 'Even-odd')).toContainText(/\d\.\d × fewer · found A/);
  expect(await count('Even-odd')).toBeLessThan(0.6 * (await count('Synchronous')));
  await begin('Fewer still: solvers');
  await expect(page.getByRole('article')).toHaveCount(4);
  for (const name of ['Even-odd', 'Even-odd + Anderson'])
    await expect(lane(page, name)).toContainText('found K');
  expect(await count('Even-odd + Anderson')).toBeLessThan(await count('Even-odd'));
  await begin('The two-cycle');
  await expect(lane(page, 'Synchronous')).toContainText('goes back and forth between two states');
  await expect(lane(page, 'Even-odd')).toContainText('found A');
  await begin('Recall in one step');
  await expect(lane(page, 'Even-odd')).toContainText('found A');
  await button(page, 'Put the lesson away').click();
  await expect(page.getByRole('region', { name: 'Recall in one step' })).toBeHidden();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(lane(page, 'Synchronous')).toContainText('goes back and forth');
});

test('a question mark lists the keys', async ({ page }) => {
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard' });
  await expect(list).toContainText('Play or pause');
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
});
