import { expect, test } from 'vitest';
import { sharedGpu } from '../../testing/every-engine';
import { Readback } from './readback';

/** Milliseconds: how often Firefox looks for finished work by itself. */
const POLL = 100;

test('what the device has done is read at once, in a browser that looks only now and then', async () => {
  const adapter = await (await sharedGpu()).requestAdapter();
  const device = await adapter!.requestDevice();
  const readback = new Readback(device, () => undefined);
  const from = device.createBuffer({ size: 256, usage: GPUBufferUsage.COPY_SRC });
  const milliseconds: number[] = [];
  for (let i = 0; i < 21; i++) {
    const encoder = device.createCommandEncoder();
    const began = performance.now();
    await readback.read(encoder, [{ from, offset: 0, size: 256 }]);
    milliseconds.push(performance.now() - began);
  }
  const median = milliseconds.sort((a, b) => a - b)[10]!;
  expect(median).toBeLessThan(POLL / 2);
  readback.destroy();
  device.destroy();
});
