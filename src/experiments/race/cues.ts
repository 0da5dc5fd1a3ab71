/** Many cues as one batch: memories of a set, or digits, × amounts of damage × seeds. */
import { cueQuery } from '../../memory/associative';
import type { Floats } from '../../numbers/floats';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { corrupt, LARGEST_SEED, type Corruption, type CorruptionKind } from '../../patterns/corrupt';
import type { MemorySet } from '../../patterns/picture';
import type { Pause } from './pause';

export type CueChoice = {
  /** How many of what there is, spread evenly over it. */
  readonly items: number;
  readonly kind: CorruptionKind;
  /** Amounts of damage, ascending. */
  readonly amounts: readonly number[];
  /** How many times each is damaged by each amount. */
  readonly seeds: number;
  /** The first seed. */
  readonly seed: number;
};

export type RaceCue = {
  /** Its place among all that there is: in a set, say. */
  readonly item: number;
  /** Its place among the amounts. */
  readonly level: number;
  readonly corruption: Corruption;
};

/** `levels` amounts in equal steps up to `most`. */
export function amountsUpTo(most: number, levels: number): readonly number[] {
  return Array.from({ length: levels }, (_, i) => Number(((most * (i + 1)) / levels).toPrecision(6)));
}

/** `levels` amounts in equal steps from none to `most`. */
export function amountsFromNone(most: number, levels: number): readonly number[] {
  return levels === 1 ? [most] : [0, ...amountsUpTo(most, levels - 1)];
}

/**
 * Level by level. Each item has seeds of its own, the same ones at every level, so that levels compare.
 * @param all how many there are
 */
export function cuesOf(all: number, { items, kind, amounts, seeds, seed }: CueChoice): readonly RaceCue[] {
  const count = Math.min(items, all);
  const each = Array.from({ length: count * seeds }, (_, i) => i);
  return amounts.flatMap((amount, level) =>
    each.map((i) => ({
      item: Math.floor((Math.floor(i / seeds) * all) / count),
      level,
      corruption: { kind, amount, seed: (seed + i) % (LARGEST_SEED + 1) },
    })),
  );
}

/**
 * One query of all cues, each as `cueQuery` has it.
 * @param hold whether pixels that the damage left alone keep their value
 * @throws what `cueQuery` throws
 */
export async function raceQuery(
  network: Network,
  { memories }: MemorySet,
  cues: readonly RaceCue[],
  { memoryStart, hold }: { readonly memoryStart: 'best' | 'zero'; readonly hold: boolean },
  pause: Pause,
): Promise<Query> {
  const batch = cues.length;
  const start: readonly Floats[] = network.layers.map(({ units }, l) =>
    l === 0 ? new Float32Array(batch * units) : new Float64Array(batch * units),
  );
  const held = hold ? new Uint8Array(start[0]?.length ?? 0) : null;
  for (const [sample, { item, corruption }] of cues.entries()) {
    await pause();
    const picture = memories[item]?.picture;
    if (!picture) throw new RangeError(`the set has no memory ${item}`);
    const damaged = corrupt(picture, corruption);
    const one = cueQuery(network, damaged.picture.values, memoryStart);
    for (const [l, s] of one.start.entries()) start[l]?.set(s, sample * s.length);
    held?.set(damaged.intact, sample * damaged.intact.length);
  }
  return { batch, start, clamped: [held ?? false, false] };
}
