/** Which engine runs, and what happens when it goes away. */
import { expect, test, type Page } from 'playwright/test';
import { button, chooseFrom, cuePixels, ended, openLab, outcome, setNumber, setSlider } from './lab';

declare global {
  var capturedDevices: GPUDevice[];
}

/** Keeps each device that the page gets, so that a test can take it away. */
async function captureDevices(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.capturedDevices = [];
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (descriptor) {
      const device = await request.call(this, descriptor);
      globalThis.capturedDevices.push(device);
      return device;
    };
  });
}

test('serves from the CPU where there is no WebGPU, and says why', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }));
  await openLab(page, '?');
  await expect(page.getByRole('banner')).toContainText('CPU · SIMD');
  await expect(page.getByRole('banner')).toContainText('this browser has no WebGPU');
});

test('runs on WebGPU when asked to, and changes engines in mid-run', async ({ page }) => {
  await openLab(page, '?engine=webgpu');
  await expect(page.getByRole('banner')).toContainText('WebGPU ·');
  await setNumber(page, 'Damping', 0.9);
  await setSlider(page, 'Speed', 45);
  await button(page, 'Retrieve').click();
  await expect(button(page, 'Pause')).toBeEnabled();
  await chooseFrom(page, 'Engine', 'CPU');
  await expect(page.getByRole('banner')).toContainText('CPU · SIMD');
  await setSlider(page, 'Speed', 100);
  await expect(outcome(page)).toHaveText(ended);
});

test('forgets an engine that only the address asked for', async ({ page }) => {
  await openLab(page, '?engine=cpu');
  await expect(page.getByRole('combobox', { name: 'Engine' })).toHaveValue('cpu');
  await setNumber(page, 'Damping', 0.3);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  await openLab(page, '?');
  await expect(page.getByRole('spinbutton', { name: 'Damping' })).toHaveValue('0.3');
  await expect(page.getByRole('combobox', { name: 'Engine' })).toHaveValue('auto');
  await chooseFrom(page, 'Engine', 'CPU');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  await openLab(page, '?');
  await expect(page.getByRole('combobox', { name: 'Engine' })).toHaveValue('cpu');
});

test('tells why it runs on this engine, to whoever asks by keyboard and to a screen reader', async ({
  page,
}) => {
  await openLab(page, '?engine=cpu');
  const engine = button(page, 'CPU · SIMD');
  await expect(engine).toHaveAccessibleDescription('Why this engine: chosen by you.');
  const reason = page.getByText('Why this engine: chosen by you.');
  const height = async (): Promise<number> => (await reason.boundingBox())?.height ?? 0;
  expect(await height()).toBeLessThan(2);
  await engine.press('Enter');
  await expect(engine).toHaveAttribute('aria-expanded', 'true');
  expect(await height()).toBeGreaterThan(10);
  await page.keyboard.press('Escape');
  await expect(engine).toHaveAttribute('aria-expanded', 'false');
  await expect(engine).toBeFocused();
});

test('comes back when the device is lost in mid-run, with nothing lost', async ({ page }) => {
  await captureDevices(page);
  await openLab(page, '?engine=webgpu');
  await button(page, 'Clear').click();
  await page.getByRole('application', { name: 'Cue' }).click();
  await page.getByRole('option', { name: 'B', exact: true }).click();
  await button(page, 'Damage the cue').click();
  const cue = await cuePixels(page);
  await setNumber(page, 'Damping', 0.8);
  await setSlider(page, 'Speed', 45);
  await button(page, 'Retrieve').click();
  await expect(page.getByText(/^Iteration [1-9]/)).toBeVisible();
  await page.evaluate(() => globalThis.capturedDevices.at(-1)?.destroy());
  await expect(page.getByText(/The engine was lost/)).toBeVisible();
  await setSlider(page, 'Speed', 100);
  await expect(outcome(page)).toHaveText(/: B \(overlap 1\.00\)$/, { timeout: 30_000 });
  await expect(page.getByRole('banner')).toContainText('the GPU was lost and came back');
  expect(await cuePixels(page)).toBe(cue);
  expect(await page.evaluate(() => globalThis.capturedDevices.length)).toBe(2);
});

/** A software adapter is not asked for a device unless a person asks for it, so here it looks like another. */
const likeHardware = (): void => {
  const info = {
    vendor: 'acme',
    architecture: 'anvil',
    device: '',
    description: '',
    isFallbackAdapter: false,
  };
  Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => info });
};

