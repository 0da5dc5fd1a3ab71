/** The stage, as a person finds it: it opens on three ways, answers to every stroke, and time is a slider. */
import { gzipSync } from 'node:zlib';
import { expect, test, type Page } from 'playwright/test';
import { button, chooseFrom, memory, pixels, setSlider } from './lab';
import { count, lane, openStage, THREE, time, word } from './stage';

test('opens on three ways, and shows the faster ones arrive first', async ({ page }) => {
  await page.goto('./?engine=cpu');
  await expect(lane(page, 'Fastest')).toContainText('found K');
  await expect(lane(page, 'Synchronous')).toContainText('still moving');
  await expect(lane(page, 'Even-odd')).toContainText('2.0 × fewer · found K');
  await expect(lane(page, 'Synchronous')).toContainText('found K');
  for (const [name, iterations] of [
    ['Synchronous', '41'],
    ['Even-odd', '21'],
    ['Fastest', '12'],
  ] as const) {
    await expect(count(page, name)).toHaveText(iterations);
  }
  await expect(page.getByRole('status')).toContainText('Even-odd: Converged after 21 iterations: K');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await expect(lane(page, 'Fastest')).toContainText('even-odd · L-BFGS');
});

test('goes back to any iteration, and shows there what a run step by step shows', async ({ page }) => {
  await openStage(page);
  await time(page).fill('5');
  for (const name of THREE) await expect(count(page, name)).toHaveText('5');
  const shown = await Promise.all(THREE.map((name) => pixels(lane(page, name).getByRole('img'))));
  await button(page, 'Step back').click();
  await expect(count(page, 'Fastest')).toHaveText('4');
  await button(page, 'Step').click();
  expect(await pixels(lane(page, 'Fastest').getByRole('img'))).toBe(shown[2]);

  await button(page, 'Bench').click();
  const choices = [
    ['Synchronous', 'Picard'],
    ['Even-odd', 'Picard'],
    ['Even-odd', 'Fastest'],
  ] as const;
  for (const [at, [schedule, solver]] of choices.entries()) {
    await chooseFrom(page, 'Schedule', schedule);
    await chooseFrom(page, 'Solver', solver);
    if (at > 0) await button(page, 'Reset').click();
    for (let step = 1; step <= 5; step++) {
      await button(page, 'Step').click();
      await expect(page.getByText(`Visible layer, iteration ${step}`, { exact: true })).toBeVisible();
    }
    expect(await pixels(page.getByRole('img', { name: 'Visible layer' })), THREE[at]).toBe(shown[at]);
  }
});

test('answers to a stroke, to the damage and to another memory without a button', async ({ page }) => {
  await openStage(page);
  const surface = page.getByRole('application', { name: 'Cue' });
  const box = (await surface.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const before = await count(page, 'Synchronous').innerText();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.8, { steps: 8 });
  await page.mouse.up();
  await expect(word(page, 'What is done to the cue')).toHaveText(
    'a quarter of the pixels flipped and drawn on',
  );
  await expect(count(page, 'Synchronous')).not.toHaveText(before);
  await button(page, 'Undo').click();
  await expect(lane(page, 'Synchronous')).toContainText('found K');
  await expect(count(page, 'Synchronous')).toHaveText('41');

  await setSlider(page, 'Damage', 0);
  await expect(word(page, 'What is done to the cue')).toHaveText('undamaged');
  await word(page, 'What is done to the cue').click();
  await page.getByRole('button', { name: /^Hide half/ }).click();
  await expect(word(page, 'What is done to the cue')).toHaveText('half of it hidden');
  await page.getByRole('button', { name: /^Flip pixels/ }).click();
  await page.keyboard.press('Escape');
  await setSlider(page, 'Damage', 20);
  await expect(word(page, 'What is done to the cue')).toHaveText('a fifth of the pixels flipped');
  await memory(page, 'T').click();
  await expect(lane(page, 'Fastest')).toContainText('found T');
  await button(page, 'Another letter').click();
  await expect(memory(page, 'T')).toHaveAttribute('aria-selected', 'false');
});

