/** How quick the lab is to begin, to respond, and to clean up after itself. Runs alone: see playwright.config.ts. */
import { expect, test, type Page } from 'playwright/test';
import { button, chooseFrom, openLab, outcome, setNumber, setSlider } from './lab';

declare global {
  var longTasks: number[];
  var liveBuffers: number;
}

test('shows its first retrieval within three seconds of loading', async ({ page }) => {
  await page.goto('./');
  await expect(page.getByRole('article', { name: 'Fastest' })).toContainText('still moving', {
    timeout: 3000,
  });
});

const silences: readonly (readonly [silence: string, script: () => void])[] = [
  ['gives no adapter', () => (GPU.prototype.requestAdapter = () => new Promise(() => undefined))],
  ['gives no device', () => (GPUAdapter.prototype.requestDevice = () => new Promise(() => undefined))],
  ['reads no buffer', () => (GPUBuffer.prototype.mapAsync = () => new Promise(() => undefined))],
];

for (const [silence, script] of silences) {
  test(`is on the CPU within two seconds of first paint where the GPU ${silence}`, async ({ page }) => {
    await page.addInitScript(script);
    await page.goto('./');
    const waiting = await page.waitForFunction(() => {
      const lab = document.querySelector('attractor-lab')?.shadowRoot;
      const words = lab?.querySelector('lab-header')?.shadowRoot?.textContent ?? '';
      const [paint] = performance.getEntriesByName('first-paint');
      return words.includes('CPU · float32') && performance.now() - (paint?.startTime ?? NaN);
    });
    const waited = await waiting.jsonValue();
    expect(waited, 'milliseconds').toBeLessThan(2000);
  });
}

for (const engine of ['cpu', 'webgpu']) {
  test(`never blocks input for 100 ms while a retrieval runs on ${engine}`, async ({ page }) => {
    await openLab(page, `?engine=${engine}`);
    await chooseFrom(page, 'Memory set', 'Shapes');
    await setNumber(page, 'Tolerance', 1e-12);
    await setNumber(page, 'Iteration limit', 800);
    await setNumber(page, 'Damping', 0.9);
    await setSlider(page, 'Speed', 100);
    await button(page, 'Corrupt').click();
    await page.evaluate(() => {
      globalThis.longTasks = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.longTasks.push(duration);
      }).observe({ type: 'longtask' });
    });
    await button(page, 'Retrieve').click();
    await expect(outcome(page)).toHaveText(/^Stopped at the limit of 800 iterations/, { timeout: 60_000 });
    const longest = Math.max(0, ...(await page.evaluate(() => globalThis.longTasks)));
    expect(longest, `the longest task, ms`).toBeLessThan(100);
  });
}

/** Retrieves so many times by pressing the button, each time to the end. */
async function retrieveOften(page: Page, times: number): Promise<void> {
  await button(page, 'Retrieve').evaluate(async (retrieve: HTMLElement, count) => {
    const root = retrieve.getRootNode();
    const view = root instanceof ShadowRoot ? root.host.getRootNode() : null;
    const words = view instanceof ShadowRoot ? view.querySelector('[role=status]') : null;
    if (!words) throw new Error('the page has no status');
    for (let i = 0; i < count; i++) {
      retrieve.click();
      do await new Promise(requestAnimationFrame);
      while (!words.textContent?.includes('overlap'));
    }
  }, times);
}

test('two hundred retrievals leave heap and GPU buffers where eighty left them', async ({ page }) => {
  await page.addInitScript(() => {
    globalThis.liveBuffers = 0;
    const living = new WeakSet<GPUBuffer>();
    const create = GPUDevice.prototype.createBuffer;
    const destroy = GPUBuffer.prototype.destroy;
    GPUDevice.prototype.createBuffer = function (this: GPUDevice, descriptor: GPUBufferDescriptor) {
      const buffer = create.call(this, descriptor);
      living.add(buffer);
      globalThis.liveBuffers++;
      return buffer;
    };
    GPUBuffer.prototype.destroy = function (this: GPUBuffer) {
      if (living.delete(this)) globalThis.liveBuffers--;
      return destroy.call(this);
    };
  });
  await openLab(page, '?engine=webgpu');
  await setSlider(page, 'Speed', 100);
  const cdp = await page.context().newCDPSession(page);
  const measure = async (): Promise<{ readonly heap: number; readonly buffers: number }> => {
    await button(page, 'Remove all').click();
    const dismiss = button(page, 'Dismiss');
    while ((await dismiss.count()) > 0) await dismiss.first().click();
    await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize } = await cdp.send('Runtime.getHeapUsage');
    return { heap: usedSize, buffers: await page.evaluate(() => globalThis.liveBuffers) };
  };
  await retrieveOften(page, 80);
  const early = await measure();
  await retrieveOften(page, 60);
  const middle = await measure();
  await retrieveOften(page, 60);
  const late = await measure();
  const sizes = `${early.heap}, ${middle.heap} and ${late.heap} bytes`;
  expect(middle.buffers).toBe(early.buffers);
  expect(late.buffers).toBe(early.buffers);
  // Code that has become hot takes more room now and then; what a retrieval leaves behind would do so every time.
  const growth = Math.min(middle.heap - early.heap, late.heap - middle.heap) / 60;
  expect(growth, `${sizes}, a retrieval`).toBeLessThan(3000);
  expect(late.heap / early.heap, sizes).toBeLessThan(1.2);
});
