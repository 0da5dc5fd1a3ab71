/** The solvers that look back, on the rows of a batch: an accelerator for each sample, and scratch that all share. */
import type { Query } from '../../network/query';
import type { Accelerate, Plan } from '../../solve/plan';
import type { SolveSettings } from '../../solve/settings';
import { createAccelerator, moduleOf } from '../../solve/solvers';
import type { Accelerator, CurvaturePair } from '../../solve/solvers/accelerator';
import { TERMS, type Kernels } from './kernels';
import type { CurvatureProduct } from './learned-products';
import { other, slotOf, type LayerRows, type Slot } from './layer-rows';
import type { KernelMemory } from './memory';

/** Vectors over the free units of the layers that are accelerated, [units]. */
type Scratch = Record<'x' | 'y' | 'rho' | 'slope' | 'next', Float64Array>;

export class BatchAccelerator {
  /** Two float64 for what a kernel answers, and a row of slopes behind them. */
  private readonly answer: number;
  private readonly slopes: number;
  private readonly bytes: number;
  private readonly accelerators: readonly (Accelerator | null)[];
  /** Samples may have different numbers of free units; those with as many share a scratch. */
  private readonly scratch = new Map<number, Scratch>();
  private readonly needsEnergy: boolean;

  private constructor(
    private readonly layers: readonly (LayerRows | null)[],
    private readonly mixed: readonly LayerRows[],
    query: Query,
    settings: SolveSettings,
    private readonly memory: KernelMemory,
    private readonly kernels: Kernels,
    private readonly curvature?: CurvatureProduct,
  ) {
    const hessian = curvature?.apply;
    this.bytes = 64 + Math.max(...mixed.map(({ stride }) => stride));
    this.answer = memory.take(this.bytes);
    this.slopes = this.answer + 64;
    this.accelerators = Array.from({ length: query.batch }, () =>
      createAccelerator({ ...settings, hessian }),
    );
    this.needsEnergy = moduleOf(settings.solver.kind).needs === 'reduced energy';
  }

  /** Null where the solver does not look back, or has nothing to move. */
  static of(
    layers: readonly (LayerRows | null)[],
    query: Query,
    settings: SolveSettings,
    plan: Plan,
    memory: KernelMemory,
    kernels: Kernels,
    curvature?: CurvatureProduct,
  ): BatchAccelerator | null {
    const mixed = layers.flatMap((layer) => (layer?.mixes ? [layer] : []));
    if (mixed.length === 0 || plan.stateLayers.length === 0) return null;
    return new BatchAccelerator(layers, mixed, query, settings, memory, kernels, curvature);
  }

  free(): void {
    this.curvature?.free();
    this.memory.give(this.answer, this.bytes);
  }

  /**
   * Gives a sample's accelerator this evaluation, and moves the layers of the step to where it says.
   * @param floor what residuals are relative to at least
   */
  move(sample: number, step: Accelerate, t: number, floor: number): void {
    const accelerator = this.accelerators[sample];
    if (!accelerator) return;
    const from = slotOf(t);
    const to = other(from);
    const vectors = this.vectors(sample);
    this.gather(vectors.x, sample, (layer) => layer.state(from, sample));
    this.gather(vectors.y, sample, (layer) => layer.state(to, sample));
    let energy = { reducedEnergy: 0, energyTerms: 0 };
    if (this.needsEnergy) {
      this.gather(vectors.rho, sample, (layer) => layer.activity(from, sample));
      this.gather(vectors.slope, sample, (layer) => {
        this.kernels.slopes(layer.code, layer.state(from, sample), this.slopes);
        return this.slopes;
      });
      energy = this.reducedEnergy(sample, from, to);
    }
    const { x, y, rho, slope, next } = vectors;
    accelerator.next({ x, y, rho, slope, ...energy, size: Math.max(this.size(sample, to), floor) }, next);
    this.scatter(next, sample, step, to);
  }

  /** Of each sample, the newest last. */
  pairs(): readonly (readonly CurvaturePair[])[] {
    return this.accelerators.map((accelerator) => accelerator?.pairs?.() ?? []);
  }

