/**
 * The plan of a run as a flat list of passes, and the tables that tell the kernels what each pass works on. Pure: plan in,
 * records out. Whoever performs it goes through stretches of the list: one dispatch a pass, or one step of persistent.wgsl.
 */
import type { Network } from '../../network/network';
import type { Accelerate, Plan, Update } from '../../solve/plan';
import type { Clamps } from '../state-zero';
import {
  ACTIVATION,
  EDGE,
  LAYER,
  MEASURES,
  MOST,
  PASS,
  PASS_KIND,
  PASS_STRIDE,
  UNIT_UPDATE,
  type PassKind,
} from './interface';
import { vec4Count, type Incoming } from './weights';
import { pack, type RecordOf } from './wgsl';

export type CompiledPass = {
  readonly kind: PassKind;
  /** How many workgroups it takes for a sample, or for a tile of samples. */
  readonly blocks: number;
};

/** Passes `first` … `end − 1` of the list. */
export type Stretch = { readonly first: number; readonly end: number };

export type CompiledPlan = {
  /** vec4s a sample takes. */
  readonly width: number;
  /** Those of them that free layers take, all at the beginning. */
  readonly freeWidth: number;
  /** One a layer: the vec4 that it begins with. */
  readonly starts: readonly number[];
  readonly passes: readonly CompiledPass[];
  /** The drive from clamped units, once a query; empty where none is clamped. */
  readonly clampedDrive: Stretch;
  /** What must be known of state 0. */
  readonly prepare: Stretch;
  /** One for each iteration of the schedule's period. The first comes right behind `prepare`. */
  readonly iterations: readonly Stretch[];
  /** Whether the tables are small enough for persistent.wgsl. */
  readonly fitsTables: boolean;
  /** Contents of the buffers. `passes` holds one Pass every `PASS_STRIDE` bytes. */
  readonly tables: Readonly<Record<'passes' | 'layers' | 'edges', ArrayBuffer>>;
};

/** Layers that stand side by side in the table, and the workgroups that they take together. */
type Rows = { readonly first: number; readonly count: number; readonly blocks: number };

/** Whether a pass reads a source, and in which state. */
type Reads = (source: number) => 'old' | 'new' | null;

const NOTHING: Reads = () => null;

type Settings = Omit<RecordOf<typeof PASS>, 'kind' | 'next' | 'ends' | 'first_layer' | 'layers'>;

const PLAIN: Settings = {
  after_check: 0,
  measures: MEASURES.of.none,
  measure_only: 0,
  unit_update: UNIT_UPDATE.of.map,
  adjusts_residual: 0,
  others: 0,
  reads: 0,
  writes: 0,
};

/**
 * @param clamped one a layer
 * @param vec4s vec4s of units to a workgroup
 */
export function compilePlan(
  network: Network,
  plan: Plan,
  incoming: readonly (readonly Incoming[])[],
  clamped: readonly Clamps[],
  vec4s: number,
): CompiledPlan {
  const free = network.layers.flatMap((_, l) => (clamped[l]?.whole ? [] : [l]));
  const { starts, width, freeWidth } = placeLayers(network, plan, free);
  const table = new LayerTable(network, incoming, starts, vec4s, plan.stateLayers);
  const passes: (CompiledPass & { readonly rows: Rows; readonly settings: Settings })[] = [];

  const addSoftmax = (over: readonly number[], settings: Settings): void => {
    const softmax = over.filter((l) => network.layers[l]?.activation.kind === 'softmax');
    if (softmax.length === 0) return;
    // One workgroup a layer.
    passes.push({ kind: 'softmax', blocks: softmax.length, rows: table.add(softmax, NOTHING), settings });
  };

  const addUpdate = (step: Update, afterCheck: boolean): void => {
    const settings = {
      ...PLAIN,
      after_check: afterCheck ? 1 : 0,
      measures: MEASURES.of[step.measures],
      measure_only: step.measureOnly ? 1 : 0,
      unit_update: UNIT_UPDATE.of[step.unitUpdate],
    };
    const rows = table.add(step.layers, (source) =>
      clamped[source]?.whole === true ? null : step.readsNext.includes(source) ? 'new' : 'old',
    );
    passes.push({ kind: 'update', blocks: rows.blocks, rows, settings });
    if (!step.measureOnly) addSoftmax(step.layers, settings);
  };

  let checked: Rows | undefined;
  const addCheck = (): void => {
    checked ??= table.add(free, NOTHING);
    passes.push({ kind: 'check', blocks: 1, rows: checked, settings: PLAIN });
  };

  const addAccelerate = ({ layers: accelerated, adjustsResidual }: Accelerate): void => {
    const others = free.filter((l) => !accelerated.includes(l));
    const rows = table.add([...accelerated, ...others], NOTHING);
    passes.push({
      kind: 'check',
      blocks: 1,
      rows: { ...rows, count: accelerated.length },
      settings: { ...PLAIN, adjusts_residual: adjustsResidual ? 1 : 0, others: others.length },
    });
    addSoftmax(accelerated, { ...PLAIN, after_check: 1 });
  };

  const stretch = (add: () => void): Stretch => {
    const first = passes.length;
    add();
    return { first, end: passes.length };
  };

  const clampedDrive = stretch(() => {
    if (!clamped.some(({ any }) => any)) return;
    const rows = table.add(free, (source) => (clamped[source]?.any ? 'old' : null));
    passes.push({ kind: 'clamped-drive', blocks: rows.blocks, rows, settings: PLAIN });
  });
  const prepare = stretch(() => {
    // State 0 is measured as if an iteration had led to it.
    for (const step of plan.prepare) addUpdate(step, true);
  });
  const iterations = plan.iterations.map((steps) =>
    stretch(() => {
      const check = steps.findIndex(({ kind }) => kind !== 'update');
      for (const [i, step] of steps.entries()) {
        if (step.kind === 'update') addUpdate(step, i > check);
        else if (step.kind === 'check') addCheck();
        else addAccelerate(step);
      }
    }),
  );

  const records = passes.map(({ kind, rows, settings }, i): RecordOf<typeof PASS> => ({
    kind: PASS_KIND.of[kind],
    // Behind the last iteration of the period comes the first.
    next: i + 1 < passes.length ? i + 1 : (iterations[0]?.first ?? 0),
    ends: iterations.some(({ end }) => end === i + 1) ? 1 : 0,
    first_layer: rows.first,
    layers: rows.count,
    ...settings,
  }));
  return {
    width,
    freeWidth,
    starts,
    passes,
    clampedDrive,
    prepare,
    iterations,
    fitsTables:
      passes.length <= MOST.passes && table.layers.length <= MOST.layers && table.edges.length <= MOST.edges,
    tables: { passes: pack(PASS, records, PASS_STRIDE), ...table.packed() },
  };
}

