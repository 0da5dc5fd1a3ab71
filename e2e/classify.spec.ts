/** Classify, as a person finds it: a network reads what one draws, and is asked the other way round; files of one's own. */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, test, type Locator, type Page } from 'playwright/test';
import { placeDrawing } from '../src/patterns/place-digit';
import { drawnDigits, tenHands, write } from '../src/testing/hands';
import { bringAxe, check } from './axe';
import { button, pixels, typeNumber } from './lab';
import { count, lane, THREE, time, word } from './stage';

const MODEL = 'public/models/ham-784-1990-10.safetensors';

const surface = (page: Page): Locator => page.getByRole('application', { name: 'Digit', exact: true });
const spoken = (page: Page): Locator => page.getByRole('status').filter({ hasText: 'Synchronous:' });
const outputs = (page: Page, name: string): Locator =>
  lane(page, name).getByRole('img', { name: 'Outputs of' });

async function open(page: Page, query = '?engine=cpu&view=classify'): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`./${query}`);
  await expect(surface(page)).toBeVisible();
}

/** On a clean sheet. */
async function openBlank(page: Page): Promise<void> {
  await open(page);
  await button(page, 'Draw your own').click();
}

/** Draws a digit with the pointer, by one of ten hands. */
async function draw(page: Page, digit: string, hand: number, seed = 1): Promise<void> {
  const frame = await surface(page).boundingBox();
  const by = tenHands[hand];
  if (!frame || !by) throw new Error('there is nothing to draw on');
  for (const stroke of write(digit, by, seed, frame.width, frame.height, 0.15)) {
    for (const [i, { x, y }] of stroke.entries()) {
      await page.mouse.move(frame.x + x, frame.y + y);
      if (i === 0) await page.mouse.down();
    }
    await page.mouse.up();
  }
}

/** Draws a digit with pointer events of the page's own, which take no time between them. */
async function drawAtOnce(page: Page, digit: string, hand: number, seed: number): Promise<void> {
  const by = tenHands[hand];
  if (!by) throw new Error('there is no such hand');
  await surface(page).evaluate(
    (element, strokes) => {
      const frame = element.getBoundingClientRect();
      for (const stroke of strokes) {
        for (const [i, { x, y }] of [...stroke, ...stroke.slice(-1)].entries()) {
          const type = i === 0 ? 'pointerdown' : i === stroke.length ? 'pointerup' : 'pointermove';
          const place = { clientX: frame.left + x * frame.width, clientY: frame.top + y * frame.height };
          const init = { pointerId: 1, isPrimary: true, bubbles: true, composed: true, ...place };
          element.dispatchEvent(new PointerEvent(type, init));
        }
      }
    },
    write(digit, by, seed, 1, 1),
  );
}

/** What the lanes say of the digit as it stands. */
async function read(page: Page): Promise<string> {
  await button(page, 'Again').click();
  await expect(spoken(page)).toHaveText(/^(\S+: Converged after \d+ iterations: \d(, )?){3}$/);
  return (await spoken(page).innerText()).slice(-1);
}

/** Pictures and labels of digits as MNIST has them. */
function idx(shape: readonly number[], bytes: readonly number[]): Buffer {
  const sides = shape.flatMap((n) => [0, 0, n >> 8, n & 255]);
  return Buffer.from([0, 0, 8, shape.length, ...sides, ...bytes]);
}

test('opens on a digit, read within ten seconds; reads a drawing, and nine of ten digits as ten hands draw them', async ({
  page,
}) => {
  await page.addInitScript(() => {
    // No pointer of the page's own can be captured.
    Element.prototype.setPointerCapture = () => undefined;
  });
  const opened = Date.now();
  await open(page);
  await expect(page.getByText('a 4 from strokes')).toBeVisible();
  const ends = ['36 iterations: 4', '18 iterations: 4', '5 iterations: 4'];
  await expect(spoken(page)).toHaveText(
    THREE.map((name, at) => `${name}: Converged after ${ends[at]}`).join(', '),
  );
  expect(Date.now() - opened).toBeLessThan(10_000);
  await expect(lane(page, 'Fastest')).toContainText('L-BFGS from a learned start');
  await button(page, 'Draw your own').click();
  await expect(surface(page)).toBeFocused();
  await draw(page, '5', 0);
  await expect(lane(page, 'Fastest')).toContainText('5');
  await expect(spoken(page)).toContainText(/Fastest: Converged after \d+ iterations: 5/);
  // Even-odd takes about half of what synchronous does, and Fastest no more.
  const counts = await Promise.all(THREE.map(async (name) => Number(await count(page, name).innerText())));
  expect(counts[1]).toBeLessThan(0.7 * (counts[0] ?? 0));
  expect(counts[2]).toBeLessThanOrEqual(counts[1] ?? 0);

  const wrong: string[] = [];
  for (const [i, digit] of drawnDigits.entries()) {
    await button(page, 'Clear').click();
    await drawAtOnce(page, digit, i % tenHands.length, 2);
    const said = await read(page);
    if (said !== digit) wrong.push(`${digit} read as ${said}`);
  }
  expect(wrong.length, wrong.join(', ')).toBeLessThanOrEqual(1);
});

