/** The weights of a network as products want them: in panels, for each direction that a run asks for, once. */
import type { Floats } from '../../numbers/floats';
import type { Network } from '../../network/network';
import { LANES, type Kernels } from './kernels';
import type { Direction } from '../products';
import type { KernelMemory } from './memory';

/** W towards one layer, [panels, k, LANES]: `k` units of the other layer drive it. */
export type Panels = {
  readonly at: number;
  readonly k: number;
  readonly panels: number;
};

type Kept = Panels & { readonly bytes: number; sums: number | null };

export class PackedWeights {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly network: Network,
    private readonly memory: KernelMemory,
  ) {}

  /** The weights of a connection towards its `to` layer (forward) or its `from` layer. */
  towards(connection: number, direction: Direction): Panels {
    return this.find(connection, direction);
  }

  /** 1ᵀW: where the sum of each column stands, [panels, LANES]. */
  columnSums(connection: number, direction: Direction, kernels: Kernels): number {
    const kept = this.find(connection, direction);
    if (kept.sums === null) {
      kept.sums = this.memory.take(kept.panels * LANES * 4);
      kernels.sumColumns(kept.at, kept.k, kept.panels, kept.sums);
    }
    return kept.sums;
  }

  /** Brings what follows from the weights towards a connection's `to` layer up to date, after those have changed. */
  refresh(connection: number, kernels: Kernels): void {
    const forward = this.kept.get(key(connection, 'forward'));
    const backward = this.kept.get(key(connection, 'backward'));
    if (!forward) return;
    if (backward) kernels.transposePanels(forward.at, forward.k, backward.k, backward.at);
    const { at, k, panels, sums } = forward;
    if (sums !== null) kernels.sumColumns(at, k, panels, sums);
  }

  free(): void {
    for (const { at, bytes, panels, sums } of this.kept.values()) {
      this.memory.give(at, bytes);
      if (sums !== null) this.memory.give(sums, panels * LANES * 4);
    }
    this.kept.clear();
  }

  private find(connection: number, direction: Direction): Kept {
    const known = this.kept.get(key(connection, direction));
    if (known) return known;
    const { from, to, weights } = this.network.connections[connection] ?? { from: 0, to: 0, weights: [] };
    const n = this.network.layers[from]?.units ?? 0;
    const m = this.network.layers[to]?.units ?? 0;
    const [k, columns] = direction === 'forward' ? [n, m] : [m, n];
    const panels = Math.ceil(columns / LANES);
    const bytes = panels * k * LANES * 4;
    const at = this.memory.take(bytes);
    const packed = this.memory.f32.subarray(at / 4, at / 4 + bytes / 4);
    pack(weights, m, direction, k, columns, packed);
    const made: Kept = { at, k, panels, bytes, sums: null };
    this.kept.set(key(connection, direction), made);
    return made;
  }
}

const key = (connection: number, direction: Direction): string => `${connection} ${direction}`;

/** @param weights [n, m] */
export function pack(
  weights: Floats | readonly number[],
  m: number,
  direction: Direction,
  k: number,
  columns: number,
  packed: Floats,
): void {
  const [down, across] = direction === 'forward' ? [m, 1] : [1, m];
  for (let column = 0; column < columns; column++) {
    let at = Math.floor(column / LANES) * k * LANES + (column % LANES);
    for (let i = 0, from = column * across; i < k; i++, from += down, at += LANES)
      packed[at] = weights[from] ?? 0;
  }
}

/** [n, m] from the panels that `pack` makes of it. */
export function unpack(panels: ArrayLike<number>, n: number, m: number): Float32Array {
  const weights = new Float32Array(n * m);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++)
      weights[i * m + j] = panels[(Math.floor(j / LANES) * n + i) * LANES + (j % LANES)] ?? 0;
  return weights;
}
