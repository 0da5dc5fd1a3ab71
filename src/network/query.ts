/** What is asked of a network: where each sample starts, and which units stay as they are. */
import type { Floats } from '../numbers/floats';
import { NetworkError, type Network } from './network';

/**
 * A batch of starting points. Clamped units keep their starting value for the whole run.
 */
export type Query = {
  /** Samples. */
  readonly batch: number;
  /** One array a layer, [batch, units]: s at iteration 0. */
  readonly start: readonly Floats[];
  /** One entry a layer: the whole layer clamped or free, or a mask [batch, units], 1 = clamped. */
  readonly clamped: readonly (boolean | Uint8Array)[];
  /**
   * What the free layers begin with instead: a pass from the input upward, or what the network has learned to make of that (see
   * `solve/starting-point.ts`). For networks whose first layer is clamped, and no other.
   */
  readonly begins?: 'forward' | 'learned';
};

/** The first layer held at `inputs`, [batch, units of layer 0], all others free and at zero, as the paper starts, or as they begin. */
export function inputQuery(
  { layers }: Pick<Network, 'layers'>,
  inputs: Floats,
  batch: number,
  begins: 'zero' | Query['begins'] = 'zero',
): Query {
  return {
    batch,
    ...(begins === 'zero' ? {} : { begins }),
    start: layers.map(({ units }, l) => (l === 0 ? inputs : new Float32Array(batch * units))),
    clamped: layers.map((_, l) => l === 0),
  };
}

/**
 * @throws NetworkError when a shape is wrong, a starting value is not finite, nothing is free, or units of
 *   a softmax layer are clamped one by one (softmax couples them, so the layer is clamped whole or not).
 */
export function checkQuery(network: Network, query: Query): void {
  const { layers } = network;
  const { batch, start, clamped } = query;
  if (!Number.isInteger(batch) || batch < 1)
    throw new NetworkError(`a query needs a batch of 1 or more, not ${batch}`);
  if (start.length !== layers.length || clamped.length !== layers.length) {
    throw new NetworkError(
      `a query for ${layers.length} layers needs as many starts and clamps, not ${start.length} and ${clamped.length}`,
    );
  }
  for (const [l, { name, units, activation }] of layers.entries()) {
    const s = start[l];
    const mask = clamped[l];
    if (s?.length !== batch * units) {
      throw new NetworkError(
        `the start of layer ${name} has ${s?.length ?? 0} numbers; [${batch}, ${units}] needs ${batch * units}`,
      );
    }
    // A loop of its own: a function for each number takes longer than some solves.
    let bad = 0;
    while (bad < s.length && Number.isFinite(s[bad])) bad++;
    if (bad < s.length) {
      throw new NetworkError(
        `the start of layer ${name} holds ${s[bad]} at sample ${Math.floor(bad / units)}, unit ${bad % units}`,
      );
    }
    if (mask instanceof Uint8Array) {
      if (mask.length !== batch * units) {
        throw new NetworkError(
          `the clamp mask of layer ${name} has ${mask.length} entries; [${batch}, ${units}] needs ${batch * units}`,
        );
      }
      if (activation.kind === 'softmax') {
        throw new NetworkError(
          `layer ${name} is softmax: clamp all of it or none, since its units are coupled`,
        );
      }
    }
  }
  if (clamped.every((c) => c === true))
    throw new NetworkError('every layer is clamped, so there is nothing to solve');
}
