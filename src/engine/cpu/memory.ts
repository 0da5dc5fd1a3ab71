/** The one memory that kernels work on: blocks of bytes that are taken and given back. */
import { EngineError } from '../engine';

const PAGE = 65_536;
/** What a WebAssembly memory may grow to. */
const MOST_PAGES = 65_536;
/** Blocks begin at multiples of this: a line of the processor's cache. */
const LINE = 64;

const aligned = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

/** Where a block lies, in bytes. */
type Place = { readonly at: number; readonly bytes: number };

export class KernelMemory {
  private readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES });
  /** Blocks nobody has, in order, no two side by side. The first line stays unused, so that no block begins at 0. */
  private free: readonly Place[] = [{ at: LINE, bytes: PAGE - LINE }];
  private views = viewsOf(this.memory.buffer);

  get object(): WebAssembly.Memory {
    return this.memory;
  }

  /** The memory as numbers. What is held of these is lost when memory grows, so ask each time. */
  get f32(): Float32Array<ArrayBuffer> {
    return this.views.f32;
  }

  get f64(): Float64Array<ArrayBuffer> {
    return this.views.f64;
  }

  get i32(): Int32Array<ArrayBuffer> {
    return this.views.i32;
  }

  /**
   * A block of zeros, at a multiple of 64.
   * @throws EngineError where there is no more memory
   */
  take(bytes: number): number {
    const wanted = Math.max(aligned(bytes), LINE);
    const found = this.free.find((block) => block.bytes >= wanted) ?? this.grow(wanted);
    this.free = this.free.flatMap((block) => {
      if (block !== found) return [block];
      const rest = block.bytes - wanted;
      return rest > 0 ? [{ at: block.at + wanted, bytes: rest }] : [];
    });
    this.views.f32.fill(0, found.at / 4, (found.at + wanted) / 4);
    return found.at;
  }

  /** @param bytes as it was taken */
  give(at: number, bytes: number): void {
    const blocks = [...this.free, { at, bytes: Math.max(aligned(bytes), LINE) }].sort((a, b) => a.at - b.at);
    this.free = blocks.reduce<Place[]>((merged, block) => {
      const last = merged.at(-1);
      if (last && last.at + last.bytes === block.at)
        merged[merged.length - 1] = { at: last.at, bytes: last.bytes + block.bytes };
      else merged.push(block);
      return merged;
    }, []);
  }

  /** A free block of at least so many bytes, at the end. */
  private grow(bytes: number): Place {
    const end = this.memory.buffer.byteLength;
    // By half as much again at least, so that many small blocks do not grow it many times.
    const pages = Math.ceil(Math.max(bytes, Math.min(end / 2, 64 * 1024 * 1024)) / PAGE);
    try {
      this.memory.grow(pages);
    } catch {
      throw new EngineError(
        `the CPU engine needs ${Math.round((end + bytes) / 1e6)} MB of memory, and there is not so much; try fewer samples at a time`,
      );
    }
    this.views = viewsOf(this.memory.buffer);
    this.give(end, pages * PAGE);
    const last = this.free.at(-1);
    if (!last) throw new EngineError('the CPU engine has no memory');
    return last;
  }
}

/** Some float32 of the memory. */
export class Block {
  constructor(
    private readonly memory: KernelMemory,
    readonly at: number,
    private readonly length: number,
  ) {}

  get values(): Float32Array {
    return this.memory.f32.subarray(this.at / 4, this.at / 4 + this.length);
  }

  get bytes(): number {
    return 4 * this.length;
  }
}

function viewsOf(buffer: ArrayBuffer): {
  readonly f32: Float32Array<ArrayBuffer>;
  readonly f64: Float64Array<ArrayBuffer>;
  readonly i32: Int32Array<ArrayBuffer>;
} {
  return { f32: new Float32Array(buffer), f64: new Float64Array(buffer), i32: new Int32Array(buffer) };
}
