/** The tables that tell the kernels what each pass works on. Pure: plan in, records out. */
import type { Network } from '../../network/network';
import type { Accelerate, Plan, Step, Update } from '../../solve/plan';
import type { Clamps } from '../state-zero';
import { ACTIVATION_CODES, LAYOUTS, UNIT_UPDATE_CODES, MEASURES_CODES } from './kernels';
import { packStructs } from './struct-layout';
import { groupsOf, type Incoming } from './weight-layout';

/** Bytes between two passes, each of which a dispatch binds by itself: the widest alignment that a device may ask for. */
export const PASS_STRIDE = 256;

/** One pass: its entry in the table of passes, and how many workgroups it takes a sample. */
export type PassEntry = { readonly index: number; readonly blocks: number };

export type UpdateEntry = {
  readonly update: PassEntry;
  /** Activities of the softmax layers among those updated, one workgroup a layer. */
  readonly softmax: PassEntry | null;
};

export type IterationEntry =
  | { readonly kind: 'update'; readonly entry: UpdateEntry }
  | { readonly kind: 'check' }
  /** The softmax layers among those mixed need their activities anew. */
  | { readonly kind: 'accelerate'; readonly accelerate: PassEntry; readonly softmax: PassEntry | null };

export type PassTable = {
  /** vec4s a sample takes. */
  readonly width: number;
  /** Those of them that free layers take, all at the beginning. */
  readonly freeWidth: number;
  /** One a layer: the vec4 that it begins with. */
  readonly starts: readonly number[];
  readonly clampedDrive: PassEntry | null;
  readonly prepare: readonly UpdateEntry[];
  /** One list for each iteration of the schedule's period. */
  readonly iterations: readonly (readonly IterationEntry[])[];
  readonly check: PassEntry;
  /** Contents of the buffers. `passes` holds one Pass every `PASS_STRIDE` bytes. */
  readonly layers: ArrayBuffer;
  readonly edges: ArrayBuffer;
  readonly passes: ArrayBuffer;
};

type Flags = {
  readonly afterCheck: boolean;
  readonly measures: Update['measures'];
  readonly measureOnly: boolean;
  readonly unitUpdate: Update['unitUpdate'];
  readonly adjustsResidual: boolean;
  /** Layers at the end of the pass's own that count as others. */
  readonly others: number;
};

const NO_FLAGS: Flags = {
  afterCheck: false,
  measures: 'none',
  measureOnly: false,
  unitUpdate: 'map',
  adjustsResidual: false,
  others: 0,
};

/** Whether a pass reads a source, and in which state. */
type Reads = (source: number) => 'old' | 'new' | null;

const NOTHING: Reads = () => null;

/**
 * @param clamped one a layer
 * @param groups groups of four units to a workgroup
 */