test('completes a picture of which a part is masked, and holds the rest', async ({ page }) => {
  await openStage(page);
  await button(page, 'Mask').click();
  const box = (await page.getByRole('application', { name: 'Cue' }).boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.75, box.y + 4);
  await page.mouse.down();
  for (const across of [0.6, 0.8, 0.95]) {
    await page.mouse.move(box.x + box.width * across, box.y + 4);
    await page.mouse.move(box.x + box.width * across, box.y + box.height - 4, { steps: 4 });
  }
  await page.mouse.up();
  await expect(word(page, 'What is done to the cue')).toHaveText(/ of it masked, in place of damage\s*$/);
  for (const name of THREE) await expect(lane(page, name)).toContainText('found K');
  const damage = page.getByRole('slider', { name: 'Damage' });
  await expect(damage, 'the mask has taken its place').toHaveAttribute('aria-valuetext', 'masked instead');
  await word(page, 'What is done to the cue').click();
  await expect(page.getByText('Masked pixels replace the damage.')).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await button(page, 'Undo').click();
  await expect(damage).toHaveAttribute('aria-valuetext', '25 %');
  await expect(word(page, 'What is done to the cue')).toHaveText('a quarter of the pixels flipped');
  await memory(page, 'B').click();
  await expect(word(page, 'What is done to the cue')).toHaveText('a quarter of the pixels flipped');
});

test('a cleared cue starts no run: the lanes wait, and a stroke is answered', async ({ page }) => {
  await openStage(page);
  await button(page, 'Clear').click();
  for (const name of THREE)
    await expect(lane(page, name)).toContainText('Draw something, or choose a memory');
  const paint = lane(page, 'Fastest').getByRole('img');
  const inked = (): Promise<boolean> =>
    paint.evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      return canvas
        .getContext('2d')!
        .getImageData(0, 0, width, height)
        .data.some((byte) => byte > 0);
    });
  await expect.poll(inked, 'an empty picture').toBe(false);
  await expect(button(page, 'Retrieve')).toBeDisabled();
  const box = (await page.getByRole('application', { name: 'Cue' }).boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.8, { steps: 4 });
  await page.mouse.up();
  await expect(lane(page, 'Fastest')).toContainText(/found|ended|no memory/);
  await button(page, 'Undo').click();
  await expect(lane(page, 'Fastest')).toContainText('Draw something, or choose a memory');
  await memory(page, 'R').click();
  await expect(lane(page, 'Fastest')).toContainText('found R');
});

test('all lanes of four are seen where they are changed', async ({ page }) => {
  await page.setViewportSize({ width: 1366, height: 768 });
  await openStage(page);
  await word(page, 'Which ways').click();
  const panel = page.getByRole('dialog', { name: 'Which ways' });
  await panel.getByRole('button', { name: /^The paper’s four/ }).click();
  for (let i = 1; i <= 4; i++)
    await expect(panel.getByRole('group', { name: `Lane ${i}` })).toBeInViewport({ ratio: 1 });
});

