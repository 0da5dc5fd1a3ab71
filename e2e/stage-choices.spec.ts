/** What the stage counts in, all of its settings in one list, and what it keeps of earlier runs. */
import { expect, test, type Locator } from 'playwright/test';
import { button, chooseFrom, memory, pixels, typeNumber } from './lab';
import { count, lane, openStage, THREE, time, word } from './stage';

test('one choice counts on the lanes and along both charts, and is undone, kept and linked', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openStage(page);
  const figures = (unit: string): Promise<readonly number[]> =>
    Promise.all(
      THREE.map(async (name) =>
        Number((await lane(page, name).getByTitle(unit, { exact: true }).innerText()).replaceAll(',', '')),
      ),
    );
  const chart = (name: string): Locator => page.getByRole('region', { name }).getByRole('img');
  await chooseFrom(page, 'Against', 'Map evaluations');
  expect(await figures('map evaluations')).toEqual([41, 21, 12]);
  await chooseFrom(page, 'Against', 'Unit updates');
  // 256 pixels and 26 memory units, each once an iteration, under either schedule.
  expect(await figures('unit updates')).toEqual([41, 21, 12].map((iterations) => iterations * (256 + 26)));
  await expect(lane(page, 'Even-odd')).toContainText('2.0 × fewer');
  await expect(chart('Residual')).toHaveAccessibleName(/drawn against unit updates$/);
  await expect(chart('Energy')).toHaveAccessibleName(/drawn against unit updates$/);
  // Time stays in iterations, and so does what is pointed at.
  await time(page).fill('5');
  expect(await figures('unit updates')).toEqual(THREE.map(() => 5 * 282));
  const box = (await chart('Residual').boundingBox())!;
  await page.mouse.click(box.x + box.width - 15, box.y + box.height / 2);
  await expect(time(page)).toHaveValue('41');

  await chooseFrom(page, 'Against', 'Milliseconds');
  for (const figure of await figures('ms')) expect(figure).toBeGreaterThan(0);
  await expect(lane(page, 'Even-odd')).toContainText(/faster|slower|as fast/);
  await button(page, 'Share').click();
  await page.getByRole('menuitem', { name: 'Copy link' }).click();
  await expect(page.getByText('Copied a link')).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  await button(page, 'Undo').click();
  await expect(count(page, 'Synchronous')).toHaveText('41');
  await page.goto(address.replace('#', '?engine=cpu#'));
  await expect(page.getByRole('combobox', { name: 'Against' })).toHaveValue('milliseconds');
});

test('all settings are in one list, which a search narrows, and the stage answers to them', async ({
  page,
}) => {
  await openStage(page);
  await button(page, 'All settings').press('Enter');
  const dialog = page.getByRole('dialog', { name: 'All settings' });
  const search = dialog.getByRole('searchbox', { name: 'Search the settings' });
  await expect(search).toBeFocused();
  for (const name of ['Memories and cue', 'Network', 'Lanes', 'Lane 1: Synchronous', 'What is shown', 'Lab'])
    await expect(dialog.getByRole('group', { name, exact: true })).toBeVisible();
  await expect(dialog.getByRole('spinbutton', { name: 'Seed' })).toHaveValue('3');
  await expect(dialog.getByRole('spinbutton', { name: 'Tolerance' })).toHaveValue('0.0001');

  // By name, and by what explains it.
  await search.fill('TOLER');
  await expect(dialog.getByRole('status')).toHaveText('2 settings');
  await expect(dialog.getByRole('combobox', { name: 'Stop when' })).toBeVisible();
  await search.fill('how steep');
  await typeNumber(dialog.getByRole('spinbutton', { name: 'Gain' }), 2);
  await search.fill('window');
  await typeNumber(dialog.getByRole('spinbutton', { name: 'Window' }), 2);
  await expect(dialog.getByRole('group', { name: 'Lane 3: Even-odd + L-BFGS' })).toBeVisible();
  await search.fill('dark ink');
  await dialog.getByRole('combobox', { name: 'Theme' }).selectOption('Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await search.fill('no such thing');
  await expect(dialog).toContainText('No setting is called “no such thing”');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button(page, 'All settings')).toBeFocused();
  await expect(lane(page, 'Even-odd + L-BFGS')).toContainText('found K');

  // The panel of a word leads there too, and the focus comes back to the word.
  await word(page, 'How exactly').click();
  await page
    .getByRole('dialog', { name: 'How exactly' })
    .getByRole('button', { name: 'All settings' })
    .click();
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(word(page, 'How exactly')).toBeFocused();
});

test('earlier runs stay as faint lines where they are wanted, and go by one click', async ({ page }) => {
  await openStage(page);
  const charts = ['Residual', 'Energy'].map((name) => page.getByRole('region', { name }).getByRole('img'));
  const [residual] = charts;
  const before = await pixels(residual!);
  // Changes in quick succession are one gesture; what the button retrieves stands by itself.
  await button(page, 'Retrieve').click();
  await expect(time(page)).toHaveValue('41');
  await memory(page, 'T').click();
  await expect(lane(page, 'Fastest')).toContainText('found T');
  for (const chart of charts) await expect(chart).not.toHaveAccessibleName(/earlier/);
  await page.getByRole('checkbox', { name: 'Earlier runs' }).check();
  for (const chart of charts) await expect(chart).toHaveAccessibleName(/with 3 earlier runs as faint lines$/);
  await expect.poll(() => pixels(residual!)).not.toBe(before);
  const table = page.getByRole('region', { name: 'Residual' });
  await table.getByRole('button', { name: 'Show data' }).click();
  await expect(table.getByRole('columnheader')).toHaveText(['Iteration', ...THREE]);
  await table.getByRole('button', { name: 'Show data' }).click();
  // To do the same again leaves nothing behind, and a slider on its way is one gesture.
  await button(page, 'Retrieve').click();
  await page
    .getByRole('slider', { name: 'Damage' })
    .evaluate(async (slider: HTMLInputElement): Promise<void> => {
      for (const amount of ['20', '21', '22']) {
        slider.value = amount;
        slider.dispatchEvent(new Event('input'));
        for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
      }
    });
  await expect(residual!).toHaveAccessibleName(/with 6 earlier runs/);
  await button(page, 'Clear earlier runs').click();
  for (const chart of charts) await expect(chart).not.toHaveAccessibleName(/earlier/);
  await expect(page.getByRole('checkbox', { name: 'Earlier runs' })).toBeChecked();
});

test('a pointer over a chart shows the time that it points at, and a press stays there', async ({ page }) => {
  await openStage(page);
  await expect(time(page)).toHaveValue('41');
  const box = (await page.getByRole('region', { name: 'Residual' }).getByRole('img').boundingBox())!;
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + 0.4 * box.width, middle);
  await page.mouse.move(box.x + 0.5 * box.width, middle, { steps: 3 });
  const shown = Number(await time(page).inputValue());
  expect(shown).toBeGreaterThan(5);
  expect(shown).toBeLessThan(35);
  await expect(count(page, 'Synchronous')).toHaveText(String(shown));
  await page.mouse.move(box.x + 0.5 * box.width, box.y - 200, { steps: 3 });
  await expect(time(page)).toHaveValue('41');
  await page.mouse.click(box.x + 0.5 * box.width, middle);
  await page.mouse.move(box.x + 0.7 * box.width, middle, { steps: 3 });
  await expect(time(page)).not.toHaveValue(String(shown));
  await page.mouse.move(box.x + 0.5 * box.width, box.y - 200, { steps: 3 });
  await expect(time(page)).toHaveValue(String(shown));
});
