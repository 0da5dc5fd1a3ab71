/** One batch on its way to equilibrium: the plan, step by step, for the samples that still run. */
import type { Floats } from '../../numbers/floats';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import type { Plan, Update } from '../../solve/plan';
import type { SolveSettings, Stop } from '../../solve/settings';
import { dampingOf, looksBack } from '../../solve/solvers';
import { FIRST_RATIO, fitsOmega, nextOmega } from '../../solve/solvers/relaxation';
import { judge, mapResidual, stepResidual, ZERO_FLOOR, type Measures } from '../../solve/stop';
import type { Advance, KeptPairs, Run } from '../engine';
import { clampsOf, restsAtZero } from '../state-zero';
import { BatchAccelerator } from './batch-accelerator';
import { ClampedLayers } from './clamped-layers';
import { layerCode, PANEL_ROW, TERMS, type Kernels } from './kernels';
import { LayerRows, other, slotOf, type Slot } from './layer-rows';
import type * as LearnedProducts from './learned-products';
import type { KernelMemory } from './memory';
import type { PackedWeights } from './weights';

/** What is known of the states that one call describes, each [count, batch]. */
type Table = Record<'energy' | 'mapResidual' | 'stepResidual' | 'residualNorm', Float64Array>;

export class CpuRun implements Run {
  readonly variant = null;
  /** One a layer; null where it is clamped whole. */
  private readonly layers: readonly (LayerRows | null)[];
  private readonly constantEnergy: Float64Array;
  private readonly stops: (Stop | null)[];
  private readonly accelerator: BatchAccelerator | null;
  /** One a sample: the share of `largest` that residuals are relative to at least, and the largest ‖f‖ so far. */
  private readonly floors: Float64Array;
  private readonly largest: Float64Array;
  /** One a sample, where the solver fits ω: ω, and the last ‖f − s‖. */
  private readonly omega: Float64Array;
  private readonly lastResidual: Float64Array;
  /** The numbers of the samples that run, i32, `running` of them. */
  private readonly rows: number;
  private running: number;
  /** Two float64 for what a kernel answers. */
  private readonly answer: number;
  /** States described so far: 0 … described − 1. */
  private described = 0;
  private freed = false;

  constructor(
    private readonly network: Network,
    private readonly weights: PackedWeights,
    private readonly memory: KernelMemory,
    private readonly kernels: Kernels,
    private readonly query: Query,
    private readonly settings: SolveSettings,
    private readonly plan: Plan,
    learned: typeof LearnedProducts | null,
  ) {
    const { batch } = query;
    const mixes = new Set(
      plan.iterations.flat().flatMap((step) => (step.kind === 'accelerate' ? step.layers : [])),
    );
    this.stops = Array.from({ length: batch }, () => null);
    this.largest = new Float64Array(batch);
    this.omega = new Float64Array(batch).fill(1);
    this.lastResidual = new Float64Array(batch);
    this.layers = network.layers.map(({ units, activation }, l) => {
      const clamped = query.clamped[l] ?? false;
      if (clamped === true) return null;
      return new LayerRows(
        memory,
        layerCode(network.dynamics, activation, units),
        batch,
        clamped,
        mixes.has(l),
      );
    });
    this.rows = memory.take(4 * batch);
    this.answer = memory.take(2 * 8);
    this.running = batch;
    for (let sample = 0; sample < batch; sample++) memory.i32[this.rows / 4 + sample] = sample;
    const held = new ClampedLayers(network, query, clampsOf(query), memory, kernels);
    held.writeDrives(this.layers, weights);
    this.constantEnergy = held.energy();
    const rests = restsAtZero(network, query, (layer, sample) => held.isActive(layer, sample));
    this.floors = Float64Array.from(rests, (rest) => (rest ? ZERO_FLOOR : 0));
    held.free();
    for (const [l, layer] of this.layers.entries()) {
      const start = query.start[l];
      if (!layer || !start) continue;
      layer.fill(layer.state(0), start);
      for (let sample = 0; sample < batch; sample++) this.activate(layer, 0, sample);
    }
    if (query.begins) {
      this.begin();
      if (query.begins === 'learned')
        learned?.predictEvenLayers(network, this.layers, batch, memory, kernels);
    }
    for (const layer of this.layers) layer?.copyFirstState();
    const curvature = network.learned?.curvature;
    const hessian =
      learned && settings.curvature && curvature
        ? new learned.CurvatureProduct(curvature, memory, kernels)
        : undefined;
    this.accelerator = BatchAccelerator.of(this.layers, query, settings, plan, memory, kernels, hessian);
    for (const step of plan.prepare) this.update(step, -1);
  }

