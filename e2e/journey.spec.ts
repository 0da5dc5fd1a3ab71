/** The whole job in one go, by keyboard alone and by finger alone: a link, time, other ways, a masked picture, and a session. */
import { expect, test, type Browser, type Download, type Locator, type Page } from 'playwright/test';
import { stroke } from './finger';
import { button, memory } from './lab';

const lane = (page: Page, name: string): Locator => page.getByRole('article', { name, exact: true });
const word = (page: Page, title: string): Locator => page.getByTitle(title, { exact: true });
const count = (page: Page, name: string): Locator => lane(page, name).getByTitle('iterations');
const time = (page: Page): Locator => page.getByRole('slider', { name: 'Iteration' });

const THREE = ['Synchronous', 'Even-odd', 'Fastest'];
const FOUR = ['Synchronous', 'Synchronous + Anderson', 'Even-odd', 'Even-odd + Anderson'];

/** The side of a letter, how many of its columns, from the right, are masked below, and how many are surely not: a finger is broad. */
const SIDE = 16;
const MASKED = 5;
const HELD = 10;

async function openStage(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=cpu');
  for (const name of THREE) await expect(lane(page, name)).toContainText('found K');
}

/** The shades of the columns [from, to) of a picture, row by row. */
function columns(picture: Locator, from: number, to: number): Promise<readonly number[]> {
  return picture.evaluate(
    (canvas: HTMLCanvasElement, [left, right]) =>
      Array.from(canvas.getContext('2d')!.getImageData(left, 0, right - left, canvas.height).data).filter(
        (_, i) => i % 4 === 0,
      ),
    [from, to] as const,
  );
}

/** Dark or light, of shades. */
const ink = (shades: readonly number[]): string => shades.map((shade) => (shade < 128 ? '#' : '.')).join('');

/** That a link opens on what this page shows, in a browser that has never seen it. */
async function expectSameFrom(address: string, page: Page, browser: Browser): Promise<void> {
  const fresh = await (await browser.newContext()).newPage();
  await fresh.emulateMedia({ reducedMotion: 'reduce' });
  await fresh.goto(address.replace('#', '?engine=cpu#'));
  await expect(memory(fresh, 'K')).toHaveAttribute('aria-selected', 'true');
  for (const name of THREE) await expect(count(fresh, name)).toHaveText(await count(page, name).innerText());
  await fresh.close();
}

/** That what is not masked is held, and what is masked comes back. `to` goes to the start and to the end. */
async function expectCompleted(page: Page, to: (end: 'start' | 'end') => Promise<unknown>): Promise<void> {
  const k = memory(page, 'K').locator('canvas');
  const [left, right] = [ink(await columns(k, 0, HELD)), ink(await columns(k, SIDE - MASKED, SIDE))];
  for (const name of FOUR) await expect(lane(page, name)).toContainText('found K');
  await to('start');
  await expect(count(page, 'Even-odd')).toHaveText('0');
  const held: Record<string, readonly number[]> = {};
  for (const name of FOUR) {
    const picture = lane(page, name).getByRole('img');
    // A picture that would flash waits.
    await expect.poll(async () => ink(await columns(picture, SIDE - MASKED, SIDE)), name).not.toBe(right);
    held[name] = await columns(picture, 0, HELD);
    expect(ink(held[name]), name).toBe(left);
  }
  await to('end');
  for (const name of FOUR) {
    const picture = lane(page, name).getByRole('img');
    await expect.poll(async () => ink(await columns(picture, SIDE - MASKED, SIDE)), name).toBe(right);
    expect(await columns(picture, 0, HELD), name).toEqual(held[name]);
  }
}

/** Forgets everything, as a browser does whose data is cleared; the lab then opens as for the first time. */
async function clearStorage(page: Page): Promise<void> {
  // From a page without the lab, which would write what it knows over it.
  await page.goto('./icon.svg');
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        localStorage.clear();
        const clearing = indexedDB.deleteDatabase('attractor');
        clearing.onsuccess = () => resolve();
        clearing.onerror = () => reject(new Error('the library is not cleared'));
      }),
  );
  await openStage(page);
  await expect(word(page, 'What is done to the cue')).toHaveText('a quarter of the pixels flipped');
}

async function expectSession(page: Page): Promise<void> {
  await expect(page.getByText('Opened the session')).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(FOUR.length);
  await expect(word(page, 'What is done to the cue')).toHaveText(/ of it masked, in place of damage$/);
  for (const name of FOUR) await expect(lane(page, name)).toContainText('found K');
}

async function expectAnderson(page: Page): Promise<void> {
  await expect(word(page, 'Which ways')).toHaveText('the paper’s four ways');
  for (const name of FOUR) await expect(lane(page, name)).toContainText('found K');
  const iterations = async (name: string): Promise<number> => Number(await count(page, name).innerText());
  expect(await iterations('Even-odd + Anderson')).toBeLessThan(await iterations('Even-odd'));
  expect(await iterations('Even-odd')).toBeLessThan(await iterations('Synchronous'));
}

