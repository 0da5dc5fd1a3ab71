/** A finger on the cue. */
import type { Page } from 'playwright/test';

declare global {
  var strokeDrawn: Promise<void>;
}

/**
 * A finger that goes down at the first place, rests at the last and goes up there; a faster one would fling, and a
 * tap right after a fling only stops it. Places are shares of the cue.
 */
export async function stroke(page: Page, places: readonly (readonly [number, number])[]): Promise<void> {
  const frame = await page.getByRole('application', { name: 'Cue' }).boundingBox();
  if (!frame) throw new Error('the cue is not on the page');
  const cdp = await page.context().newCDPSession(page);
  const points = places.map(([x, y]) => ({ x: frame.x + x * frame.width, y: frame.y + y * frame.height }));
  await page.evaluate(() => {
    globalThis.strokeDrawn = new Promise((resolve) => {
      addEventListener('pointerup', () => requestAnimationFrame(() => resolve()), { once: true });
    });
  });
  let timestamp = Date.now() / 1000;
  for (const [i, point] of [...points, ...points.slice(-1), ...points.slice(-1)].entries()) {
    const type = i === 0 ? 'touchStart' : 'touchMove';
    timestamp += 0.1;
    await cdp.send('Input.dispatchTouchEvent', { type, touchPoints: [point], timestamp });
  }
  await cdp.send('Input.dispatchTouchEvent', {
    type: 'touchEnd',
    touchPoints: [],
    timestamp: timestamp + 0.2,
  });
  await page.evaluate(() => globalThis.strokeDrawn);
  await cdp.detach();
}