export function buildPassTable(
  network: Network,
  plan: Plan,
  incoming: readonly (readonly Incoming[])[],
  clamped: readonly Clamps[],
  groups: number,
): PassTable {
  // The layers that a solver mixes stand side by side, and those that are clamped whole behind all others.
  const starts: number[] = [];
  let width = 0;
  let freeWidth = 0;
  const free = network.layers.flatMap((_, l) => (clamped[l]?.whole ? [] : [l]));
  const others = network.layers.flatMap((_, l) => (plan.stateLayers.includes(l) ? [] : [l]));
  for (const l of [
    ...plan.stateLayers,
    ...others.filter((l) => free.includes(l)),
    ...others.filter((l) => !free.includes(l)),
  ]) {
    starts[l] = width;
    width += groupsOf(network.layers[l]?.units ?? 0);
    if (free.includes(l)) freeWidth = width;
  }
  const layers: Record<string, number>[] = [];
  const edges: Record<string, number>[] = [];
  const passes: Record<string, number>[] = [];

  /** Adds a pass over some layers; `reads` says from which sources their product takes. */
  const add = (over: readonly number[], reads: Reads, flags: Flags): PassEntry => {
    const first = layers.length;
    let blocks = 0;
    for (const l of over) {
      const layer = network.layers[l];
      if (!layer) continue;
      const firstEdge = edges.length;
      for (const { source, weights } of incoming[l] ?? []) {
        const state = reads(source);
        if (!state) continue;
        edges.push({
          source: starts[source] ?? 0,
          source_groups: groupsOf(network.layers[source]?.units ?? 0),
          weights,
          reads_next: state === 'new' ? 1 : 0,
        });
      }
      layers.push({
        start: starts[l] ?? 0,
        groups: groupsOf(layer.units),
        first_block: blocks,
        first_edge: firstEdge,
        edges: edges.length - firstEdge,
        activation: ACTIVATION_CODES[layer.activation.kind],
        parameter: parameterOf(layer.activation),
        counts: plan.stateLayers.includes(l) ? 1 : 0,
      });
      blocks += Math.ceil(groupsOf(layer.units) / groups);
    }
    passes.push({
      first_layer: first,
      layers: layers.length - first - flags.others,
      after_check: flags.afterCheck ? 1 : 0,
      measures: MEASURES_CODES[flags.measures],
      measure_only: flags.measureOnly ? 1 : 0,
      unit_update: UNIT_UPDATE_CODES[flags.unitUpdate],
      adjusts_residual: flags.adjustsResidual ? 1 : 0,
      others: flags.others,
    });
    return { index: passes.length - 1, blocks };
  };

  const addSoftmax = (over: readonly number[], flags: Flags): PassEntry | null => {
    const softmax = over.filter((l) => network.layers[l]?.activation.kind === 'softmax');
    return softmax.length > 0 ? { ...add(softmax, NOTHING, flags), blocks: softmax.length } : null;
  };

  const addUpdate = (step: Update, afterCheck: boolean): UpdateEntry => {
    const flags = {
      ...NO_FLAGS,
      afterCheck,
      measures: step.measures,
      measureOnly: step.measureOnly,
      unitUpdate: step.unitUpdate,
    };
    const reads: Reads = (source) =>
      clamped[source]?.whole === true ? null : step.readsNext.includes(source) ? 'new' : 'old';
    return {
      update: add(step.layers, reads, flags),
      softmax: step.measureOnly ? null : addSoftmax(step.layers, flags),
    };
  };

  const addAccelerate = ({ layers: accelerated, adjustsResidual }: Accelerate): IterationEntry => {
    const others = free.filter((l) => !accelerated.includes(l));
    const pass = add([...accelerated, ...others], NOTHING, {
      ...NO_FLAGS,
      adjustsResidual,
      others: others.length,
    });
    return {
      kind: 'accelerate',
      accelerate: { ...pass, blocks: 1 },
      softmax: addSoftmax(accelerated, { ...NO_FLAGS, afterCheck: true }),
    };
  };

  const addSteps = (steps: readonly Step[]): readonly IterationEntry[] => {
    const check = steps.findIndex((step) => step.kind !== 'update');
    return steps.map((step, i): IterationEntry => {
      switch (step.kind) {
        case 'check':
          return step;
        case 'update':
          return { kind: 'update', entry: addUpdate(step, i > check) };
        case 'accelerate':
          return addAccelerate(step);
      }
    });
  };

  const clampedDrive = clamped.some(({ any }) => any)
    ? add(free, (source) => (clamped[source]?.any ? 'old' : null), NO_FLAGS)
    : null;
  // State 0 is measured as if an iteration had led to it.
  const prepare = plan.prepare.map((step) => addUpdate(step, true));
  const iterations = plan.iterations.map(addSteps);
  const check = { ...add(free, NOTHING, NO_FLAGS), blocks: 1 };
  return {
    width,
    freeWidth,
    starts,
    clampedDrive,
    prepare,
    iterations,
    check,
    layers: packStructs(LAYOUTS.layer, layers),
    edges: packStructs(LAYOUTS.edge, edges),
    passes: packStructs({ ...LAYOUTS.pass, size: PASS_STRIDE }, passes),
  };
}

function parameterOf(activation: Network['layers'][number]['activation']): number {
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
