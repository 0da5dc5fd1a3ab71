/** One layer of one sample on typed arrays, and how it moves. */
import { activate, slope, type Activation, type Floats } from '../../network/activation';
import type { UnitMap } from '../../network/dynamics';
import type { Update } from '../../solve/plan';

/** What the updates of one layer of one sample found out about the state that `close` is to judge. */
type Terms = { map: number; scale: number; step: number; cycle: number };

export const noTerms = (): Terms => ({ map: 0, scale: 0, step: 0, cycle: 0 });

/** One layer of one sample. Slot t mod 2 of a pair holds state t. */
export type LayerState = {
  readonly activation: Activation;
  readonly map: UnitMap;
  /** How the step that updates the layer moves it. */
  readonly move: UnitMap;
  /** 1 where a unit is free, [units]. */
  readonly free: Uint8Array;
  readonly allFree: boolean;
  /** b + the drive from clamped units, [units]. */
  readonly drive: Float64Array;
  /** What free units add to it in states of even and odd number, [units]. */
  readonly pull: readonly [Float64Array, Float64Array];
  readonly states: readonly [Floats, Floats];
  /** ρ of the free units, 0 for the clamped ones. */
  readonly activity: readonly [Floats, Floats];
  /** What the map gave where the solver then went elsewhere; null where nothing mixes. */
  readonly outputs: readonly [Floats, Floats] | null;
  /** About states of even and odd number. */
  readonly terms: readonly [Terms, Terms];
};

/** s ← damping · s + (1 − damping) · target for the free units of one layer, and the terms about it. */
export function move(
  layer: LayerState,
  drives: Float64Array,
  from: 0 | 1,
  to: 0 | 1,
  { tells, hold }: Update,
  damping: number,
): void {
  const { free, activation } = layer;
  const told = tells === 'old' ? from : to;
  const terms = layer.terms[told];
  const old = layer.states[from];
  const next = layer.states[to];
  const nextRho = layer.activity[to];
  if (tells !== 'nothing') terms.map = terms.scale = terms.step = terms.cycle = 0;
  for (let i = 0; i < drives.length; i++) {
    if (free[i] === 0) continue;
    const drive = drives[i] ?? 0;
    const s = old[i] ?? 0;
    const before = next[i] ?? 0;
    if (!hold) next[i] = damping * s + (1 - damping) * layer.move(s, drive);
    const moved = next[i] ?? 0;
    if (tells === 'nothing') continue;
    const about = tells === 'old' ? s : moved;
    const f = layer.map(about, drive);
    terms.map += (f - about) ** 2;
    terms.scale += f ** 2;
    terms.step += (tells === 'old' ? s - before : moved - s) ** 2;
    terms.cycle += (moved - before) ** 2;
    layer.pull[told][i] = drive - (layer.drive[i] ?? 0);
  }
  activate(activation, next, nextRho, 0, next.length);
  for (let i = 0; i < drives.length; i++) if (free[i] === 0) nextRho[i] = 0;
}

/**
 * Σ (y_t − y_{t−1})² and Σ y_t² over the free units, y_t being the map's output that state t came from: the state itself,
 * but where the solver went elsewhere. To be asked before the outputs of t + 1 are kept.
 */
export function outputStep(
  { free, states, outputs, terms }: LayerState,
  slot: 0 | 1,
): { readonly step: number; readonly size: number } {
  const [now, before] = [(outputs ?? states)[slot], outputs?.[slot === 0 ? 1 : 0]];
  let step = 0;
  let size = 0;
  for (let i = 0; i < now.length; i++) {
    if (free[i] === 0) continue;
    const y = now[i] ?? 0;
    size += y ** 2;
    if (before) step += (y - (before[i] ?? 0)) ** 2;
  }
  return { step: before ? step : terms[slot].step, size };
}

/** The free units of some layers, one behind the other, in float64. */
export function gather(layers: readonly LayerState[], pick: (layer: LayerState) => Floats): Float64Array {
  return Float64Array.from(
    layers.flatMap((layer) => Array.from(pick(layer)).filter((_, i) => layer.free[i] === 1)),
  );
}

/** ρ′(s), [units]. Softmax couples its units, and no mixer that needs slopes is offered one. */
export function slopes(activation: Activation, s: Floats): Floats {
  return activation.kind === 'softmax' ? s.map(() => 1) : s.map(slope(activation));
}