  /** Makes state 0 by a pass from the input upward. */
  private begin(): void {
    const { kernels } = this;
    const { batch } = this.query;
    const step = { unitUpdate: 'exact', measures: 'none', measureOnly: false } as const;
    for (const [l, layer] of this.layers.entries()) {
      if (!layer) continue;
      this.drive(l, layer, 0, () => 0, l);
      for (let sample = 0; sample < batch; sample++) {
        const [state, drive] = [layer.state(0, sample), layer.drive(0, sample)];
        kernels.move(
          layer.code,
          step,
          false,
          state,
          state,
          drive,
          layer.mask(sample),
          0,
          layer.term(0, sample),
        );
        this.activate(layer, 0, sample);
      }
    }
  }

  advance(states: number): Promise<Advance> {
    const { batch } = this.query;
    const began = performance.now();
    const first = this.described;
    const length = Math.max(Math.min(states, this.settings.iterationLimit + 1 - first), 0) * batch;
    const column = (): Float64Array => new Float64Array(length).fill(NaN);
    const table: Table = {
      energy: column(),
      mapResidual: column(),
      stepResidual: column(),
      residualNorm: column(),
    };
    let count = 0;
    while (count < states && this.running > 0) {
      this.iterate(table, count * batch);
      count++;
      this.described++;
    }
    const used = (values: Float64Array): Float64Array => values.subarray(0, count * batch);
    return Promise.resolve({
      first,
      count,
      energy: used(table.energy),
      mapResidual: used(table.mapResidual),
      stepResidual: used(table.stepResidual),
      residualNorm: used(table.residualNorm),
      milliseconds: performance.now() - began,
      stops: [...this.stops],
    });
  }

  states(): Promise<readonly Floats[]> {
    return Promise.resolve(this.collect((layer, slot, sample) => layer.state(slot, sample)));
  }

  outputs(): Promise<readonly Floats[]> {
    return Promise.resolve(this.collect((layer, slot, sample) => layer.output(slot, sample)));
  }

  pairs(): KeptPairs | null {
    const layers = this.layers.flatMap((layer, l) => (layer?.mixes ? [l] : []));
    return this.accelerator && { layers, samples: this.accelerator.pairs() };
  }

  destroy(): void {
    if (this.freed) return;
    this.freed = true;
    this.running = 0;
    for (const layer of this.layers) layer?.free();
    this.memory.give(this.rows, 4 * this.query.batch);
    this.memory.give(this.answer, 2 * 8);
    this.accelerator?.free();
  }

  /** One array a layer, [batch, units], of each sample's last described state. */
  private collect(at: (layer: LayerRows, slot: Slot, sample: number) => number): readonly Floats[] {
    return this.layers.map((layer, l) => {
      if (!layer) return Float32Array.from(this.query.start[l] ?? []);
      const { units } = layer.code;
      const out = new Float32Array(this.query.batch * units);
      for (const [sample, stop] of this.stops.entries()) {
        const t = stop?.iterations ?? Math.max(this.described - 1, 0);
        out.set(layer.row(at(layer, slotOf(t), sample)), sample * units);
      }
      return out;
    });
  }

  /** One iteration of the samples that run, and what it found out about their state `this.described`. */
  private iterate(table: Table, offset: number): void {
    const t = this.described;
    for (const step of this.plan.iterations[t % this.plan.iterations.length] ?? []) {
      if (step.kind === 'update') {
        this.update(step, t);
        continue;
      }
      this.check(t, table, offset);
      if (step.kind === 'accelerate') {
        for (let r = 0; r < this.running; r++) {
          const sample = this.sampleAt(r);
          this.accelerator?.move(sample, step, t, this.floorOf(sample));
        }
      }
    }
  }

  private sampleAt(r: number): number {
    return this.memory.i32[this.rows / 4 + r] ?? 0;
  }

  /** Moves the layers of one step from state t to state t + 1, in the samples that run. */
  private update(step: Update, t: number): void {
    const from = slotOf(t);
    const to = other(from);
    const measured = step.measures === 'current' ? from : to;
    const { kernels, rows, running } = this;
    for (const l of step.layers) {
      const layer = this.layers[l];
      if (!layer) continue;
      this.drive(l, layer, measured, (source) => (step.readsNext.includes(source) ? to : from));
      for (let r = 0; r < running; r++) {
        const sample = this.memory.i32[rows / 4 + r] ?? 0;
        kernels.move(
          layer.code,
          step,
          // Of a solver that looks back nobody asks for two-cycles, and the layers that it mixes are compared by their outputs.
          !looksBack(this.settings.solver),
          layer.state(from, sample),
          layer.state(to, sample),
          layer.drive(measured, sample),
          layer.mask(sample),
          this.dampingOf(sample, t),
          layer.term(measured, sample),
        );
        if (!step.measureOnly) this.activate(layer, to, sample);
      }
    }
  }

