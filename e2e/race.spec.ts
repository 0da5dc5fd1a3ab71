/** The race over all cues: it comes in, tells its numbers, gives them out, and ends when it is told to. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'playwright/test';
import { bringAxe, check } from './axe';
import { button } from './lab';
import { openStage, THREE } from './stage';

test('a race of the lanes over a set: maps, numbers, files, and an end to one that takes long', async ({
  page,
}) => {
  await openStage(page);
  await button(page, 'Race over all cues').click();
  const dialog = page.getByRole('dialog', { name: 'Race over all cues' });
  const set = (name: string, value: number): Promise<void> =>
    dialog.getByRole('spinbutton', { name }).fill(String(value));
  await set('Memories of 26', 6);
  await set('Damage up to', 40);
  await set('Levels', 2);
  await set('Seeds', 3);
  await expect(dialog).toContainText('= 36 cues, one batch for each of 3 lanes');
  await dialog.getByRole('button', { name: 'Run the race' }).click();
  await expect(dialog.getByRole('status')).toContainText(
    /The race has ended\. Synchronous: \d+\.\d % recalled/,
  );
  const rows = dialog.getByRole('row');
  for (const name of THREE) {
    await expect(rows.filter({ hasText: name })).toContainText(/\d+\.\d %\s+\d+–\d+ %/);
    await expect(dialog.getByRole('img', { name: `${name}: residuals of 36 cues` })).toBeVisible();
  }
  const iterations = async (name: string): Promise<number> =>
    Number(await rows.filter({ hasText: name }).getByRole('cell').nth(1).innerText());
  expect(await iterations('Even-odd')).toBeLessThan(0.8 * (await iterations('Synchronous')));
  const chart = dialog.getByRole('region', { name: 'Recalled against damage' });
  await chart.getByRole('button', { name: 'Show data' }).click();
  // A fifth of the pixels flipped comes back; two levels for each of three lanes, and the header.
  await expect(chart.getByRole('row')).toHaveCount(7);
  await expect(chart.getByRole('row').nth(1)).toContainText(/20 %\s*Synchronous\s*18\s*100\.0 %/);
  await bringAxe(page);
  await check(page, 'race');

  const exported = async (item: string): Promise<Buffer> => {
    const downloading = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export' }).click();
    await dialog.getByRole('menuitem', { name: item }).click();
    return readFile(await (await downloading).path());
  };
  const [header, ...lines] = (await exported('Data as CSV')).toString().trim().split('\r\n');
  expect(header).toMatch(/^lane,schedule,solver,tolerance,damage,amount,cues,recalled,share,low,high,/);
  expect(lines).toHaveLength(6);
  expect(lines[0]).toMatch(/^Synchronous,synchronous,picard,0\.0001,flip,0\.2,18,18,1,0\.82\d+,1,0,/);
  const svg = (await exported('Chart as SVG')).toString();
  for (const words of [...THREE, 'Recalled, with 95 % bands', 'Letters, Classical · 36 cues'])
    expect(svg).toContain(words);
  const png = await exported('Chart as PNG');
  expect(png.readUInt32BE(16)).toBeGreaterThan(1200);

  await set('Memories of 26', 26);
  await set('Levels', 10);
  await set('Seeds', 100);
  await expect(dialog.getByRole('button', { name: 'Run again' })).toBeDisabled();
  await expect(dialog).toContainText('at most 5,000 cues');
  await set('Seeds', 19);
  await dialog.getByRole('button', { name: 'Run again' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.getByRole('status')).toContainText(/Cancelled: [0-2] of 3 lanes came in/);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(button(page, 'Race over all cues')).toBeFocused();
});
