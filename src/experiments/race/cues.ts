/** Many cues of a set as one batch: memories × amounts of damage × seeds. */
import { cueQuery } from '../../memory/associative';
import type { Floats } from '../../numbers/floats';
import type { Network } from '../../network/network';
import type { Query } from '../../network/query';
import { corrupt, LARGEST_SEED, type Corruption, type CorruptionKind } from '../../patterns/corrupt';
import type { MemorySet } from '../../patterns/picture';
import type { Pause } from './pause';

export type CueChoice = {
  /** How many memories, spread evenly over the set. */
  readonly memories: number;
  readonly kind: CorruptionKind;
  /** Amounts of damage, ascending. */
  readonly amounts: readonly number[];
  /** How many times each memory is damaged by each amount. */
  readonly seeds: number;
  /** The first seed. */
  readonly seed: number;
};

export type RaceCue = {
  /** Its place in the set. */
  readonly memory: number;
  /** Its place among the amounts. */
  readonly level: number;
  readonly corruption: Corruption;
};

/** `levels` amounts in equal steps up to `most`. */
export function amountsUpTo(most: number, levels: number): readonly number[] {
  return Array.from({ length: levels }, (_, i) => Number(((most * (i + 1)) / levels).toPrecision(6)));
}

/** Level by level. Each memory has seeds of its own, the same ones at every level, so that levels compare. */
export function cuesOf(
  { memories: all }: MemorySet,
  { memories, kind, amounts, seeds, seed }: CueChoice,
): readonly RaceCue[] {
  const count = Math.min(memories, all.length);
  const each = Array.from({ length: count * seeds }, (_, i) => i);
  return amounts.flatMap((amount, level) =>
    each.map((i) => ({
      memory: Math.floor((Math.floor(i / seeds) * all.length) / count),
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
  for (const [sample, { memory, corruption }] of cues.entries()) {
    await pause();
    const picture = memories[memory]?.picture;
    if (!picture) throw new RangeError(`the set has no memory ${memory}`);
    const damaged = corrupt(picture, corruption);
    const one = cueQuery(network, damaged.picture.values, memoryStart);
    for (const [l, s] of one.start.entries()) start[l]?.set(s, sample * s.length);
    held?.set(damaged.intact, sample * damaged.intact.length);
  }
  return { batch, start, clamped: [held ?? false, false] };
}
