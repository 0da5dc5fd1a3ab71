/** What the cues of a set ask an associative memory for, and whether it was recalled. */
import { overlap, type MemorySet } from '../../patterns/picture';
import { RECALLED_FROM, verdictOf } from '../../memory/verdict';
import type { RaceCue } from './cues';
import type { Race } from './race';

/** Right is what the lab calls recalled: an overlap of 0.9 or more with the memory that was damaged, and less with every other. */
export function isRecalled({ memories }: MemorySet, cues: readonly RaceCue[]): Race['isRight'] {
  const places = memories.map((_, i) => String(i));
  return (shown, sample) => {
    const own = cues[sample]?.item ?? -1;
    const picture = memories[own]?.picture;
    if (!picture || overlap(shown, picture.values) < RECALLED_FROM) return false;
    const overlaps = memories.map((memory) => overlap(shown, memory.picture.values));
    const verdict = verdictOf(places, overlaps, shown);
    return verdict.kind === 'recalled' && verdict.memory === places[own];
  };
}
