/** Where the numbers of one layer of a batch lie: one row a sample, padded to whole vectors. */
import type { Floats } from '../../numbers/floats';
import { padded, TERM_BYTES, type LayerCode } from './kernels';
import type { KernelMemory } from './memory';

/** Slot t mod 2 of a pair holds what belongs to state t. */
export type Slot = 0 | 1;

export const slotOf = (t: number): Slot => (t % 2 === 0 ? 0 : 1);
export const other = (slot: Slot): Slot => (slot === 0 ? 1 : 0);

type Pair = readonly [number, number];

/** Own energy and the sum of its terms' sizes. */
const OWN_BYTES = 2 * 8;

export class LayerRows {
  /** Bytes of one row. */
  readonly stride: number;
  readonly allFree: boolean;
  private readonly block: number;
  private readonly bytes: number;
  private readonly states: Pair;
  private readonly activities: Pair;
  private readonly drives: Pair;
  private readonly outputs: Pair | null;
  private readonly constants: number;
  private readonly masks: number;
  private readonly terms: Pair;
  private readonly owns: Pair;

  /**
   * @param clamped [batch, units], 1 where a unit is clamped; false where all are free
   * @param mixes whether a solver moves on from the map's outputs, so that they are kept
   */
  constructor(
    private readonly memory: KernelMemory,
    readonly code: LayerCode,
    private readonly batch: number,
    clamped: Uint8Array | false,
    readonly mixes: boolean,
  ) {
    this.stride = padded(code.units) * 4;
    this.allFree = clamped === false || !clamped.includes(1);
    const row = batch * this.stride;
    const mask = this.allFree ? this.stride : row;
    const sums = batch * (TERM_BYTES + OWN_BYTES);
    this.bytes = (mixes ? 9 : 7) * row + mask + 2 * sums;
    this.block = memory.take(this.bytes);
    let at = this.block;
    const next = (bytes: number): number => (at += bytes) - bytes;
    const pair = (bytes: number): Pair => [next(bytes), next(bytes)];
    // What holds float64 comes first: rows of an odd number of samples are multiples of 32 bytes all the same.
    this.terms = pair(batch * TERM_BYTES);
    this.owns = pair(batch * OWN_BYTES);
    this.states = pair(row);
    this.activities = pair(row);
    this.drives = pair(row);
    this.outputs = mixes ? pair(row) : null;
    this.constants = next(row);
    this.masks = next(mask);
    const masks = memory.i32;
    for (let sample = 0; sample < (this.allFree ? 1 : batch); sample++)
      for (let i = 0; i < code.units; i++)
        masks[this.mask(sample) / 4 + i] = clamped && clamped[sample * code.units + i] === 1 ? 0 : -1;
  }

  // Byte offsets of one sample's row; of the first one's, where none is named.
  state(slot: Slot, sample = 0): number {
    return this.states[slot] + sample * this.stride;
  }

  activity(slot: Slot, sample = 0): number {
    return this.activities[slot] + sample * this.stride;
  }

  /** The whole drive of state t. */
  drive(slot: Slot, sample = 0): number {
    return this.drives[slot] + sample * this.stride;
  }

  /** What the map gave where the solver then went elsewhere; the state where nothing mixes. */
  output(slot: Slot, sample = 0): number {
    return (this.outputs ?? this.states)[slot] + sample * this.stride;
  }

  /** b and the drive from clamped units. */
  constant(sample = 0): number {
    return this.constants + sample * this.stride;
  }

  mask(sample: number): number {
    return this.masks + (this.allFree ? 0 : sample * this.stride);
  }

  /** The sums that `move` found about a state: see `TERMS`. */
  term(slot: Slot, sample: number): number {
    return this.terms[slot] + sample * TERM_BYTES;
  }

  own(slot: Slot, sample: number): number {
    return this.owns[slot] + sample * OWN_BYTES;
  }

  /** Copies [batch, units] into rows that begin at `at`. */
  fill(at: number, values: Floats): void {
    const { units } = this.code;
    const { f32 } = this.memory;
    for (let sample = 0; sample < this.batch; sample++)
      f32.set(values.subarray(sample * units, (sample + 1) * units), (at + sample * this.stride) / 4);
  }

  /** Makes state 1, and the outputs that both came from, what state 0 is. */
  copyFirstState(): void {
    const { f32 } = this.memory;
    const row = this.batch * this.stride;
    for (const output of this.outputs ?? [])
      f32.copyWithin(output / 4, this.states[0] / 4, (this.states[0] + row) / 4);
    for (const [[from, to], bytes] of [
      [this.states, row],
      [this.activities, row],
      [this.owns, this.batch * OWN_BYTES],
    ] as const)
      f32.copyWithin(to / 4, from / 4, (from + bytes) / 4);
  }

  /** One row, as it lies in memory. */
  row(at: number): Float32Array {
    return this.memory.f32.subarray(at / 4, at / 4 + this.code.units);
  }

  free(): void {
    this.memory.give(this.block, this.bytes);
  }
}
