/** What leaves the lab is right, and a run that left it comes back. */
import { readFile } from 'node:fs/promises';
import type { AxeResults } from 'axe-core';
import { expect, test, type Page } from 'playwright/test';
import {
  button,
  chooseFrom,
  cuePixels,
  ended,
  openLab,
  outcome,
  retrieve,
  setNumber,
  setSlider,
} from './lab';

const axe = new URL('../node_modules/axe-core/axe.min.js', import.meta.url).pathname;

async function exported(page: Page, item: string): Promise<Buffer> {
  const downloading = page.waitForEvent('download');
  await button(page, 'Export').click();
  await page.getByRole('menuitem', { name: item }).click();
  return readFile(await (await downloading).path());
}

async function nameRun(page: Page, name: string): Promise<void> {
  await page
    .getByRole('button', { name: /^Rename Letters/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog', { name: 'Rename run' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(dialog).toBeHidden();
}

function openRun(page: Page, text: string | Buffer, name = 'run.json'): Promise<void> {
  return page
    .locator('input[type=file][accept*=json]')
    .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

test('exports the chart as PNG and SVG and the data as CSV', async ({ page }) => {
  await openLab(page);
  await nameRun(page, 'β = 8, <ξ & ρ>');
  const png = await exported(page, 'Chart as PNG');
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(1600);

  const svg = (await exported(page, 'Chart as SVG')).toString('utf8');
  const parsed = await page.evaluate((source) => {
    const drawing = new DOMParser().parseFromString(source, 'image/svg+xml');
    return {
      root: drawing.documentElement.nodeName,
      errors: drawing.querySelectorAll('parsererror').length,
      text: drawing.documentElement.textContent,
      images: drawing.querySelectorAll('image, script, foreignObject').length,
      paths: drawing.querySelectorAll('path').length,
    };
  }, svg);
  expect(parsed).toMatchObject({ root: 'svg', errors: 0, images: 0 });
  expect(parsed.text).toContain('β = 8, <ξ & ρ>');
  expect(parsed.paths).toBeGreaterThan(2);

  const rows = (await exported(page, 'Data as CSV')).toString('utf8').trim().split('\r\n');
  expect(rows[0]).toBe(
    'run,network,schedule,solver,damping,iteration,energy,map_residual,step_residual,' +
      'unit_updates,milliseconds,dynamics,window,ridge,safeguard,omega,local,criterion,tolerance,first_scale,mu,' +
      'set,cue,corruption,amount,seed,held_pixels,gain,degree,sharpness,centred,memory_start,engine,precision,iteration_limit,' +
      'ridge_scale,stop,stop_iteration,verdict,nearest,overlap,step,momentum,start,curvature',
  );
  expect(rows[1]).toMatch(
    /^"β = 8, <ξ & ρ>",classical,even-odd,lbfgs,,0,.*,0,0,ham,5,,,,,map,0\.0001,fitted,,Letters,A,flip,0\.2,1,.*,converged,\d+,recalled,A,[\d.]+,,,,$/,
  );
  expect(rows).toHaveLength(2 + Number(/\d+/.exec(await outcome(page).innerText())?.[0]));
});

test('makes a figure for where it goes, shows it first, and remembers the choice', async ({ page }) => {
  const figure = page.getByRole('dialog', { name: 'Figure' });
  const openFigure = async (): Promise<void> => {
    await button(page, 'Export').click();
    await page.getByRole('menuitem', { name: 'Figure…' }).click();
    await expect(figure.getByRole('img', { name: /against iterations/ })).toBeVisible();
  };
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=cpu');
  await expect(page.getByRole('article', { name: 'Fastest' })).toContainText('found');
  await openFigure();
  await figure.getByRole('combobox', { name: 'Format' }).selectOption('Column of a paper');
  await figure.getByRole('combobox', { name: 'File' }).selectOption('SVG');
  await page.evaluate(await readFile(axe, 'utf8'));
  const faults = await page.evaluate(async () => {
    type Axe = { run: (element: string) => Promise<AxeResults> };
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run('figure-dialog');
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
  });
  expect(faults).toEqual([]);
  expect(await figure.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  const downloading = page.waitForEvent('download');
  await figure.getByRole('button', { name: 'Save SVG' }).click();
  const svg = await readFile(await (await downloading).path(), 'utf8');
  expect(svg).toContain('width="85mm"');
  for (const words of ['Synchronous', 'Fastest', 'Energy above the lowest', 'Classical, gain'])
    expect(svg).toContain(words);
  await expect(figure).toHaveCount(0);
  await expect(button(page, 'Export')).toBeFocused();

  // The quick way makes what was last chosen.
  const png = await exported(page, 'Chart as PNG');
  expect(png.readUInt32BE(16)).toBe(1004);
  await openFigure();
  await expect(figure.getByRole('combobox', { name: 'Format' })).toHaveValue('column');
  await page.keyboard.press('Escape');
  await expect(figure).toHaveCount(0);
});

test('opens a saved run in a fresh lab and reruns it to the same curves', async ({ page, browser }) => {
  await openLab(page);
  await setSlider(page, 'Speed', 100);
  await chooseFrom(page, 'Memory set', 'Digits');
  await chooseFrom(page, 'Network', 'Dense');
  await chooseFrom(page, 'Schedule', 'Synchronous');
  await setNumber(page, 'Damping', 0.25);
  await button(page, 'Damage the cue').click();
  const words = await retrieve(page);
  const cue = await cuePixels(page);
  const saved = (await exported(page, 'Run as JSON')).toString('utf8');

  const context = await browser.newContext();
  const fresh = await context.newPage();
  await openLab(fresh, '?engine=webgpu');
  await openRun(fresh, saved);
  await expect(
    fresh.getByText(/^Reran “Digits 0 · Dense · synchronous · Picard”: same curves/),
  ).toBeVisible();
  expect(await outcome(fresh).innerText()).toBe(words);
  expect(await cuePixels(fresh)).toBe(cue);
  await expect(fresh.getByRole('combobox', { name: 'Network' })).toHaveValue('dense');
  await expect(fresh.getByRole('combobox', { name: 'Schedule' })).toHaveValue('synchronous');
  await expect(fresh.getByRole('spinbutton', { name: 'Damping' })).toHaveValue('0.25');
  await context.close();
});

test('refuses broken run files with a message, and stays as it was', async ({ page }) => {
  await openLab(page);
  const cue = await cuePixels(page);
  const words = await outcome(page).innerText();
  const saved: unknown = JSON.parse((await exported(page, 'Run as JSON')).toString('utf8'));
  const broken = (change: (run: Record<string, Record<string, unknown>>) => void): string => {
    const copy = structuredClone(saved) as Record<string, Record<string, unknown>>;
    change(copy);
    return JSON.stringify(copy);
  };
  const files: readonly (readonly [string, string])[] = [
    ['cut.json', JSON.stringify(saved).slice(0, 500)],
    ['nan.json', JSON.stringify(saved).replace(/"energy":\[/, '"energy":[NaN,')],
    ['other.json', '{"format":"something else"}'],
    ['shape.json', broken((run) => (run['set'] = { ...run['set'], width: 17 }))],
    ['huge.json', broken((run) => (run['set'] = { ...run['set'], width: 1e9 }))],
    ['settings.json', broken((run) => (run['settings'] = { ...run['settings'], tolerance: -1 }))],
  ];
  for (const [name, text] of files) {
    await openRun(page, text, name);
    const alert = page.getByRole('alert').filter({ hasText: `${name} cannot be opened` });
    await expect(alert).toBeVisible();
    await alert.getByRole('button', { name: 'Dismiss' }).click();
  }
  expect(await cuePixels(page)).toBe(cue);
  expect(await outcome(page).innerText()).toBe(words);
});

test('shows a script in a name as text', async ({ page }) => {
  await openLab(page);
  const name = '<img src=x onerror="document.title=1">';
  const saved = JSON.parse((await exported(page, 'Run as JSON')).toString('utf8')) as {
    name: string;
    set: { memories: { name: string }[] };
    cue: { memory: string };
  };
  saved.name = name;
  saved.cue.memory = name;
  const [first] = saved.set.memories;
  if (first) first.name = name;
  await openRun(page, JSON.stringify(saved));
  await expect(page.getByRole('option', { name, exact: true })).toBeVisible();
  await expect(outcome(page)).toHaveText(ended);
  await expect(page).toHaveTitle('Attractor');
});

test('opens a run that is dropped on the page', async ({ page }) => {
  await openLab(page);
  const saved = (await exported(page, 'Run as JSON')).toString('utf8');
  await setNumber(page, 'Damping', 0.5);
  const files = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'run.json', { type: 'application/json' }));
    return transfer;
  }, saved);
  const lab = page.locator('attractor-lab');
  await lab.dispatchEvent('dragover', { dataTransfer: files });
  await expect(page.getByText('Drop a saved run or session, or images to import')).toBeVisible();
  await lab.dispatchEvent('drop', { dataTransfer: files });
  await expect(page.getByText('Drop a saved run or session, or images to import')).toHaveCount(0);
  await expect(
    page.getByText(/^Reran “Letters A · Classical · even-odd · Fastest”: same curves/),
  ).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Solver', exact: true })).toHaveValue('fastest');
  await expect(page.getByRole('spinbutton', { name: 'Damping' })).toHaveValue('0');
});

test('shows the numbers of an opened run, whatever was being typed and whatever the form allows', async ({
  page,
}) => {
  await openLab(page);
  const saved = JSON.parse((await exported(page, 'Run as JSON')).toString('utf8')) as {
    settings: { tolerance: number; iterationLimit: number };
  };
  saved.settings.tolerance = 0.9;
  saved.settings.iterationLimit = 77;
  await setNumber(page, 'Iteration limit', -4);
  await expect(page.getByText(/Still using 500/)).toBeVisible();
  await openRun(page, JSON.stringify(saved));
  await expect(page.getByText(/^Reran/)).toBeVisible();
  await expect(page.getByRole('spinbutton', { name: 'Iteration limit' })).toHaveValue('77');
  const tolerance = page.getByRole('spinbutton', { name: 'Tolerance' });
  await expect(tolerance).toHaveValue('0.9');
  await tolerance.fill('0.9');
  await expect(page.getByText(/Still using/)).toHaveCount(0);
  await tolerance.fill('0.95');
  await expect(page.getByText(/^Needs a number .* Still using 0.9\.$/)).toBeVisible();
});
