/**
 * `npm run screenshot`: docs/lab.png again, the picture in README.md: the stage as the fastest of three lanes arrives.
 * `npm run screenshot -- --all`: every state of the lab, light and dark, at three sizes, into test-results/screenshots, to be looked at.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { chromium } from 'playwright';
import { createServer } from 'vite';
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
  await (process.argv.includes('--all') ? everyState() : readmePicture());
} finally {
  await browser.close();
  await server.close();
}
