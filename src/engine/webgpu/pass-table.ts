/** The tables that tell the kernels what each pass works on. Pure: plan in, records out. */
import type { Network } from '../../network/network';
import type { Mix, Plan, Step, Update } from '../../solve/plan';
import type { Clamps } from '../state-zero';
import { ACTIVATION_CODES, LAYOUTS, MOVE_CODES, TELLS_CODES } from './kernels';
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
  | { readonly kind: 'close' }
  /** The softmax layers among those mixed need their activities anew. */
  | { readonly kind: 'mix'; readonly mix: PassEntry; readonly softmax: PassEntry | null };

export type PassTable = {
  /** vec4s a sample takes. */
  readonly width: number;
  /** Those of them that free layers take, all at the beginning. */
  readonly freeWidth: number;
  /** One a layer: the vec4 that it begins with. */
  readonly starts: readonly number[];
  readonly hoist: PassEntry | null;
  readonly prepare: readonly UpdateEntry[];
  /** One list for each iteration of the schedule's period. */
  readonly iterations: readonly (readonly IterationEntry[])[];
  readonly close: PassEntry;
  /** Contents of the buffers. `passes` holds one Pass every `PASS_STRIDE` bytes. */
  readonly layers: ArrayBuffer;
  readonly edges: ArrayBuffer;
  readonly passes: ArrayBuffer;
};

type Flags = {
  readonly afterClose: boolean;
  readonly tells: Update['tells'];
  readonly hold: boolean;
  readonly move: Update['move'];
  readonly corrects: boolean;
  /** Layers at the end of the pass's own that count as others. */
  readonly others: number;
};

const NO_FLAGS: Flags = {
  afterClose: false,
  tells: 'nothing',
  hold: false,
  move: 'map',
  corrects: false,
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
          fresh: state === 'new' ? 1 : 0,
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
      after_close: flags.afterClose ? 1 : 0,
      tells: TELLS_CODES[flags.tells],
      hold: flags.hold ? 1 : 0,
      how: MOVE_CODES[flags.move],
      corrects: flags.corrects ? 1 : 0,
      others: flags.others,
    });
    return { index: passes.length - 1, blocks };
  };

  const addSoftmax = (over: readonly number[], flags: Flags): PassEntry | null => {
    const softmax = over.filter((l) => network.layers[l]?.activation.kind === 'softmax');
    return softmax.length > 0 ? { ...add(softmax, NOTHING, flags), blocks: softmax.length } : null;
  };

  const addUpdate = (step: Update, afterClose: boolean): UpdateEntry => {
    const flags = { ...NO_FLAGS, afterClose, tells: step.tells, hold: step.hold, move: step.move };
    const reads: Reads = (source) =>
      clamped[source]?.whole === true ? null : step.fresh.includes(source) ? 'new' : 'old';
    return {
      update: add(step.layers, reads, flags),
      softmax: step.hold ? null : addSoftmax(step.layers, flags),
    };
  };

  const addMix = ({ layers: mixed, corrects }: Mix): IterationEntry => {
    const others = free.filter((l) => !mixed.includes(l));
    const mix = add([...mixed, ...others], NOTHING, { ...NO_FLAGS, corrects, others: others.length });
    return {
      kind: 'mix',
      mix: { ...mix, blocks: 1 },
      softmax: addSoftmax(mixed, { ...NO_FLAGS, afterClose: true }),
    };
  };

  const addSteps = (steps: readonly Step[]): readonly IterationEntry[] => {
    const closed = steps.findIndex((step) => step.kind !== 'update');
    return steps.map((step, i): IterationEntry => {
      switch (step.kind) {
        case 'close':
          return step;
        case 'update':
          return { kind: 'update', entry: addUpdate(step, i > closed) };
        case 'mix':
          return addMix(step);
      }
    });
  };

  const hoist = clamped.some(({ any }) => any)
    ? add(free, (source) => (clamped[source]?.any ? 'old' : null), NO_FLAGS)
    : null;
  // State 0 is told about as if an iteration had led to it.
  const prepare = plan.prepare.map((step) => addUpdate(step, true));
  const iterations = plan.iterations.map(addSteps);
  const close = { ...add(free, NOTHING, NO_FLAGS), blocks: 1 };
  return {
    width,
    freeWidth,
    starts,
    hoist,
    prepare,
    iterations,
    close,
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
