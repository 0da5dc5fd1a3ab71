/** Milliseconds after all submitted work is done in which a buffer must be mapped. */
export const MAPPING = 3000;

/**
 * Milliseconds between two empty submits while a buffer is waited for, in Firefox alone: it looks for finished work every
 * 100 ms and at each submit (https://bugzilla.mozilla.org/show_bug.cgi?id=1870699).
 */
const NUDGE = 2;
const NEEDS_NUDGES = typeof navigator !== 'undefined' && /\bFirefox\//.test(navigator.userAgent);

/** Copies from the device to the page, through staging buffers that are used again. */
export class Readback {
  private readonly idle: GPUBuffer[] = [];
  private readonly all = new Set<GPUBuffer>();

  private destroyed = false;

  /** @param silent told, with the reason, when a buffer cannot be mapped or never is */
  constructor(
    private readonly device: GPUDevice,
    private readonly silent: (why: string) => void,
  ) {}

  /**
   * Appends copies of `parts` to the encoder, submits it, and returns the bytes, the parts one behind the other.
   * Rejects when the device is lost or this is destroyed meanwhile.
   */
  async read(
    encoder: GPUCommandEncoder,
    parts: readonly { readonly from: GPUBuffer; readonly offset: number; readonly size: number }[],
  ): Promise<ArrayBuffer> {
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    const staging = this.take(size);
    let at = 0;
    for (const part of parts) {
      encoder.copyBufferToBuffer(part.from, part.offset, staging, at, part.size);
      at += part.size;
    }
    this.device.queue.submit([encoder.finish()]);
    await this.map(staging, size);
    const bytes = staging.getMappedRange(0, size).slice(0);
    staging.unmap();
    this.idle.push(staging);
    return bytes;
  }

  /** Work may take long, mapping may not: so the wait is limited only from when the work is done. */
  private async map(staging: GPUBuffer, size: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let settled = false;
    const { queue } = this.device;
    const nudges = NEEDS_NUDGES ? setInterval(() => queue.submit([]), NUDGE) : undefined;
    const never = new Promise<never>((_, reject) => {
      const watch = (): void => {
        if (settled) return;
        timer = setTimeout(() => reject(new Error('it does not give back what it computed')), MAPPING);
      };
      queue.onSubmittedWorkDone().then(watch, () => undefined);
    });
    try {
      await Promise.race([staging.mapAsync(GPUMapMode.READ, 0, size), never]);
    } catch (error) {
      if (!this.destroyed) {
        this.silent(`the GPU did not answer: ${error instanceof Error ? error.message : String(error)}`);
      }
      throw error;
    } finally {
      settled = true;
      clearTimeout(timer);
      clearInterval(nudges);
    }
  }

  destroy(): void {
    this.destroyed = true;
    for (const buffer of this.all) buffer.destroy();
    this.all.clear();
    this.idle.length = 0;
  }

  /** The smallest idle buffer that holds `size`, or a new one. */
  private take(size: number): GPUBuffer {
    this.idle.sort((a, b) => a.size - b.size);
    const fits = this.idle.findIndex((buffer) => buffer.size >= size);
    const [found] = fits >= 0 ? this.idle.splice(fits, 1) : [];
    if (found) return found;
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const buffer = this.device.createBuffer({ label: 'staging', size: Math.ceil(size / 4096) * 4096, usage });
    this.all.add(buffer);
    return buffer;
  }
}
