/**
 * `npm run screenshot`: docs/lab.png again, the picture in README.md: the stage as the fastest of three lanes arrives.
 * `npm run screenshot -- --film`: docs/three-ways.png again, an animated PNG of those lanes on their way.
 * `npm run screenshot -- --all`: every state of the lab, light and dark, at three sizes, into test-results/screenshots, to be looked at.
 */
/* global createImageBitmap, OffscreenCanvas */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { apng } from './apng.mjs';
import { browserArgs, findBrowser } from './machine.mjs';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'test-results', 'screenshots');

const SIZES = /** @type {const} */ ([
  [1440, 900],
  [1024, 768],
  [390, 844],
]);

/** @typedef {import('playwright').Page} Page */

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** @param {string} title @returns {(page: Page) => Promise<void>} */
const word = (title) => (page) => page.getByTitle(title, { exact: true }).click();

/** @param {string} title @returns {(page: Page) => Promise<void>} */
const lesson = (title) => async (page) => {
  await press(page, 'Lessons');
  await page.getByRole('menuitem', { name: title }).click();
};

/** A five, as shares of the surface. */
const FIVE = [
  [0.68, 0.2],
  [0.45, 0.21],
  [0.4, 0.45],
  [0.52, 0.42],
  [0.63, 0.48],
  [0.66, 0.62],
  [0.58, 0.76],
  [0.42, 0.78],
  [0.33, 0.7],
];

