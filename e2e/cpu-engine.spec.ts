/** The CPU engine where something that it likes to have is missing: each still retrieves, and says what it runs on. */
import { expect, test, type Page } from 'playwright/test';
import { openLab, retrieve } from './lab';

declare global {
  var threads: Worker[];
}

const banner = (page: Page) => page.getByRole('banner');

/** Another number of cores than the machine has. */
const cores = (page: Page, count: number): Promise<unknown> =>
  page.addInitScript((value) => {
    Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => value });
  }, count);

test('computes in plain loops where the host forbids WebAssembly', async ({ page }) => {
  await page.route('**/*', async (route) => {
    if (route.request().resourceType() !== 'document' && !route.request().url().includes('cpu-worker'))
      return route.continue();
    const response = await route.fetch();
    const text = (await response.text()).replace(" 'wasm-unsafe-eval'", '');
    return route.fulfill({
      response,
      body: text,
      headers: { ...response.headers(), 'content-security-policy': "script-src 'self'" },
    });
  });
  await openLab(page);
  await expect(banner(page)).toContainText('CPU · plain loops');
  expect(await retrieve(page)).toContain('Converged after');
});

test('computes on the page where there are no workers', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Worker'));
  await openLab(page);
  await expect(banner(page)).toContainText('CPU · SIMD');
  expect(await retrieve(page)).toContain('Converged after');
});

for (const isolation of ['with', 'without'] as const) {
  test(`computes on several threads ${isolation} shared memory`, async ({ page }) => {
    await cores(page, 4);
    if (isolation === 'without') {
      await page.route('**/*', async (route) => {
        const response = await route.fetch();
        const headers = Object.fromEntries(
          Object.entries(response.headers()).filter(([name]) => !name.startsWith('cross-origin-')),
        );
        return route.fulfill({ response, headers });
      });
    }
    await page.goto('./?engine=cpu');
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolation === 'with');
    await expect(banner(page)).toContainText('CPU · SIMD · 3 threads');
    // Three lanes run side by side, each on a thread.
    await expect
      .poll(() => page.workers().filter((worker) => worker.url().includes('cpu-worker')).length)
      .toBe(3);
    for (const name of ['Synchronous', 'Even-odd', 'Fastest'])
      await expect(page.getByRole('article', { name, exact: true })).toContainText('found K');
  });
}

test('goes on when a thread dies', async ({ page }) => {
  await page.addInitScript(() => {
    globalThis.threads = [];
    const Real = Worker;
    globalThis.Worker = class extends Real {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        globalThis.threads.push(this);
      }
    };
  });
  await openLab(page);
  await page.evaluate(() => {
    for (const thread of globalThis.threads) {
      thread.terminate();
      thread.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
    }
  });
  await expect(
    page.getByText(/The engine was lost \(a thread of the CPU engine has failed: killed\)/),
  ).toBeVisible();
  await expect(banner(page)).toContainText('the CPU engine was lost and came back');
  expect(await retrieve(page)).toContain('Converged after');
});