/** The tables of layers and of their edges, which grow pass by pass. */
class LayerTable {
  readonly layers: RecordOf<typeof LAYER>[] = [];
  readonly edges: RecordOf<typeof EDGE>[] = [];

  /** @param stateLayers over which the step residual is taken */
  constructor(
    private readonly network: Network,
    private readonly incoming: readonly (readonly Incoming[])[],
    private readonly starts: readonly number[],
    private readonly vec4s: number,
    private readonly stateLayers: readonly number[],
  ) {}

  /** @param reads from which sources their product takes */
  add(over: readonly number[], reads: Reads): Rows {
    const { network, starts, layers, edges } = this;
    const first = layers.length;
    let blocks = 0;
    for (const l of over) {
      const layer = network.layers[l];
      if (!layer) continue;
      const firstEdge = edges.length;
      for (const { source, weights } of this.incoming[l] ?? []) {
        const state = reads(source);
        if (!state) continue;
        edges.push({
          source: starts[source] ?? 0,
          source_vec4_count: vec4Count(network.layers[source]?.units ?? 0),
          weights,
          reads_next: state === 'new' ? 1 : 0,
        });
      }
      layers.push({
        start: starts[l] ?? 0,
        vec4_count: vec4Count(layer.units),
        first_block: blocks,
        first_edge: firstEdge,
        edges: edges.length - firstEdge,
        activation: ACTIVATION.of[layer.activation.kind],
        parameter: parameterOf(layer.activation),
        counts: this.stateLayers.includes(l) ? 1 : 0,
      });
      blocks += Math.ceil(vec4Count(layer.units) / this.vec4s);
    }
    return { first, count: layers.length - first, blocks };
  }

  packed(): Record<'layers' | 'edges', ArrayBuffer> {
    return { layers: pack(LAYER, this.layers), edges: pack(EDGE, this.edges) };
  }
}

/** A pass that takes products for some layers, from some others: no connection joins what it writes to what it reads. */
export type ProductPass = {
  readonly layers: readonly number[];
  readonly sources: readonly number[];
  readonly settings?: Partial<Settings>;
};

export type CompiledPasses = {
  /** Workgroups of each pass. */
  readonly blocks: readonly number[];
  readonly tables: CompiledPlan['tables'];
};

/**
 * Passes that belong to no plan.
 * @param starts where layers begin in a run
 */
export function compilePasses(
  network: Network,
  passes: readonly ProductPass[],
  incoming: readonly (readonly Incoming[])[],
  starts: readonly number[],
  vec4s: number,
): CompiledPasses {
  const table = new LayerTable(network, incoming, starts, vec4s, []);
  const compiled = passes.map(({ layers, sources, settings }) => {
    const rows = table.add(layers, (source) => (sources.includes(source) ? 'old' : null));
    const record: RecordOf<typeof PASS> = {
      kind: PASS_KIND.of.update,
      next: 0,
      ends: 0,
      first_layer: rows.first,
      layers: rows.count,
      ...PLAIN,
      ...settings,
    };
    return { blocks: rows.blocks, record };
  });
  const records = compiled.map(({ record }) => record);
  return {
    blocks: compiled.map(({ blocks }) => blocks),
    tables: { passes: pack(PASS, records, PASS_STRIDE), ...table.packed() },
  };
}

/** The layers that a solver mixes stand side by side, and those that are clamped whole behind all others. */
export function placeLayers(
  network: Network,
  { stateLayers }: Plan,
  free: readonly number[],
): Pick<CompiledPlan, 'starts' | 'width' | 'freeWidth'> {
  const starts: number[] = [];
  let width = 0;
  let freeWidth = 0;
  const others = network.layers.flatMap((_, l) => (stateLayers.includes(l) ? [] : [l]));
  for (const l of [
    ...stateLayers,
    ...others.filter((l) => free.includes(l)),
    ...others.filter((l) => !free.includes(l)),
  ]) {
    starts[l] = width;
    width += vec4Count(network.layers[l]?.units ?? 0);
    if (free.includes(l)) freeWidth = width;
  }
  return { starts, width, freeWidth };
}

export function parameterOf(activation: Network['layers'][number]['activation']): number {
  switch (activation.kind) {
    case 'tanh':
      return activation.gain;
    case 'rectified-polynomial':
      return activation.degree;
    case 'softmax':
      return activation.beta;
    case 'identity':
    case 'sigmoid':
    case 'relu':
      return 0;
  }
}
