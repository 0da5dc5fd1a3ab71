/** What the lab leaves behind. */
import { expect, test, type Page } from 'playwright/test';
import { button, openLab, setSlider } from './lab';

declare global {
  var liveBuffers: number;
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
    // What only a finalizer lets go of needs a turn of the page between two collections.
    for (let i = 0; i < 4; i++) {
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
      await cdp.send('HeapProfiler.collectGarbage');
    }
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