/** On a busy machine the patience may end before a fault shows. */
const faults: readonly (readonly [fault: string, reason: RegExp, script: () => void])[] = [
  [
    'the request for an adapter is never answered',
    /the GPU did not answer within 0.9 s/,
    () => {
      GPU.prototype.requestAdapter = () => new Promise(() => undefined);
    },
  ],
  [
    'the request for a device is never answered',
    /the GPU did not answer within 0.9 s/,
    () => {
      GPUAdapter.prototype.requestDevice = () => new Promise(() => undefined);
    },
  ],
  [
    'buffers cannot be read',
    /instance gone|did not answer within 0.9 s/,
    () => {
      GPUBuffer.prototype.mapAsync = () => Promise.reject(new DOMException('instance gone', 'AbortError'));
    },
  ],
  [
    'reading a buffer never ends',
    /the GPU did not answer within 0.9 s/,
    () => {
      GPUBuffer.prototype.mapAsync = () => new Promise(() => undefined);
    },
  ],
  [
    'reading a buffer never ends but for the first time',
    /not ready within 0.9 s|did not answer within 0.9 s/,
    () => {
      const map = GPUBuffer.prototype.mapAsync;
      let maps = 0;
      GPUBuffer.prototype.mapAsync = function (...args) {
        return maps++ === 0 ? map.apply(this, args) : new Promise(() => undefined);
      };
    },
  ],
  [
    'the device is lost when it comes',
    /lost while it started|does not give back what it computes: |did not answer within 0.9 s/,
    () => {
      const request = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (descriptor) {
        const device = await request.call(this, descriptor);
        device.destroy();
        return device;
      };
    },
  ],
];

for (const [fault, reason, script] of faults) {
  test(`goes on with the CPU, with the reason, where ${fault}`, async ({ page }) => {
    await page.addInitScript(likeHardware);
    await page.addInitScript(script);
    await page.goto('./?view=bench');
    const banner = page.getByRole('banner');
    // A GPU that has answered before is waited for, three seconds each time.
    await expect(banner).toContainText('CPU · SIMD', { timeout: 40_000 });
    await expect(banner).toContainText(reason);
    await expect(outcome(page)).toHaveText(ended);
  });
}

test('says in words that WebGPU was asked for in vain, and has it when it comes back', async ({ page }) => {
  await page.addInitScript(() => {
    const request = GPU.prototype.requestAdapter;
    let asked = 0;
    GPU.prototype.requestAdapter = function (options) {
      return asked++ === 0 ? Promise.resolve(null) : request.call(this, options);
    };
  });
  await openLab(page, '?engine=webgpu');
  await expect(button(page, 'No WebGPU · CPU · SIMD')).toHaveAccessibleDescription(
    'WebGPU cannot be had: WebGPU is here, but offers no adapter.',
  );
  await button(page, 'Try the GPU again').click();
  await expect(page.getByRole('banner')).toContainText('WebGPU ·');
  await expect(page.getByRole('banner')).not.toContainText('cannot be had');
});

test('ends on the CPU, with its run done, where reading never ends in the middle of it', async ({ page }) => {
  await openLab(page, '?engine=webgpu');
  await page.evaluate(() => {
    GPUBuffer.prototype.mapAsync = () => new Promise(() => undefined);
  });
  await button(page, 'Retrieve').click();
  await expect(page.getByRole('banner')).toContainText('No WebGPU · CPU', { timeout: 20_000 });
  await setSlider(page, 'Speed', 100);
  await expect(outcome(page)).toHaveText(ended);
});

test('settles on the CPU when the device is lost twice within two minutes', async ({ page }) => {
  await captureDevices(page);
  await openLab(page, '?engine=webgpu');
  const banner = page.getByRole('banner');
  const lose = (): Promise<void> => page.evaluate(() => globalThis.capturedDevices.at(-1)?.destroy());
  await lose();
  await expect(banner).toContainText('the GPU was lost and came back');
  await lose();
  await expect(banner).toContainText('the GPU was lost twice within two minutes');
  await expect(banner).toContainText('CPU · SIMD');
  await setSlider(page, 'Speed', 100);
  await button(page, 'Retrieve').click();
  await expect(outcome(page)).toHaveText(ended);
});

test('ends in words where the GPU has no memory left, and goes on when there is some', async ({ page }) => {
  await openLab(page, '?engine=webgpu');
  await page.evaluate(() => {
    const scope = GPUDevice.prototype.popErrorScope;
    GPUDevice.prototype.popErrorScope = async function () {
      GPUDevice.prototype.popErrorScope = scope;
      await scope.call(this);
      return new GPUOutOfMemoryError('no memory left');
    };
  });
  await chooseFrom(page, 'Memory set', 'Shapes');
  await button(page, 'Retrieve').click();
  await expect(page.getByRole('alert')).toContainText(/could not go on: the device has no room for/);
  await button(page, 'Retrieve').click();
  await expect(outcome(page)).toHaveText(ended);
});

test('tells of words in the address that it does not know', async ({ page }) => {
  await page.goto('./?engine=gpu&variant=tile-7');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('the engine “gpu”, which there is not (auto, webgpu, cpu)');
  await expect(alert).toContainText('the variant “tile-7”');
});
