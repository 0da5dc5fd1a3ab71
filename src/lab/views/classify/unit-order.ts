/**
 * Hidden units in an order that can be read: by the output that each speaks for, which is the largest of what its weights lead to, as if
 * the layers between were linear. A map of them fills column by column, so that it has the outputs from left to right, as the bars do. Pure.
 */
import type { Network } from '../../../network/network';
import type { Picture } from '../../../patterns/picture';
import { signed } from '../stage/layer-maps';

export type UnitOrder = {
  /** The unit at each place of the map. */
  readonly units: Uint32Array;
  /** The output that each unit speaks for, by unit. */
  readonly speaksFor: Uint8Array;
};

/** W of layers l and l + 1 times `next`, [units of l + 1, outputs]. */
function through(
  weights: ArrayLike<number>,
  units: number,
  next: Float32Array,
  outputs: number,
): Float32Array {
  const between = next.length / outputs;
  const out = new Float32Array(units * outputs);
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < between; j++) {
      const w = weights[i * between + j] ?? 0;
      for (let k = 0; k < outputs; k++)
        out[i * outputs + k] = (out[i * outputs + k] ?? 0) + w * (next[j * outputs + k] ?? 0);
    }
  }
  return out;
}

function orderOf(influence: Float32Array, outputs: number): UnitOrder {
  const count = influence.length / outputs;
  const speaksFor = new Uint8Array(count);
  const strength = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const row = influence.subarray(i * outputs, (i + 1) * outputs);
    let best = 0;
    for (let k = 1; k < outputs; k++) if ((row[k] ?? 0) > (row[best] ?? 0)) best = k;
    speaksFor[i] = best;
    strength[i] = (row[best] ?? 0) - row.reduce((sum, value) => sum + value, 0) / outputs;
  }
  const units = Uint32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => (speaksFor[a] ?? 0) - (speaksFor[b] ?? 0) || (strength[b] ?? 0) - (strength[a] ?? 0),
  );
  return { units, speaksFor };
}

const known = new WeakMap<Network, ReadonlyMap<number, UnitOrder>>();

/** The order of each hidden layer of a chain, by layer; worked out once. */
export function unitOrders(network: Network): ReadonlyMap<number, UnitOrder> {
  const before = known.get(network);
  if (before) return before;
  const { layers, connections } = network;
  const last = layers.length - 1;
  const outputs = layers[last]?.units ?? 0;
  const orders = new Map<number, UnitOrder>();
  let influence: Float32Array = Float32Array.from({ length: outputs ** 2 }, (_, i) =>
    i % (outputs + 1) === 0 ? 1 : 0,
  );
  for (let l = last - 1; l > 0; l--) {
    const weights = connections.find(({ from, to }) => from === l && to === l + 1)?.weights ?? [];
    influence = through(weights, layers[l]?.units ?? 0, influence, outputs);
    orders.set(l, orderOf(influence, outputs));
  }
  known.set(network, orders);
  return orders;
}

export type MapSize = Pick<Picture, 'width' | 'height'>;

/** @param across how many times as wide as high the map is */
export function mapSize(units: number, across: number): MapSize {
  const height = Math.max(1, Math.round(Math.sqrt(units / across)));
  return { width: Math.ceil(units / height), height };
}

/** The unit at a place of the map; null beyond the last. */
export function unitAt({ units }: UnitOrder, { height }: MapSize, x: number, y: number): number | null {
  return units[x * height + y] ?? null;
}

/**
 * @param rho of the layer, [units]
 * @param size of the map
 * @param largest what ink stands for
 */
export function hiddenMap(
  activation: Network['layers'][number]['activation'],
  rho: ArrayLike<number>,
  order: UnitOrder,
  size: MapSize,
  largest: number,
): Picture {
  const values = new Float32Array(size.width * size.height).fill(signed(activation) ? 0 : -1);
  const scale = largest > 0 ? largest : 1;
  for (const [place, unit] of order.units.entries()) {
    const share = (rho[unit] ?? 0) / scale;
    const [x, y] = [Math.floor(place / size.height), place % size.height];
    values[y * size.width + x] = signed(activation) ? share : 2 * share - 1;
  }
  return { ...size, values };
}

/** The weights from the first layer into a unit of the second as a picture, their largest as ink or paper: [pixels]. */
export function weightsInto({ layers, connections }: Network, unit: number, size: MapSize): Picture {
  const [, hidden] = layers;
  const weights = connections.find(({ from, to }) => from === 0 && to === 1)?.weights ?? [];
  const into = Float32Array.from(
    { length: size.width * size.height },
    (_, i) => weights[i * (hidden?.units ?? 0) + unit] ?? 0,
  );
  const most = into.reduce((largest, w) => Math.max(largest, Math.abs(w)), 0);
  return { ...size, values: most > 0 ? into.map((w) => w / most) : into };
}

/** The largest output and how far it is from the next, [outputs]. */
export function winnerOf(rho: ArrayLike<number>): { readonly digit: number; readonly margin: number } {
  let [best, second] = [0, -1];
  for (let k = 1; k < rho.length; k++) {
    if ((rho[k] ?? 0) > (rho[best] ?? 0)) [best, second] = [k, best];
    else if (second < 0 || (rho[k] ?? 0) > (rho[second] ?? 0)) second = k;
  }
  return { digit: best, margin: (rho[best] ?? 0) - (rho[second] ?? 0) };
}
