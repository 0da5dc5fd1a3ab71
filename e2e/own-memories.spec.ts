/** A set of one's own: drawn, stored, renamed, deleted, and still there after a reload. */
import { expect, test, type Page } from 'playwright/test';
import { button, chooseFrom, cuePixels, memory, openLab, retrieve, setSlider, typeNumber } from './lab';

async function drawCross(page: Page): Promise<void> {
  await button(page, 'Clear').click();
  const surface = page.getByRole('application', { name: 'Cue' });
  await surface.scrollIntoViewIfNeeded();
  const frame = await surface.boundingBox();
  if (!frame) throw new Error('the cue is not on the page');
  const at = (x: number, y: number): readonly [number, number] => [
    frame.x + x * frame.width,
    frame.y + y * frame.height,
  ];
  for (const [from, to] of [
    [at(0.1, 0.1), at(0.9, 0.9)],
    [at(0.9, 0.1), at(0.1, 0.9)],
  ] as const) {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(...to, { steps: 3 });
    await page.mouse.up();
  }
}

async function nameIt(page: Page, name: string, action: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('button', { name: action, exact: true }).click();
}

test('draws, stores, retrieves, renames, deletes and remembers', async ({ page }) => {
  await openLab(page);
  await setSlider(page, 'Speed', 100);
  await drawCross(page);
  await button(page, 'Store as memory').click();
  await nameIt(page, 'Cross', 'Store');
  await expect(memory(page, 'Cross')).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('combobox', { name: 'Memory set' }).locator('option:checked')).toHaveText(
    'My memories 16 × 16',
  );

  await button(page, 'Clear').click();
  await button(page, 'Store as memory').click();
  await nameIt(page, 'Cross', 'Store');
  await expect(
    page.getByRole('alert').filter({ hasText: 'There is already a memory named “Cross”.' }),
  ).toBeVisible();
  await nameIt(page, '<img src=x onerror=alert(1)>', 'Store');
  await expect(memory(page, '<img src=x onerror=alert(1)>')).toBeVisible();
  await button(page, 'Rename memory').click();
  await nameIt(page, 'Blank', 'Rename');
  await expect(memory(page, 'Blank')).toBeVisible();

  await memory(page, 'Cross').click();
  const stored = await cuePixels(page);
  await button(page, 'Damage the cue').click();
  expect(await retrieve(page)).toMatch(/: Cross \(overlap 1\.00\)$/);

  await page.reload();
  await expect(memory(page, 'Cross')).toHaveAttribute('aria-selected', 'true');
  await expect(memory(page, 'Blank')).toBeVisible();
  await memory(page, 'Cross').click();
  expect(await cuePixels(page)).toBe(stored);

  await memory(page, 'Blank').click();
  await button(page, 'Delete memory').click();
  await expect(memory(page, 'Blank')).toHaveCount(0);
  await button(page, 'Restore memory').click();
  await expect(memory(page, 'Blank')).toBeVisible();
  await button(page, 'Rename set').click();
  await nameIt(page, 'Signs', 'Rename');
  await button(page, 'Delete set').click();
  await expect(page.getByRole('option', { name: 'Signs' })).toHaveCount(0);
  await page.reload();
  await expect(memory(page, 'Circle')).toBeVisible();
  await expect(page.getByRole('option', { name: 'Signs' })).toHaveCount(0);
});

test('remembers a drawing, settings and a new set across a reload', async ({ page }) => {
  await openLab(page);
  await button(page, 'New set').click();
  const dialog = page.getByRole('dialog');
  await typeNumber(dialog.getByRole('spinbutton', { name: 'Width' }), 24);
  await typeNumber(dialog.getByRole('spinbutton', { name: 'Height' }), 20);
  await nameIt(page, 'Mine', 'Create');
  await drawCross(page);
  await chooseFrom(page, 'Network', 'Dense');
  await chooseFrom(page, 'Schedule', 'Synchronous');
  const drawn = await cuePixels(page);
  // The lab writes a moment after a change; a person's tab that goes to the background writes at once.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'Network' })).toHaveValue('dense');
  await expect(page.getByRole('combobox', { name: 'Schedule' })).toHaveValue('synchronous');
  await expect(page.getByRole('combobox', { name: 'Memory set' }).locator('option:checked')).toHaveText(
    'Mine',
  );
  expect(await cuePixels(page)).toBe(drawn);
  await button(page, 'Retrieve').click();
  await expect(page.getByRole('alert')).toContainText('This set holds no memories yet');
});

test('brings the latest runs back after a reload, and says when one is broken', async ({ page }) => {
  await openLab(page);
  await setSlider(page, 'Speed', 100);
  await chooseFrom(page, 'Schedule', 'Synchronous');
  const words = await retrieve(page);
  await button(page, 'Show Letters A · Classical · even-odd · Fastest').click();
  const runs = page.getByRole('list', { name: 'Runs in the charts' });
  const listed = await runs.innerText();
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  await page.reload();
  await expect(page.getByRole('status')).toHaveText(words);
  expect(await runs.innerText(), 'the last run is done again in its place').toBe(listed);
  await expect(button(page, 'Show Letters A · Classical · even-odd · Fastest')).toHaveAttribute(
    'aria-pressed',
    'false',
  );

  // From a page without the lab, which would write what it knows over it.
  await page.goto('./icon.svg');
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('attractor');
        opening.onerror = () => reject(new Error('the library does not open'));
        opening.onsuccess = () => {
          const session = opening.result.transaction('session', 'readwrite').objectStore('session');
          const reading = session.get('runs') as IDBRequest<readonly object[]>;
          reading.onsuccess = () =>
            session.put([{ ...reading.result[0], text: '{' }, reading.result[1]], 'runs');
          session.transaction.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
  );
  await openLab(page);
  await expect(page.getByRole('alert')).toContainText('1 kept record could not be read');
  await expect(runs.getByRole('listitem')).toHaveCount(1);
});

test('says that the storage is full, and goes on', async ({ page, baseURL }) => {
  const cdp = await page.context().newCDPSession(page);
  const origin = new URL(baseURL ?? '').origin;
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await openLab(page);
  await button(page, 'New set').click();
  await nameIt(page, 'One too many', 'Create');
  await expect(page.getByRole('alert')).toContainText('its storage is full');
  await chooseFrom(page, 'Memory set', 'Letters');
  await setSlider(page, 'Speed', 100);
  expect(await retrieve(page)).toMatch(/^Converged/);
});

test('goes on without storage, and says so', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', {
      value: {
        open: () => {
          throw new DOMException('storage is blocked', 'SecurityError');
        },
      },
    });
  });
  await openLab(page);
  await expect(page.getByRole('alert')).toContainText('The browser keeps nothing for this page');
  await setSlider(page, 'Speed', 100);
  expect(await retrieve(page)).toMatch(/^Converged/);
});

test('drops a broken record and keeps the others', async ({ page }) => {
  await openLab(page);
  await button(page, 'New set').click();
  await nameIt(page, 'Kept', 'Create');
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('attractor', 1);
        opening.onerror = () => reject(new Error('the library does not open'));
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('sets', 'readwrite');
          transaction.objectStore('sets').put({ id: 'own:broken', version: 1, name: 'Broken', width: -3 });
          transaction.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
  );
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('1 kept record could not be read');
  await expect(
    page.getByRole('combobox', { name: 'Memory set' }).getByRole('option', { name: 'Kept' }),
  ).toHaveCount(1);
});
