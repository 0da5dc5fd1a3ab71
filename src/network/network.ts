/**
 * What a network is: layers of units, and connections that are used in both directions.
 *
 * The drive of a layer is C_ℓ = Σ over connections of ρ(neighbour)·W (or Wᵀ) + b_ℓ. A HAM (hierarchical
 * associative memory, Krotov 2021; Goemaere et al. 2024, Eqs. 3–4) moves every unit to its drive, f_ℓ(s) = C_ℓ;
 * a CHN (continuous Hopfield network, Bengio & Fischer 2015; Eqs. 1–2) to f_ℓ(s) = ρ′(s_ℓ) ⊙ C_ℓ.
 */
import { activationFault, type Activation } from './activation';
import type { Learned } from './learned';
import type { Floats } from '../numbers/floats';

export type Layer = {
  /** What a person calls the layer, "visible" say. Error messages use it. */
  readonly name: string;
  readonly units: number;
  readonly activation: Activation;
  /** b_ℓ, [units]. Zero where it is absent. */
  readonly bias?: Floats;
};

/** One weight matrix between two different layers, used as W towards `to` and as Wᵀ towards `from`. */
export type Connection = {
  readonly from: number;
  readonly to: number;
  /** W, [units of from, units of to], row-major. */
  readonly weights: Floats;
};

export type Dynamics = 'ham' | 'chn';

export type Network = {
  readonly dynamics: Dynamics;
  readonly layers: readonly Layer[];
  readonly connections: readonly Connection[];
  /** What is known of its equilibria. */
  readonly learned?: Learned;
};

/** A network without its numbers: what decides which schedules and solvers go with it. */
export type NetworkShape = {
  readonly dynamics: Dynamics;
  readonly layers: readonly Pick<Layer, 'name' | 'activation'>[];
  readonly connections: readonly Pick<Connection, 'from' | 'to'>[];
};

/** A network that cannot be: the message says which layer or connection, and what would be right. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

function checkFloats(values: Floats, length: number, what: string): void {
  if (values.length !== length) {
    throw new NetworkError(`${what} has ${values.length} numbers; it needs ${length}`);
  }
  const bad = values.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new NetworkError(`${what} holds ${values[bad]} at index ${bad}`);
}

/** What is wrong with the activation of a layer, as a sentence; null where nothing is. */
export function layerFault(
  dynamics: Dynamics,
  { name, activation }: Pick<Layer, 'name' | 'activation'>,
): string | null {
  if (dynamics === 'chn' && activation.kind === 'softmax') {
    return `layer ${name}: softmax is defined for HAM only, not for CHN`;
  }
  const fault = activationFault(activation);
  return fault === null ? null : `layer ${name}: ${fault}`;
}

/**
 * Returns the network when it is sound.
 * @throws NetworkError on an empty network, a layer of no units, a connection to a layer that is not there
 *   or to itself, two connections between the same layers, a wrong shape, a number that is not finite, or
 *   softmax in a CHN, whose map needs a slope for each unit by itself.
 */
export function createNetwork(
  layers: readonly Layer[],
  connections: readonly Connection[],
  dynamics: Dynamics = 'ham',
): Network {
  if (layers.length === 0) throw new NetworkError('a network needs at least one layer');
  for (const { name, units, activation, bias } of layers) {
    if (!Number.isInteger(units) || units < 1) {
      throw new NetworkError(`layer ${name} has ${units} units; it needs a whole number from 1 up`);
    }
    const fault = layerFault(dynamics, { name, activation });
    if (fault !== null) throw new NetworkError(fault);
    if (bias) checkFloats(bias, units, `the bias of layer ${name}`);
  }
  const seen = new Set<string>();
  for (const { from, to, weights } of connections) {
    const a = layers[from];
    const b = layers[to];
    if (!a || !b)
      throw new NetworkError(`a connection joins layers ${from} and ${to}; there are ${layers.length}`);
    if (from === to) throw new NetworkError(`layer ${a.name} cannot be connected to itself`);
    const pair = [Math.min(from, to), Math.max(from, to)].join();
    if (seen.has(pair)) throw new NetworkError(`layers ${a.name} and ${b.name} are connected twice`);
    seen.add(pair);
    checkFloats(weights, a.units * b.units, `the connection ${a.name}–${b.name} [${a.units}, ${b.units}]`);
  }
  return { dynamics, layers, connections };
}

/** A chain of layers ℓ = 0 … L with `weights[ℓ]`, [n_ℓ, n_{ℓ+1}], between neighbours (the paper's networks). */
export function createChain(
  layers: readonly Layer[],
  weights: readonly Floats[],
  dynamics: Dynamics = 'ham',
): Network {
  if (weights.length !== layers.length - 1) {
    throw new NetworkError(
      `${layers.length} layers in a chain need ${layers.length - 1} weight matrices, not ${weights.length}`,
    );
  }
  return createNetwork(
    layers,
    weights.map((w, l) => ({ from: l, to: l + 1, weights: w })),
    dynamics,
  );
}

/**
 * Two colours such that no connection joins layers of the same colour: 0 (even) or 1 (odd) for each layer; or the names of the
 * layers of an odd cycle, where there is one. In a chain layer ℓ gets colour ℓ mod 2.
 */
export function twoColours({
  layers,
  connections,
}: Omit<NetworkShape, 'dynamics'>):
  { readonly colours: readonly (0 | 1)[] } | { readonly oddCycle: readonly string[] } {
  const neighbours = layers.map((_, l) =>
    connections.flatMap(({ from, to }) => (from === l ? [to] : to === l ? [from] : [])),
  );
  const colour: (0 | 1 | undefined)[] = layers.map(() => undefined);
  const parent: number[] = layers.map(() => -1);
  const ancestors = (l: number): number[] => {
    const path = [l];
    for (let p = parent[l] ?? -1; p >= 0; p = parent[p] ?? -1) path.push(p);
    return path;
  };
  for (let root = 0; root < layers.length; root++) {
    if (colour[root] !== undefined) continue;
    colour[root] = 0;
    const queue = [root];
    for (let l = queue.shift(); l !== undefined; l = queue.shift()) {
      for (const n of neighbours[l] ?? []) {
        if (colour[n] === undefined) {
          colour[n] = colour[l] === 0 ? 1 : 0;
          parent[n] = l;
          queue.push(n);
        } else if (colour[n] === colour[l]) {
          const up = ancestors(l);
          const down = ancestors(n);
          const meet = up.find((a) => down.includes(a)) ?? root;
          const cycle = [
            ...up.slice(0, up.indexOf(meet) + 1),
            ...down.slice(0, down.indexOf(meet)).reverse(),
          ];
          return { oddCycle: [...cycle, l].map((i) => layers[i]?.name ?? String(i)) };
        }
      }
    }
  }
  return { colours: colour.map((c) => c ?? 0) };
}
