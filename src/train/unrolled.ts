/**
 * Recurrent backpropagation as the authors' code does it (Goemaere et al. 2024, p. 19): from the equilibrium a few more Picard steps
 * are taken, and the loss's gradient at the equilibrium is sent back through them. Slopes are those met along these steps.
 */
import type { Layer, Network } from '../network/network';
import { unitMap } from '../network/dynamics';
import { iterationOrders } from '../solve/schedule';
import { unitUpdateOf } from '../solve/settings';
import type { UnrolledMap } from '../engine/learning';
import type { Direction, Products, Rows } from '../engine/products';
import type { Floats } from '../numbers/floats';
import { activitiesOf, forUnits, rowsOf, slopesOf, throughActivation } from './rows';
import { unitDerivatives } from './unit-derivatives';

/** One layer at one time. */
type Version = { readonly s: Rows; readonly h: Rows; readonly slopes: Rows | null };

/** One layer's move: from which state, by which drive, and what that was made of. */
type Move = {
  readonly layer: number;
  readonly before: Version;
  readonly drive: Rows;
  readonly sources: readonly {
    readonly connection: number;
    readonly direction: Direction;
    readonly layer: number;
    readonly version: Version;
  }[];
};

/**
 * Adds the gradient of a batch's loss to that of the weights.
 * @param states the equilibrium, one array a layer, [batch, units]
 * @param outputGradient ∂loss/∂s of the last layer there, [batch, units]
 * @param steps K, the number of further iterations
 */
export function addUnrolledGradient(
  products: Products,
  network: Network,
  settings: UnrolledMap,
  states: readonly Floats[],
  outputGradient: Floats,
  steps: number,
): void {
  const moves = takeSteps(products, network, settings, states, steps);
  sendBack(products, network, settings, moves, outputGradient);
}

function versionOf(products: Products, l: number, layer: Layer, s: Rows): Version {
  return { s, h: activitiesOf(products, l, s), slopes: slopesOf(products, l, layer, s) };
}

/** The moves of each group of layers, in order. */
function takeSteps(
  products: Products,
  network: Network,
  settings: UnrolledMap,
  states: readonly Floats[],
  steps: number,
): readonly (readonly Move[])[] {
  const { layers, connections, dynamics } = network;
  const unitUpdate = unitUpdateOf(settings);
  const orders = iterationOrders(network, settings.schedule);
  const now = layers.map((layer, l): Version | null => {
    if (l === 0) return null;
    return versionOf(products, l, layer, rowsOf(products, l, layer, states[l] ?? new Float32Array()));
  });
  const groups: (readonly Move[])[] = [];
  for (let step = 0; step < steps; step++) {
    for (const group of orders[step % orders.length] ?? []) {
      const moves = group.flatMap((l): Move[] => {
        const before = now[l];
        if (!before) return [];
        const drive = products.rows(l);
        products.constantDrive(l, drive);
        const sources = connections.flatMap(({ from, to }, connection) => {
          const layer = to === l ? from : from === l ? to : -1;
          const version = now[layer];
          const direction: Direction = to === l ? 'forward' : 'backward';
          return version ? [{ connection, direction, layer, version }] : [];
        });
        for (const { connection, direction, version } of sources)
          products.multiply(connection, direction, version.h, drive);
        return [{ layer: l, before, drive, sources }];
      });
      for (const { layer: l, before, drive } of moves) {
        const layer = layers[l];
        if (!layer) continue;
        const s = products.rows(l);
        const move = unitMap(dynamics, layer, unitUpdate);
        const { damping } = settings;
        const [old, c, next] = [before.s.values, drive.values, s.values];
        forUnits(products, l, layer, (at) => {
          const state = old[at] ?? 0;
          next[at] = damping * state + (1 - damping) * move(state, c[at] ?? 0);
        });
        now[l] = versionOf(products, l, layer, s);
      }
      groups.push(moves);
    }
  }
  return groups;
}

function sendBack(
  products: Products,
  { layers, connections, dynamics }: Network,
  settings: UnrolledMap,
  groups: readonly (readonly Move[])[],
  outputGradient: Floats,
): void {
  const unitUpdate = unitUpdateOf(settings);
  const { damping } = settings;
  const output = layers.length - 1;
  /** ∂loss/∂s of each layer's state at the time that is gone back to. */
  const adjoint = layers.map((layer, l): Rows | null =>
    l === 0 ? null : l === output ? rowsOf(products, l, layer, outputGradient) : products.rows(l),
  );
  /** The sum of what came to each layer's drive, which the input is a part of. */
  const toDrives = layers.map((_, l): Rows | null => (l === 0 ? null : products.rows(l)));
  for (const moves of [...groups].reverse()) {
    const arrived = moves.map(({ layer: l, before, drive }): Rows => {
      const layer = layers[l];
      const rows = products.rows(l);
      const [a, out, all] = [adjoint[l]?.values ?? [], rows.values, toDrives[l]?.values ?? []];
      if (!layer) return rows;
      const derive = unitDerivatives(dynamics, layer, unitUpdate);
      const [s, c] = [before.s.values, drive.values];
      const by = { bySelf: 0, byDrive: 0 };
      forUnits(products, l, layer, (at) => {
        derive(s[at] ?? 0, c[at] ?? 0, by);
        const back = a[at] ?? 0;
        out[at] = (1 - damping) * by.byDrive * back;
        all[at] = (all[at] ?? 0) + (out[at] ?? 0);
        a[at] = (damping + (1 - damping) * by.bySelf) * back;
      });
      return rows;
    });
    for (const [i, { sources }] of moves.entries()) {
      const came = arrived[i];
      if (!came) continue;
      for (const { connection, direction, layer: l, version } of sources) {
        const layer = layers[l];
        if (!layer) continue;
        const forward = direction === 'forward';
        products.addOuter(connection, forward ? version.h : came, forward ? came : version.h);
        const back = products.rows(l);
        products.multiply(connection, forward ? 'backward' : 'forward', came, back);
        throughActivation(products, l, layer, version.h, version.slopes, back);
        const total = adjoint[l];
        if (total) products.combine(total, 1, back, 1);
      }
    }
  }
  for (const [l, all] of toDrives.entries()) if (all && layers[l]?.bias) products.addBias(l, all);
  for (const [connection, { from, to }] of connections.entries()) {
    const all = toDrives[to];
    if (from === 0 && all) products.addOuter(connection, null, all);
  }
}