test('every word opens its choices, all of it by keyboard', async ({ page }) => {
  await openStage(page);
  await page.keyboard.press('Tab');
  await expect(button(page, 'Skip to the stage')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(word(page, 'Which memories')).toBeFocused();
  await word(page, 'Which ways').focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Which ways' });
  await panel.getByRole('button', { name: /^The paper’s four/ }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(word(page, 'Which ways')).toHaveText('the paper’s four ways');
  await expect(page.getByRole('article')).toHaveCount(4);
  await expect(lane(page, 'Even-odd + Anderson')).toContainText('found K');
  await expect(lane(page, 'Synchronous')).toContainText('found K');

  await word(page, 'Which network').focus();
  await page.keyboard.press('Enter');
  const networks = page.getByRole('dialog', { name: 'Which network' });
  await networks.getByRole('button', { name: /^Modern/ }).press('Enter');
  await page.keyboard.press('Escape');
  await expect(word(page, 'Which network')).toHaveText('Modern');
  await expect(count(page, 'Synchronous')).toHaveText(/^\d$/);
  await expect(lane(page, 'Synchronous')).toContainText('found K');

  await page.locator('body').click({ position: { x: 3, y: 300 } });
  await page.keyboard.press('Home');
  await expect(count(page, 'Even-odd')).toHaveText('0');
  await page.keyboard.press('ArrowRight');
  await expect(count(page, 'Even-odd')).toHaveText('1');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(lane(page, 'Synchronous')).toContainText('found K');
});

test('lanes are added, changed, moved and removed, and are there after a reload', async ({ page }) => {
  await openStage(page);
  await word(page, 'Which ways').click();
  const panel = page.getByRole('dialog', { name: 'Which ways' });
  await panel.getByRole('button', { name: 'Add a lane' }).click();
  const fourth = panel.getByRole('group', { name: 'Lane 4' });
  await fourth.getByRole('combobox', { name: 'Schedule' }).selectOption('Sweep up');
  await fourth.getByRole('textbox', { name: 'Name' }).selectText();
  await page.keyboard.type('Mine');
  await page.keyboard.press('Enter');
  await fourth.getByRole('button', { name: 'Move Mine up' }).click();
  await panel.getByRole('button', { name: 'Remove Synchronous' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('article')).toHaveCount(3);
  await expect(lane(page, 'Mine')).toContainText('found K');
  await expect(word(page, 'Which ways')).toHaveText('three ways');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  await page.reload();
  await expect(page.getByRole('article').nth(1)).toHaveAccessibleName('Mine');
  await expect(lane(page, 'Mine')).toContainText('found K');
});

test('a lane that cannot run says why, and the others go on', async ({ page }) => {
  await openStage(page);
  await word(page, 'Which ways').click();
  const first = page.getByRole('group', { name: 'Lane 1' });
  await first.getByRole('combobox', { name: 'Solver' }).selectOption('L-BFGS');
  await page.keyboard.press('Escape');
  await expect(lane(page, 'Synchronous + L-BFGS')).toContainText('These settings make no run');
  await expect(lane(page, 'Even-odd')).toContainText('found K');
});

test('a lane opens: its network at the time that is shown, and the focus comes back', async ({ page }) => {
  await openStage(page);
  await button(page, 'Open Even-odd').press('Enter');
  const panel = page.getByRole('dialog', { name: 'Even-odd' });
  await expect(panel).toContainText('Converged after 21 iterations: K');
  await expect(panel).toContainText('memory units move first, then pixels');
  await expect(panel).toContainText('The visible layer is the picture, a unit a pixel.');
  await expect(panel).toContainText(/μ ≈ 0\.\d+: the largest eigenvalue/);
  await expect(panel).toContainText(/leaves 0\.\d+ = μ² of the residual/);
  // Space and the arrows belong to time.
  await page.keyboard.press('Home');
  await expect(panel).toContainText('Iteration 0 is the cue.');
  const layers = ['Pixels', 'Memory units'];
  const layer = (name: string, t: number): Promise<string> =>
    pixels(panel.getByRole('img', { name: `${name}, iteration ${t}`, exact: true }));
  await page.keyboard.press('ArrowRight');
  const first = await Promise.all(layers.map((name) => layer(name, 1)));
  for (let t = 2; t <= 5; t++) await page.keyboard.press('ArrowRight');
  await expect(panel).toContainText('Iteration 5 of 21');
  // A picture that would flicker waits.
  for (const [l, name] of layers.entries()) await expect.poll(() => layer(name, 5), name).not.toBe(first[l]);
  await page.keyboard.press('Space');
  await expect(button(page, 'Pause')).toBeVisible();
  await page.keyboard.press('End');

  await panel.getByRole('button', { name: 'Synchronous' }).click();
  const other = page.getByRole('dialog', { name: 'Synchronous' });
  await expect(other).toContainText('pixels and memory units move at once');
  await expect(other.getByRole('img', { name: 'Pixels at odd iterations, iteration 41' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(other).toBeHidden();
  await expect(button(page, 'Open Synchronous')).toBeFocused();
  await button(page, 'Open Fastest').click();
  const fastest = page.getByRole('dialog', { name: 'Fastest' });
  await expect(fastest).toContainText('L-BFGS goes its own way, so its residuals tell no μ');
  await fastest.getByRole('button', { name: 'Close' }).click();
  await expect(button(page, 'Open Fastest')).toBeFocused();
});

test('an opened lane says why nothing was recalled, and its button helps', async ({ page }) => {
  await openStage(page);
  await setSlider(page, 'Damage', 50);
  await expect(lane(page, 'Fastest')).toContainText('ended elsewhere');
  await button(page, 'Open Fastest').click();
  const panel = page.getByRole('dialog', { name: 'Fastest' });
  await expect(panel).toContainText(/Ended elsewhere than Synchronous and Even-odd: .* is −?0\.\d+/);
  await expect(panel).toContainText(/Too damaged\. The cue overlaps with K by −?0\.\d\d only/);
  await panel.getByRole('button', { name: 'Damage of 20 %' }).click();
  await expect(word(page, 'What is done to the cue')).toHaveText('a fifth of the pixels flipped');
  await expect(panel).toContainText(/Converged after \d+ iterations: K/);
  await expect(panel).not.toContainText('Too damaged');
  await page.keyboard.press('Escape');
  await expect(lane(page, 'Fastest')).toContainText('found K');
});

test('a two-cycle is told on the card, and drawn as two runs inside', async ({ page }) => {
  await openStage(page);
  await button(page, 'Lessons').click();
  await page.getByRole('menuitem', { name: /two-cycle/ }).click();
  await expect(lane(page, 'Synchronous')).toContainText('goes back and forth between two states');
  await button(page, 'Open Synchronous').click();
  const panel = page.getByRole('dialog', { name: 'Synchronous' });
  await expect(panel).toContainText(/In a two-cycle since iteration \d+/);
  const sequences = ['even', 'odd'].map((parity) =>
    panel.getByRole('img', { name: new RegExp(`^Pixels at ${parity} iterations, iteration`) }),
  );
  const [even, odd] = await Promise.all(sequences.map(pixels));
  expect(even).not.toBe(odd);
});

test('exports the lanes that it shows', async ({ page }) => {
  await openStage(page);
  await button(page, 'Export').click();
  const saving = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /CSV/ }).click();
  const stream = await (await saving).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  for (const name of THREE) expect(text).toContain(name);
});

test('with reduced motion the end is there from the start', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=cpu');
  await expect(count(page, 'Synchronous')).toHaveText('41');
  await expect(button(page, 'Play')).toBeVisible();
});

for (const [width, height] of [
  [1440, 900],
  [1366, 768],
  [390, 844],
] as const) {
  test(`shows it all at once at ${width} × ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openStage(page);
    const residual = page.getByRole('region', { name: 'Residual' });
    const wide = width > 900;
    const parts = [
      word(page, 'Which memories'),
      ...THREE.map((name) => count(page, name)),
      residual.getByRole('img'),
      button(page, 'Retrieve'),
      time(page),
      ...(wide
        ? [
            page.getByRole('application', { name: 'Cue' }),
            page.getByRole('region', { name: 'Energy' }).getByRole('img'),
          ]
        : []),
    ];
    const transport = (await button(page, 'Retrieve').boundingBox())?.y ?? 0;
    for (const part of parts) {
      const box = await part.boundingBox();
      expect(box, String(part)).not.toBeNull();
      if (!box) continue;
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.y + box.height, String(part)).toBeLessThanOrEqual(height);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
    }
    const chart = await residual.getByRole('img').boundingBox();
    expect((chart?.y ?? 0) + (chart?.height ?? 0)).toBeLessThanOrEqual(transport);
    const { scrollWidth, clientWidth } = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return { scrollWidth, clientWidth };
    });
    expect(scrollWidth).toBe(clientWidth);
  });
}

test('a link brings the same stage back in a fresh browser', async ({ page, context, browser }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openStage(page);
  await memory(page, 'R').click();
  await setSlider(page, 'Damage', 30);
  await expect(lane(page, 'Synchronous')).not.toContainText('still moving');
  await time(page).fill('4');
  await button(page, 'Share').click();
  await page.getByRole('menuitem', { name: 'Copy link' }).click();
  await expect(page.getByText('Copied a link')).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  const fresh = await (await browser.newContext()).newPage();
  await fresh.goto(address.replace('#', '?engine=cpu#'));
  await expect(memory(fresh, 'R')).toHaveAttribute('aria-selected', 'true');
  await expect(time(fresh)).toHaveValue('4');
  await expect(button(fresh, 'Play'), 'at rest').toBeVisible();
  for (const name of THREE) {
    await expect(count(fresh, name)).toHaveText('4');
    expect(await count(fresh, name).innerText()).toBe(await count(page, name).innerText());
    // A picture that would flicker waits.
    const picture = (of: Page): Promise<string> => pixels(lane(of, name).getByRole('img'));
    await expect.poll(async () => (await picture(fresh)) === (await picture(page)), name).toBe(true);
  }
  expect(new URL(fresh.url()).hash).toBe('');
  await fresh.goto(address.replace('#', '?engine=cpu#').slice(0, -40));
  await expect(fresh.getByRole('alert')).toContainText('The link could not be opened');
  await expect(lane(fresh, 'Fastest')).toBeVisible();
  await fresh.close();
});

test('the first screen is small: script, styles and font, compressed', async ({ page }) => {
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.includes('worker')) return;
    if (/\.(js|css)$|\/$/.test(pathname)) sizes.push(response.body().then((body) => gzipSync(body).length));
    else if (pathname.endsWith('.woff2')) sizes.push(response.body().then((body) => body.length));
  });
  await openStage(page);
  const all = await Promise.all(sizes);
  expect(all.length).toBeGreaterThan(3);
  expect(all.reduce((sum, size) => sum + size)).toBeLessThan(280_000);
});