  private vectors(sample: number): Scratch {
    const units = this.mixed.reduce((sum, layer) => sum + this.freeUnits(layer, sample), 0);
    let found = this.scratch.get(units);
    if (!found) {
      const vector = (): Float64Array => new Float64Array(units);
      found = { x: vector(), y: vector(), rho: vector(), slope: vector(), next: vector() };
      this.scratch.set(units, found);
    }
    return found;
  }

  private freeUnits(layer: LayerRows, sample: number): number {
    const { units } = layer.code;
    if (layer.allFree) return units;
    const { i32 } = this.memory;
    const mask = layer.mask(sample) / 4;
    let free = 0;
    for (let i = 0; i < units; i++) if (i32[mask + i] !== 0) free++;
    return free;
  }

  /** The free units of the accelerated layers, one behind the other, in float64. */
  private gather(out: Float64Array, sample: number, at: (layer: LayerRows) => number): void {
    let filled = 0;
    for (const layer of this.mixed) {
      const row = layer.row(at(layer));
      if (layer.allFree) {
        out.set(row, filled);
        filled += row.length;
        continue;
      }
      const mask = layer.mask(sample) / 4;
      for (let i = 0; i < row.length; i++) if (this.memory.i32[mask + i] !== 0) out[filled++] = row[i] ?? 0;
    }
  }

  /** Keeps the map's outputs, and puts the state where the solver says. */
  private scatter(next: Float64Array, sample: number, step: Accelerate, to: Slot): void {
    const { kernels, memory } = this;
    let taken = 0;
    for (const layer of this.mixed) {
      const state = layer.row(layer.state(to, sample));
      layer.row(layer.output(to, sample)).set(state);
      const mask = layer.mask(sample);
      if (layer.allFree) {
        state.set(next.subarray(taken, taken + state.length));
        taken += state.length;
      } else {
        for (let i = 0; i < state.length; i++)
          if (memory.i32[mask / 4 + i] !== 0) state[i] = next[taken++] ?? 0;
      }
      const at = layer.state(to, sample);
      if (step.adjustsResidual) {
        // A HAM's f is its drive, and does not depend on the state that is mixed.
        kernels.compare(layer.code.units, layer.drive(to, sample), at, mask, this.answer);
        const terms = layer.term(to, sample) / 8;
        memory.f64[terms + TERMS.map] = memory.f64[this.answer / 8] ?? 0;
        memory.f64[terms + TERMS.cycle] = 0;
      }
      kernels.activate(layer.code, at, mask, layer.activity(to, sample), layer.own(to, sample));
    }
  }

  /** ‖F(s)‖ over all free units. */
  private size(sample: number, to: Slot): number {
    let square = 0;
    for (const layer of this.layers) {
      if (!layer) continue;
      const at = layer.state(to, sample);
      this.kernels.compare(layer.code.units, at, at, layer.mask(sample), this.answer);
      square += this.memory.f64[this.answer / 8 + 1] ?? 0;
    }
    return Math.sqrt(square);
  }

  /** Φ: the energy at x, with the layers that are not mixed where the drive from x has just put them; and its terms' sizes. */
  private reducedEnergy(
    sample: number,
    from: Slot,
    to: Slot,
  ): { readonly reducedEnergy: number; readonly energyTerms: number } {
    let reducedEnergy = 0;
    let energyTerms = 0;
    for (const layer of this.layers) {
      if (!layer) continue;
      const slot = layer.mixes ? from : to;
      const drive = layer.mixes ? layer.constant(sample) : layer.state(slot, sample);
      this.kernels.pull(layer.code.units, drive, drive, layer.activity(slot, sample), this.answer);
      const { f64 } = this.memory;
      const own = layer.own(slot, sample) / 8;
      reducedEnergy += (f64[own] ?? 0) - (f64[this.answer / 8] ?? 0);
      energyTerms += (f64[own + 1] ?? 0) + (f64[this.answer / 8 + 1] ?? 0);
    }
    return { reducedEnergy, energyTerms };
  }
}
