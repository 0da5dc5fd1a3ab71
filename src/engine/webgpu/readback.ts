/** Copies from the device to the page, through staging buffers that are used again. */
export class Readback {
  private readonly idle: GPUBuffer[] = [];
  private readonly all = new Set<GPUBuffer>();

  constructor(private readonly device: GPUDevice) {}

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
    await staging.mapAsync(GPUMapMode.READ, 0, size);
    const bytes = staging.getMappedRange(0, size).slice(0);
    staging.unmap();
    this.idle.push(staging);
    return bytes;
  }

  destroy(): void {
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
