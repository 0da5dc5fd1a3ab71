/** What engines work out once, before the first iteration, in float64. */
import type { Activation } from '../network/activation';
import { ownEnergy } from '../network/dynamics';
import { activity, bond } from '../network/energy';
import type { Network } from '../network/network';
import type { Query } from '../network/query';

/** One layer of one batch at state 0, every array [batch, units]. */
export type LayerStart = {
  /** 1 where a unit is free, 0 where it is clamped. */
  readonly free: Uint8Array;
  /** ρ(s) of the free units, 0 elsewhere. */
  readonly freeActivity: Float64Array;
  /** ρ(s) of the clamped units, 0 elsewhere: what never changes during a run. */
  readonly clampedActivity: Float64Array;
  readonly anyClamped: boolean;
};

/** Of one layer of a batch, whether some or all of its units are clamped. */
export type Clamps = { readonly any: boolean; readonly whole: boolean };

export function clampsOf({ clamped }: Query): readonly Clamps[] {
  return clamped.map((mask) =>
    typeof mask === 'boolean' ? { any: mask, whole: mask } : { any: mask.includes(1), whole: false },
  );
}

export function startLayers(network: Network, query: Query): readonly LayerStart[] {
  return network.layers.map(({ units, activation }, l) => {
    const s = query.start[l] ?? new Float64Array(query.batch * units);
    const mask = query.clamped[l] ?? false;
    const free = new Uint8Array(s.length);
    const freeActivity = activity(activation, s, units);
    const clampedActivity = new Float64Array(s.length);
    let anyClamped = false;
    for (let i = 0; i < s.length; i++) {
      const clamped = typeof mask === 'boolean' ? mask : mask[i] === 1;
      free[i] = clamped ? 0 : 1;
      if (!clamped) continue;
      anyClamped = true;
      clampedActivity[i] = freeActivity[i] ?? 0;
      freeActivity[i] = 0;
    }
    return { free, freeActivity, clampedActivity, anyClamped };
  });
}

/** Activations that make nothing of zero. */
const ZERO_AT_ZERO: readonly Activation['kind'][] = ['identity', 'tanh', 'relu', 'rectified-polynomial'];

/**
 * For each sample, whether nothing drives its free units but they themselves, so that all of them at zero is an equilibrium:
 * no bias, no activity of clamped units, and ρ(0) = 0.
 * @param isActive whether a clamped unit of this layer of a sample is active
 */
export function restsAtZero(
  network: Network,
  query: Query,
  isActive: (layer: number, sample: number) => boolean,
): readonly boolean[] {
  const clamps = clampsOf(query);
  const sources = new Set(
    network.connections.flatMap(({ from, to }) => [
      ...(clamps[to]?.whole === true ? [] : [from]),
      ...(clamps[from]?.whole === true ? [] : [to]),
    ]),
  );
  const driven = network.layers.some(
    ({ activation, bias }, l) =>
      clamps[l]?.whole === false &&
      ((bias?.some((b) => b !== 0) ?? false) || (sources.has(l) && !ZERO_AT_ZERO.includes(activation.kind))),
  );
  return Array.from(
    { length: query.batch },
    (_, sample) => !driven && ![...sources].some((l) => isActive(l, sample)),
  );
}

/** What `restsAtZero` asks, of layers at state 0. */
export function activeIn(
  starts: readonly LayerStart[],
  batch: number,
): (layer: number, sample: number) => boolean {
  return (layer, sample) => {
    const activity = starts[layer]?.clampedActivity ?? new Float64Array();
    const units = activity.length / batch;
    return activity.subarray(sample * units, (sample + 1) * units).some((rho) => rho !== 0);
  };
}

/**
 * The part of the energy that no free unit changes: the clamped units' own terms and the connections
 * among them, [batch].
 */
export function clampedEnergy(network: Network, query: Query, starts: readonly LayerStart[]): Float64Array {
  const { layers, connections } = network;
  const result = new Float64Array(query.batch);
  for (const [l, start] of starts.entries()) {
    const layer = layers[l];
    const s = query.start[l];
    if (!start.anyClamped || !layer || !s) continue;
    const { units, activation, bias } = layer;
    // A layer that is clamped whole is taken whole, as softmax needs; else unit by unit.
    const piece = query.clamped[l] === true ? units : 1;
    for (let i = 0; i < s.length; i += piece) {
      if (start.free[i] === 1) continue;
      const sample = Math.floor(i / units);
      let own = ownEnergy(network.dynamics, activation, s, i, piece);
      for (let j = i; j < i + piece; j++) own -= (bias?.[j % units] ?? 0) * (start.clampedActivity[j] ?? 0);
      result[sample] = (result[sample] ?? 0) + own;
    }
  }
  for (const { from, to, weights } of connections) {
    const a = starts[from];
    const b = starts[to];
    const n = layers[from]?.units ?? 0;
    const m = layers[to]?.units ?? 0;
    if (!a?.anyClamped || !b?.anyClamped) continue;
    for (let sample = 0; sample < query.batch; sample++) {
      const x = a.clampedActivity.subarray(sample * n, (sample + 1) * n);
      const y = b.clampedActivity.subarray(sample * m, (sample + 1) * m);
      result[sample] = (result[sample] ?? 0) - bond(x, weights, y);
    }
  }
  return result;
}