/** Presses the Tab key until this has the focus. */
async function tabTo(page: Page, what: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await what.evaluate((each) => each.matches(':focus'))) return;
    await page.keyboard.press(key);
  }
  await expect(what, 'the Tab key comes to it').toBeFocused();
}

async function press(page: Page, key: string, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
}

test('all of it by keyboard', async ({ page, context, browser }, info) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openStage(page);

  // A link, by two keys once the focus is there.
  await tabTo(page, button(page, 'Share'));
  await press(page, 'Enter', 2);
  await expect(page.getByText('Copied a link')).toBeVisible();
  await expectSameFrom(await page.evaluate(() => navigator.clipboard.readText()), page, browser);

  await tabTo(page, time(page));
  await press(page, 'Home');
  await press(page, 'ArrowRight', 5);
  for (const name of THREE) await expect(count(page, name)).toHaveText('5');

  await tabTo(page, word(page, 'Which memories'), 'Shift+Tab');
  await press(page, 'ArrowRight', 3);
  await expect(word(page, 'Which ways')).toBeFocused();
  await press(page, 'Enter');
  const ways = page.getByRole('dialog', { name: 'Which ways' });
  await tabTo(page, ways.getByRole('button', { name: /^The paper’s four/ }));
  await press(page, 'Enter');
  await press(page, 'Escape');
  await expect(word(page, 'Which ways')).toBeFocused();
  await expectAnderson(page);

  // Five columns from the right are missing.
  await tabTo(page, button(page, 'Draw'));
  await press(page, 'ArrowRight', 2);
  await expect(button(page, 'Mask')).toBeFocused();
  await press(page, 'Enter');
  await tabTo(page, page.getByRole('application', { name: 'Cue' }), 'Shift+Tab');
  await press(page, 'End');
  for (let column = 0; column < MASKED; column++) {
    await press(page, column % 2 ? 'Shift+PageUp' : 'Shift+PageDown');
    await press(page, 'ArrowLeft');
  }
  await tabTo(page, button(page, 'Retrieve'));
  await expectCompleted(page, (end) => press(page, end === 'start' ? 'Home' : 'End'));

  await tabTo(page, button(page, 'Share'), 'Shift+Tab');
  await press(page, 'Enter');
  await press(page, 'ArrowDown');
  const saving = page.waitForEvent('download');
  await press(page, 'Enter');
  const file = info.outputPath('session.json');
  await (await saving).saveAs(file);
  const choosing = page.waitForEvent('filechooser', { timeout: 60_000 });
  await clearStorage(page);
  await tabTo(page, page.getByRole('button', { name: 'Open run' }));
  await press(page, 'Enter');
  await (await choosing).setFiles(file);
  await expectSession(page);
});

test.describe('by finger', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('all of it by finger, 390 pixels wide', async ({ page, context, browser }, info) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await openStage(page);

    await button(page, 'Share').tap();
    await page.getByRole('menuitem', { name: 'Copy link' }).tap();
    await expect(page.getByText('Copied a link')).toBeVisible();
    await expectSameFrom(await page.evaluate(() => navigator.clipboard.readText()), page, browser);

    // Near it by the slider, and to it by steps.
    const track = (await time(page).boundingBox())!;
    await page.touchscreen.tap(track.x + 0.15 * track.width, track.y + track.height / 2);
    await expect(time(page)).not.toHaveValue('41');
    while (Number(await time(page).inputValue()) > 5) await button(page, 'Step back').tap();
    while (Number(await time(page).inputValue()) < 5) await button(page, 'Step').tap();
    for (const name of THREE) await expect(count(page, name)).toHaveText('5');

    await word(page, 'Which ways').tap();
    const ways = page.getByRole('dialog', { name: 'Which ways' });
    await ways.getByRole('button', { name: /^The paper’s four/ }).tap();
    await page.getByRole('heading', { name: 'Attractor' }).tap();
    await expect(ways).toBeHidden();
    await expectAnderson(page);

    await button(page, 'Mask').tap();
    await page
      .getByRole('application', { name: 'Cue' })
      .evaluate((cue) => cue.scrollIntoView({ block: 'center' }));
    for (let column = 0; column < MASKED; column++) {
      const across = 1 - (column + 0.5) / SIDE;
      await stroke(page, [
        [across, 0.5 / SIDE],
        [across, 1 - 0.5 / SIDE],
      ]);
    }
    await expectCompleted(page, async (end) => {
      const at = (await time(page).boundingBox())!;
      await page.touchscreen.tap(at.x + (end === 'start' ? 2 : at.width - 2), at.y + at.height / 2);
    });

    await button(page, 'Share').tap();
    const saving: Promise<Download> = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Save session' }).tap();
    const file = info.outputPath('session.json');
    await (await saving).saveAs(file);
    const choosing = page.waitForEvent('filechooser', { timeout: 60_000 });
    await clearStorage(page);
    await page.getByRole('button', { name: 'Open run' }).tap();
    await (await choosing).setFiles(file);
    await expectSession(page);
  });
});