test('answers to placing, damage, masks and undo; time goes back; a link brings it back', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openBlank(page);
  await draw(page, '3', 1);
  expect(await read(page)).toBe('3');
  const counts = await Promise.all(THREE.map((name) => count(page, name).innerText()));
  const seen = page.getByRole('img', { name: 'What the network sees' });
  const placed = await pixels(seen);
  const place = page.getByRole('checkbox', { name: 'Place as MNIST does' });
  await place.uncheck();
  expect(await pixels(seen)).not.toBe(placed);
  await place.check();
  await expect.poll(() => pixels(seen)).toBe(placed);
  for (const [at, name] of THREE.entries()) await expect(count(page, name)).toHaveText(counts[at] ?? '');

  const last = await outputs(page, 'Even-odd').getAttribute('aria-label');
  await time(page).fill('0');
  await expect(count(page, 'Even-odd')).toHaveText('0');
  await expect(outputs(page, 'Even-odd')).not.toHaveAttribute('aria-label', last ?? '');
  await page.keyboard.press('End');

  // From where it came to rest there is nothing left to do.
  await word(page, 'Which digit').click();
  const goOn = page.getByRole('checkbox', { name: 'Go on from the last equilibrium' });
  await goOn.check();
  await page.keyboard.press('Escape');
  expect(await read(page)).toBe('3');
  await expect(count(page, 'Synchronous')).toHaveText(/^\s*[0-2]\s*$/);
  await button(page, 'Undo').click();
  expect(await read(page)).toBe('3');

  await button(page, 'Share').click();
  await page.getByRole('menuitem', { name: 'Copy link' }).click();
  await expect(page.getByText('Copied a link')).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());

  await page.getByRole('slider', { name: 'Damage' }).fill('20');
  await expect(word(page, 'Which digit')).toContainText('a fifth of the pixels flipped');
  await expect(seen).toHaveCount(0);
  await button(page, 'Undo').click();
  await expect(word(page, 'Which digit')).toHaveText('this digit');
  await expect.poll(() => pixels(seen)).toBe(placed);

  // What is masked is free, and the network says what it thinks is there.
  await button(page, 'Mask').click();
  await surface(page).click({ position: { x: 100, y: 100 } });
  await expect(page.getByText('784 even')).toBeVisible();
  await expect(lane(page, 'Fastest').getByRole('img', { name: 'Fastest, input' })).toBeVisible();

  const fresh = await context.newPage();
  await fresh.emulateMedia({ reducedMotion: 'reduce' });
  await fresh.goto(address.replace('#', '?engine=cpu#'));
  await expect(spoken(fresh)).toHaveText(/Fastest: Converged after \d+ iterations: 3$/);
  for (const [at, name] of THREE.entries()) await expect(count(fresh, name)).toHaveText(counts[at] ?? '');
});

test('words of lanes keep apart in a low window, with seven layers side by side', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 700 });
  await open(page);
  await word(page, 'Which network').click();
  await page.getByText('seven-layer HAM').first().click();
  await page.keyboard.press('Escape');
  await expect(spoken(page)).toHaveText(/Fastest: Converged after/);
  await expect(lane(page, 'Fastest').getByRole('img', { name: 'Fastest, layer 5' })).toBeVisible();
  const edges = await Promise.all(
    THREE.map(async (name) => {
      const [above, below] = [lane(page, name).getByRole('heading'), lane(page, name).locator('.state')];
      const [top, bottom] = [await above.boundingBox(), await below.boundingBox()];
      return [top?.y ?? NaN, bottom ? bottom.y + bottom.height : NaN] as const;
    }),
  );
  expect(edges[1]![0]).toBeGreaterThan(edges[0]![1]);
  expect(edges[2]![0]).toBeGreaterThan(edges[1]![1]);
});

