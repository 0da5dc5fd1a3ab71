/** How long work takes on the device: by the device's own clock where it has one, else by ours. */
import type { Readback } from '../readback';

export class Stopwatch {
  private readonly queries: GPUQuerySet | null;
  private readonly ticks: GPUBuffer | null;

  constructor(
    private readonly device: GPUDevice,
    private readonly readback: Readback,
  ) {
    const clock = device.features.has('timestamp-query');
    this.queries = clock ? device.createQuerySet({ label: 'stopwatch', type: 'timestamp', count: 2 }) : null;
    this.ticks = clock
      ? device.createBuffer({
          label: 'ticks',
          size: 16,
          usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
        })
      : null;
  }

  /**
   * Milliseconds from the beginning to the end of a pass. The device's clock may be coarse, so that a short pass takes 0;
   * by our clock the way to the device and back is in it. Submits before it waits for anything.
   */
  async time(record: (pass: GPUComputePassEncoder) => void): Promise<number> {
    const { device, queries, ticks } = this;
    const encoder = device.createCommandEncoder({ label: 'stopwatch' });
    const pass = encoder.beginComputePass({
      label: 'timed',
      ...(queries
        ? { timestampWrites: { querySet: queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 } }
        : {}),
    });
    record(pass);
    pass.end();
    if (queries && ticks) {
      encoder.resolveQuerySet(queries, 0, 2, ticks, 0);
      const read = await this.readback.read(encoder, [{ from: ticks, offset: 0, size: 16 }]);
      const [begin = 0n, end = 0n] = new BigUint64Array(read);
      // A clock may be reset between the two (WebGPU, "Timestamp Query"): then nothing is known.
      return end >= begin ? Number(end - begin) / 1e6 : Infinity;
    }
    const began = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return performance.now() - began;
  }

  destroy(): void {
    this.queries?.destroy();
    this.ticks?.destroy();
  }
}