/** Opens Classify and draws a digit. @param {(page: Page) => Promise<unknown>} then @returns {(page: Page) => Promise<void>} */
const classify = (then) => async (page) => {
  await press(page, 'Classify');
  await press(page, 'Draw your own');
  const surface = page.getByRole('application', { name: 'Digit', exact: true });
  await surface.scrollIntoViewIfNeeded();
  const frame = await surface.boundingBox();
  for (const [i, [x = 0, y = 0]] of FIVE.entries()) {
    await page.mouse.move(
      (frame?.x ?? 0) + x * (frame?.width ?? 0),
      (frame?.y ?? 0) + y * (frame?.height ?? 0),
    );
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
  await page.getByRole('status').filter({ hasText: 'Fastest: Converged' }).waitFor();
  await then(page);
};

/** What is done on the stage to come to a state. @type {Readonly<Record<string, (page: Page) => Promise<unknown>>>} */
const STATES = {
  stage: async () => undefined,
  'which-memories': word('Which memories'),
  'which-network': word('Which network'),
  damage: word('What is done to the cue'),
  'which-ways': word('Which ways'),
  tolerance: word('How exactly'),
  'opened-synchronous': (page) => press(page, 'Open Synchronous'),
  'opened-fastest': (page) => press(page, 'Open Fastest'),
  lesson: lesson('Fewer still: solvers'),
  'two-cycle': lesson('The two-cycle'),
  'export-menu': (page) => press(page, 'Export'),
  figure: async (page) => {
    await press(page, 'Export');
    await page.getByRole('menuitem', { name: 'Figure…' }).click();
  },
  'how-it-works': (page) => press(page, 'How it works'),
  keyboard: (page) => page.keyboard.press('?'),
  error: (page) =>
    page
      .getByLabel('Run file')
      .setInputFiles({ name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from('{') }),
  'empty-set': async (page) => {
    await word('Which memories')(page);
    await press(page, 'New set');
    await page.getByRole('textbox', { name: 'Name' }).fill('Mine');
    await page.keyboard.press('Enter');
  },
  classify: classify(async () => undefined),
  'classify-network': classify(word('Which network')),
  'classify-digit': classify(word('Which digit')),
  'classify-weights': classify(async (page) => {
    await page.getByRole('application', { name: 'Fastest, layer 1' }).focus();
    await page.keyboard.press('ArrowRight');
  }),
  'classify-imagined': classify(async (page) => {
    await word('Which digit')(page);
    await press(page, '3');
    await page.keyboard.press('Escape');
  }),
  'classify-opening': async (page) => {
    await press(page, 'Classify');
    await page.getByRole('status').filter({ hasText: 'Fastest: Converged' }).waitFor();
  },
  'classify-empty': async (page) => {
    await press(page, 'Classify');
    await press(page, 'Draw your own');
  },
  bench: async (page) => {
    await press(page, 'Bench');
    await page.getByRole('button', { name: 'Retrieve', exact: true }).first().click();
  },
};

/** Opens the lab and waits for its lanes. @param {Page} page */
async function open(page) {
  // The CPU engine is there on every machine, so the picture is the same everywhere.
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}?engine=cpu`);
  await page.getByRole('article', { name: 'Synchronous' }).filter({ hasText: 'found K' }).waitFor();
  await page.waitForFunction("document.fonts.status === 'loaded'");
}

/** The picture of README.md. */
async function readmePicture() {
  const file = join(root, 'docs', 'lab.png');
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 1.4,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  await open(page);
  await page.getByRole('slider', { name: 'Iteration' }).fill('12');
  await page.getByRole('heading', { name: 'Attractor' }).click();
  await page.mouse.move(0, 0);
  await page.screenshot({ path: file, animations: 'disabled' });
  console.log(`docs/lab.png, ${Math.round(statSync(file).size / 1000)} kB`);
}

/** What a picture shows that the one before did not, as a PNG: all else is transparent. @param {Page} page @param {Buffer} shot */
async function change(page, shot) {
  const { png, ...place } = await page.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const { width, height } = image;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(image, 0, 0);
    const now = context.getImageData(0, 0, width, height);
    const memory = /** @type {{ before?: Uint32Array }} */ (/** @type {unknown} */ (globalThis));
    const pixels = new Uint32Array(now.data.buffer);
    const before = memory.before;
    memory.before = pixels.slice();
    // Nothing has changed: one pixel, so that there is a frame.
    let [left, top, right, bottom] = before ? [width, height, 0, 0] : [0, 0, width, height];
    for (const [i, pixel] of pixels.entries()) {
      if (!before) break;
      if (pixel === before[i]) {
        pixels[i] = 0;
        continue;
      }
      const [x, y] = [i % width, Math.floor(i / width)];
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
    }
    if (right === 0) [left, top, right, bottom] = [0, 0, 1, 1];
    const part = new OffscreenCanvas(right - left, bottom - top);
    part.getContext('2d')?.putImageData(now, -left, -top);
    const bytes = new Uint8Array(await (await part.convertToBlob({ type: 'image/png' })).arrayBuffer());
    return { x: left, y: top, png: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) };
  }, shot.toString('base64'));
  return { ...place, png: Buffer.from(png, 'base64') };
}

/** The film of README.md: the three lanes that the stage opens on, an iteration a frame. */
async function film() {
  const file = join(root, 'docs', 'three-ways.png');
  const page = await browser.newPage({
    viewport: { width: 1200, height: 660 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  const painter = await browser.newPage();
  await open(page);
  const time = page.getByRole('slider', { name: 'Iteration' });
  const last = Number(await time.getAttribute('max'));
  const top = await page.getByRole('group', { name: 'Lanes' }).boundingBox();
  const bottom = await page.getByRole('region', { name: 'Energy' }).boundingBox();
  if (!top || !bottom) throw new Error('the stage is not on the page');
  const clip = {
    x: Math.floor(top.x) - 8,
    y: Math.floor(top.y) - 8,
    width: Math.ceil(top.width) + 16,
    height: Math.ceil(bottom.y + bottom.height - top.y) + 12,
  };
  const frames = [];
  for (let iteration = 0; iteration <= last; iteration++) {
    await time.fill(String(iteration));
    await time.blur();
    // A picture that would flash waits a third of a second.
    await setTimeout(450);
    const shot = await page.screenshot({ clip, animations: 'disabled' });
    const pause = iteration === 0 ? 700 : iteration === last ? 2500 : 1000 / 9;
    frames.push({ ...(await change(painter, shot)), milliseconds: Math.round(pause) });
  }
  writeFileSync(file, apng(frames));
  console.log(`docs/three-ways.png, ${frames.length} frames, ${Math.round(statSync(file).size / 1000)} kB`);
}

async function everyState() {
  mkdirSync(folder, { recursive: true });
  for (const [width, height] of SIZES) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      for (const [name, come] of Object.entries(STATES)) {
        const page = await browser.newPage({
          viewport: { width, height },
          colorScheme,
          reducedMotion: 'reduce',
        });
        await open(page);
        await come(page);
        // Charts and pictures are drawn a frame or two later, and a picture that would flash waits.
        await setTimeout(1000);
        const file = `${name}-${width}-${colorScheme}.png`;
        await page.screenshot({ path: join(folder, file), animations: 'disabled' });
        console.log(file);
        await page.close();
      }
    }
  }
}

const server = await createServer({ root, server: { port: 0, host: '127.0.0.1' }, logLevel: 'warn' });
await server.listen();
const executablePath = findBrowser();
const browser = await chromium.launch({
  args: [...browserArgs],
  ...(executablePath ? { executablePath } : {}),
});
try {
  if (process.argv.includes('--all')) await everyState();
  else if (process.argv.includes('--film')) await film();
  else await readmePicture();
} finally {
  await browser.close();
  await server.close();
}
