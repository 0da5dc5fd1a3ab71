/** What the adapter can do at best: bytes copied, a large product, a dispatch that does nothing, and an answer. */
import emptyWgsl from './empty.wgsl?raw';
import productWgsl from './product.wgsl?raw';
import type { Ceilings } from './record';
import { quantile } from './statistics';
import { productTime } from './tensorflow';

const TRIES = 7;
const ROUND_TRIPS = 50;
const DISPATCHES = 2048;
/** A burst of work is made long enough for the clock and for the adapter to reach its pace, ms. */
const LONG_ENOUGH = 60;
/** What takes longer than this by itself is tried less often, and a product that would is not tried, ms. */
const LONG = 100;
const SIZES = [256, 512, 1024, 2048, 4096] as const;
/** Rows and columns that a workgroup of `product.wgsl` computes. */
const PRODUCT_BLOCK = 32;

/**
 * Milliseconds from the first of `times` pieces of work to the end of the last, without the round trip.
 * @param trip what a submit of nothing takes until it is answered, ms
 */
async function burst(
  device: GPUDevice,
  times: number,
  trip: number,
  record: (encoder: GPUCommandEncoder, times: number) => void,
): Promise<number> {
  const encoder = device.createCommandEncoder({ label: 'ceiling' });
  record(encoder, times);
  const began = performance.now();
  device.queue.submit([encoder.finish()]);
  await device.queue.onSubmittedWorkDone();
  return Math.max(performance.now() - began - trip, 1e-3);
}

/** The fewest milliseconds that one piece of work takes when many follow each other. */
async function best(
  device: GPUDevice,
  trip: number,
  record: (encoder: GPUCommandEncoder, times: number) => void,
): Promise<number> {
  await burst(device, 1, trip, record);
  const once = await burst(device, 1, trip, record);
  const times = Math.min(Math.max(Math.ceil(LONG_ENOUGH / once), 1), 256);
  let least = Infinity;
  const tries = once > LONG ? 2 : TRIES;
  for (let i = 0; i < tries; i++) least = Math.min(least, (await burst(device, times, trip, record)) / times);
  return least;
}

/** A submit that copies four bytes to where the page reads them: the median, ms. */
async function roundTrip(device: GPUDevice): Promise<number> {
  const { COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const source = device.createBuffer({ label: 'answer', size: 4, usage: COPY_SRC });
  const target = device.createBuffer({ label: 'answer to the page', size: 4, usage: COPY_DST | MAP_READ });
  const times: number[] = [];
  for (let i = 0; i < ROUND_TRIPS; i++) {
    const began = performance.now();
    const encoder = device.createCommandEncoder({ label: 'round trip' });
    encoder.copyBufferToBuffer(source, 0, target, 0, 4);
    device.queue.submit([encoder.finish()]);
    await target.mapAsync(GPUMapMode.READ);
    target.unmap();
    times.push(performance.now() - began);
  }
  source.destroy();
  target.destroy();
  return Math.max(quantile(times, 0.5), 1e-3);
}

/** GB/s, reading and writing both counted. */
async function copies(device: GPUDevice, trip: number, software: boolean): Promise<number> {
  const size = Math.min(device.limits.maxBufferSize, (software ? 64 : 512) * 2 ** 20);
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [from, to] = ['from', 'to'].map((label) => device.createBuffer({ label, size, usage }));
  if (!from || !to) throw new Error('two buffers were asked for');
  const milliseconds = await best(device, trip, (encoder, times) => {
    for (let i = 0; i < times; i++) encoder.copyBufferToBuffer(from, 0, to, 0, size);
  });
  from.destroy();
  to.destroy();
  return (2 * size) / (milliseconds * 1e6);
}

/** Milliseconds of one product of two square matrices by `product.wgsl`. */
async function ownProduct(device: GPUDevice, trip: number, size: number): Promise<number> {
  const pipeline = await device.createComputePipelineAsync({
    label: 'product',
    layout: 'auto',
    compute: {
      module: device.createShaderModule({ label: 'product', code: productWgsl }),
      constants: { SIZE4: size / 4 },
    },
  });
  const buffers = ['a', 'b', 'c'].map((label) =>
    device.createBuffer({ label, size: size * size * 4, usage: GPUBufferUsage.STORAGE }),
  );
  const group = device.createBindGroup({
    label: 'product',
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const milliseconds = await best(device, trip, (encoder, times) => {
    const pass = encoder.beginComputePass({ label: 'product' });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let i = 0; i < times; i++) pass.dispatchWorkgroups(size / PRODUCT_BLOCK, size / PRODUCT_BLOCK);
    pass.end();
  });
  for (const buffer of buffers) buffer.destroy();
  return milliseconds;
}

/** The fastest of two products, ours and TensorFlow.js', at sizes that rise until the next would take long. */
async function products(device: GPUDevice, trip: number): Promise<Ceilings['product']> {
  let found: Ceilings['product'] = { gigaflopsPerSecond: 0, size: 0, by: 'attractor' };
  for (const size of SIZES) {
    const milliseconds = await ownProduct(device, trip, size);
    const own = (2 * size ** 3) / (milliseconds * 1e6);
    const theirs = (2 * size ** 3) / ((await productTime(size, LONG_ENOUGH)) * 1e6);
    const gigaflopsPerSecond = Math.max(own, theirs);
    if (gigaflopsPerSecond > found.gigaflopsPerSecond) {
      found = { gigaflopsPerSecond, size, by: own >= theirs ? 'attractor' : 'tfjs' };
    }
    // The next one is eight times as much work.
    if (8 * milliseconds > LONG) break;
  }
  return found;
}

/** Microseconds that a dispatch costs when it does nothing: many in one pass, the median of several tries. */
async function emptyDispatch(device: GPUDevice, trip: number): Promise<number> {
  const pipeline = await device.createComputePipelineAsync({
    label: 'empty',
    layout: 'auto',
    compute: { module: device.createShaderModule({ label: 'empty', code: emptyWgsl }) },
  });
  const times: number[] = [];
  for (let i = 0; i < TRIES; i++) {
    const milliseconds = await burst(device, DISPATCHES, trip, (encoder, n) => {
      const pass = encoder.beginComputePass({ label: 'empty' });
      pass.setPipeline(pipeline);
      for (let k = 0; k < n; k++) pass.dispatchWorkgroups(1);
      pass.end();
    });
    times.push((1000 * milliseconds) / DISPATCHES);
  }
  return quantile(times, 0.5);
}

/** @param software keeps the pieces small where a processor plays the GPU */
export async function measureCeilings(
  device: GPUDevice,
  software: boolean,
  signal: AbortSignal,
): Promise<Ceilings> {
  const roundTripMilliseconds = await roundTrip(device);
  signal.throwIfAborted();
  const emptyDispatchMicroseconds = await emptyDispatch(device, roundTripMilliseconds);
  signal.throwIfAborted();
  const copyGigabytesPerSecond = await copies(device, roundTripMilliseconds, software);
  signal.throwIfAborted();
  const product = await products(device, roundTripMilliseconds);
  return { copyGigabytesPerSecond, product, emptyDispatchMicroseconds, roundTripMilliseconds };
}