test('its runs are a file, which a fresh lab opens and runs to the same curves', async ({
  page,
  browser,
}) => {
  await open(page);
  await expect(spoken(page)).toHaveText(/Fastest: Converged after \d+ iterations: 4$/);
  const [words, counts] = [
    await spoken(page).innerText(),
    await Promise.all(THREE.map((name) => count(page, name).innerText())),
  ];
  await button(page, 'Export').click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Run as JSON' }).click();
  const file = await readFile(await (await downloading).path());

  // From Recall, in a browser that has never seen it.
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const fresh = await context.newPage();
  await fresh.goto('./?engine=cpu');
  await expect(spoken(fresh)).toContainText('overlap');
  const openFile = (name: string, buffer: Buffer): Promise<void> =>
    fresh.getByLabel('Run file').setInputFiles({ name, mimeType: 'application/json', buffer });
  await openFile('runs.json', file);
  await expect(fresh.getByText(/^Reran 3 runs: same curves/)).toBeVisible();
  await expect(spoken(fresh)).toHaveText(words);
  for (const [at, name] of THREE.entries()) await expect(count(fresh, name)).toHaveText(counts[at] ?? '');

  await openFile('cut.json', file.subarray(0, 2000));
  await expect(fresh.getByRole('alert').filter({ hasText: 'cut.json cannot be opened' })).toBeVisible();
  await expect(spoken(fresh)).toHaveText(words);
  await context.close();
});

