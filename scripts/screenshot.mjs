/** `npm run screenshot`: docs/lab.png again, the picture in README.md. It shows the stage as the fastest of three lanes arrives. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { browserArgs, findBrowser } from './machine.mjs';

const root = join(import.meta.dirname, '..');
const file = join(root, 'docs', 'lab.png');

const server = await createServer({ root, server: { port: 0, host: '127.0.0.1' }, logLevel: 'warn' });
await server.listen();
const executablePath = findBrowser();
const browser = await chromium.launch({
  args: [...browserArgs],
  ...(executablePath ? { executablePath } : {}),
});
try {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 1.4,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  // The CPU engine is there on every machine, so the picture is the same everywhere.
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}?engine=cpu`);
  await page.getByRole('article', { name: 'Synchronous' }).filter({ hasText: 'found K' }).waitFor();
  await page.getByRole('slider', { name: 'Iteration' }).fill('12');
  await page.getByRole('heading', { name: 'Attractor' }).click();
  await page.waitForFunction("document.fonts.status === 'loaded'");
  await page.mouse.move(0, 0);
  await page.screenshot({ path: file, animations: 'disabled' });
  console.log(`docs/lab.png, ${Math.round(statSync(file).size / 1000)} kB`);
} finally {
  await browser.close();
  await server.close();
}