  /**
   * The whole drive of a layer, into `slot`, from the states of its neighbours that `slotOfSource` names.
   * @param below takes only layers before this one
   */
  private drive(
    l: number,
    layer: LayerRows,
    slot: Slot,
    slotOfSource: (source: number) => Slot,
    below = Infinity,
  ): void {
    const { kernels, rows, running } = this;
    const out = layer.drive(slot);
    let init = layer.constant();
    for (const [c, { from, to }] of this.network.connections.entries()) {
      const source = to === l ? from : from === l ? to : -1;
      const rho = this.layers[source];
      if (!rho || source >= below) continue;
      const { at, k, panels } = this.weights.towards(c, to === l ? 'forward' : 'backward');
      const activity = rho.activity(slotOfSource(source));
      const { stride } = layer;
      kernels.product(
        activity,
        rho.stride,
        at,
        k,
        init,
        stride,
        out,
        stride,
        PANEL_ROW,
        panels,
        rows,
        running,
      );
      init = out;
    }
    if (init === out) return;
    for (let r = 0; r < running; r++) {
      const sample = this.sampleAt(r);
      layer.row(layer.drive(slot, sample)).set(layer.row(layer.constant(sample)));
    }
  }

  private activate(layer: LayerRows, slot: Slot, sample: number): void {
    this.kernels.activate(
      layer.code,
      layer.state(slot, sample),
      layer.mask(sample),
      layer.activity(slot, sample),
      layer.own(slot, sample),
    );
  }

  /** Measures state t of the samples that run, and decides which of them go on. */
  private check(t: number, table: Table, offset: number): void {
    const { i32 } = this.memory;
    let goesOn = 0;
    for (let r = 0; r < this.running; r++) {
      const sample = this.sampleAt(r);
      const measures = this.measure(sample, t);
      this.fitOmega(sample, t, measures.map);
      table.energy[offset + sample] = measures.energy;
      table.mapResidual[offset + sample] = mapResidual(measures);
      table.stepResidual[offset + sample] = t === 0 ? NaN : stepResidual(measures);
      table.residualNorm[offset + sample] = measures.map;
      const reason = judge(measures, t, this.settings, 'float32');
      if (reason) this.stops[sample] = { reason, iterations: t };
      else i32[this.rows / 4 + goesOn++] = sample;
    }
    this.running = goesOn;
  }

  private measure(sample: number, t: number): Measures {
    const slot = slotOf(t);
    const squares = { map: 0, scale: 0, step: 0, state: 0, cycle: 0 };
    let energy = this.constantEnergy[sample] ?? 0;
    for (const [l, layer] of this.layers.entries()) {
      if (!layer) continue;
      const { f64 } = this.memory;
      const terms = layer.term(slot, sample) / 8;
      squares.map += f64[terms + TERMS.map] ?? 0;
      squares.scale += f64[terms + TERMS.scale] ?? 0;
      squares.cycle += f64[terms + TERMS.cycle] ?? 0;
      if (this.plan.stateLayers.includes(l)) {
        if (layer.mixes) {
          const [now, before] = [layer.output(slot, sample), layer.output(other(slot), sample)];
          this.kernels.compare(layer.code.units, now, before, layer.mask(sample), this.answer);
          squares.step += f64[this.answer / 8] ?? 0;
          squares.state += f64[this.answer / 8 + 1] ?? 0;
        } else {
          squares.step += f64[terms + TERMS.step] ?? 0;
          squares.state += f64[terms + TERMS.size] ?? 0;
        }
      }
      // Every connection between free units pulls at both its ends, so half of it counts at each.
      this.kernels.pull(
        layer.code.units,
        layer.constant(sample),
        layer.drive(slot, sample),
        layer.activity(slot, sample),
        this.answer,
      );
      energy += (f64[layer.own(slot, sample) / 8] ?? 0) - (f64[this.answer / 8] ?? 0);
    }
    const scale = Math.sqrt(squares.scale);
    this.largest[sample] = Math.max(this.largest[sample] ?? 0, scale);
    return {
      map: Math.sqrt(squares.map),
      scale,
      step: Math.sqrt(squares.step),
      state: Math.sqrt(squares.state),
      cycle: Math.sqrt(squares.cycle),
      energy,
      floor: this.floorOf(sample),
    };
  }

  private floorOf(sample: number): number {
    return (this.floors[sample] ?? 0) * (this.largest[sample] ?? 0);
  }

  private dampingOf(sample: number, t: number): number {
    if (fitsOmega(this.settings)) return 1 - (this.omega[sample] ?? 1);
    return dampingOf(this.settings.solver, t);
  }

  private fitOmega(sample: number, t: number, map: number): void {
    if (t >= FIRST_RATIO)
      this.omega[sample] = nextOmega(this.omega[sample] ?? 1, map / (this.lastResidual[sample] ?? 0));
    this.lastResidual[sample] = map;
  }
}