test('thinks of a digit, shows weights, and opens networks and digits of one’s own', async ({ page }) => {
  await openBlank(page);
  await word(page, 'Which digit').click();
  await page
    .getByRole('group', { name: 'What does the network think' })
    .getByRole('button', { name: '3' })
    .click();
  await page.keyboard.press('Escape');
  await expect(spoken(page)).toHaveText(/Fastest: Converged after \d+ iterations: 3$/);
  await expect(page.getByText('784 even')).toBeVisible();
  const picture = lane(page, 'Fastest').getByRole('img', { name: 'Fastest, input' });
  const three = await pixels(picture);
  await word(page, 'Which digit').click();
  await page
    .getByRole('group', { name: 'What does the network think' })
    .getByRole('button', { name: '1' })
    .click();
  await expect.poll(() => pixels(picture)).not.toBe(three);
  await button(page, 'What you draw The picture is held, and the network settles on it.').click();
  await page.keyboard.press('Escape');
  await expect(page.getByText('draw here')).toBeVisible();
  await expect(count(page, 'Fastest')).toHaveText('–');

  // Digits without a file: the lab draws them from strokes.
  await button(page, 'Another digit').click();
  await expect(page.getByText(/^a \d from strokes$/)).toBeVisible();
  await expect(spoken(page)).toHaveText(/Fastest: Converged after \d+ iterations: \d$/);

  // Digits of a file, with their labels.
  const digits = ['7', '2'].map((digit) => {
    const strokes = write(digit, tenHands[0]!, 1, 28, 28).map((places) => ({ size: 2, places }));
    return [...placeDrawing(strokes).values].map((value) => Math.round(127.5 * (value + 1)));
  });
  const images = {
    name: 'two-images.gz',
    mimeType: 'application/gzip',
    buffer: gzipSync(idx([2, 28, 28], digits.flat())),
  };
  const labels = { name: 'two-labels', mimeType: '', buffer: idx([2], [7, 2]) };
  await page.getByLabel('File of digits').setInputFiles([images, labels]);
  await expect(spoken(page)).toHaveText(/: 7$/);
  await expect(page.getByText('of 2, a 7')).toBeVisible();
  await button(page, 'Next digit').click();
  await expect(spoken(page)).toHaveText(/: 2$/);
  await page.getByLabel('File of digits').setInputFiles({ ...images, buffer: images.buffer.subarray(0, 99) });
  await expect(page.getByRole('alert')).toContainText('two-images.gz: the gzip file is broken');
  await expect(spoken(page), 'nothing is lost').toHaveText(/: 2$/);

  // An image of a digit, larger than any network's, is one too; then the two again.
  const two = { name: 'two.png', mimeType: 'image/png', buffer: await surface(page).screenshot() };
  await page.getByLabel('File of digits').setInputFiles(two);
  await expect(page.getByText('of 1', { exact: true })).toBeVisible();
  await expect(spoken(page)).toHaveText(/: 2$/);
  await page.getByLabel('File of digits').setInputFiles([images, labels]);
  await expect(page.getByText('of 2, a 7')).toBeVisible();
  await button(page, 'Next digit').click();
  await expect(spoken(page)).toHaveText(/: 2$/);

  // A race over both of them, against even-odd from zero.
  await button(page, 'Race over many digits').click();
  const race = page.getByRole('dialog', { name: 'Race over many digits' });
  await expect(race.getByRole('spinbutton', { name: 'Digits of 2' })).toHaveValue('2');
  await typeNumber(race.getByRole('spinbutton', { name: 'Levels' }), 2);
  await expect(race).toContainText('= 4 cues, one batch for each of 3 lanes');
  await race.getByRole('button', { name: 'Run the race' }).click();
  await expect(race.getByRole('status')).toContainText(/has ended\. Synchronous: \d+\.\d % read right/);
  await expect(race.getByRole('row', { name: 'Even-odd' })).toContainText(/\d\.\d\s+0\.0 %\s+0\.0 %\s*$/);
  await expect(race.getByRole('region', { name: 'Read right against damage' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(button(page, 'Race over many digits')).toBeFocused();

  // Weights into a unit, by keyboard.
  const map = page.getByRole('application', { name: 'Fastest, layer 1' });
  await map.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('img', { name: /^Weights into unit \d+$/ })).toBeVisible();
  await expect(page.getByText('It speaks for 0.')).toBeVisible();

  // A network of one's own is kept for the next visit; what cannot be asked changes nothing.
  await page
    .getByLabel('Model file')
    .setInputFiles({ name: 'broken.safetensors', mimeType: '', buffer: Buffer.from('no') });
  await expect(page.getByRole('alert')).toContainText('“broken.safetensors” cannot be asked');
  await expect(word(page, 'Which network')).toHaveText('a five-layer HAM');
  await page
    .getByLabel('Model file')
    .setInputFiles({ name: 'mine.safetensors', mimeType: '', buffer: await readFile(MODEL) });
  await expect(word(page, 'Which network')).toHaveText('mine');
  await expect(page.getByText('three-layer HAM: 784 · 1,990 · 10 units.')).toBeVisible();
  await expect(spoken(page)).toHaveText(/: 2$/);
  await word(page, 'Which network').click();
  await page.getByRole('dialog').getByRole('button', { name: 'three-layer HAM', exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('article')).toHaveCount(6);
  await expect(spoken(page)).toHaveText(/(Fastest: Converged after \d+ iterations: 2.*){2}/);
  await page.reload();
  await expect(page.getByRole('article')).toHaveCount(6);
  await expect(word(page, 'Which network')).toHaveText('mine and a three-layer HAM');
});

test('a network that cannot be loaded is told, and tried again', async ({ page }) => {
  await page.route('**/*.safetensors*', (route) => route.abort());
  await open(page);
  await expect(page.getByRole('alert')).toContainText(
    'the model ham-784-1280-510-200-10 could not be loaded',
  );
  await page.unroute('**/*.safetensors*');
  await button(page, 'Try again').click();
  await expect(spoken(page)).toHaveText(/Fastest: Converged after \d+ iterations: 4$/);
});

for (const [shape, viewport] of [
  ['wide', { width: 1440, height: 900 }],
  ['narrow', { width: 390, height: 844 }],
] as const) {
  test(`nothing serious, ${shape}, in light and in dark; drawn with the keyboard`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await open(page);
    await bringAxe(page);
    await expect(spoken(page)).toContainText('Fastest: Converged');
    await check(page, 'as it opens');
    await button(page, 'Draw your own').click();
    // A one: down the middle.
    await expect(surface(page)).toBeFocused();
    for (let step = 0; step < 14; step++) await page.keyboard.press('ArrowRight');
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowDown');
    for (let step = 0; step < 18; step++) await page.keyboard.press('Shift+ArrowDown');
    expect(await read(page)).toBe('1');
    await check(page, 'Classify');
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sideways, 'nothing overflows sideways').toBeLessThanOrEqual(0);
    for (const title of ['Which network', 'Which digit']) {
      await word(page, title).click();
      await expect(page.getByRole('dialog', { name: title })).toBeVisible();
      await check(page, title);
      await page.keyboard.press('Escape');
    }
  });
}
