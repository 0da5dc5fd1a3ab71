/** The accessibility checker finds nothing serious, in either theme, wide or narrow, in any view; and nothing leaves its panel. */
import { expect, test, type Locator, type Page } from 'playwright/test';
import { bringAxe, check, serious } from './axe';
import { button, openLab } from './lab';

/** The colours of the page are not those that the checker reads. */
const NO_COLOURS = { rules: { 'color-contrast': { enabled: false } } };

for (const [shape, viewport] of [
  ['wide', { width: 1440, height: 900 }],
  ['narrow', { width: 380, height: 800 }],
] as const) {
  test(`nothing serious, ${shape}, in light and in dark`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    await openLab(page);
    await bringAxe(page);
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
    await bringAxe(page);
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

/** The stage at rest, with its first lanes at their ends. */
async function openStage(page: Page, viewport: { width: number; height: number }): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize(viewport);
  await page.goto('./?engine=cpu');
  await expect(page.getByRole('article', { name: 'Synchronous' })).toContainText('found K');
}

for (const [shape, viewport] of [
  ['wide', { width: 1440, height: 900 }],
  ['narrow', { width: 390, height: 844 }],
] as const) {
  test(`in the colours that a person has set for all pages, ${shape}: controls have edges, and what is chosen stands out`, async ({
    page,
  }) => {
    await page.emulateMedia({ forcedColors: 'active' });
    await openStage(page, viewport);
    await bringAxe(page);
    expect(await serious(page, NO_COLOURS)).toEqual([]);
    const bare = await page.getByRole('button').evaluateAll((buttons) =>
      buttons
        .filter((each) => each.checkVisibility() && getComputedStyle(each).clipPath === 'none')
        .filter((each) => {
          const { borderBottomWidth, borderBottomStyle, borderBottomColor, backgroundColor } =
            getComputedStyle(each);
          const edge = borderBottomWidth !== '0px' && borderBottomStyle !== 'none';
          return !edge || borderBottomColor === 'rgba(0, 0, 0, 0)' || borderBottomColor === backgroundColor;
        })
        .map((each) => each.textContent.trim() || each.ariaLabel)
        // What is chosen is told by its ground.
        .filter((name) => name !== 'Stage' && name !== 'Draw'),
    );
    expect(bare, 'buttons without an edge').toEqual([]);
    const ground = (what: Locator): Promise<string> =>
      what.evaluate((each) => getComputedStyle(each).backgroundColor);
    const option = (name: string): Locator => page.getByRole('option', { name, exact: true });
    for (const [chosen, other] of [
      [button(page, 'Stage'), button(page, 'Bench')],
      [button(page, 'Draw'), button(page, 'Erase')],
      [option('K'), option('L')],
    ] as const) {
      expect(await ground(chosen), String(chosen)).not.toBe(await ground(other));
    }
    await button(page, 'Retrieve').focus();
    await page.keyboard.press('Tab');
    const outline = await button(page, 'Step back').evaluate((each) => getComputedStyle(each).outlineStyle);
    expect(outline, 'the focus is seen').toBe('solid');
    // A label's halo has the colour of the page, and its letters that of text.
    const colours = await page
      .getByRole('region', { name: 'Residual' })
      .getByRole('img')
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const opaque = Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 4).join());
        const probe = document.body.appendChild(document.createElement('i'));
        const system = ['Canvas', 'CanvasText'].map((name) => {
          probe.style.color = '';
          probe.style.setProperty('forced-color-adjust', 'none');
          probe.style.color = name;
          return `${/\d+, \d+, \d+/.exec(getComputedStyle(probe).color)?.[0].replaceAll(' ', '') ?? ''},255`;
        });
        probe.remove();
        return system.map((colour) => opaque.filter((each) => each === colour).length);
      });
    expect(Math.min(...colours), `pixels as the page and as text: ${colours.join(', ')}`).toBeGreaterThan(50);
  });
}

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
] as const) {
  test(`with letters twice as large, ${viewport.width} pixels wide, nothing is cut off and nothing overlaps`, async ({
    page,
  }) => {
    await openStage(page, viewport);
    await page.evaluate(() => (document.documentElement.style.fontSize = '28px'));
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sideways, 'nothing overflows sideways').toBeLessThanOrEqual(0);
    const faults = await page.getByRole('button').evaluateAll((all) => {
      const buttons = all.filter(
        (each) => each.checkVisibility() && getComputedStyle(each).clipPath === 'none',
      );
      const name = (each: Element): string => each.textContent.trim() || (each.ariaLabel ?? '');
      const cut = buttons
        .filter(
          (each) => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1,
        )
        .map((each) => `${name(each)} is cut off`);
      const over = buttons.flatMap((a) =>
        buttons
          .filter((b) => a !== b && a.parentNode === b.parentNode)
          .filter((b) => {
            const [one, other] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
            return (
              one.right > other.left + 1 &&
              other.right > one.left + 1 &&
              one.bottom > other.top + 1 &&
              other.bottom > one.top + 1
            );
          })
          .map((b) => `${name(a)} lies on ${name(b)}`),
      );
      return [...cut, ...over];
    });
    expect(faults).toEqual([]);
    // Each part below the one before it, or beside it.
    const below = async (upper: Locator, lower: Locator): Promise<void> => {
      const [a, b] = [await upper.boundingBox(), await lower.boundingBox()];
      expect(
        (a?.y ?? NaN) + (a?.height ?? NaN),
        `${String(upper)} above ${String(lower)}`,
      ).toBeLessThanOrEqual((b?.y ?? NaN) + 1);
    };
    const residual = page.getByRole('region', { name: 'Residual' });
    for (const name of ['Synchronous', 'Even-odd', 'Fastest']) {
      const lane = page.getByRole('article', { name, exact: true });
      await below(page.getByTitle('How exactly', { exact: true }), lane);
      await below(lane.getByText('found K'), residual.getByRole('heading'));
    }
    await below(residual.getByRole('heading'), residual.getByRole('img'));
    expect((await residual.getByRole('img').boundingBox())?.height).toBeGreaterThan(150);
  });
}

