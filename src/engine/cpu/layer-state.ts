/** One layer of one sample on typed arrays, and how it moves. */
import { activate, slope, type Activation } from '../../network/activation';
import type { Floats } from '../../numbers/floats';
import type { UnitMap } from '../../network/dynamics';
import { norm, scaleNear } from '../../numbers/norm';
import type { Update } from '../../solve/plan';

/** Norms that the updates of one layer of one sample found out about the state that `check` is to judge; see `Measures`. */
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
  readonly constantDrive: Float64Array;
  /** What free units add to it in states of even and odd number, [units]. */
  readonly freeDrive: readonly [Float64Array, Float64Array];
  readonly states: readonly [Floats, Floats];
  /** ρ of the free units, 0 for the clamped ones. */
  readonly activity: readonly [Floats, Floats];
  /** What the map gave where the solver then went elsewhere; null where nothing mixes. */
  readonly outputs: readonly [Floats, Floats] | null;
  /** About states of even and odd number. */
  readonly terms: readonly [Terms, Terms];
};

/**
 * s ← damping · s + (1 − damping) · target for the free units of one layer, and the terms about it.
 * @param drives [units]; what f made of them stands there afterwards
 */
export function move(
  layer: LayerState,
  drives: Float64Array,
  from: 0 | 1,
  to: 0 | 1,
  { measures, measureOnly }: Update,
  damping: number,
): void {
  const { free, activation } = layer;
  const measured = measures === 'current' ? from : to;
  const old = layer.states[from];
  const next = layer.states[to];
  const before = next.slice();
  let largest = 0;
  for (let i = 0; i < drives.length; i++) {
    if (free[i] === 0) continue;
    const drive = drives[i] ?? 0;
    const s = old[i] ?? 0;
    if (!measureOnly) next[i] = damping * s + (1 - damping) * layer.move(s, drive);
    if (measures === 'none') continue;
    const moved = next[i] ?? 0;
    const f = layer.map(measures === 'current' ? s : moved, drive);
    drives[i] = f;
    layer.freeDrive[measured][i] = drive - (layer.constantDrive[i] ?? 0);
    largest = Math.max(largest, Math.abs(f), Math.abs(s), Math.abs(moved), Math.abs(before[i] ?? 0));
  }
  if (measures !== 'none')
    Object.assign(layer.terms[measured], termsOf(layer, drives, from, to, before, measured, largest));
  activate(activation, next, layer.activity[to], 0, next.length);
  for (let i = 0; i < drives.length; i++) if (free[i] === 0) layer.activity[to][i] = 0;
}

/**
 * @param f [units]
 * @param before state t − 1, where t + 1 stands now
 * @param largest of all numbers that are looked at: in units near it no square leaves the range of float64
 */
function termsOf(
  { free, states }: LayerState,
  f: Float64Array,
  from: 0 | 1,
  to: 0 | 1,
  before: Floats,
  measured: 0 | 1,
  largest: number,
): Terms {
  const old = states[from];
  const next = states[to];
  const about = states[measured];
  const unit = scaleNear(largest);
  const sum = noTerms();
  for (let i = 0; i < f.length; i++) {
    if (free[i] === 0) continue;
    const s = old[i] ?? 0;
    const moved = next[i] ?? 0;
    const previous = before[i] ?? 0;
    sum.map += (((f[i] ?? 0) - (about[i] ?? 0)) / unit) ** 2;
    sum.scale += ((f[i] ?? 0) / unit) ** 2;
    sum.step += ((measured === from ? s - previous : moved - s) / unit) ** 2;
    sum.cycle += ((moved - previous) / unit) ** 2;
  }
  const norm = (square: number): number => unit * Math.sqrt(square);
  return { map: norm(sum.map), scale: norm(sum.scale), step: norm(sum.step), cycle: norm(sum.cycle) };
}

/**
 * ‖y_t − y_{t−1}‖ and ‖y_t‖ over the free units, y_t being the map's output that state t came from: the state itself,
 * but where the solver went elsewhere. To be asked before the outputs of t + 1 are kept.
 */
export function outputStep(
  { free, states, outputs, terms }: LayerState,
  slot: 0 | 1,
): { readonly step: number; readonly size: number } {
  const ofFree = (values: Floats): Floats => values.map((value, i) => (free[i] === 0 ? 0 : value));
  const now = ofFree((outputs ?? states)[slot]);
  if (!outputs) return { step: terms[slot].step, size: norm(now) };
  const before = ofFree(outputs[slot === 0 ? 1 : 0]);
  return { step: norm(now.map((y, i) => y - (before[i] ?? 0))), size: norm(now) };
}

/** The free units of some layers, one behind the other, in float64. */
export function gather(layers: readonly LayerState[], pick: (layer: LayerState) => Floats): Float64Array {
  return Float64Array.from(
    layers.flatMap((layer) => Array.from(pick(layer)).filter((_, i) => layer.free[i] === 1)),
  );
}

/** ρ′(s), [units]. Softmax couples its units, and no accelerator that needs slopes is offered one. */
export function slopes(activation: Activation, s: Floats): Floats {
  return activation.kind === 'softmax' ? s.map(() => 1) : s.map(slope(activation));
}