/** What has the focus, by its name. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
    return element?.ariaLabel ?? label ?? element?.textContent.trim() ?? '';
  });
}

/** The names of what the Tab key stops at, to the first of this name. */
async function stopsTo(page: Page, name: string): Promise<readonly string[]> {
  const stops: string[] = [];
  while (stops.at(-1) !== name && stops.length < 60) {
    await page.keyboard.press('Tab');
    stops.push(await focused(page));
  }
  return stops;
}

test('the Tab key comes from the top of the page to what plays in ten stops at most', async ({ page }) => {
  await openStage(page, { width: 1440, height: 900 });
  const top = await stopsTo(page, 'Skip to time');
  await page.keyboard.press('Enter');
  await expect(button(page, 'Play')).toBeFocused();
  expect([...top, await focused(page)].length, top.join(', ')).toBeLessThanOrEqual(10);
  // Each word, each tool and each lane is no stop of its own.
  await page.reload();
  await expect(page.getByRole('article', { name: 'Synchronous' })).toContainText('found K');
  await stopsTo(page, 'Skip to the stage');
  await page.keyboard.press('Enter');
  const stops = [await focused(page), ...(await stopsTo(page, 'Open Synchronous'))];
  expect(stops).toEqual([
    'Letters',
    'Store as memory',
    'Cue',
    'Draw',
    'Damage',
    'Race over all cues',
    'Memories',
    'Open Synchronous',
  ]);
  expect(await stopsTo(page, 'Retrieve')).not.toContain('Open Even-odd');
});

test('the arrows go from word to word, from tool to tool and from lane to lane, and time stays', async ({
  page,
}) => {
  await openStage(page, { width: 1440, height: 900 });
  const time = page.getByRole('slider', { name: 'Iteration' });
  const row = async (names: readonly [string, string, string]): Promise<void> => {
    const [first, second, last] = names;
    expect(await focused(page)).toBe(first);
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe(second);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await focused(page)).toBe(last);
    // It is where the Tab key comes back to.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await focused(page)).toBe(last);
  };
  await page.getByTitle('Which memories', { exact: true }).focus();
  await row(['Letters', 'Classical', 'All settings']);
  await button(page, 'Draw').focus();
  await row(['Draw', 'Erase', 'Clear']);
  await button(page, 'Open Synchronous').focus();
  await row(['Open Synchronous', 'Open Even-odd', 'Open Fastest']);
  await expect(time).toHaveValue('41');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Fastest' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect.poll(() => focused(page)).toBe('Open Fastest');
});
